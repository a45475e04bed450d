"""Notice is given of a service, said again, moved, taken back; and what its numbers and mails do."""

from datetime import UTC, date, datetime, timedelta

import pytest

from balie.accounts.models import Client
from balie.contracts.actions import cancel_service, change_tariff, withdraw_cancellation
from balie.contracts.actions.request import ends_at_once
from balie.contracts.models import Cancellation, CancellationRequest, Contract
from balie.contracts.queries import client_who_cancels
from balie.notifications.models import Mail
from balie.numbers.models import Assignment
from balie.operator.actions import Author
from balie.rules.errors import Refused
from balie.tariffs.models import TariffVersion
from tests import make

pytestmark = pytest.mark.django_db
MARIT = Author("Marit", make.NOW, 7)
TODAY, YEARS_END = date(2026, 11, 23), date(2026, 12, 31)
NUMBER = "+31201234501"


@pytest.fixture
def bakker() -> Client:
    """Client 1001 with the telephone service since the first of the year, a month's notice, and a number."""
    make.operator(mailboxes={"cancellations": "opzeggen@delinde.example"})
    made = make.client("1001", name="Bakker", email="info@bakker.example", language="de")
    make.contract(made, tariff=make.tariff(notice="monthly"))
    make.number(made, NUMBER, first=date(2026, 1, 1))
    return made


def cancel(client: Client, received: date | None = None, *, now: datetime = make.NOW, reason: str = "") -> Contract:
    by = Author("Marit", now, 7)
    return cancel_service(client=client, service="telephone", received=received, reason=reason, author=by)


def test_service_ends_by_the_notice_rule_and_its_numbers_with_it(bakker: Client) -> None:
    assert cancel(bakker).end == YEARS_END
    assert Assignment.objects.get().last_day == YEARS_END
    kinds = list(Mail.objects.order_by("pk").values_list("kind", "recipient"))
    assert kinds == [
        ("cancellation_new", "opzeggen@delinde.example"),
        ("cancellation_receipt", "info@bakker.example"),
    ]


def test_mails_say_client_service_end_reason_and_lead_to_the_account(bakker: Client) -> None:
    cancel(bakker, reason="Wir  schließen\nden Betrieb.")
    ours, theirs = Mail.objects.order_by("pk")
    assert ours.subject == "Opzegging: 1001 Bakker, telefoon tot en met 31 december 2026"
    assert "Reden: Wir schließen den Betrieb." in ours.text
    assert "http://127.0.0.1:8000/clients/1001/contracts/" in ours.text
    assert "der 31. Dezember 2026" in theirs.text.replace("\n", " ")


def test_same_again_says_what_stands_and_mails_nothing(bakker: Client) -> None:
    first = cancel(bakker, date(2026, 10, 15))
    again = cancel(bakker, date(2026, 10, 15))
    later = cancel(bakker)
    assert {first.end, again.end, later.end} == {date(2026, 11, 30)}
    assert (Cancellation.objects.count(), Mail.objects.count()) == (1, 2)


def test_notice_received_earlier_moves_the_end_there(bakker: Client) -> None:
    cancel(bakker)
    assert cancel(bakker, date(2026, 10, 31)).end == date(2026, 11, 30)
    made = Cancellation.objects.get()
    assert (made.received, made.ends, made.ended_before) == (date(2026, 10, 31), date(2026, 11, 30), None)
    assert Assignment.objects.get().last_day == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("rule", "received", "end"),
    [
        ("none", date(2026, 11, 23), date(2026, 11, 23)),
        ("monthly", date(2026, 6, 1), date(2026, 7, 31)),
        ("monthly", date(2026, 6, 30), date(2026, 7, 31)),
        ("monthly", date(2026, 1, 31), date(2026, 2, 28)),
        ("yearly", date(2026, 9, 29), date(2026, 12, 31)),
        ("yearly", date(2026, 9, 30), date(2027, 12, 31)),
    ],
)
def test_end_follows_the_day_the_notice_was_received(bakker: Client, rule: str, received: date, end: date) -> None:
    TariffVersion.objects.update(notice=rule)
    assert cancel(bakker, received).end == end


def test_day_of_the_notice_is_local(bakker: Client) -> None:
    # 30 November 23:30 UTC is 1 December in Amsterdam: the end is a month later.
    late = make.NOW.replace(day=30, hour=23, minute=30)
    assert cancel(bakker, now=late).end == date(2027, 1, 31)


def test_notice_in_the_future_and_without_a_contract_is_refused(bakker: Client) -> None:
    with pytest.raises(Refused, match="future"):
        cancel(bakker, TODAY + timedelta(days=1))
    with pytest.raises(Refused, match="no contract"):
        cancel_service(client=bakker, service="sms", author=MARIT)


def test_notice_of_a_service_that_ended_says_when(bakker: Client) -> None:
    cancel(bakker)
    assert cancel(bakker, now=datetime(2026, 12, 31, 12, tzinfo=UTC)).end == YEARS_END
    with pytest.raises(
        Refused, match=r"^service: The contract of this service ended on 31 December 2026\.$"
    ) as refused:
        cancel(bakker, now=datetime(2027, 1, 1, 12, tzinfo=UTC))
    assert refused.value.code == "no_contract"


def test_withdrawal_restores_contract_and_numbers(bakker: Client) -> None:
    cancel(bakker)
    made = Cancellation.objects.get()
    assert withdraw_cancellation(cancellation=made, author=MARIT).end is None
    withdraw_cancellation(cancellation=made, author=MARIT)
    assert Assignment.objects.get().last_day is None
    kinds = list(Mail.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[2:] == ["cancellation_taken_back", "cancellation_undone"]
    assert cancel(bakker).end == YEARS_END
    assert Cancellation.objects.filter(withdrawn=None).count() == 1


def test_withdrawal_after_the_end_is_refused(bakker: Client) -> None:
    cancel(bakker)
    late = Author("Marit", make.NOW.replace(year=2027))
    with pytest.raises(Refused, match="has ended"):
        withdraw_cancellation(cancellation=Cancellation.objects.get(), author=late)
    on_the_last_day = Author("Marit", make.NOW.replace(month=12, day=31))
    assert withdraw_cancellation(cancellation=Cancellation.objects.get(), author=on_the_last_day).end is None


def test_cancelling_reaches_the_contract_a_change_leads_to(bakker: Client) -> None:
    change_tariff(client=bakker, service="telephone", tariff=make.tariff("PLUS", notice="monthly"), author=MARIT)
    ended = cancel(bakker)
    assert (ended.tariff.code, ended.start, ended.end) == ("PLUS", date(2026, 12, 1), YEARS_END)
    assert cancel(bakker).pk == ended.pk and Cancellation.objects.count() == 1
    withdraw_cancellation(cancellation=Cancellation.objects.get(), author=MARIT)
    assert Contract.objects.get(pk=ended.pk).end is None


def test_number_of_a_service_that_ended_in_the_past_rests_from_today(bakker: Client) -> None:
    TariffVersion.objects.update(notice="none")
    assert cancel(bakker, date(2026, 3, 1)).end == date(2026, 3, 1)
    assert Assignment.objects.get().last_day == TODAY
    assert Mail.objects.get(recipient="info@bakker.example").kind == "cancellation_over"


def test_same_notice_again_is_not_about_a_service_ordered_since(bakker: Client) -> None:
    TariffVersion.objects.update(notice="none")
    ended = cancel(bakker, date(2026, 3, 1))
    anew = make.contract(bakker, start=TODAY)
    assert cancel(bakker, date(2026, 3, 1)) == ended
    anew.refresh_from_db()
    assert anew.end is None


def test_notice_without_login_is_confirmed_by_owners_and_while_the_link_is_fresh(bakker: Client) -> None:
    kees = make.user("kees@bakker.example", role="", client=bakker)
    assert client_who_cancels("1001", kees.email, TODAY) is None
    kees.owner = True
    kees.save()
    assert client_who_cancels("1001", kees.email, TODAY) == bakker
    said = {"identified": "1001", "email": kees.email, "service": "telephone", "received": make.NOW}
    kept = CancellationRequest(client=bakker, **said)
    assert ends_at_once(kept, make.NOW + timedelta(days=14)) == YEARS_END
    assert ends_at_once(kept, make.NOW + timedelta(days=14, seconds=1)) is None


@pytest.mark.parametrize("received", [date(1, 1, 1), date(1926, 11, 23), date(2024, 12, 30)])
def test_notice_of_a_mistyped_year_is_refused(bakker: Client, received: date) -> None:
    with pytest.raises(Refused, match="before the service began"):
        cancel(bakker, received)
    assert Contract.objects.get().end is None


@pytest.mark.parametrize("day", [date.max, date(2127, 1, 1)])
def test_last_day_too_far_ahead_is_refused(bakker: Client, day: date) -> None:
    with pytest.raises(Refused, match="too far ahead"):
        cancel_service(client=bakker, service="telephone", agreed=day, author=MARIT)
    far = date(2126, 12, 31)
    assert cancel_service(client=bakker, service="telephone", agreed=far, author=MARIT).end == far
