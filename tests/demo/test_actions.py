"""The demo as a whole: what a stranger finds after `balie demo`, and what happens when it is started again."""

import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from balie.accounts.models import Agent, Client, User
from balie.billing.models import FrozenBill
from balie.billing.queries import bill
from balie.calls.models import BadLine, Call, CallCorrection, ClosedMonth, Import, Source
from balie.calls.queries import unassigned
from balie.contracts.models import Cancellation, Order
from balie.controlling.models import Sending, WinBackOffer
from balie.controlling.whatif import LEASE, ask_what_if, run_what_if, what_ifs_due
from balie.demo.actions import LOGINS, PASSWORD, build
from balie.demo.customers import CUSTOMERS, day_of
from balie.demo.operator import FOUND_NUMBER, OLD_NUMBER
from balie.demo.place import clear, demo_home, move_in
from balie.leases.actions import claim
from balie.messages.models import SmsMonth
from balie.notes.models import Absence, Delivery, Desk, Draft, Note
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.quality.models import CLIENT_WRONG, Finding, Review
from balie.quality.own import calls_without_note
from balie.quality.queries import recording
from balie.rules.period import Period
from balie.rules.recording import CODES
from balie.statements.models import Statement
from balie.tariffs.models import Tariff
from balie.tasks.models import Task

ZONE = "Europe/Amsterdam"
NOW = datetime(2026, 11, 9, 14, 0, tzinfo=UTC)


def nothing(_: str) -> None:
    """Whoever builds the demo does not want to hear about it."""


def contracts_in(months: list[str]) -> int:
    """How many statements these months ask for."""
    first = Period.parse(months[0], ZONE).first_day
    periods = [Period.parse(month, ZONE) for month in months]
    return sum(
        (customer.begins is None or day_of(first, customer.begins) <= period.last_day)
        and (customer.ends is None or day_of(first, customer.ends) >= period.first_day)
        for customer in CUSTOMERS
        for period in periods
    )


def present_tariffs_give_the_present_bills() -> None:
    """What-ifs of all tariffs, each for those who have it: every bill of every client to the cent."""
    found = set()
    for tariff in Tariff.objects.filter(contracts__isnull=False).distinct():
        asked = ask_what_if(tariff=tariff, months=12, author=Author("test", NOW), only_at=tariff)
        row = claim(what_ifs_due(), now=NOW, length=LEASE)
        assert row == asked and row is not None
        run_what_if(row, now=NOW, keep=lambda: None)
        for one in row.rows.select_related("client"):
            for month, present, other, before, after in one.months:
                net = str(bill(one.client, Period.from_key(month, ZONE)).net)
                assert (present, other, before) == (net, net, after), (one.client, month)
                found.add((one.client_id, month))
    assert found == set(FrozenBill.objects.values_list("client_id", "month"))


def one_offer_waits_for_an_answer() -> bool:
    """One offer went out, once, eight days before the demo was made; a task reminds of it."""
    sent = Sending.objects.get()
    reminders = Task.objects.filter(kind="offer_follow_up", closed=None)
    return (sent.at, sent.time, sent.offer.follow_up) == (NOW - timedelta(days=8), 1, reminders.get())


def orders_and_notices_are_there() -> None:
    """A former client ordered again and its number is ready; of two that gave notice one was won back."""
    order = Order.objects.get()
    assert (order.client.number, order.status, order.contract is not None) == ("1020", "ready", True)
    notices = [(one.client.number, one.withdrawn is None) for one in Cancellation.objects.order_by("at")]
    assert notices == [("1035", False), ("1022", True)]
    won = WinBackOffer.objects.get()
    assert (won.case.client.number, won.case.state, won.accepted is not None) == ("1035", "won", True)
    assert won.case.kept


def killed_once(home: Path) -> list[str]:
    """Builds the demo, but dies over its fourth deed, and builds it again; what was told on the way."""
    told: list[str] = []

    def die(text: str) -> None:
        told.append(text)
        if len(told) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(now=NOW, progress=die, home=home)
    build(now=NOW, progress=told.append, home=home)
    return told


def calls_are_noted() -> None:
    """Some 96 of 100, one agent far fewer; every check finds something, most is right again, nothing is unmeant."""
    for month in (10, 11):
        found = recording(Period(2026, month, ZONE))
        assert found.share and 0.025 < found.share < 0.045
        assert [row.agent.code for row in found.agents if row.marked] == ["208"]
    rows = Finding.objects.filter(month__gte=202610)
    assert set(rows.values_list("code", flat=True)) == {*CODES, CLIENT_WRONG}
    states = Counter((closed is None, dismissed) for closed, dismissed in rows.values_list("closed", "dismissed"))
    assert min(states[True, False], states[False, False], states[False, True]) >= 10
    assert Finding.objects.values("note").distinct().count() < 0.02 * Note.objects.count()
    reviews = Counter(score is None for score in Review.objects.values_list("score", flat=True))
    assert (reviews[False], reviews[True]) == (8, 3)


def desks_know_what_to_say() -> None:
    assert Desk.objects.exclude(greeting="").exclude(in_hours="").exclude(questions="").count() == len(CUSTOMERS)
    assert not Client.objects.filter(open_hours=None).exists()
    assert Absence.objects.filter(begins__lte=NOW, ends__gt=NOW).exists()
    anna = Agent.objects.get(code="201")
    assert len(calls_without_note(anna, NOW - timedelta(days=3))) >= 4
    assert Draft.objects.filter(agent=anna).count() == 3


def mails_say_what_became_of_them() -> None:
    """What is older than a few minutes went out or was given up; nothing of the past floods the outbox."""
    waiting = Mail.objects.filter(sent=None, parked="")
    assert not waiting.filter(created__lt=NOW - timedelta(minutes=3)).exists()
    assert Mail.objects.exclude(parked="").count() < 10
    assert Mail.objects.count() < 500
    assert not Note.objects.filter(deliveries=None).exists()


def sms_are_billed() -> None:
    taxis = Client.objects.get(number="1013")
    for month in (8, 9, 10):
        meters = {line.meter for one in bill(taxis, Period(2026, month, ZONE)).contracts for line in one.lines}
        assert "sms" in meters
    assert set(SmsMonth.objects.values_list("month", flat=True)) == {202608, 202609, 202610, 202611}


@pytest.mark.django_db
def test_demo_killed_while_it_is_built_is_a_working_operator_and_goes_on_the_next_day(tmp_path: Path) -> None:
    told = killed_once(tmp_path)
    assert told.count("Setting up clients, agents, numbers and tariffs") == 1
    assert Call.objects.values("source", "key").distinct().count() == Call.objects.count()
    assert (Client.objects.count(), Agent.objects.count(), Source.objects.count()) == (40, 12, 2)
    assert sorted(ClosedMonth.objects.values_list("month", flat=True)) == [202608, 202609, 202610]
    assert Statement.objects.filter(revision=1).count() == contracts_in(["2026-08", "2026-09", "2026-10"])
    assert set(Statement.objects.filter(revision=2).values_list("month", flat=True)) == {202609}
    assert CallCorrection.objects.count() == 2
    assert not unassigned().filter(callee=FOUND_NUMBER).exists()
    assert unassigned().filter(callee=OLD_NUMBER).exists()
    assert BadLine.objects.exists()
    assert all(User.objects.get(email=login.email).check_password(PASSWORD) for login in LOGINS)
    assert [user.client.number for user in User.objects.exclude(client=None) if user.client] == ["1001"]
    last = Call.objects.order_by("start").last()
    assert last and NOW - timedelta(hours=1) < last.start < NOW
    assert (
        not Call.objects.exclude(client=None)
        .filter(late=True)
        .exclude(start__gte=Period(2026, 9, ZONE).begin, start__lt=Period(2026, 9, ZONE).end)
        .exists()
    )
    assert one_offer_waits_for_an_answer()
    orders_and_notices_are_there()
    calls_are_noted()
    desks_know_what_to_say()
    mails_say_what_became_of_them()
    sms_are_billed()
    present_tariffs_give_the_present_bills()
    before, imports, entries = Call.objects.count(), Import.objects.count(), LogEntry.objects.count()
    notes, deliveries = Note.objects.count(), Delivery.objects.count()

    build(now=NOW, progress=nothing, home=tmp_path)
    assert Call.objects.count() == before
    assert LogEntry.objects.count() == entries
    assert Import.objects.count() <= imports + 2
    assert (Note.objects.count(), Delivery.objects.count()) == (notes, deliveries)

    build(now=NOW + timedelta(days=1), progress=nothing, home=tmp_path)
    assert one_offer_waits_for_an_answer()
    assert before + 150 < Call.objects.count() < before + 600
    assert notes + 100 < Note.objects.count() < notes + 600
    assert Call.objects.values("source", "key").distinct().count() == Call.objects.count()


def test_demo_has_a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALIE_HOME", str(tmp_path))
    monkeypatch.setenv("BALIE_DATABASE_URL", "postgresql://production/balie")
    assert demo_home() == tmp_path / "demo"
    move_in()
    assert os.environ["BALIE_HOME"] == str(tmp_path / "demo")
    assert "BALIE_DATABASE_URL" not in os.environ


def test_demo_home_is_beside_the_real_one_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BALIE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert demo_home() == tmp_path / ".local/share/balie-demo"


def test_fresh_demo_throws_nothing_away_but_a_demo(tmp_path: Path) -> None:
    (tmp_path / "balie.sqlite3").write_text("a real one")
    clear(tmp_path)
    assert (tmp_path / "balie.sqlite3").exists()
    (tmp_path / "demo.json").write_text("{}")
    clear(tmp_path)
    assert not tmp_path.exists()
