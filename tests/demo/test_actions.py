"""The demo as a whole: what a stranger finds after `balie demo`, and what happens when it is started again."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from balie.accounts.models import Agent, Client, User
from balie.billing.models import FrozenBill
from balie.billing.queries import bill
from balie.calls.models import BadLine, Call, CallCorrection, ClosedMonth, Import, Source
from balie.calls.queries import unassigned
from balie.contracts.models import Cancellation, Order
from balie.controlling.models import Sending
from balie.controlling.whatif import LEASE, ask_what_if, run_what_if, what_ifs_due
from balie.demo.actions import LOGINS, PASSWORD, build
from balie.demo.customers import CUSTOMERS, day_of
from balie.demo.operator import FOUND_NUMBER, OLD_NUMBER
from balie.demo.place import clear, demo_home, move_in
from balie.leases.actions import claim
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.rules.period import Period
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
    """A former client ordered again and its number is ready; of two that gave notice one took it back."""
    order = Order.objects.get()
    assert (order.client.number, order.status, order.contract is not None) == ("1020", "ready", True)
    notices = [(one.client.number, one.withdrawn is None) for one in Cancellation.objects.order_by("at")]
    assert notices == [("1035", False), ("1022", True)]


@pytest.mark.django_db
def test_demo_is_a_working_operator_and_goes_on_the_next_day(tmp_path: Path) -> None:
    build(now=NOW, progress=nothing, home=tmp_path)
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
    present_tariffs_give_the_present_bills()
    before, imports, entries = Call.objects.count(), Import.objects.count(), LogEntry.objects.count()

    build(now=NOW, progress=nothing, home=tmp_path)
    assert Call.objects.count() == before
    assert LogEntry.objects.count() == entries
    assert Import.objects.count() <= imports + 2

    build(now=NOW + timedelta(days=1), progress=nothing, home=tmp_path)
    assert one_offer_waits_for_an_answer()
    assert before + 150 < Call.objects.count() < before + 600
    assert Call.objects.values("source", "key").distinct().count() == Call.objects.count()


@pytest.mark.django_db(transaction=True)
def test_demo_killed_while_it_is_built_is_finished_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def die(text: str) -> None:
        told.append(text)
        if len(told) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr("balie.demo.diary.close_month", lambda **_: None)  # statements are not the point here
    with pytest.raises(KeyboardInterrupt):
        build(now=NOW, progress=die, home=tmp_path)
    build(now=NOW, progress=told.append, home=tmp_path)
    killed = set(Call.objects.values_list("source__name", "key", "client__number", "talk"))
    assert told.count("Setting up clients, agents, numbers and tariffs") == 1
    assert len(killed) == Call.objects.count()
    assert CallCorrection.objects.count() == 2


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
