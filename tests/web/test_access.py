"""Who may open which address: one row for each, five people for each row. An address without a row fails."""

from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Agent, Client, Role, User
from balie.contracts.models import Contract
from balie.statements.models import Statement
from balie.tariffs.models import Item, Tariff, TariffVersion
from balie.web.urls import urlpatterns
from tests import make
from tests.web import (
    make_desk,
    make_economics,
    make_entry,
    make_missing,
    make_office,
    make_orders,
    make_people,
    make_phone,
    make_pool,
    make_quality,
    make_sms,
    make_tasks,
    make_what_if,
    make_win_backs,
)
from tests.web.addresses import address
from tests.web.reading import body

# What strangers, a client's user, agents, managers and administrators get. A stranger's 302 leads to the login.
OFFICE = (302, 403, 403, 200, 200)
# The portal is for a client's users; staff are led to the office.
PORTAL = (302, 200, 302, 302, 302)
# The desk is for agents; in this office the managers are none.
DESK = (302, 403, 200, 403, 403)
EVERYBODY = (200,) * 5
DEED = (405,) * 5
PEOPLE = ("stranger", "client's user", "agent", "manager", "administrator")

GET: dict[str, tuple[int, int, int, int, int]] = {
    "login": (200, 302, 302, 302, 302),
    **make_entry.GET,
    **make_people.GET,
    **make_phone.GET,
    "logout": (405, 405, 405, 405, 405),
    "password": (410, 410, 410, 410, 410),
    "language": (405, 405, 405, 405, 405),
    "theme": (405, 405, 405, 405, 405),
    "digest": DEED,
    "today": (302, 302, 302, 200, 200),  # a client's user is led to the portal, an agent to the desk
    **dict.fromkeys(make_desk.PAGES, DESK),
    **dict.fromkeys(make_desk.DEEDS, DEED),
    **dict.fromkeys(make_desk.OFFICE_PAGES, OFFICE),
    **dict.fromkeys(make_desk.OFFICE_DEEDS, DEED),
    **dict.fromkeys(make_desk.PORTAL_PAGES, PORTAL),
    **dict.fromkeys(make_desk.PORTAL_DEEDS, DEED),
    "search": OFFICE,
    "clients": OFFICE,
    "client": OFFICE,
    "client_calls": OFFICE,
    "client_calls_file": OFFICE,
    "client_contracts": OFFICE,
    "client_bill": OFFICE,
    "client_bill_file": OFFICE,
    "client_statements": OFFICE,
    "client_margin": OFFICE,
    "client_history": OFFICE,
    "client_data": OFFICE,
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
    "uploads": OFFICE,
    "drop_upload": DEED,
    "sources": OFFICE,
    "look_now": DEED,
    "tariffs": OFFICE,
    "new_tariff": OFFICE,
    "price_changes": OFFICE,
    "undo_prices": DEED,
    "tariff": OFFICE,
    "edit_tariff": OFFICE,
    "tariff_code": DEED,
    "tariff_watch": DEED,
    "copy_tariff": OFFICE,
    "delete_version": DEED,
    "controlling": OFFICE,
    "margins": OFFICE,
    "margins_file": OFFICE,
    "tariff_margins": OFFICE,
    "cost_limits": OFFICE,
    "flat_rates": OFFICE,
    "economics_again": DEED,
    "economics_progress": OFFICE,
    "costs": OFFICE,
    **dict.fromkeys(make_economics.COST_DEEDS, DEED),
    "forecasts": OFFICE,
    "forecast_clients": OFFICE,
    "what_ifs": OFFICE,
    "what_if": OFFICE,
    "what_if_file": OFFICE,
    "what_if_progress": OFFICE,
    "what_if_client": OFFICE,
    "what_if_again": DEED,
    "retry_what_if": DEED,
    "what_if_of_draft": DEED,
    "tasks": OFFICE,
    "dismiss_task": DEED,
    "reopen_task": DEED,
    "send_offer": OFFICE,
    "decline_offer": DEED,
    "offers": OFFICE,
    "offers_file": OFFICE,
    **dict.fromkeys(("win_backs", "win_backs_file", "win_back"), OFFICE),
    "send_win_back": (302, 403, 403, 422, 422),  # without a code it offers nothing
    **dict.fromkeys(("win_back_price", "accept_win_back", "decline_win_back"), DEED),
    **dict.fromkeys(("dismiss_win_back", "reopen_win_back"), DEED),
    "look_again": DEED,
    "watch_progress": OFFICE,
    "months": OFFICE,
    "month": OFFICE,
    "bills": OFFICE,
    "bills_file": OFFICE,
    "close_month": OFFICE,
    "closing_progress": OFFICE,
    "statement": (302, 403, 403, 400, 400),  # its file is not there, which is said only to who may know
    "mails": OFFICE,
    "mail": OFFICE,
    "mail_html": OFFICE,
    "send_mail_again": DEED,
    "send_mails_again": DEED,
    "mail_texts": OFFICE,
    "mail_text": OFFICE,
    "mail_text_html": OFFICE,
    "standard_mail_text": DEED,
    "undo_mail_text": DEED,
    "try_mail_text": DEED,
    **dict.fromkeys(make_pool.PAGES, OFFICE),
    **dict.fromkeys(make_pool.DEEDS, DEED),
    **dict.fromkeys(make_missing.PAGES, OFFICE),
    **dict.fromkeys(make_missing.DEEDS, DEED),
    **dict.fromkeys(make_quality.PAGES, OFFICE),
    **dict.fromkeys((*make_quality.DEEDS, *make_quality.FOR_ADMINISTRATORS), DEED),
    **make_quality.GET,
    **dict.fromkeys(make_sms.PAGES, OFFICE),
    **dict.fromkeys(make_sms.DEEDS, DEED),
    **dict.fromkeys(make_sms.PORTAL_PAGES, PORTAL),
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
    **make_orders.GET,
    "offer": EVERYBODY,
    "stay": EVERYBODY,
    "prices": EVERYBODY,
    "price_list": EVERYBODY,
}
# What changes something must be as closed for posting; 422: let in, and told that the form is empty.
POST: dict[str, tuple[int, int, int, int, int]] = {
    "digest": (302, 403, 403, 400, 400),
    "desk_send": (302, 403, 404, 403, 403),  # no client is named
    "desk_keep": (302, 403, 204, 403, 403),
    "desk_absence": (302, 403, 404, 403, 403),
    "desk_note": (302, 403, 422, 403, 403),  # nothing is written
    **dict.fromkeys(("desk_drop", "desk_remove_absence", "desk_undo_absence"), (302, 403, 302, 403, 403)),
    "correct_note": (302, 403, 403, 422, 422),
    **{name: (302, 403, 403, status, status) for name, status in make_desk.OFFICE_DEEDS.items()},
    **{name: (302, status, 302, 302, 302) for name, status in make_desk.PORTAL_DEEDS.items()},
    **make_entry.POST,
    **make_people.POST,
    **make_phone.POST,
    "correct_call": (302, 403, 403, 422, 422),
    "undo_correction": (302, 403, 403, 302, 302),
    "assign": (302, 403, 403, 422, 422),
    "undo_assignment": (302, 403, 403, 302, 302),
    "upload": (302, 403, 403, 422, 422),
    "drop_upload": (302, 403, 403, 302, 302),
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
    "tariff_watch": (302, 403, 403, 302, 302),  # nothing given: nothing changed
    "copy_tariff": (302, 403, 403, 422, 422),
    "delete_version": (302, 403, 403, 422, 422),
    "economics_again": (302, 403, 403, 302, 302),
    **make_economics.COST_DEEDS,  # for administrators
    "what_ifs": (302, 403, 403, 422, 422),
    "what_if_again": (302, 403, 403, 302, 302),
    "retry_what_if": (302, 403, 403, 302, 302),
    "what_if_of_draft": (302, 403, 403, 422, 422),
    "dismiss_task": (302, 403, 403, 422, 422),
    "reopen_task": (302, 403, 403, 302, 302),
    "send_offer": (302, 403, 403, 200, 200),  # the mail as it would look; nothing is sent
    "decline_offer": (302, 403, 403, 302, 302),
    **dict.fromkeys(("offer", "stay"), (422,) * 5),  # neither button
    **dict.fromkeys(("send_win_back", "win_back_price", "dismiss_win_back"), (302, 403, 403, 422, 422)),
    **dict.fromkeys(("decline_win_back", "reopen_win_back", "accept_win_back"), (302, 403, 403, 302, 302)),
    "look_again": (302, 403, 403, 302, 302),
    **make_orders.POST,
    "send_mail_again": (302, 403, 403, 302, 302),
    "send_mails_again": (302, 403, 403, 302, 302),
    "mail_text": (302, 403, 403, 200, 200),  # what was given, as it would look: nothing
    "standard_mail_text": (302, 403, 403, 302, 302),
    "undo_mail_text": (302, 403, 403, 302, 302),
    "try_mail_text": (302, 403, 403, 302, 302),
    **{name: (302, 403, 403, status, status) for name, status in make_pool.POST.items()},
    **make_missing.POST,
    **make_quality.POST,
    **{name: (302, 403, 403, status, status) for name, status in make_sms.POST.items()},
    "portal_tariff_code": (302, 422, 302, 302, 302),
    "portal_tariff_undo": (302, 302, 302, 302, 302),
    "portal_tariff_change": (302, 302, 302, 302, 302),
}


# Name what is nobody's, or hold for whoever asks: the format of one's own file, the code of a public tariff.
OPEN = (
    *make_orders.OPEN,
    *("password", "offer", "stay", "price_list", "portal_calls_file", "portal_costs_file", "activate", "invitation"),
    *("portal_notes_file", "portal_sms_file"),
    *("mfa_edit_webauthn", "mfa_remove_webauthn"),  # ask first whether it is still them: test_second_factor.py
)


@pytest.fixture
def people(db: None) -> dict[str, User | None]:
    make_office.office(first_day=make_office.NOW.date().replace(month=10, day=30))
    company = make.client("2001")
    make.contract(company)
    make_tasks.offered(make_tasks.unprofitable(Client.objects.get(number="1001")))
    make.tariff("PLUS", items=({"meter": "basic_fee", "price": "9.00"},))
    make_what_if.done(Tariff.objects.get(code="PLUS"), (Client.objects.get(number="1001"), "9.00", "8.00"))
    make.mail(about="client:1001")
    make_win_backs.offered(make_win_backs.leaving(Client.objects.get(number="1002")), Tariff.objects.get(code="PLUS"))
    Statement.objects.create(client=company, month=202610, revision=1, path="2001.pdf", created=make_office.NOW)
    return {
        "stranger": None,
        "client's user": make.user("client@example.com", role="", client=company, owner=True),
        "agent": make.user("agent@example.com", role=Role.AGENT, agent=Agent.objects.get(code="201")),
        "manager": make_office.manager(),
        "administrator": make.user("admin@example.com", role=Role.ADMINISTRATOR),
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
    # Opening changes nothing: what is asked for, and who asks, stay the same.
    theirs, places = (
        [browser(people[person]) for person in PEOPLE],
        {name: address(name, client="2001") for name in GET},
    )
    got = {name: tuple(one.get(place).status_code for one in theirs) for name, place in places.items()}
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
    assert body(theirs.get("/portal/calls.json?month=2026-11&client=1001&number=1001")) == "[]\n"
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
    answer = browser(people["agent"]).get("/clients/")
    assert "for managers and administrators" in answer.content.decode()


@pytest.mark.django_db
def test_forms_from_elsewhere_are_refused(people: dict[str, User | None]) -> None:
    strict = Browser(enforce_csrf_checks=True)
    manager = people["manager"]
    assert manager
    strict.force_login(manager)
    for name in POST:
        assert strict.post(address(name)).status_code == 403, name
