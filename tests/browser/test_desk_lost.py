"""The desk while the server does not answer as it should: nothing an agent typed is lost, and nobody is led away."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.house import PASSWORD, House, ring
from tests.browser.house import watched as watched_by_us
from tests.browser.looks import LAPTOP
from tests.browser.office import ANNA

pytestmark = pytest.mark.browser
ADDRESS = "/desk/?client=1004"


@pytest.fixture
def watched(house: House, chrome: Browser, agent: Any) -> Iterator[BrowserContext]:
    with watched_by_us(chrome, house.url, storage_state=agent, locale="en-GB", viewport=LAPTOP) as context:
        yield context


@pytest.fixture
def page(house: House, watched: BrowserContext) -> Iterator[Page]:
    """A note begun at the desk and kept so far; afterwards nothing of it is left."""
    page = watched.new_page()
    page.goto(house.url + ADDRESS)
    page.locator("#text").fill("Vooraf bewaard")
    expect(page.locator("#kept")).to_contain_text("kept at")
    yield page
    page.unroute_all()
    page.goto(house.url + ADDRESS)
    with page.expect_response(re.compile("/desk/keep/")):
        page.locator("#text").fill(" ")


def answers(status: int) -> Any:
    """What stands in front of a server that starts anew says such a thing."""

    def answer(route: Route) -> None:
        route.fulfill(status=status, content_type="text/html", body="<h1>No page of ours</h1>")

    return answer


def typed(page: Page) -> str:
    return page.locator("#text").input_value()


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_that_starts_anew_takes_no_words_and_no_page_away(house: House, page: Page, status: int) -> None:
    page.route("**/desk/*/**", answers(status))
    with page.expect_response(re.compile("/desk/calls/"), timeout=8_000):
        pass
    page.locator("#text").focus()
    page.keyboard.press("End")
    page.keyboard.type(f", en dit niet: {status}.")
    expect(page.locator("#kept")).to_contain_text("Not kept: the connection is lost.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#kept")).to_contain_text("Not sent: the connection is lost.")
    assert (page.url, typed(page)) == (house.url + ADDRESS, f"Vooraf bewaard, en dit niet: {status}.")
    page.unroute("**/desk/*/**")
    expect(page.get_by_role("status").filter(has_text="on its way")).to_be_visible(timeout=15_000)
    page.goto(f"{house.url}/desk/notes/")
    assert page.locator(".note-row", has_text=f"en dit niet: {status}.").count() == 1


def test_words_the_server_does_not_take_stay_on_the_page(house: House, page: Page) -> None:
    page.route("**/desk/send/**", answers(403))
    page.locator("#text").press_sequentially(" en meer.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#kept")).to_contain_text("Your words stay on this page")
    assert (page.url, typed(page)[-8:]) == (house.url + ADDRESS, "en meer.")


@pytest.mark.parametrize("address", [ADDRESS, "/desk/"])
def test_who_was_logged_out_while_typing_finds_all_of_it_after_the_login(
    house: House, watched: BrowserContext, page: Page, address: str
) -> None:
    if address != ADDRESS:
        ring(house)
    page.goto(house.url + address)
    page.locator("#text").fill("Begonnen")
    expect(page.locator("#kept")).to_contain_text("kept at")
    heading = page.get_by_role("heading", name=re.compile("Note for ")).inner_text()
    watched.clear_cookies(name="sessionid")
    page.locator("#text").press_sequentially(", en in een adem verder")
    page.locator("[name=outcome][value=callback]").check()
    page.locator("[name=urgency]").check()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/login/**")
    page.locator("#email").fill(ANNA)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_have_value("Begonnen, en in een adem verder")
    expect(page.locator("#kept")).to_contain_text("kept at")
    assert page.get_by_role("heading", name=re.compile("Note for ")).inner_text() == heading
    assert page.locator("[name=outcome][value=callback]").is_checked() and page.locator("[name=urgency]").is_checked()
    assert page.evaluate("sessionStorage.getItem('balie.words')") is None
    with page.expect_response(re.compile("/desk/keep/")):
        page.locator("#text").fill(" ")


def test_words_of_one_agent_do_not_stand_there_for_another(house: House, watched: BrowserContext, page: Page) -> None:
    held = '{"said": [["text", "van een ander"]], "who": "Bram", "place": "/desk/?client=1004"}'
    page.evaluate("held => sessionStorage.setItem('balie.words', held)", held)
    page.goto(house.url + ADDRESS)
    page.wait_for_timeout(500)
    assert typed(page) == "Vooraf bewaard" and page.evaluate("sessionStorage.getItem('balie.words')") is None
