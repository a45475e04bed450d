"""The three clients of docs/controlling.md: every figure of the tables."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from balie.controlling.actions import watch
from balie.controlling.economics import economics
from balie.controlling.looks import Past, looked_at, pasts
from balie.controlling.models import Economics, Offer
from balie.controlling.offers import accept_offer, open_follow_ups, send_offer
from balie.controlling.outcomes import offers, outcomes, state_of
from balie.controlling.watch import profit_figures
from balie.notifications.wording import Wording
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.rules.call import Direction
from balie.rules.margin import earned
from balie.rules.money import rounded
from balie.rules.period import Period
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
    found = pasts(looked, OCTOBER, operator)
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


STEPS = rows("| day | what happens |")
SINCE = rows("| month | calls | handled minutes | revenue | cost | margin |")
GAINED = rows("| margin a month before |")
WORDS = Wording("An offer", "{link}\n\n{code}", "See it")


def offer() -> Offer:
    return Offer.objects.select_related("task__client", "tariff").get()


def step(what: str, day: datetime) -> None:
    """What the table says happens on a day."""
    by = Author("test", day)
    if what == "the watch":
        watch(author=by)
    elif what == "sent":
        send_offer(offer=offer(), to=["a@example.com"], words=WORDS, times=0, home="https://x.example", author=by)
    elif what == "the worker":
        open_follow_ups(now=day)
    else:
        assert what == "accepted by link"
        accept_offer(offer=offer(), how="link", author=by)


def outcome_of(kind: str) -> str:
    """`open`, the outcome, or nothing where there is no such task."""
    return next((task.outcome or "open" for task in Task.objects.filter(client__number="1001", kind=kind)), "-")


def test_offer_is_sent_followed_up_and_accepted_day_by_day() -> None:
    told = []
    for day, what, *_states in STEPS:
        now = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC, hour=9)
        step(what, now)
        told.append([day, what, outcome_of("uneconomical"), outcome_of("offer_follow_up"), state_of(offer(), now)])
    assert told == STEPS
    assert Task.objects.filter(client__number="1001").count() == 2


def test_margin_after_the_offer_and_what_it_gained(house: Operator) -> None:
    watch(period=OCTOBER, author=Author("test", NOW))
    accept_offer(offer=offer(), how="link", author=Author("test", NOW))
    client = offer().task.client
    for month, calls, handled, *_amounts in SINCE:
        begin = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC, hour=7)
        for place in range(int(calls)):
            make.call(client, start=begin + timedelta(hours=3 * place), talk=int(handled) * 60 // int(calls))
    now, told = datetime(2027, 3, 2, tzinfo=UTC), []
    for month, *_figures in SINCE:
        kept = economics(Period.parse(month, house.timezone), operator=house, now=now)
        Economics.objects.bulk_create(kept)
        row = next(one for one in kept if one.client_id == client.pk)
        assert row.revenue is not None
        told.append([month, str(row.calls), str(row.handling // 60), f"{row.revenue:.2f}", f"{row.cost:.2f}",
                     f"{row.revenue - row.cost:.2f}"])  # fmt: skip
    assert told == SINCE
    (became,) = outcomes(offers(), now=now)
    assert became.gained is not None
    won = became.gained
    figures = (won.before, won.months, won.average, won.a_month, won.total)
    assert [str(one) if isinstance(one, int) else f"{float(one):.2f}" for one in figures] == GAINED[0]
