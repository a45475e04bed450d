"""Passkeys in a real browser, with a key it makes up: added, used to log in and to confirm, renamed, removed; and no
page of getting in asks anybody else or says something that a browser refuses."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.office import PATIENCE, free_port, wait_for
from tests.browser.test_office import QUIET, SERIOUS, SIZES
from tests.installation import Installations

pytestmark = pytest.mark.browser
EMAIL, PASSWORD = "joris@example.com", "drie blauwe olifanten"
PAGES = (
    "/me/",
    "/me/app/",
    "/me/keys/add/",
    "/me/password/",
    "/registrations/",
    "/settings/login/",
    "/settings/terms/",
)
OPEN = ("/login/", "/password/forgotten/", "/sign-up/", "/sent/", "/activate/again/", "/activate/x/", "/terms/")


@pytest.fixture(scope="module")
def house(installations: Installations) -> Iterator[tuple[str, str]]:
    """Where it is (keys belong to a name: localhost), and the link that sets the administrator's password."""
    installation = installations.ready()
    said = installation.run("staff", EMAIL, "--role", "administrator", "--language", "en")
    link = re.search(r"/password/\S+", said.out)
    assert link, said
    port = free_port()
    server = installation.start("serve", "--port", str(port))
    try:
        wait_for(f"http://127.0.0.1:{port}/login/", server)
        yield f"http://localhost:{port}", link.group()
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


def with_key(page: Page) -> None:
    """Gives the browser a key that is touched whenever it is asked for."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options: dict[str, Any] = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/login/")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.click("button.deed")


def test_a_key_is_added_logs_in_confirms_and_goes(chrome: Browser, house: tuple[str, str]) -> None:
    url, link = house
    page = chrome.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type in ("error", "warning") else None)
    page.on("request", lambda asked: told.append(asked.url) if not asked.url.startswith((url, "data:")) else None)
    with_key(page)
    page.goto(url + link)
    page.fill("#password", PASSWORD)
    page.click("button.deed")
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
    page.goto(f"{url}/me/keys/1/remove/")
    page.get_by_role("button", name="Remove it").click()
    expect(page).to_have_url(f"{url}/me/")
    expect(page.get_by_text("Yellow key")).to_have_count(0)
    assert told == []
    page.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_pages_of_getting_in_are_accessible_and_fit(
    chrome: Browser, house: tuple[str, str], size: str, colours: Any
) -> None:
    """After the test above: the password is set, and no second factor is asked for."""
    url, _link = house
    context = chrome.new_context(viewport=SIZES[size], color_scheme=colours)  # type: ignore[arg-type]
    page, wrong = context.new_page(), []
    for address in OPEN:
        wrong += problems(page, url + address)
    log_in(page, url)
    for address in PAGES:
        wrong += problems(page, url + address)
    context.close()
    assert wrong == []


def problems(page: Page, address: str) -> list[str]:
    page.goto(address)
    found = [f"{address}: {one['id']}" for one in Axe().run(page).response["violations"] if one["impact"] in SERIOUS]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*found, *([f"{address}: scrolls sideways"] if wide else [])]
