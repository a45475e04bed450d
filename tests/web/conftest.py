"""A small answering service on a Monday at 11:42, and a manager who looks at it.

Models are imported inside the fixtures: pytest reads this file before Django is set up.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Browsers of tests speak English unless they say otherwise; one that says nothing gets the operator's language."""
    begin = Browser.__init__

    def speaking(self: Browser, *given: Any, headers: Any = None, **values: Any) -> None:
        begin(self, *given, headers={"accept-language": "en", **(headers or {})}, **values)

    monkeypatch.setattr(Browser, "__init__", speaking)


@pytest.fixture
def monday() -> Iterator[None]:
    """Time stands still: Monday 23 November 2026, 11:42 in Amsterdam."""
    from tests.web import make_office

    with time_machine.travel(make_office.NOW, tick=False):
        yield


@pytest.fixture
def office(db: None, monday: None) -> None:
    from tests.web import make_office

    make_office.office()


@pytest.fixture
def browser(office: None) -> Browser:
    """A manager's browser, logged in."""
    from tests.web import make_office

    found = Browser()
    found.force_login(make_office.manager())
    return found


@pytest.fixture
def html(browser: Browser) -> Callable[..., str]:
    """What a page says, asked for by its address; fails on anything but 200."""

    def get(address: str, **headers: str) -> str:
        answer = browser.get(address, headers=headers)
        assert answer.status_code == 200, answer.status_code
        return str(answer.content.decode())

    return get


@pytest.fixture
def house(db: None, time_machine: Any) -> tuple[Any, Any, Any]:
    """The desk on that Monday: Bakker, Anna who answers for it, and the user she is."""
    from tests.web import make_desk

    time_machine.move_to(make_desk.NOW, tick=False)
    return make_desk.house()


@pytest.fixture
def bakker(house: tuple[Any, ...]) -> Any:
    """The first client of the house, whichever a test asks for."""
    return house[0]


@pytest.fixture
def anna(house: tuple[Any, Any, Any]) -> Any:
    return house[1]


@pytest.fixture
def desk(house: tuple[Any, Any, Any]) -> Browser:
    """Anna's browser."""
    from tests.web import make_portal

    return make_portal.browser(house[2])


@pytest.fixture
def marit(db: None) -> Browser:
    """A manager's browser."""
    return staff("Marit", "manager")


@pytest.fixture
def joris(db: None) -> Browser:
    """An administrator's browser."""
    return staff("Joris", "administrator")


def staff(name: str, role: str) -> Browser:
    from tests import make
    from tests.web import make_portal

    return make_portal.browser(make.user(f"{name.lower()}@example.com", name=name, role=role))
