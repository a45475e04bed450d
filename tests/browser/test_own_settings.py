"""The operator's own settings in a real browser: accessible, on a phone too, and changed with the keyboard alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.house import House
from tests.browser.looks import problems

pytestmark = pytest.mark.browser
PAGES = ("/settings/operator/", "/settings/closing/", "/settings/mail/")


@pytest.fixture
def page(chrome: Browser, setter: Any) -> Iterator[Page]:
    with chrome.new_context(storage_state=setter) as context:
        yield context.new_page()


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_accessible_and_fit(page: Page, house: House, address: str) -> None:
    assert problems(page, house.url + address) == []


def test_managers_cannot_type_in_them(house: House, chrome: Browser, manager: Any) -> None:
    with chrome.new_context(storage_state=manager) as context:
        page = context.new_page()
        for address in PAGES:
            assert problems(page, house.url + address) == []
            expect(page.locator("#settings-form input:not([type=hidden])").first).to_be_disabled()


def test_a_setting_is_refused_mended_saved_and_undone_by_keyboard(house: House, page: Page) -> None:
    page.goto(f"{house.url}/settings/closing/")
    months = page.get_by_label("Months looked back on")
    page.get_by_label("Target margin").focus()
    page.keyboard.press("Tab")
    expect(months).to_be_focused()
    before = months.input_value()
    page.keyboard.press("Control+a")
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    expect(page.locator("#margin-months-problem")).to_contain_text("from 1 to 60")
    expect(months).to_have_value("99")
    months.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    page.get_by_role("status").get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("It is set as before.")
    expect(page.get_by_label("Months looked back on")).to_have_value(before)


def test_the_letterhead_follows_what_is_typed(house: House, page: Page) -> None:
    page.goto(f"{house.url}/settings/operator/")
    picture = page.locator("#letterhead img")
    expect(picture).to_have_js_property("complete", True)
    page.get_by_label("Name of the company").fill("De Eik")
    expect(picture).to_have_attribute("src", "/settings/operator/letterhead.svg?name=De+Eik&address=")
    assert picture.evaluate("one => new Promise(done => one.complete ? done(one.naturalWidth)"
                            " : one.addEventListener('load', () => done(one.naturalWidth)))") > 0  # fmt: skip
