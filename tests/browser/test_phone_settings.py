"""Settings of telephone and SMS in a real browser: accessible, on a phone too, and only what belongs to a kind."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.house import House
from tests.browser.looks import problems

pytestmark = pytest.mark.browser
NEW = "/settings/phone-systems/new/"
PAGES = ("/settings/phone-systems/", NEW, "/settings/switch/", "/settings/sms-gateway/")
CSV = "Beginn;Richtung;Anrufer;Ziel;Platz;Dauer\n" + "23.11.2026 10:00:00;ein;0612345678;0201234501;201;75\n" * 3000


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
        for address in PAGES[2:]:
            assert problems(page, house.url + address) == []
            expect(page.locator(".kind-form input[type=radio]").first).to_be_disabled()


def test_only_what_belongs_to_the_kind_is_in_sight(house: House, page: Page) -> None:
    page.goto(f"{house.url}/settings/switch/")
    expect(page.get_by_label("Where calls go")).to_be_hidden()
    page.get_by_label("An Asterisk").check()
    expect(page.get_by_label("Where calls go")).to_be_visible()
    page.get_by_label("Any other, by a program of yours").check()
    expect(page.get_by_label("Where calls go")).to_be_hidden()
    expect(page.get_by_label("Where the secret lies")).to_be_visible()


def test_enter_saves_and_of_a_file_only_the_beginning_is_sent(house: House, page: Page, tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(CSV)
    page.goto(house.url + NEW)
    expect(page.get_by_label("Trunks, one per line")).to_be_visible()
    page.get_by_label("Format").select_option("generic")
    expect(page.get_by_label("Trunks, one per line")).to_be_hidden()
    page.get_by_label("A file of this phone system").set_input_files(tmp_path / "export.csv")
    assert page.locator("#file").evaluate("field => field.files[0].size") == 65537
    page.get_by_role("button", name="Show how it would be read").click()
    expect(page.get_by_label("Start", exact=False).first).to_have_value("Beginn")
    expect(page.locator("#sample")).to_contain_text("Only the beginning of the file was looked at.")
    page.get_by_label("Name", exact=True).fill("export")
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Saved.")
    page.get_by_role("link", name="Remove it").click()
    page.get_by_role("button", name="Remove the phone system").click()
    expect(page.get_by_role("status").first).to_contain_text("export is removed.")
