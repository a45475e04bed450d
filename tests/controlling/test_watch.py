"""The watch: a task for each cause, once; an offer that would reach the target; gone when its cause is."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from balie.accounts.models import Client
from balie.calls.models import Call
from balie.contracts.actions import change_tariff
from balie.contracts.models import Contract
from balie.controlling.actions import ask_for_watch, watch
from balie.controlling.models import Offer, WatchDay
from balie.controlling.queries import watches_due
from balie.operator.actions import Author
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.tariffs.models import Tariff, TariffVersion
from balie.tasks.actions import dismiss_task, reopen_task
from balie.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
AUTHOR = Author("test", NOW)
FEE = {"meter": "basic_fee", "price": "100.00"}
CALL = {"meter": "calls_accepted", "price": "1.00", "unit": "piece"}
TALK = {"meter": "talk_time", "price": "1.20", "unit": "minute", "increment": "1/1", "cost_limit": True}
HOUR_AND_A_BIT = 1500  # seconds: twenty calls of it are 30,000 seconds, 250.00 at 30.00 an hour


@pytest.fixture(autouse=True)
def operator() -> None:
    make.operator(timezone="Europe/Amsterdam", costs={"agent_per_hour": "30.00"})


def has(client: Client, *items: dict[str, Any], start: date = date(2026, 1, 1), **values: Any) -> Contract:
    return make.contract(client, start=start, tariff=make.tariff(f"T{client.number}", items=items, **values))


def busy(client: Client, *months: int, calls: int = 20) -> None:
    """Twenty long calls in each of these months of 2026."""
    for month in months:
        for day in range(1, calls + 1):
            at = datetime(2026, month, 1 + day % 15, 9, tzinfo=UTC) + timedelta(minutes=30 * (day // 15))
            make.call(client, start=at, talk=HOUR_AND_A_BIT)


def found(period: Period | None = None, now: datetime = NOW) -> list[tuple[str, str, bool, Any]]:
    """Client, kind, whether new, and what the offer changes to how much."""
    document = watch(period=period, author=Author("test", now)).document()
    return [
        (task["client"], task["kind"], task["new"], offer and (offer["changes"], offer["fee"]))
        for task in document["tasks"]
        for offer in [task["offer"]]
    ]


def test_flat_rate_below_the_target_becomes_a_task_with_an_offer() -> None:
    client = make.client("1001")
    has(client, FEE)
    busy(client, 8, 9, 10)
    assert found() == [("1001", "uneconomical", True, ("basic_fee", "315.00"))]
    figures = Task.objects.get().figures
    assert {name: figures[name] for name in ("months", "revenue", "cost", "margin", "margin_percent")} == {
        "months": ["2026-08", "2026-09", "2026-10"],
        "revenue": "100.00",
        "cost": "250.00",
        "margin": "-150.00",
        "margin_percent": "-150.00",
    }


def test_offer_is_an_individual_tariff_from_next_month() -> None:
    client = make.client("1001")
    has(client, FEE, {"meter": "forwarded_mobile", "price": "0.20", "unit": "minute"}, notice="yearly")
    busy(client, 8, 9, 10)
    found()
    tariff = Offer.objects.get().tariff
    version = tariff.versions.get()
    assert (tariff.client, tariff.public, version.first_day, version.notice) == (
        client,
        False,
        date(2026, 12, 1),
        "yearly",
    )
    assert list(version.items.values_list("meter", "price")) == [("basic_fee", "315.00"), ("forwarded_mobile", "0.20")]


def test_flat_fee_per_call_is_offered_another_price() -> None:
    client = make.client("1001")
    has(client, FEE, CALL)
    busy(client, 8, 9, 10)
    # 250.00 / 0.8 = 312.50; less the fee 212.50 for 20 calls: 10.625
    assert found() == [("1001", "uneconomical", True, ("call_price", "10.65"))]


def test_cost_limit_is_raised_or_replaced_by_a_fee() -> None:
    much, little = make.client("1001"), make.client("1002")
    has(much, TALK, cost_limit=100, tolerance_percent=20)
    has(little, {**TALK, "price": "0.30"}, cost_limit=100, tolerance_percent=20)
    for client in (much, little):
        busy(client, 8, 9, 10)
    assert found(Period.parse("2026-10", "Europe/Amsterdam")) == [
        ("1001", "cost_limit", True, None),
        ("1001", "uneconomical", True, ("cost_limit", "315.00")),
        ("1002", "cost_limit", True, None),
        ("1002", "uneconomical", True, ("basic_fee", "165.00")),
    ]
    raised, replaced = (TariffVersion.objects.get(tariff__client=client) for client in (much, little))
    assert (raised.cost_limit, raised.tolerance_percent) == (Decimal(315), Decimal(20))
    assert (replaced.cost_limit, replaced.tolerance_percent) == (None, None)


@pytest.mark.parametrize(("seconds", "kinds"), [(6000, []), (6001, ["cost_limit"])])
def test_limit_becomes_a_task_beyond_its_tolerance_only(seconds: int, kinds: list[str]) -> None:
    """100 and 20 %: 120.00 is tolerated, 120.02 is not."""
    client = make.client("1001")
    has(client, TALK, cost_limit=100, tolerance_percent=20)
    make.call(client, start=datetime(2026, 10, 5, 9, tzinfo=UTC), talk=seconds)
    month = watch(period=Period.parse("2026-10", "Europe/Amsterdam"), author=AUTHOR)
    assert [task.kind for task in month.tasks if task.kind != "uneconomical"] == kinds


def test_limit_that_will_be_passed_is_told_before() -> None:
    client = make.client("1001")
    has(client, TALK, cost_limit=100)
    make.source("pbx", newest=NOW)
    for month in range(6, 11):  # a call every day, of 3.00 each
        for day in range(1, 31):
            make.call(client, start=datetime(2026, month, day, 9, tzinfo=UTC), talk=150)
    for day in range(1, 16):
        make.call(client, start=datetime(2026, 11, day, 9, tzinfo=UTC), talk=210)  # 4.20: 63.00 so far, 126.00 in all
    kinds = {task.kind: task for task in watch(author=AUTHOR).tasks}
    expected = kinds["cost_limit_expected"].figures
    assert expected["sum"] == "63.00" and 115 < Decimal(expected["expected"]) < 137
    assert Decimal(expected["low"]) < Decimal(expected["expected"]) < Decimal(expected["high"])
    for _ in range(2):
        make.call(client, start=datetime(2026, 11, 15, 12, tzinfo=UTC), talk=1500)
    later = {task.kind for task in watch(author=AUTHOR).tasks}
    assert "cost_limit" in later and "cost_limit_expected" not in later


def test_contracts_that_are_not_watched_or_not_covered_make_no_task() -> None:
    by_time, new, ended = make.client("1001"), make.client("1002"), make.client("1003")
    has(by_time, FEE, {**TALK, "cost_limit": False})
    has(new, FEE, start=date(2026, 10, 2))
    contract = has(ended, FEE)
    Contract.objects.filter(pk=contract.pk).update(end=date(2026, 10, 31))
    for client in (by_time, new, ended):
        busy(client, 8, 9, 10)
    assert found() == []


def test_months_not_covered_entirely_are_left_out() -> None:
    client = make.client("1001")
    has(client, FEE, start=date(2026, 9, 15))
    busy(client, 9, calls=40)
    busy(client, 10)
    assert found() == [("1001", "uneconomical", True, ("basic_fee", "315.00"))]
    assert Task.objects.get().figures["months"] == ["2026-10"]


def test_watch_run_again_makes_nothing_twice() -> None:
    client = make.client("1001")
    has(client, FEE)
    busy(client, 8, 9, 10)
    first = watch(author=AUTHOR).document()["tasks"]
    again = watch(author=AUTHOR).document()["tasks"]
    assert again == [{**task, "new": False} for task in first]
    assert (Task.objects.count(), Offer.objects.count()) == (1, 1)


def test_other_figures_give_another_offer_and_withdraw_the_old_code() -> None:
    client = make.client("1001")
    has(client, FEE)
    busy(client, 8, 9, 10)
    found()
    old = Offer.objects.get().tariff
    busy(client, 8, 9, 10)
    assert found() == [("1001", "uneconomical", False, ("basic_fee", "625.00"))]
    old.refresh_from_db()
    assert old.code_withdrawn and Offer.objects.filter(withdrawn=None).count() == 1


def test_task_closes_by_itself_when_its_cause_is_gone() -> None:
    client = make.client("1001")
    has(client, FEE)
    busy(client, 8, 9, 10)
    found()
    Call.objects.all().delete()
    assert found() == []
    task = Task.objects.get()
    assert (task.outcome, task.closed_by, task.closed) == ("gone", "", NOW)


def test_accepted_offer_closes_the_task() -> None:
    client = make.client("1001")
    has(client, FEE)
    busy(client, 8, 9, 10)
    found()
    tariff = Tariff.objects.get(client=client)
    change_tariff(client=client, service="telephone", tariff=tariff, author=AUTHOR)
    # Until the new tariff begins the old one goes on not to pay: that is no new task.
    for day in (datetime(2026, 11, 28, 9, tzinfo=UTC), datetime(2026, 12, 2, 9, tzinfo=UTC)):
        assert found(now=day) == []
    assert Task.objects.get().outcome == "accepted"


def test_running_month_does_not_close_what_the_last_month_opened() -> None:
    client = make.client("1001")
    has(client, TALK, cost_limit=100)
    make.call(client, start=datetime(2026, 10, 5, 9, tzinfo=UTC), talk=HOUR_AND_A_BIT * 10)
    october = Period.parse("2026-10", "Europe/Amsterdam")
    assert found(october)[0][:3] == ("1001", "cost_limit", True)
    assert found()[0][:3] == ("1001", "cost_limit", False)


def test_missing_price_is_told_and_keeps_nobody_else_from_being_watched() -> None:
    broken, flat = make.client("1001"), make.client("1002")
    has(broken, {**TALK, "price": ""}, cost_limit=100)
    has(flat, FEE)
    for client in (broken, flat):
        busy(client, 8, 9, 10)
    seen = watch(period=Period.parse("2026-10", "Europe/Amsterdam"), author=AUTHOR)
    assert [(task.client.number, task.kind) for task in seen.tasks] == [("1002", "uneconomical")]
    assert len(seen.problems) == 2 and all("1001" in str(problem) for problem in seen.problems)


def test_month_to_come_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        watch(period=Period.parse("2026-12", "Europe/Amsterdam"), author=AUTHOR)
    assert refusal.value.code == "month_to_come"


def test_dismissed_task_is_not_opened_again_for_the_same_month_but_for_the_next() -> None:
    client = make.client("1001")
    has(client, FEE)
    busy(client, 8, 9, 10, 11)
    found()
    task = Task.objects.get()
    dismiss_task(task=task, reason="A good customer", author=AUTHOR)
    assert found() == []
    assert found(Period.parse("2026-09", "Europe/Amsterdam")) == []
    code = Offer.objects.get().tariff.code
    in_december = datetime(2026, 12, 2, 9, tzinfo=UTC)
    assert found(now=in_december) == [("1001", "uneconomical", True, ("basic_fee", "315.00"))]
    again = Task.objects.get(closed=None)
    assert (Task.objects.count(), again.month, again.figures["months"][-1]) == (2, 202611, "2026-11")
    # The same offer goes on: the client may know its code already.
    offer = Offer.objects.get()
    assert (offer.task, offer.tariff.code, offer.tariff.code_withdrawn) == (again, code, False)


def test_other_offer_after_a_dismissal_withdraws_the_code_of_the_first() -> None:
    client = make.client("1001")
    has(client, FEE)
    busy(client, 8, 9, 10)
    found()
    dismiss_task(task=Task.objects.get(), reason="Let us see", author=AUTHOR)
    busy(client, 9, 10, 11, calls=40)
    assert found(now=datetime(2026, 12, 2, 9, tzinfo=UTC))[0][2] is True
    old, new = Offer.objects.order_by("made")
    assert (old.tariff.code_withdrawn, old.withdrawn is not None) == (True, True)
    assert (new.tariff.code_withdrawn, new.withdrawn) == (False, None)


def test_dismissal_taken_back_opens_the_task_as_it_was() -> None:
    client = make.client("1001")
    has(client, FEE)
    busy(client, 8, 9, 10)
    [was] = found()
    task = Task.objects.get()
    dismiss_task(task=task, reason="A good customer", author=AUTHOR)
    reopen_task(task=task, author=AUTHOR)
    reopen_task(task=task, author=AUTHOR)
    assert found() == [(*was[:2], False, was[3])]
    task.refresh_from_db()
    assert (task.closed, task.closed_by, task.outcome, task.reason) == (None, "", "", "")


def test_dismissal_is_not_taken_back_beside_a_newer_task() -> None:
    client = make.client("1001")
    has(client, FEE)
    busy(client, 8, 9, 10, 11)
    found()
    task = Task.objects.get()
    dismiss_task(task=task, reason="A good customer", author=AUTHOR)
    found(now=datetime(2026, 12, 2, 9, tzinfo=UTC))
    with pytest.raises(Refused) as refusal:
        reopen_task(task=task, author=AUTHOR)
    assert refusal.value.code == "task_open"


def test_watch_of_the_running_month_is_kept_as_todays() -> None:
    broken = make.client("1001")
    has(broken, {**TALK, "price": ""}, cost_limit=100)
    busy(broken, 10, 11)
    watch(period=Period.parse("2026-10", "Europe/Amsterdam"), author=AUTHOR)
    assert not WatchDay.objects.exists()
    watch(author=AUTHOR)
    day = WatchDay.objects.get()
    assert (day.day, day.asked, day.done, day.checked, day.new_tasks) == (date(2026, 11, 16), NOW, NOW, 1, 0)
    assert [(one["client"], one["tariff"], one["month"], one["code"]) for one in day.problems] == [
        ("1001", "T1001", "2026-11", "no_price"),
        ("1001", "T1001", "2026-10", "no_price"),
    ]


def test_watch_asked_for_again_is_due_until_somebody_looked() -> None:
    later = Author("Marit", NOW + timedelta(hours=1))
    watch(author=AUTHOR)
    assert not watches_due().exists()
    WatchDay.objects.update(parked="Five times in a row …", attempts=5)
    row = ask_for_watch(author=later)
    assert (row.under_way, row.done, row.asked, row.parked) == (True, NOW, later.now, "")
    assert [one.pk for one in watches_due()] == [row.pk]
    assert ask_for_watch(author=Author("worker", later.now), unless_since=NOW).asked == later.now
    watch(author=later)
    assert not watches_due().exists()
