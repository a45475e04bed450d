"""The desk in a real browser: an agent writes, sends, corrects and searches by keyboard alone; nothing typed is lost
when the connection is; one screen of a laptop holds it; accessible; nobody else asked."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.browser.office import NAMES, PASSWORD, PATIENCE, first_of_last_month, free_port, line, wait_for, world
from tests.browser.test_office import QUIET, SERIOUS
from tests.installation import Installations

pytestmark = pytest.mark.browser
EMAIL = "anna@example.com"
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 360, "height": 780}
CALLS = 5
PAGES = ("/desk/", "/desk/?client=1001", "/desk?did=%2B31201231002&caller=0612345699", "/desk/notes/", "/desk/mend/")
FIRST = re.compile(r"Note for ")


@dataclass(frozen=True)
class Place:
    """Where the desk is, and the link that sets the agent's password."""

    url: str
    link: str


@pytest.fixture(scope="module")
def place(installations: Installations) -> Iterator[Place]:
    """Five calls of the last half an hour that Anna took for three clients."""
    installation, now = installations.ready(), datetime.now(UTC).replace(microsecond=0)
    document: Any = world(first_of_last_month(now))
    document["agents"][0]["email"] = EMAIL
    for client in document["clients"]:
        client["email"] = f"info@{client['number']}.example"
    file, calls = installation.home / "world.json", installation.home / "Master.csv"
    file.write_text(json.dumps(document))
    starts = [now - timedelta(minutes=6 * (at + 1)) for at in range(CALLS)]
    calls.write_text("".join(line(start, f"+3120123{1001 + at % 3}", 60, at) for at, start in enumerate(starts)))
    for command in (("load", file), ("import", "calls", calls, "--source", "pbx")):
        answer = installation.run(*command)
        assert answer.code == 0, answer
    invited = installation.run("staff", EMAIL, "--role", "agent", "--language", "en", "--name", "Anna de Wit")
    link = re.search(r"/password/\S+", invited.out + invited.err)
    assert link, invited
    port = free_port()
    server = installation.start("serve", "--port", str(port))
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/login/", server)
        yield Place(url, url + link.group())
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE)


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    from tests.conftest import CHROMIUM

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def state(place: Place, chrome: Browser) -> Any:
    """An agent's login leads to the desk."""
    context = chrome.new_context()
    page = context.new_page()
    page.goto(place.link)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=FIRST)).to_be_visible(timeout=20_000)
    assert page.url == f"{place.url}/desk/"
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def watched(place: Place, chrome: Browser, state: Any) -> Iterator[BrowserContext]:
    """A browser that is logged in; at the end it must have asked nobody but us and complained of nothing."""
    asked: set[str] = set()
    complaints: list[str] = []
    context = chrome.new_context(storage_state=state, locale="en-GB", viewport=LAPTOP)
    context.on("request", lambda request: asked.add(request.url))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    yield context
    context.close()
    assert [url for url in asked if not url.startswith((f"{place.url}/", "blob:", "data:"))] == []
    assert complaints == []


@pytest.fixture
def page(watched: BrowserContext) -> Page:
    return watched.new_page()


def waiting(page: Page) -> int:
    return page.locator("#waiting .desk-call").count()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.className"))


def test_a_note_is_written_by_keyboard_alone(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/desk/")
    before = waiting(page)
    assert focused(page) == "caller_name"
    page.keyboard.type("Mevr. Smit")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.type("Offerte")
    page.keyboard.press("Tab")
    assert focused(page) == "text"
    page.keyboard.type("Vraagt een offerte voor de dakgoot.")
    page.keyboard.press("Tab")
    assert focused(page) == "outcome"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="on its way")).to_contain_text(f"The note for {NAMES[0]}")
    assert waiting(page) == before - 1 and focused(page) == "caller_name"
    page.goto(f"{place.url}/desk/notes/")
    expect(page.locator(".note-row").first).to_contain_text("Call back")


def test_what_looks_wrong_is_told_and_sent_all_the_same(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/desk/?client=1001")
    page.locator("#text").focus()
    page.keyboard.type("ok")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#text-why")).to_contain_text("hardly anything")
    assert focused(page) == "text" and page.locator("#text").input_value() == "ok"
    page.get_by_role("button", name="Send as it is").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="on its way")).to_be_visible()


def test_the_list_is_walked_by_j_and_k(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/desk/")
    page.keyboard.press("Escape")
    names = page.locator("#waiting .desk-call b").all_inner_texts()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.querySelector('b').innerText") == names[1]
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=FIRST)).to_contain_text(names[1])


def test_a_client_is_searched_for_a_note_without_a_call(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/desk/notes/")
    page.keyboard.press("/")
    page.keyboard.type("notaris")
    expect(page.locator("#found").get_by_text(NAMES[1])).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=FIRST)).to_contain_text(NAMES[1])
    expect(page.get_by_text("without a call", exact=True)).to_be_visible()


def test_a_sent_note_is_corrected(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/desk/?client=1003")
    page.locator("#text").focus()
    page.keyboard.type("Komt morgen om tien uur langs.")
    page.keyboard.press("Control+Enter")
    correct = page.get_by_role("link", name="Correct it")
    expect(correct).to_be_visible()
    correct.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Correct and send again")).to_be_visible()
    assert focused(page) == "text"
    page.keyboard.press("Control+End")
    page.keyboard.type(" En belt eerst.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="corrected and sent again")).to_be_visible()
    expect(page.get_by_text("What it said before")).to_be_visible()


def test_nothing_typed_is_lost_with_the_connection(place: Place, watched: BrowserContext) -> None:
    page = watched.new_page()
    page.goto(f"{place.url}/desk/?client=1002")
    page.locator("#text").focus()
    page.keyboard.type("Dit is al bewaard")
    expect(page.locator("#kept")).to_contain_text("kept at")
    watched.set_offline(True)
    page.keyboard.type(", en dit nog niet.")
    expect(page.locator("#kept")).to_contain_text("Not kept: the connection is lost.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#kept")).to_contain_text("Not sent: the connection is lost.")
    assert page.locator("#text").input_value() == "Dit is al bewaard, en dit nog niet."
    other = watched.new_page()
    watched.set_offline(False)
    expect(page.get_by_role("status").filter(has_text="on its way")).to_be_visible(timeout=15_000)
    other.goto(f"{place.url}/desk/notes/")
    expect(other.locator(".note-row").first).to_contain_text("Dit is al bewaard, en dit nog niet.")
    assert other.locator(".note-row", has_text="Dit is al bewaard").count() == 1


def test_a_draft_stands_there_again(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/desk/?client=1001")
    page.locator("#text").focus()
    page.keyboard.type("Half geschreven")
    expect(page.locator("#kept")).to_contain_text("kept at")
    page.goto(f"{place.url}/desk/?client=1001")
    expect(page.locator("#text")).to_have_value("Half geschreven")
    expect(page.get_by_text("did not send stands here again")).to_be_visible()


def test_new_calls_appear_by_themselves_and_disturb_nobody(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/desk/")
    page.locator("#text").focus()
    page.keyboard.type("Midden in een zin")
    with page.expect_response(re.compile("/desk/calls/"), timeout=8_000) as answered:
        pass
    assert answered.value.status in (200, 204)
    assert focused(page) == "text" and page.locator("#text").input_value() == "Midden in een zin"
    page.locator("#text").fill("")
    page.wait_for_timeout(1_500)


def test_it_works_without_javascript(place: Place, chrome: Browser, state: Any) -> None:
    context = chrome.new_context(storage_state=state, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{place.url}/desk/?client=1002")
    page.get_by_label("Note", exact=True).fill("Zonder JavaScript geschreven.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status").filter(has_text="on its way")).to_be_visible()
    context.close()


def test_one_screen_of_a_laptop_holds_the_desk(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/desk/?client=1001")
    assert page.evaluate("document.documentElement.scrollHeight") == LAPTOP["height"]
    for name in ("caller_name", "text", "email"):
        box = page.locator(f"#{name}").bounding_box()
        assert box and box["y"] + box["height"] <= LAPTOP["height"], name
    send = page.get_by_role("button", name="Send").bounding_box()
    assert send and send["y"] + send["height"] <= LAPTOP["height"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_axe_finds_nothing_serious_and_nothing_sticks_out(place: Place, page: Page, size: Any, scheme: Any) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    found = {}
    for address in PAGES:
        page.goto(place.url + address)
        violations = Axe().run(page).response["violations"]
        wrong = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations if one["impact"] in SERIOUS]
        outside = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wrong or outside > 0:
            found[address] = [*wrong, f"{outside} px too wide"]
    assert found == {}
