"""Who may open which address: one row for each, five people for each row. An address without a row fails."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from balie.accounts.models import Role, User
from balie.calls.models import Call, Import, Source
from balie.statements.models import Statement
from balie.web.urls import urlpatterns
from tests import make
from tests.web import make_office

# What strangers, a client's user, agents, managers and administrators get. A stranger's 302 leads to the login.
OFFICE = (302, 403, 403, 200, 200)
PEOPLE = ("stranger", "client's user", "agent", "manager", "administrator")

GET: dict[str, tuple[int, int, int, int, int]] = {
    "login": (200, 302, 302, 302, 302),
    "logout": (405, 405, 405, 405, 405),
    "password": (410, 410, 410, 410, 410),
    "language": (405, 405, 405, 405, 405),
    "theme": (405, 405, 405, 405, 405),
    "today": OFFICE,
    "search": OFFICE,
    "clients": OFFICE,
    "client": OFFICE,
    "client_calls": OFFICE,
    "client_calls_file": OFFICE,
    "client_statements": OFFICE,
    "calls": OFFICE,
    "all_calls": OFFICE,
    "month_file": OFFICE,
    "call": OFFICE,
    "correct_call": (405,) * 5,
    "undo_correction": (405,) * 5,
    "unassigned": OFFICE,
    "assign": (405,) * 5,
    "undo_assignment": (405,) * 5,
    "imports": OFFICE,
    "import": OFFICE,
    "upload": OFFICE,
    "sources": OFFICE,
    "look_now": (405,) * 5,
    "months": OFFICE,
    "month": OFFICE,
    "close_month": OFFICE,
    "closing_progress": OFFICE,
    "statement": (302, 403, 403, 400, 400),  # its file is not there, which is said only to who may know
}
# What changes something must be as closed for posting; 422: let in, and told that the form is empty.
POST: dict[str, tuple[int, int, int, int, int]] = {
    "correct_call": (302, 403, 403, 422, 422),
    "undo_correction": (302, 403, 403, 302, 302),
    "assign": (302, 403, 403, 422, 422),
    "undo_assignment": (302, 403, 403, 302, 302),
    "upload": (302, 403, 403, 422, 422),
    "look_now": (302, 403, 403, 302, 302),
    "close_month": (302, 403, 403, 302, 302),
}


@pytest.fixture
def people(db: None) -> dict[str, User | None]:
    make_office.office(first_day=make_office.NOW.date().replace(month=10, day=30))
    company = make.client("2001")
    return {
        "stranger": None,
        "client's user": make.user("client@example.com", role="", client=company),
        "agent": make.user("agent@example.com", role=Role.AGENT),
        "manager": make_office.manager(),
        "administrator": make.user("admin@example.com", role=Role.ADMINISTRATOR),
    }


def address(name: str) -> str:
    call = Call.objects.filter(client__number="1001").latest("start")
    wanted: dict[str, dict[str, Any]] = {
        "password": {"uidb64": "MQ", "token": "nothing"},
        "client": {"number": "1001"},
        "client_calls": {"number": "1001"},
        "client_calls_file": {"number": "1001", "format": "csv"},
        "client_statements": {"number": "1001"},
        "month_file": {"month": "2026-11", "format": "json"},
        "call": {"pk": call.pk},
        "correct_call": {"pk": call.pk},
        "undo_correction": {"pk": make_office.correction(call).pk} if name == "undo_correction" else {},
        "undo_assignment": {"pk": 1},
        "import": {"pk": Import.objects.latest("pk").pk},
        "look_now": {"pk": Source.objects.latest("pk").pk},
        "month": {"month": "2026-10"},
        "close_month": {"month": "2026-10"},
        "closing_progress": {"month": "2026-10"},
        "statement": {"pk": Statement.objects.latest("pk").pk},
    }
    return reverse(name, kwargs=wanted.get(name, {}))


def browser(user: User | None) -> Browser:
    found = Browser()
    if user:
        found.force_login(user)
    return found


def test_every_address_has_a_row() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(GET)


@pytest.mark.django_db
def test_pages_open_for_who_may_see_them(people: dict[str, User | None], time_machine: Any) -> None:
    time_machine.move_to(make_office.NOW)
    got = {name: tuple(browser(people[person]).get(address(name)).status_code for person in PEOPLE) for name in GET}
    assert got == GET


@pytest.mark.django_db
def test_deeds_are_done_by_who_may_do_them(people: dict[str, User | None], time_machine: Any) -> None:
    time_machine.move_to(make_office.NOW)
    got = {name: tuple(browser(people[person]).post(address(name)).status_code for person in PEOPLE) for name in POST}
    assert got == POST


@pytest.mark.django_db
def test_strangers_are_sent_to_the_login_and_back(people: dict[str, User | None]) -> None:
    answer = browser(None).get("/clients/1001/calls/?direction=inbound")
    assert answer["Location"] == "/login/?next=/clients/1001/calls/%3Fdirection%3Dinbound"


@pytest.mark.django_db
def test_parts_of_pages_send_the_whole_page_to_the_login(people: dict[str, User | None]) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/clients/?q=x"}
    answer = browser(None).get("/clients/?q=xy", headers=asked)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/login/?next=/clients/%3Fq%3Dx")


@pytest.mark.django_db
def test_others_are_told_that_the_office_is_for_managers(people: dict[str, User | None]) -> None:
    answer = browser(people["agent"]).get("/")
    assert "for managers and administrators" in answer.content.decode()


@pytest.mark.django_db
def test_forms_from_elsewhere_are_refused(people: dict[str, User | None]) -> None:
    strict = Browser(enforce_csrf_checks=True)
    manager = people["manager"]
    assert manager
    strict.force_login(manager)
    for name in POST:
        assert strict.post(address(name)).status_code == 403, name
