"""Where each page and deed is in the office that the access tests look at: arguments of every address that has some."""

from typing import Any

from django.urls import reverse

from balie.accounts.models import Client, Registration, User
from balie.calls.models import Call, Import, Source
from balie.contracts.models import Booking, Contract
from balie.controlling import links
from balie.controlling.models import Offer, WhatIf
from balie.notifications.models import Mail
from balie.statements.models import Statement
from balie.tariffs.models import Tariff, TariffVersion
from balie.tasks.models import Task
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
    make_win_backs,
)

Kwargs = dict[str, dict[str, Any]]


def address(name: str, *, client: str = "1001") -> str:
    """Where a page or deed is, about what belongs to client 1001; of the portal what belongs to `client`."""
    known = make_economics.kwargs(name) | of_calls(name) | of_contracts(name) | of_tariffs() | of_mails()
    known |= of_portal(client) | of_users(client) | make_pool.kwargs(name) | make_win_backs.kwargs()
    known |= make_orders.kwargs(client) | make_desk.kwargs(name, client) | make_sms.kwargs()
    known |= make_missing.kwargs() if name in make_missing.NAMES else {}
    known |= make_quality.kwargs() if name in make_quality.NAMES else {}
    known |= make_people.kwargs(name) | make_phone.kwargs()
    return reverse(name, kwargs=known.get(name, {}))


def of_calls(name: str) -> Kwargs:
    call = Call.objects.filter(client__number="1001").latest("start")
    month = {"month": "2026-10"}
    return {
        "password": {"uidb64": "MQ", "token": "nothing"},
        "client": {"number": "1001"},
        "client_calls": {"number": "1001"},
        "client_calls_file": {"number": "1001", "format": "csv"},
        "client_statements": {"number": "1001"},
        "client_margin": {"number": "1001"},
        "client_history": {"number": "1001"},
        "client_data": {"number": "1001"},
        "margins_file": {"format": "csv"},
        "month_file": {"month": "2026-11", "format": "json"},
        "call": {"pk": call.pk},
        "correct_call": {"pk": call.pk},
        "undo_correction": {"pk": make_office.correction(call).pk} if name == "undo_correction" else {},
        "undo_assignment": {"pk": 1},
        "import": {"pk": Import.objects.latest("pk").pk},
        "drop_upload": {"pk": 1},
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
    tariff, what_if = Tariff.objects.get(code="PLUS"), {"pk": WhatIf.objects.latest("pk").pk}
    return {
        **{key: {"pk": tariff.pk} for key in ("tariff", "tariff_code", "tariff_watch", "copy_tariff")},
        **{key: {"pk": tariff.pk, "month": "2026-12"} for key in ("edit_tariff", "what_if_of_draft")},
        **dict.fromkeys(("what_if", "what_if_progress", "what_if_again", "retry_what_if"), what_if),
        "what_if_file": {**what_if, "format": "csv"},
        "what_if_client": {**what_if, "number": "1001"},
        "undo_prices": {"pk": 999},
        **{
            key: {"pk": Task.objects.get().pk} for key in ("dismiss_task", "reopen_task", "send_offer", "decline_offer")
        },
        "offers_file": {"format": "csv"},
        "offer": {"token": links.token(Offer.objects.get().pk, sent=make_office.NOW)},
        "delete_version": {"pk": TariffVersion.objects.latest("pk").pk},
        "price_list": {"code": "PLUS"},
    }


def of_mails() -> Kwargs:
    mail = {"pk": Mail.objects.earliest("pk").pk}
    text = {"kind": "client_offer", "language": "nl"}
    return {
        **dict.fromkeys(("mail", "mail_html", "send_mail_again"), mail),
        **dict.fromkeys(("mail_text", "mail_text_html", "standard_mail_text", "try_mail_text"), text),
        "undo_mail_text": {**text, "entry": 1},
    }


def of_users(client: str) -> Kwargs:
    """A user of the client (made where there is none), and a registration made anew where the last was deleted."""
    company = Client.objects.get(number=client)
    user = company.users.first() or User.objects.create_user(f"user@{client}.example", client=company)
    held = Registration.objects.first() or make.registration()
    deeds = ("make_owner", "remove_user", "restore_user")
    invited = company.invitations.first() or make.invitation(company)
    answers = ("invite_again", "withdraw_invitation")
    return {
        **{f"client_{name}": {"number": client} for name in ("users", "invite")},
        **{f"client_{name}": {"number": client, "pk": user.pk} for name in deeds},
        **{f"portal_{name}": {"pk": user.pk} for name in deeds},
        **{f"client_{name}": {"number": client, "pk": invited.pk} for name in answers},
        **{f"portal_{name}": {"pk": invited.pk} for name in answers},
        "invitation": {"key": "nothing"},
        **{f"undo_{one}": {"pk": 1} for one in make_entry.OF_SETTINGS},
        **{key: {"pk": held.pk} for key in ("registration_again", "delete_registration")},
        "reset_second_factor": {"pk": User.objects.exclude(role="").earliest("pk").pk},
        "activate": {"key": "nothing"},
        **{key: {"pk": 1} for key in ("mfa_edit_webauthn", "mfa_remove_webauthn", "end_session")},
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
