"""The office in a real browser: a manager's way through it, by hand and by keyboard; accessible; nobody else asked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.house import MANAGER, PASSWORD, House
from tests.browser.house import watched as watched_by_us
from tests.browser.looks import problems
from tests.browser.office import LEAVING, NAMES

pytestmark = pytest.mark.browser

NOWHERE = "/nothing/"
PAGES = (
    "/",
    "/clients/",
    "/clients/1001/",
    "/clients/1001/calls/?month={month}",
    "/clients/1001/statements/",
    "/clients/1001/contracts/",
    "/clients/1001/bill/?month={month}",
    "/contracts/1/tariff/",
    "/calls/?month={month}",
    "/calls/all/?month={month}&type=missed",
    "/calls/unassigned/",
    "/calls/imports/",
    "/calls/imports/1/",
    "/calls/imports/by-hand/",
    "/calls/sources/",
    "/tariffs/",
    "/tariffs/1/",
    "/tariffs/new/",
    "/tariffs/prices/",
    "/tasks/",
    "/controlling/what-if/",
    "/controlling/",
    "/controlling/clients/?month={month}&months=1",
    "/controlling/limits/",
    "/controlling/flat-rates/",
    "/controlling/offers/",
    "/clients/1001/margin/",
    "/clients/1001/desk/",
    "/clients/1001/history/",
    "/notes/?month={month}",
    "/quality/",
    "/quality/checks/",
    "/quality/reviews/",
    "/settings/costs/",
    "/mails/",
    "/mails/1/",
    "/mails/texts/",
    "/mails/texts/client_offer/nl/",
    "/months/",
    "/months/{month}/",
    "/months/{month}/close/",
    "/months/{month}/bills/",
    "/numbers/",
    "/numbers/1/",
    "/numbers/add/",
    "/orders/",
    "/orders/times/",
    "/clients/1001/order/",
    "/cancellations/",
    "/contracts/1/cancel/",
    "/search/?q=0612",
    "/calls/1/",
    NOWHERE,
)


@pytest.fixture
def watched(house: House, chrome: Browser, manager: Any) -> Iterator[BrowserContext]:
    """A browser that is logged in; at the end it must have asked nobody but us and complained of nothing."""
    with watched_by_us(chrome, house.url, storage_state=manager, accept_downloads=True, locale="en-GB") as context:
        yield context


@pytest.fixture(scope="module")
def reader(house: House, chrome: Browser, manager: Any) -> Iterator[Page]:
    """One page for all that are only looked at."""
    with watched_by_us(chrome, house.url, storage_state=manager, locale="en-GB") as context:
        yield context.new_page()


@pytest.fixture
def page(watched: BrowserContext) -> Page:
    return watched.new_page()


def test_logging_in_with_a_password_leads_to_the_page_asked_for(house: House, chrome: Browser, manager: Any) -> None:
    page = chrome.new_context().new_page()
    page.goto(f"{house.url}/clients/?q=bakker")
    page.get_by_label("Email address").fill(MANAGER)
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=NAMES[0])).to_be_visible()
    assert page.url == f"{house.url}/clients/?q=bakker"


def test_a_client_is_found_by_keyboard_alone(house: House, page: Page) -> None:
    page.goto(f"{house.url}/months/")
    page.keyboard.press("/")
    page.keyboard.insert_text("notaris")
    expect(page.locator("#found").get_by_text(NAMES[1])).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=NAMES[1])).to_be_visible()


def test_who_walks_in_what_was_found_stays_there_when_more_letters_are_answered(house: House, page: Page) -> None:
    page.goto(f"{house.url}/months/")
    held: list[Route] = []
    page.route("**/search/?q=notaris*", lambda route: held.append(route))
    page.keyboard.press("/")
    page.keyboard.insert_text("nota")
    expect(page.locator("#found").get_by_text(NAMES[1]).first).to_be_visible()
    with page.expect_request("**/search/?q=notaris*"):
        page.keyboard.insert_text("ris")
    page.keyboard.press("ArrowDown")
    with page.expect_response("**/search/?q=notaris*"):
        held[0].continue_()
    expect(page.locator("#found a[href*='q=notaris']")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=NAMES[1])).to_be_visible()


def test_calls_are_filtered_sorted_and_taken_home(house: House, page: Page, tmp_path: Path) -> None:
    page.goto(f"{house.url}/clients/1001/calls/?month={house.month}")
    everything = page.locator("tbody tr").count()
    page.get_by_label("Type").select_option("missed")
    expect(page.locator("tfoot")).to_contain_text("0 inbound")
    shown = page.locator("tbody tr").count()
    assert 0 < shown < everything
    assert f"/clients/1001/calls/?month={house.month}&type=missed" in page.url
    page.get_by_role("link", name="Caller").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Caller")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    waiting.value.save_as(tmp_path / "calls.csv")
    rows = (tmp_path / "calls.csv").read_text().splitlines()
    assert len(rows) == shown + 1 and all(",missed," in row for row in rows[1:])
    page.go_back()
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(everything)


def test_two_steps_back_show_what_the_address_says_however_late_the_first_answers(house: House, page: Page) -> None:
    page.goto(f"{house.url}/clients/1001/calls/?month={house.month}")
    everything = page.locator("tbody tr").count()
    page.get_by_label("Type").select_option("missed")
    expect(page.locator("tfoot")).to_contain_text("0 inbound")
    page.get_by_role("link", name="Caller").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Caller")
    held: list[Route] = []
    page.route("**/calls/*type=missed", lambda route: held.append(route))
    page.go_back()
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(everything)
    assert len(held) == 1, "the first step back asked for its page"
    held[0].continue_()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    assert page.locator("tbody tr").count() == everything


def test_a_filter_that_answers_after_the_step_back_is_not_shown_over_it(house: House, page: Page) -> None:
    page.goto(f"{house.url}/clients/1001/calls/?month={house.month}")
    everything = page.locator("tbody tr").count()
    page.get_by_role("link", name="Caller").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Caller")
    held: list[Route] = []
    page.route("**/calls/*type=missed*", lambda route: held.append(route))
    with page.expect_request("**/calls/*type=missed*"):
        page.get_by_label("Type").select_option("missed")
    page.go_back()
    expect(page.locator("th[aria-sort=ascending]")).to_have_count(0)
    held[0].continue_()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    assert page.locator("tbody tr").count() == everything
    assert page.url == f"{house.url}/clients/1001/calls/?month={house.month}"


def test_calls_without_a_client_get_one_and_lose_it_again(house: House, page: Page) -> None:
    page.goto(f"{house.url}/calls/unassigned/")
    page.get_by_label("Client number").fill("1002")
    page.get_by_role("button", name="Assign 6 calls").click()
    expect(page.get_by_role("status")).to_contain_text(f"6 calls belong to {NAMES[1]} now.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("6 calls are without a client again.")


def test_a_call_is_corrected_and_the_correction_taken_back(house: House, page: Page) -> None:
    page.goto(f"{house.url}/clients/1003/calls/?month={house.month}")
    page.locator("tbody a").first.click()
    page.get_by_label("Do not bill this call").check()
    page.get_by_label("Reason").fill("Test call")
    page.get_by_role("button", name="Correct this call").click()
    expect(page.get_by_role("status")).to_contain_text("The call is corrected.")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("The correction is taken back.")


def test_a_mail_follows_what_is_typed_and_is_sent_to_who_tries_it(house: House, page: Page) -> None:
    page.goto(f"{house.url}/mails/texts/client_offer/en/")
    preview, frame = page.locator("#preview"), page.frame_locator("iframe")
    page.get_by_label("Subject").fill("Hello {client}")
    expect(preview).to_contain_text(f"Hello {NAMES[0]}")
    page.get_by_label("Text", exact=True).fill("No way there, {client}")
    expect(preview).to_contain_text("{link} is missing; without it this mail is of no use.")
    page.get_by_label("Text", exact=True).fill("Dear {client},\n\n{link}\n\nYour code: {code}")
    expect(frame.get_by_text(f"Dear {NAMES[0]},")).to_be_visible()
    page.get_by_role("button", name="Save the text").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    page.get_by_role("button", name="Send it to me as an example").click()
    expect(page.get_by_role("heading", name=f"Hello {NAMES[0]}")).to_be_visible()
    expect(frame.get_by_role("link", name="See the offer")).to_be_visible()


def test_colours_are_kept_from_the_first_byte(house: House, page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{house.url}/clients/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.locator(".account summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = page.evaluate(ground)
    page.locator(".account summary").click()
    page.get_by_role("button", name="As the system wishes").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "system")
    page.emulate_media(color_scheme="dark")
    assert light != dark == page.evaluate(ground)


def test_everything_works_without_javascript(house: House, chrome: Browser, manager: Any) -> None:
    context = chrome.new_context(storage_state=manager, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{house.url}/calls/all/?month={house.month}")
    page.get_by_label("Type").select_option("missed")
    page.get_by_role("button", name="Show").last.click()
    expect(page.locator("tfoot")).to_contain_text("0 inbound")
    page.get_by_role("link", name="Duration").click()
    expect(page.locator("th[aria-sort]")).to_contain_text("Duration")
    context.close()


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_serious_and_nothing_sticks_out(house: House, reader: Page, address: str) -> None:
    status = 404 if address == NOWHERE else 200
    assert problems(reader, house.url + address.format(month=house.month), status=status) == []


@pytest.mark.parametrize("address", ["/login/", "/password/MQ/x/", "/login/?next=/"])
def test_axe_finds_nothing_serious_before_the_login(house: House, chrome: Browser, address: str) -> None:
    page = chrome.new_page()
    assert problems(page, house.url + address, status=410 if "password" in address else 200) == []
    page.close()


def test_a_month_is_closed_while_one_looks_on(house: House, page: Page, tmp_path: Path) -> None:
    page.goto(f"{house.url}/months/")
    page.get_by_role("link", name="Close month").click()
    expect(page.get_by_text("one for every client with a contract")).to_be_visible()
    page.get_by_role("button", name="Close ").click()
    expect(page.locator("tbody tr")).to_have_count(len(NAMES) + len(LEAVING), timeout=60_000)
    answer = page.request.get(house.url + str(page.locator("a.file").first.get_attribute("href")))
    assert answer.body().startswith(b"%PDF-")
    assert answer.headers["content-type"] == "application/pdf"
