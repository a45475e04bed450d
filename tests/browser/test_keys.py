"""Passkeys in a real browser, with a key it makes up: added, used to log in and to confirm, renamed, removed; and no
page of getting in asks anybody else or says something that a browser refuses."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.house import ADMINISTRATOR, PASSWORD, House
from tests.browser.looks import problems

pytestmark = pytest.mark.browser
PAGES = (
    "/me/",
    "/me/app/",
    "/me/keys/add/",
    "/me/password/",
    "/registrations/",
    "/settings/login/",
    "/settings/terms/",
)
# What anybody may open, and how it answers.
OPEN = {
    "/login/": 200,
    "/password/forgotten/": 200,
    "/sign-up/": 200,
    "/sent/": 200,
    "/activate/again/": 200,
    "/activate/x/": 410,
    "/terms/": 200,
}


@pytest.fixture(scope="module")
def url(house: House, administrator: Any) -> str:
    """Where an administrator with a password may log in. Keys belong to a name: localhost."""
    return house.url.replace("127.0.0.1", "localhost")


@pytest.fixture(scope="module")
def reader(url: str, chrome: Browser) -> Iterator[Page]:
    """One page for all that are only looked at, just logged in."""
    page = chrome.new_page()
    log_in(page, url)
    expect(page).to_have_url(f"{url}/")
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def stranger(chrome: Browser) -> Iterator[Page]:
    page = chrome.new_page()
    yield page
    page.context.close()


def with_key(page: Page) -> None:
    """Gives the browser a key that is touched whenever it is asked for."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options: dict[str, Any] = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/login/")
    page.fill("#email", ADMINISTRATOR)
    page.fill("#password", PASSWORD)
    page.click("button.deed")


@pytest.mark.parametrize("address", OPEN)
def test_pages_of_getting_in_are_accessible_and_fit(stranger: Page, url: str, address: str) -> None:
    assert problems(stranger, url + address, status=OPEN[address]) == []


@pytest.mark.parametrize("address", PAGES)
def test_pages_of_a_login_are_accessible_and_fit(reader: Page, url: str, address: str) -> None:
    assert problems(reader, url + address) == []
    assert reader.url == url + address


def test_a_key_is_added_logs_in_confirms_and_goes(chrome: Browser, url: str) -> None:
    page = chrome.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type in ("error", "warning") else None)
    page.on("request", lambda asked: told.append(asked.url) if not asked.url.startswith((url, "data:")) else None)
    with_key(page)
    log_in(page, url)
    expect(page).to_have_url(f"{url}/")
    page.goto(f"{url}/me/keys/add/")
    page.fill("#name", "Yellow key")
    page.click("button.deed")
    expect(page).to_have_url(f"{url}/me/codes/")
    page.goto(f"{url}/me/")
    expect(page.get_by_text("Yellow key", exact=True)).to_be_visible()

    page.context.clear_cookies()
    log_in(page, url)
    expect(page).to_have_url(f"{url}/login/second/")
    page.get_by_role("button", name="Use a key").click()
    expect(page).to_have_url(f"{url}/")

    page.goto(f"{url}/me/keys/1/remove/")
    expect(page).to_have_url(re.compile("/me/confirm/"))
    page.get_by_role("link", name="Use a key instead").click()
    page.get_by_role("button", name="Use a key").click()
    expect(page.get_by_text("this is your only one")).to_be_visible()
    page.goto(f"{url}/settings/login/")
    page.get_by_label("Not needed").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.goto(f"{url}/me/keys/1/remove/")
    page.get_by_role("button", name="Remove it").click()
    expect(page).to_have_url(f"{url}/me/")
    expect(page.get_by_text("Yellow key")).to_have_count(0)
    assert told == []
    page.close()
