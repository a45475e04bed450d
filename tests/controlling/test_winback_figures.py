"""What a win-back case says when it opens: usage of ninety days, months compared, the tariff that fits best."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from balie.accounts.models import Client
from balie.contracts.models import Contract
from balie.controlling.models import WinBack
from balie.controlling.win_backs import compared, open_cases, seen
from balie.rules.call import CallType, Direction
from balie.tariffs.models import Tariff
from balie.worker.jobs import lane_called
from tests import make
from tests.controlling.leaving import NOW, bakkers, cancel, look, opened, tariff
from tests.controlling.test_controlling_doc import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakker() -> Client:
    return bakkers()


@pytest.fixture
def case(bakker: Client) -> WinBack:
    return opened(bakker)


def test_case_has_the_usage_of_ninety_days_before_the_notice(bakker: Client) -> None:
    def call(day: datetime, kind: CallType, talk: int = 60, direction: Direction = Direction.INBOUND) -> None:
        make.call(bakker, start=day, talk=talk, type=kind, direction=direction)

    first, last = datetime(2026, 8, 27, 22, 0, tzinfo=UTC), datetime(2026, 11, 25, 22, 59, tzinfo=UTC)
    call(first, CallType.MISSED, 0)  # midnight in Amsterdam, the first of ninety days
    call(first - timedelta(seconds=1), CallType.MISSED, 0)
    call(last, CallType.FORWARDED_MOBILE, 90, Direction.FORWARDED)
    call(last, CallType.OUTBOUND_FIXED, 30, Direction.OUTBOUND)
    call(last + timedelta(minutes=1), CallType.ACCEPTED)  # the day the notice came
    cancel(bakker)
    look()
    assert WinBack.objects.get().usage == {
        "first_day": "2026-08-28",
        "last_day": "2026-11-25",
        "calls": 20,  # ten in September, ten in October
        "talk": 6000,
        "missed": 1,
        "forwarded": 1,
        "forwarded_talk": 90,
        "outbound": 1,
        "outbound_talk": 30,
    }


def test_best_tariff_is_the_cheapest_that_still_pays(case: WinBack) -> None:
    assert case.months == [202608, 202609, 202610]
    assert (case.revenue, case.cost) == (Decimal("360.00"), Decimal("75.00"))
    one = seen(now=NOW)[0]
    assert (one.case.best, one.case.best_revenue) == (tariff("LIGHT"), Decimal("180.00"))
    assert (one.revenue, one.saving, one.earns) == (Decimal("1440.00"), Decimal("720.00"), Decimal("420.00"))


def test_tariffs_are_compared_as_the_documentation_has_it(case: WinBack) -> None:
    codes = {made.pk: made.code for made in Tariff.objects.all()}
    found = {codes[row["tariff"]]: row for row in compared(case)}
    table = rows("| tariff | basic fee | revenue of three months |")
    assert [row[0] for row in table] == list(found) == ["BIG", "TINY", "LIGHT", "LARGE"]
    for code, fee, revenue, saves, margin, reaches in table:
        one, stored = found[code], next(one for one in case.tariffs if codes[one["tariff"]] == code)
        assert [f"{one['month']}", stored["revenue"], f"{one['saving']}", f"{one['margin']}"] == [
            fee,
            revenue,
            saves,
            margin,
        ]
        assert one["reaches"] == (reaches == "yes")  # TINY: 29.00 − 25.00 is 13.8 %


def test_present_tariff_is_the_best_where_none_is_cheaper_and_pays(bakker: Client) -> None:
    tariff("LIGHT").versions.get().items.update(price="31.00")  # 31.00 − 25.00 is 19.4 %
    cancel(bakker)
    look()
    found = seen(now=NOW)[0]
    assert (found.case.best, found.saving) == (tariff("BIG"), Decimal("0.00"))


def test_young_contract_and_missing_price_say_nothing_of_money(bakker: Client) -> None:
    young = make.client("1002")
    make.contract(young, start=date(2026, 11, 2), tariff=tariff("BIG"))
    unpriced = make.client("1003")
    make.contract(unpriced, tariff=tariff("UNPRICED"))
    make.call(unpriced, start=datetime(2026, 10, 5, 9, tzinfo=UTC))
    for client in (young, unpriced):
        cancel(client)
    assert look() == 2
    first, second = WinBack.objects.order_by("client__number")
    assert (first.months, first.revenue, first.best, first.problem) == ([], None, None, None)
    assert (second.revenue, second.best, second.problem is not None) == (None, None, True)
    assert [(one.revenue, one.saving, one.earns) for one in seen(now=NOW)] == [(None, None, None)] * 2


def test_a_months_fraction_of_the_last_three_counts_only_where_it_was_covered(bakker: Client) -> None:
    Contract.objects.update(start=date(2026, 9, 1))
    cancel(bakker)
    look()
    found = seen(now=NOW)[0]
    assert (found.case.months, found.case.revenue, found.revenue) == ([202609, 202610], Decimal(240), Decimal(1440))


def test_case_opens_once_and_the_worker_does_it(bakker: Client) -> None:
    cancel(bakker)
    chores = {chore.name: chore.run for chore in lane_called("closings").chores}
    run = chores["open and close win-back cases"]
    assert [run(NOW), run(NOW)] == [1, 0]
    assert [one.case.client for one in open_cases(NOW)] == [bakker]
    assert open_cases(NOW)[0].days_left == 36  # 26 November to 31 December, both counted
