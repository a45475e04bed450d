"""The desk in a real browser: an agent writes, sends, corrects and searches by keyboard alone; nothing typed is lost
when the connection is; one screen of a laptop holds it; accessible; nobody else asked."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from tests.browser.house import House, ring
from tests.browser.house import watched as watched_by_us
from tests.browser.looks import LAPTOP, OUTSIDE, PHONE, problems
from tests.browser.office import NAMES

pytestmark = pytest.mark.browser
RINGING = "/desk?did=%2B31201231002&caller=0612345699"
PAGES = ("/desk/", "/desk/?client=1001", RINGING, "/desk/notes/", "/desk/mend/", "/desk/reviews/")
FIRST = re.compile(r"Note for ")


@pytest.fixture
def watched(house: House, chrome: Browser, agent: Any) -> Iterator[BrowserContext]:
    """A browser that is logged in; at the end it must have asked nobody but us and complained of nothing."""
    with watched_by_us(chrome, house.url, storage_state=agent, locale="en-GB", viewport=LAPTOP) as context:
        yield context


@pytest.fixture
def page(watched: BrowserContext) -> Page:
    return watched.new_page()


def test_login_of_an_agent_leads_to_the_desk(house: House, page: Page) -> None:
    page.goto(house.url)
    expect(page.get_by_role("heading", name=FIRST)).to_be_visible()
    assert page.url == f"{house.url}/desk/"


def is_kept(answer: Response, text: str) -> bool:
    """Whether this answers to keeping that text of a note."""
    said = parse_qs(answer.request.post_data or "", keep_blank_values=True)
    return "/desk/keep/" in answer.url and said.get("text") == [text]


def waiting(page: Page) -> int:
    return page.locator("#waiting .desk-call").count()


def at_field(page: Page, name: str) -> None:
    """Whoever types, types into this field."""
    expect(page.locator(f"[name={name}]:focus")).to_have_count(1)


def test_a_note_is_written_by_keyboard_alone(house: House, page: Page) -> None:
    page.goto(f"{house.url}/desk/")
    before = waiting(page)
    at_field(page, "caller_name")
    page.keyboard.type("Mevr. Smit")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.type("Offerte")
    page.keyboard.press("Tab")
    at_field(page, "text")
    page.keyboard.type("Vraagt een offerte voor de dakgoot.")
    page.keyboard.press("Tab")
    at_field(page, "outcome")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="on its way")).to_contain_text(f"The note for {NAMES[0]}")
    expect(page.locator("#waiting .desk-call")).to_have_count(before - 1)
    at_field(page, "caller_name")
    page.goto(f"{house.url}/desk/notes/")
    expect(page.locator(".note-row").first).to_contain_text("Call back")


def test_what_looks_wrong_is_told_and_sent_all_the_same(house: House, page: Page) -> None:
    page.goto(f"{house.url}/desk/?client=1001")
    page.locator("#text").focus()
    page.keyboard.type("ok")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#text-why")).to_contain_text("hardly anything")
    at_field(page, "text")
    expect(page.locator("#text")).to_have_value("ok")
    page.get_by_role("button", name="Send as it is").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="on its way")).to_be_visible()


def test_the_list_is_walked_by_j_and_k(house: House, page: Page) -> None:
    page.goto(f"{house.url}/desk/")
    page.keyboard.press("Escape")
    names = page.locator("#waiting .desk-call b").all_inner_texts()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.querySelector('b').innerText") == names[1]
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=FIRST)).to_contain_text(names[1])


def test_a_client_is_searched_for_a_note_without_a_call(house: House, page: Page) -> None:
    page.goto(f"{house.url}/desk/notes/")
    page.keyboard.press("/")
    page.keyboard.insert_text("notaris")
    expect(page.locator("#found").get_by_text(NAMES[1])).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=FIRST)).to_contain_text(NAMES[1])
    expect(page.get_by_text("without a call", exact=True)).to_be_visible()


def test_a_sent_note_is_corrected(house: House, page: Page) -> None:
    page.goto(f"{house.url}/desk/?client=1003")
    page.locator("#text").focus()
    page.keyboard.type("Komt morgen om tien uur langs.")
    page.keyboard.press("Control+Enter")
    correct = page.get_by_role("link", name="Correct it")
    expect(correct).to_be_visible()
    correct.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Correct and send again")).to_be_visible()
    at_field(page, "text")
    page.keyboard.press("Control+End")
    page.keyboard.type(" En belt eerst.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="corrected and sent again")).to_be_visible()
    expect(page.get_by_text("What it said before")).to_be_visible()


def test_nothing_typed_is_lost_with_the_connection(house: House, watched: BrowserContext) -> None:
    page = watched.new_page()
    page.goto(f"{house.url}/desk/?client=1002")
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
    other.goto(f"{house.url}/desk/notes/")
    expect(other.locator(".note-row").first).to_contain_text("Dit is al bewaard, en dit nog niet.")
    assert other.locator(".note-row", has_text="Dit is al bewaard").count() == 1


def test_a_draft_stands_there_again(house: House, page: Page) -> None:
    page.goto(f"{house.url}/desk/?client=1001")
    page.locator("#text").focus()
    page.keyboard.type("Half geschreven")
    expect(page.locator("#kept")).to_contain_text("kept at")
    page.goto(f"{house.url}/desk/?client=1001")
    expect(page.locator("#text")).to_have_value("Half geschreven")
    expect(page.get_by_text("did not send stands here again")).to_be_visible()


def test_new_calls_appear_by_themselves_and_disturb_nobody(house: House, page: Page) -> None:
    ring(house)
    page.goto(f"{house.url}/desk/")
    page.locator("#text").focus()
    page.keyboard.type("Midden in een zin")
    with page.expect_response(re.compile("/desk/calls/")) as answered:
        pass
    assert answered.value.status in (200, 204)
    at_field(page, "text")
    expect(page.locator("#text")).to_have_value("Midden in een zin")
    with page.expect_response(lambda answer: is_kept(answer, "")):  # other tests find no draft
        page.locator("#text").fill("")


def test_it_works_without_javascript(house: House, chrome: Browser, agent: Any) -> None:
    context = chrome.new_context(storage_state=agent, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{house.url}/desk/?client=1002")
    page.get_by_label("Note", exact=True).fill("Zonder JavaScript geschreven.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status").filter(has_text="on its way")).to_be_visible()
    context.close()


def test_one_screen_of_a_laptop_holds_the_desk(house: House, page: Page) -> None:
    page.goto(f"{house.url}/desk/?client=1001")
    assert page.evaluate("document.documentElement.scrollHeight") == LAPTOP["height"]
    for name in ("caller_name", "text", "email"):
        box = page.locator(f"#{name}").bounding_box()
        assert box and box["y"] + box["height"] <= LAPTOP["height"], name
    send = page.get_by_role("button", name="Send").bounding_box()
    assert send and send["y"] + send["height"] <= LAPTOP["height"]


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_serious_and_nothing_sticks_out(house: House, page: Page, address: str) -> None:
    assert problems(page, house.url + address, wide=LAPTOP) == []


def test_words_without_an_end_stick_out_nowhere(house: House, page: Page, chrome: Browser, manager: Any) -> None:
    page.goto(f"{house.url}/desk/?client=1003")
    for name, text in {"caller": "0" * 78, "reason": "r" * 190, "text": "Vraagt om een offerte"}.items():
        page.locator(f"#{name}").fill(text)
    page.keyboard.press("Control+Enter")
    number = (page.get_by_role("link", name="Correct it").get_attribute("href") or "").strip("/").rpartition("/")[2]
    office = chrome.new_context(storage_state=manager, viewport=PHONE).new_page()
    office.goto(f"{house.url}/notes/{number}/")
    expect(office.get_by_role("heading", name="r" * 190)).to_be_visible()
    assert office.evaluate(OUTSIDE) <= 0
    office.context.close()
