"""Staff, agents and tokens in a real browser: accessible, on a phone too; an agent changed with the keyboard alone, a
token copied the one time it is shown."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.house import House
from tests.browser.looks import problems

pytestmark = pytest.mark.browser
PAGES = ("/settings/staff/", "/settings/agents/", "/settings/agents/new/", "/settings/tokens/")


@pytest.fixture
def page(chrome: Browser, setter: Any) -> Iterator[Page]:
    rights = ["clipboard-read", "clipboard-write"]
    with chrome.new_context(storage_state=setter, permissions=rights) as context:
        yield context.new_page()


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_accessible_and_fit(page: Page, house: House, address: str) -> None:
    assert problems(page, house.url + address) == []


def test_the_page_of_one_person_and_of_one_agent_too(page: Page, house: House) -> None:
    for listed, first in (("/settings/staff/", ".people a"), ("/settings/agents/", "td.card-head a")):
        page.goto(house.url + listed)
        link = page.locator(first).first.get_attribute("href")
        assert problems(page, f"{house.url}{link}") == []


def test_an_agent_is_found_refused_mended_and_taken_back_by_keyboard(page: Page, house: House) -> None:
    page.goto(f"{house.url}/settings/agents/")
    page.get_by_label("Code, name, email address or endpoint").focus()
    page.locator("table.agents-list tbody a").first.press("Enter")
    line = page.locator(".endpoint-line").last
    line.get_by_label("Endpoint").focus()
    held = page.get_by_label("Endpoint").first.input_value()
    page.keyboard.type(held)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("twice on one day")
    expect(page.locator(":focus")).to_have_value(held)
    page.keyboard.press("Control+a")
    page.keyboard.type("PJSIP/spare")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    page.get_by_role("status").get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("has the endpoints of before.")
    expect(page.locator(".endpoint-line")).to_have_count(2)


def test_a_token_is_copied_while_it_is_shown_and_withdrawn(page: Page, house: House) -> None:
    page.goto(f"{house.url}/settings/tokens/")
    page.get_by_label("Name").fill("browser")
    page.get_by_role("button", name="Make the token").press("Enter")
    shown = page.get_by_label("Token", exact=True)
    expect(shown).to_be_focused()
    token = shown.input_value()
    page.evaluate("window.setTimeout = () => 0")  # the word goes after a moment, and one may look late
    page.get_by_role("button", name="Copy the token").press("Enter")
    expect(page.locator("[data-copy]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == token and token.startswith("balie_")
    page.get_by_role("link", name="I have kept it").press("Enter")
    expect(page.get_by_text(token)).to_have_count(0)
    page.locator("table.tokens-list a").press("Enter")
    page.get_by_role("button", name="Withdraw it").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The token browser opens nothing any more.")
