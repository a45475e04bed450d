"""One browser and one house for all tests here: starting them is what takes long. Each test has a context of its own.

For this folder, not for the run: while playwright runs, Django refuses to work on a database in the same thread.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.house import ADMINISTRATOR, DUTCH, MANAGER, PATIENCE, SETTER, House, house_of, logged_in
from tests.browser.office import ANNA
from tests.installation import Installations

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-pings"]
# A busy machine is no failure: what is to be seen in the end may take long.
expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="package")
def chrome() -> Iterator[Browser]:
    from tests.conftest import CHROMIUM

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def house(installations: Installations) -> Iterator[House]:
    with house_of(installations.ready()) as found:
        yield found


@pytest.fixture(scope="package")
def manager(house: House, chrome: Browser) -> Any:
    """What the browser of a manager who is logged in keeps; those of others below."""
    return logged_in(chrome, house.links[MANAGER])


@pytest.fixture(scope="package")
def dutch_manager(house: House, chrome: Browser) -> Any:
    return logged_in(chrome, house.links[DUTCH])


@pytest.fixture(scope="package")
def administrator(house: House, chrome: Browser) -> Any:
    return logged_in(chrome, house.links[ADMINISTRATOR])


@pytest.fixture(scope="package")
def setter(house: House, chrome: Browser) -> Any:
    """Of an administrator whose logins stay, whatever another does with keys and passwords."""
    return logged_in(chrome, house.links[SETTER])


@pytest.fixture(scope="package")
def agent(house: House, chrome: Browser) -> Any:
    return logged_in(chrome, house.links[ANNA])
