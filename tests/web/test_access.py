"""Who may open which address: one row for each, five people for each row. An address without a row fails."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from balie.accounts.models import Client, Role, User
from balie.calls.models import Call, Import, Source
from balie.contracts.models import Booking, Contract
from balie.statements.models import Statement
from balie.tariffs.models import Item, Tariff, TariffVersion
from balie.tasks.models import Task
from balie.web.urls import urlpatterns
from tests import make
from tests.web import make_office, make_tasks

# What strangers, a client's user, agents, managers and administrators get. A stranger's 302 leads to the login.
OFFICE = (302, 403, 403, 200, 200)
# The portal is for a client's users; staff are led to the office.
PORTAL = (302, 200, 302, 302, 302)
EVERYBODY = (200,) * 5
DEED = (405,) * 5
PEOPLE = ("stranger", "client's user", "agent", "manager", "administrator")

GET: dict[str, tuple[int, int, int, int, int]] = {
    "login": (200, 302, 302, 302, 302),
    "logout": (405, 405, 405, 405, 405),
    "password": (410, 410, 410, 410, 410),
    "language": (405, 405, 405, 405, 405),
    "theme": (405, 405, 405, 405, 405),
    "today": (302, 302, 403, 200, 200),  # a client's user is led to the portal
    "search": OFFICE,
    "clients": OFFICE,
    "client": OFFICE,
    "client_calls": OFFICE,
    "client_calls_file": OFFICE,
    "client_contracts": OFFICE,
    "client_bill": OFFICE,
    "client_bill_file": OFFICE,
    "client_statements": OFFICE,
    "change_tariff": OFFICE,
    "change_tariff_to": DEED,
    "undo_tariff_change": DEED,
    "book": DEED,
    "enter_service": DEED,
    "cancel_booking": DEED,
    "reopen_booking": DEED,
    "remove_booking": OFFICE,
    "calls": OFFICE,
    "all_calls": OFFICE,
    "month_file": OFFICE,
    "call": OFFICE,
    "correct_call": DEED,
    "undo_correction": DEED,
    "unassigned": OFFICE,
    "assign": DEED,
    "undo_assignment": DEED,
    "imports": OFFICE,
    "import": OFFICE,
    "upload": OFFICE,
    "sources": OFFICE,
    "look_now": DEED,
    "tariffs": OFFICE,
    "new_tariff": OFFICE,
    "price_changes": OFFICE,
    "undo_prices": DEED,
    "tariff": OFFICE,
    "edit_tariff": OFFICE,
    "tariff_code": DEED,
    "copy_tariff": OFFICE,
    "delete_version": DEED,
    "tasks": OFFICE,
    "dismiss_task": DEED,
    "reopen_task": DEED,
    "look_again": DEED,
    "watch_progress": OFFICE,
    "months": OFFICE,
    "month": OFFICE,
    "bills": OFFICE,
    "bills_file": OFFICE,
    "close_month": OFFICE,
    "closing_progress": OFFICE,
    "statement": (302, 403, 403, 400, 400),  # its file is not there, which is said only to who may know
    "portal": PORTAL,
    "portal_calls": PORTAL,
    "portal_calls_file": PORTAL,
    "portal_costs": PORTAL,
    "portal_costs_file": PORTAL,
    "portal_documents": PORTAL,
    "portal_document": (302, 400, 302, 302, 302),  # as above
    "portal_contract": PORTAL,
    "portal_tariffs": PORTAL,
    "portal_tariff_code": DEED,
    "portal_tariff_undo": DEED,
    "portal_tariff": PORTAL,
    "portal_tariff_change": DEED,
    "prices": EVERYBODY,
    "price_list": EVERYBODY,
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
    "change_tariff_to": (302, 403, 403, 422, 422),
    "undo_tariff_change": (302, 403, 403, 302, 302),
    "book": (302, 403, 403, 422, 422),
    "enter_service": (302, 403, 403, 422, 422),
    "cancel_booking": (302, 403, 403, 302, 302),
    "reopen_booking": (302, 403, 403, 302, 302),
    "remove_booking": (302, 403, 403, 302, 302),
    "new_tariff": (302, 403, 403, 422, 422),
    "price_changes": (302, 403, 403, 422, 422),
    "undo_prices": (302, 403, 403, 404, 404),
    "edit_tariff": (302, 403, 403, 200, 200),  # drawn again with what was given: nothing
    "tariff_code": (302, 403, 403, 422, 422),
    "copy_tariff": (302, 403, 403, 422, 422),
    "delete_version": (302, 403, 403, 422, 422),
    "dismiss_task": (302, 403, 403, 422, 422),
    "reopen_task": (302, 403, 403, 302, 302),
    "look_again": (302, 403, 403, 302, 302),
    "portal_tariff_code": (302, 422, 302, 302, 302),
    "portal_tariff_undo": (302, 302, 302, 302, 302),
    "portal_tariff_change": (302, 302, 302, 302, 302),
}


# Name what is nobody's, or hold for whoever asks: the format of one's own file, the code of a public tariff.
OPEN = ("password", "price_list", "portal_calls_file", "portal_costs_file")


@pytest.fixture
def people(db: None) -> dict[str, User | None]:
    make_office.office(first_day=make_office.NOW.date().replace(month=10, day=30))
    company = make.client("2001")
    make.contract(company)
    make.tariff("PLUS", items=({"meter": "basic_fee", "price": "9.00"},))
    make_tasks.unprofitable(Client.objects.get(number="1001"))
    Statement.objects.create(client=company, month=202610, revision=1, path="2001.pdf", created=make_office.NOW)
    return {
        "stranger": None,
        "client's user": make.user("client@example.com", role="", client=company),
        "agent": make.user("agent@example.com", role=Role.AGENT),
        "manager": make_office.manager(),
        "administrator": make.user("admin@example.com", role=Role.ADMINISTRATOR),
    }


def address(name: str, *, client: str = "1001") -> str:
    """Where a page or deed is, about what belongs to client 1001; of the portal what belongs to `client`."""
    known = {**of_calls(name), **of_contracts(name), **of_tariffs(), **of_portal(client)}
    return reverse(name, kwargs=known.get(name, {}))


Kwargs = dict[str, dict[str, Any]]


def of_calls(name: str) -> Kwargs:
    call = Call.objects.filter(client__number="1001").latest("start")
    month = {"month": "2026-10"}
    return {
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
        **dict.fromkeys(("month", "close_month", "closing_progress", "bills"), month),
        "bills_file": {**month, "format": "csv"},
        "statement": {"pk": Statement.objects.filter(client__number="1001").latest("pk").pk},
    }


def of_contracts(name: str) -> Kwargs:
    """A booking is made anew for each: one of the deeds removes it."""
    contract = Contract.objects.get(client__number="1001")
    booking = {}
    if name.endswith("_booking"):
        booking = {"pk": Booking.objects.create(contract=contract, meter="user_module", first_day="2026-11-02").pk}
    deeds = ("change_tariff", "change_tariff_to", "undo_tariff_change", "book", "enter_service")
    return {
        **{key: {"number": "1001"} for key in ("client_contracts", "client_bill")},
        "client_bill_file": {"number": "1001", "format": "csv"},
        **{key: {"pk": contract.pk} for key in deeds},
        **dict.fromkeys(("cancel_booking", "reopen_booking", "remove_booking"), booking),
    }


def of_tariffs() -> Kwargs:
    tariff = Tariff.objects.get(code="PLUS")
    return {
        **{key: {"pk": tariff.pk} for key in ("tariff", "tariff_code", "copy_tariff")},
        "edit_tariff": {"pk": tariff.pk, "month": "2026-12"},
        "undo_prices": {"pk": 999},
        **{key: {"pk": Task.objects.get().pk} for key in ("dismiss_task", "reopen_task")},
        "delete_version": {"pk": TariffVersion.objects.latest("pk").pk},
        "price_list": {"code": "PLUS"},
    }


def of_portal(client: str) -> Kwargs:
    contract = {"pk": Contract.objects.filter(client__number=client).earliest("start").pk}
    plus = {**contract, "tariff": Tariff.objects.get(code="PLUS").pk}
    return {
        **{key: {"format": "csv"} for key in ("portal_calls_file", "portal_costs_file")},
        "portal_document": {"pk": Statement.objects.filter(client__number=client).latest("pk").pk},
        **dict.fromkeys(("portal_tariffs", "portal_tariff_code", "portal_tariff_undo"), contract),
        **dict.fromkeys(("portal_tariff", "portal_tariff_change"), plus),
    }


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
    got = {
        name: tuple(browser(people[person]).get(address(name, client="2001")).status_code for person in PEOPLE)
        for name in GET
    }
    assert got == GET


@pytest.mark.django_db
def test_deeds_are_done_by_who_may_do_them(people: dict[str, User | None], time_machine: Any) -> None:
    time_machine.move_to(make_office.NOW)
    got = {
        name: tuple(browser(people[person]).post(address(name, client="2001")).status_code for person in PEOPLE)
        for name in POST
    }
    assert got == POST


@pytest.mark.django_db
def test_what_belongs_to_another_client_is_not_there_for_a_clients_user(
    people: dict[str, User | None], time_machine: Any
) -> None:
    """Every address that names something: the user of client 2001 asks for it as 1001 has it."""
    time_machine.move_to(make_office.NOW)
    theirs = browser(people["client's user"])
    naming = [str(pattern.name) for pattern in urlpatterns if pattern.pattern.converters and pattern.name not in OPEN]
    answers = {name: (theirs.get(address(name)).status_code, theirs.post(address(name)).status_code) for name in naming}
    let_in = {name: answer for name, answer in answers.items() if not set(answer) <= {403, 404, 405}}
    assert let_in == {} and len(naming) > 30


@pytest.mark.django_db
def test_a_client_gets_its_own_files_only(people: dict[str, User | None], time_machine: Any) -> None:
    time_machine.move_to(make_office.NOW)
    theirs = browser(people["client's user"])
    assert theirs.get("/portal/calls.json?month=2026-11&client=1001&number=1001").json() == []
    assert theirs.get("/portal/costs.json?month=2026-11&client=1001").json()["client"] == "2001"


@pytest.mark.django_db
def test_a_line_of_another_clients_bill_is_not_there(people: dict[str, User | None], time_machine: Any) -> None:
    time_machine.move_to(make_office.NOW)
    version = TariffVersion.objects.get(tariff__code="BASIS")
    Item.objects.create(version=version, position=0, meter="talk_time", price="1.00", unit="minute")
    theirs = browser(people["client's user"])
    statuses = {
        number: [
            theirs.get(f"/portal/calls{ending}?month=2026-11&line={contract}-0").status_code for ending in ("/", ".csv")
        ]
        for number, contract in Contract.objects.filter(client__number__in=("1001", "2001")).values_list(
            "client__number", "pk"
        )
    }
    assert statuses == {"1001": [404, 404], "2001": [200, 200]}


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
