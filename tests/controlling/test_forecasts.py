"""Forecasts of the running month, kept by a worker: its outlook, the day of a limit, what earlier ones were worth."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from balie.accounts.models import Client
from balie.calls.models import Call, ClientMonth, SourceHour
from balie.contracts.models import Contract
from balie.controlling import forecasting, outlook
from balie.controlling.actions import watch
from balie.controlling.backtest import Score, scores, together, trials_of
from balie.controlling.daily import daily
from balie.controlling.expected import expectations
from balie.controlling.models import EconomicsMonth, ForecastMonth, ForecastTrial
from balie.controlling.outlook import Outlook
from balie.leases.actions import claim
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.rules.period import Period
from balie.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
ZONE = "Europe/Amsterdam"
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)  # a Monday, the 16th; ten working days are over, eleven are left
NOVEMBER, OCTOBER = Period(2026, 11, ZONE), Period(2026, 10, ZONE)
FEE = {"meter": "basic_fee", "price": "100.00"}
CALL = {"meter": "calls_accepted", "price": "1.00", "unit": "piece", "cost_limit": True}


@pytest.fixture(autouse=True)
def operator() -> Operator:
    made = make.operator(timezone=ZONE)
    make.source("pbx", newest=NOW)
    return made


def client(number: str = "1001", *, items: tuple[dict[str, Any], ...] = (FEE, CALL), **values: Any) -> Client:
    made = make.client(number)
    make.contract(made, tariff=make.tariff(f"T{number}", items=items, **values))
    return made


def working_days(of: Client, first: date, last: date, *, calls: int = 4) -> None:
    """So many calls on each working day, with the sums of all clients beside them."""
    day, rows, source = first, [], make.source("pbx")
    while day <= last:
        if day.weekday() < 5:
            begin = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
            for at in range(calls):
                rows.append(
                    Call(
                        source=source,
                        key=f"{of.number}-{day}-{at}",
                        client=of,
                        start=begin + timedelta(minutes=at),
                        direction="inbound",
                        type="accepted",
                        talk=60,
                        handling=60,
                    )
                )
            SourceHour.objects.get_or_create(source=source, day=day, hour=9, type="accepted", defaults={"calls": calls})
            month = {"client": of, "month": day.year * 100 + day.month, "direction": "inbound", "type": "accepted"}
            ClientMonth.objects.get_or_create(**month, defaults={"calls": 1})
        day += timedelta(days=1)
    Call.objects.bulk_create(rows)


def busy(number: str = "1001", **values: Any) -> Client:
    """Four calls on each working day from August until yesterday."""
    made = client(number, **values)
    working_days(made, date(2026, 8, 1), date(2026, 11, 15))
    return made


def worked_out(month: int, now: datetime = NOW) -> ForecastMonth:
    forecasting.ask_for_forecasts(now=now)
    row = claim(ForecastMonth.objects.filter(month=month), now=now, length=forecasting.LEASE)
    assert row and forecasting.work_out(row, now=now)
    return ForecastMonth.objects.get(month=month)


# -- how the month ends --
def test_month_is_expected_to_end_as_its_working_days_have_it(operator: Operator) -> None:
    one = busy()
    found = expectations(NOVEMBER, {one.pk}, operator=operator, now=NOW)[one.pk].calls
    assert found.so_far == 40
    assert found.expected == pytest.approx(84, abs=1)
    assert 65 <= found.low < found.expected < found.high <= 105


def test_client_that_leaves_has_no_calls_after_its_last_day(operator: Operator) -> None:
    one = busy()
    Contract.objects.update(end=date(2026, 11, 17))
    found = expectations(NOVEMBER, {one.pk}, operator=operator, now=NOW)[one.pk].calls
    assert found.expected == pytest.approx(48, abs=0.5)  # Monday and Tuesday


def test_client_that_came_this_month_is_expected_at_its_own_level(operator: Operator) -> None:
    busy("1001")
    new = client("1002")
    working_days(new, date(2026, 11, 9), date(2026, 11, 15), calls=1)
    found = expectations(NOVEMBER, {new.pk}, operator=operator, now=NOW)[new.pk].amount
    assert found.so_far == 5 and 13 < found.expected < 19


def test_client_without_calls_is_expected_to_have_none(operator: Operator) -> None:
    busy("1001")
    silent = client("1002")
    assert expectations(NOVEMBER, {silent.pk}, operator=operator, now=NOW)[silent.pk].amount.high == 0


# -- the outlook --
def test_outlook_is_the_sum_of_what_contracts_are_expected_to_earn(operator: Operator) -> None:
    busy("1001")
    client("1002", items=({"meter": "basic_fee", "price": "50.00"},))
    found = outlook.outlook(NOVEMBER, operator=operator, now=NOW)
    assert found
    assert (found.so_far, found.unpriced) == (Decimal("190.00"), 0)
    assert found.expected == pytest.approx(Decimal(234), abs=1)
    assert found.so_far < found.low < found.expected < found.high < 260


def test_outlook_goes_day_by_day_from_the_fees_to_the_end(operator: Operator) -> None:
    busy()
    found = outlook.outlook(NOVEMBER, operator=operator, now=NOW)
    assert found
    days = {point.day.day: point for point in found.days}
    assert list(days) == list(range(1, 31))
    assert [(days[day].amount, days[day].over) for day in (1, 2, 15)] == [
        (Decimal("100.00"), True),  # a Sunday
        (Decimal("104.00"), True),
        (Decimal("140.00"), True),
    ]
    assert days[15].low == days[15].high == days[15].amount
    assert days[16].amount == pytest.approx(Decimal(144), abs=1) and not days[16].over
    assert (days[30].amount, days[30].low, days[30].high) == (found.expected, found.low, found.high)
    widths = [point.high - point.low for point in found.days]
    assert widths == sorted(widths)


def test_call_that_came_today_is_the_least_the_day_comes_to(operator: Operator) -> None:
    one = busy()
    make.calls(one, 30, start=NOW - timedelta(hours=3))
    found = outlook.outlook(NOVEMBER, operator=operator, now=NOW)
    assert found and found.so_far == Decimal("170.00")
    assert [point.amount for point in found.days if point.day.day == 16] == [Decimal("170.00")]
    assert found.low >= found.so_far


def test_contract_without_a_price_is_left_out_and_counted(operator: Operator) -> None:
    busy("1001")
    made = client("1002")
    made.contracts.get().tariff.versions.update(first_day=date(2027, 1, 1))
    found = outlook.outlook(NOVEMBER, operator=operator, now=NOW)
    assert found and (found.so_far, found.unpriced) == (Decimal("140.00"), 1)


def test_operator_without_clients_has_an_outlook_of_nothing(operator: Operator) -> None:
    found = outlook.outlook(NOVEMBER, operator=operator, now=NOW)
    assert found and {found.so_far, found.expected, found.low, found.high} == {Decimal(0)}


def test_clients_that_go_up_and_down_together_widen_the_band(operator: Operator) -> None:
    """Ten clients with one busy day in three: on the same days more is uncertain than on different ones."""
    widths = []
    for together_ in (True, False):
        Call.objects.all().delete()
        for at in range(10):
            one = Client.objects.filter(number=str(2000 + at)).first() or client(str(2000 + at))
            for day in range(106):
                if (day + (0 if together_ else at)) % 3 == 0:
                    start = datetime(2026, 8, 1, 9, tzinfo=UTC) + timedelta(days=day)
                    make.calls(one, 3, start=start, every=timedelta(seconds=1))
        found = outlook.worked_out(NOVEMBER, operator=operator, now=NOW)
        widths.append(found.high - found.low)
    assert widths[0] > widths[1] * 2


def test_outlook_is_kept_by_a_worker_and_read_with_one_query(operator: Operator) -> None:
    busy()
    worked_out(202611)
    Call.objects.all().delete()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        found = outlook.outlook(NOVEMBER, operator=operator, now=NOW)
    assert len(captured) == 1
    assert found and found.at == NOW and found.so_far == Decimal("140.00")
    assert Outlook.said(found.document()) == found


def test_months_that_do_not_run_have_no_outlook(operator: Operator) -> None:
    busy()
    assert outlook.outlook(OCTOBER, operator=operator, now=NOW) is None
    assert outlook.outlook(NOVEMBER.next(), operator=operator, now=NOW) is None


def test_many_calls_are_not_gone_through_while_somebody_waits(operator: Operator) -> None:
    one = busy()
    ClientMonth.objects.filter(client=one, month=202611).update(calls=outlook.FEW_CALLS + 1)
    assert outlook.outlook(NOVEMBER, operator=operator, now=NOW) is None


# -- the day of a limit --
def test_task_says_on_which_day_the_limit_will_be_reached() -> None:
    """Four calls of 1.00 a working day, 40.00 by now: 60.00 by Friday the 20th and beyond it
    on Monday the 23rd; beyond 72.00 on Thursday the 26th."""
    busy(cost_limit=60, tolerance_percent=20)
    watch(author=Author("test", NOW))
    figures = Task.objects.get(kind="cost_limit_expected").figures
    assert (figures["limit_day"], figures["task_day"]) == ("2026-11-23", "2026-11-26")


def test_limit_that_is_reached_already_has_no_day_to_come() -> None:
    busy(cost_limit=39, tolerance_percent=50)
    watch(author=Author("test", NOW))
    figures = Task.objects.get(kind="cost_limit_expected").figures
    assert (figures["reached"], figures["limit_day"]) == (True, None)
    assert figures["task_day"] == "2026-11-20"


# -- what is kept --
def test_days_of_a_month_that_is_over_are_counted_once() -> None:
    one = busy()
    before = daily([OCTOBER], {one.pk})
    worked_out(202610)
    Call.objects.all().delete()
    assert daily([OCTOBER], {one.pk}) == before
    assert sum(before[one.pk].values()) == 88 and min(before[one.pk]) == date(2026, 10, 1)


def test_month_kept_while_it_ran_is_counted_again_afterwards() -> None:
    one = busy()
    worked_out(202611)
    working_days(one, date(2026, 11, 16), date(2026, 11, 30))
    assert sum(daily([NOVEMBER], {one.pk})[one.pk].values()) == 84


def test_months_are_asked_for_when_their_economics_are_new() -> None:
    busy()
    assert forecasting.ask_for_forecasts(now=NOW) == [202611, 202610, 202609, 202608]
    assert forecasting.ask_for_forecasts(now=NOW) == []
    while row := claim(forecasting.forecasts_due(), now=NOW, length=forecasting.LEASE):
        forecasting.work_out(row, now=NOW)
    later = NOW + timedelta(minutes=5)
    EconomicsMonth.objects.create(month=202610, asked=later, done=later)
    assert forecasting.ask_for_forecasts(now=later) == [202610]
    assert forecasting.ask_for_forecasts(now=later) == []
    assert worked_out(202610, now=later).follows == later
    assert forecasting.ask_for_forecasts(now=later + timedelta(hours=1)) == []


def test_result_of_a_worker_that_lost_its_row_is_thrown_away() -> None:
    busy()
    forecasting.ask_for_forecasts(now=NOW)
    row = claim(ForecastMonth.objects.filter(month=202610), now=NOW, length=forecasting.LEASE)
    assert row
    ForecastMonth.objects.filter(pk=row.pk).update(lease_until=NOW + timedelta(hours=1))
    assert not forecasting.work_out(row, now=NOW)
    assert not ForecastTrial.objects.exists()


# -- what forecasts were worth --
def test_forecast_of_a_month_that_is_over_knew_its_first_half_only() -> None:
    """October: 22 working days, of which eleven and a weekend less in the first fifteen days."""
    one = busy()
    worked_out(202610)
    trial = ForecastTrial.objects.get()
    assert (trial.client, trial.actual) == (one, 88)
    assert trial.expected == pytest.approx(88, abs=1)
    assert trial.straight == pytest.approx(44 / 15 * 31)
    Call.objects.filter(start__gte=datetime(2026, 10, 16, tzinfo=UTC)).delete()
    ForecastMonth.objects.all().delete()
    worked_out(202610)
    again = ForecastTrial.objects.get()
    assert (again.actual, again.expected, again.low, again.high) == (44, trial.expected, trial.low, trial.high)


def test_scores_are_means_over_clients_and_months() -> None:
    one, other = make.client("1001"), make.client("1002")
    values = {"month": 202610, "low": 90, "high": 110}
    ForecastTrial.objects.create(client=one, actual=100, expected=104, straight=90, **values)
    ForecastTrial.objects.create(client=other, actual=120, expected=112, straight=150, **values)
    ForecastTrial.objects.create(client=one, **values | {"month": 202609}, actual=90, expected=90, straight=90)
    found = scores([202610, 202609])
    assert found[202610] == Score(2, 220, 216.0, 240.0, 6.0, 20.0, 0.5)
    assert (found[202610].against, found[202609].against) == (0.3, None)
    assert found[202610].missed_by == pytest.approx(4 / 220)
    whole = together(list(found.values()))
    assert whole and (whole.clients, whole.error) == (3, 4.0)
    assert whole.straight_error == pytest.approx(40 / 3)
    assert whole.within == pytest.approx(2 / 3)
    assert together([]) is None


def test_clients_of_a_month_come_with_their_errors() -> None:
    one = make.client("1001")
    ForecastTrial.objects.create(client=one, month=202610, actual=120, expected=112.5, straight=150, low=90, high=110)
    found = vars(trials_of(202610).get())  # what the query adds is no field of the table
    assert (found["error"], found["straight_error"], found["within"]) == (7.5, 30.0, 0.0)
