"""The three clients of docs/controlling.md: every figure of the tables."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from balie.contracts.actions import change_tariff
from balie.controlling.actions import watch
from balie.controlling.looks import Past, looked_at, months_over, pasts
from balie.controlling.watch import profit_figures
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.rules.call import Direction
from balie.rules.margin import earned
from balie.rules.money import rounded
from balie.rules.period import Period
from balie.tariffs.models import Tariff
from balie.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).parents[2] / "docs/controlling.md"
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
OCTOBER = Period.parse("2026-10", "Europe/Amsterdam")
FEE = {"meter": "basic_fee"}
CALL = {"meter": "calls_accepted", "price": "1.00"}
TALK = {"meter": "talk_time", "price": "0.90", "unit": "minute", "increment": "1/1", "cost_limit": True}
TARIFFS: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "1001": ([{**FEE, "price": "149.00"}], {}),
    "1002": ([{**FEE, "price": "20.00"}, CALL], {}),
    "1003": ([{**FEE, "price": "15.00"}, TALK], {"cost_limit": 100, "tolerance_percent": 20}),
}


def rows(begin: str) -> list[list[str]]:
    """The rows of the table whose head begins so."""
    lines = PAGE.read_text().splitlines()
    at = next(place for place, line in enumerate(lines) if line.startswith(begin)) + 2
    found = []
    while lines[at].startswith("|"):
        found.append([cell.strip() for cell in lines[at].strip("|").split("|")])
        at += 1
    return found


MONTHS = rows("| client | month |")
RESULTS = rows("| client | revenue a month |")


@pytest.fixture(autouse=True)
def house() -> Operator:
    """The clients with the calls of the table: all of a month as long as each other."""
    costs = {"agent_per_hour": "30.00", "forwarded_mobile": "0.040"}
    operator = make.operator(timezone="Europe/Amsterdam", costs=costs)
    for number, (items, values) in TARIFFS.items():
        client = make.client(number)
        make.contract(client, tariff=make.tariff(f"T{number}", items=tuple(items), **values))
        for _, month, calls, handled, forwarded, *_amounts in (row for row in MONTHS if row[0] == number):
            begin = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC, hour=7)
            for place in range(int(calls)):
                talk = int(handled) * 60 // int(calls)
                make.call(client, start=begin + timedelta(hours=3 * place), talk=talk)
            if int(forwarded):
                make.call(client, start=begin, talk=int(forwarded) * 60, handling=0, direction=Direction.FORWARDED)
    return operator


def of_clients(operator: Operator) -> dict[str, Past]:
    looked = looked_at(OCTOBER.first_day, OCTOBER.last_day)
    found = pasts(looked, months_over(OCTOBER, OCTOBER.next(), 3), operator)
    return {past.looked.contract.client.number: past for past in found}


def test_revenue_and_cost_of_every_month(house: Operator) -> None:
    told = []
    for number, past in of_clients(house).items():
        for month in past.months:
            revenue = earned(past.looked.terms, month.period, month.quantities).revenue
            told.append([number, str(month.period), f"{revenue:.2f}", f"{rounded(month.cost):.2f}"])
    assert told == [[row[0], row[1], row[5], row[6]] for row in MONTHS]


def test_margins_of_the_three_months(house: Operator) -> None:
    told = []
    for number, past in of_clients(house).items():
        figures = profit_figures(past, past.margin(), Decimal(20))
        names = ("revenue", "cost", "margin", "margin_percent", "wanted_revenue")
        told.append([number, *(figures[name] for name in names)])
    assert told == [row[:6] for row in RESULTS]


def test_tasks_and_offers() -> None:
    tasks = watch(period=OCTOBER, author=Author("test", NOW)).document()["tasks"]
    told = {
        task["client"]: [task["kind"], f"{task['offer']['changes']} {task['offer']['fee']}" if task["offer"] else "-"]
        for task in tasks
    }
    assert {row[0]: told.get(row[0], ["-", "-"]) for row in RESULTS} == {row[0]: row[6:] for row in RESULTS}
    assert len(tasks) == len(told)


def test_offer_that_is_taken_closes_its_task() -> None:
    watch(period=OCTOBER, author=Author("test", NOW))
    tariff = Tariff.objects.get(client__number="1001")
    assert tariff.client
    change_tariff(client=tariff.client, service="telephone", tariff=tariff, author=Author("test", NOW))
    watch(author=Author("test", datetime(2026, 12, 1, 9, tzinfo=UTC)))
    assert Task.objects.get(client__number="1001").outcome == "changed"
