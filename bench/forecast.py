"""How good forecasts are on the demo operator's calls: error and band at several days of the month, beside the straight
line and beside the least error anybody could make.

    python bench/forecast.py [--months 24] [--first 2025-01-01] [--seeds "De Linde,one,two"] [--as-built]

Draws the demo's calls of its forty clients for as many months, once for each seed (the demo's own is "De Linde"; other
seeds are other days of the same clients), and forecasts every month but the first six from what had come by then. No
database. `least` knows how the calls are drawn, all but chance: no forecast can be better. With --as-built the history
is as short as that of a demo just built: three months that are over. The constants of balie/rules/forecast.py were
chosen on the seeds t1 to t4; the ones used here by default are others.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import mean
from time import perf_counter
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))
from balie.demo.customers import CUSTOMERS, Customer
from balie.demo.files import COUNTED_FROM, exchanges
from balie.demo.operator import ZONE
from balie.demo.traffic import Day
from balie.rules import forecast as rules
from balie.rules.forecast import Forecast, Shape
from balie.rules.holidays import public_holidays
from balie.rules.period import Period

SEEDS = ("De Linde", "one", "two", "three")
HISTORY = 6  # months
CUTS = (10, 0, 20)  # days of the month that are over; 0: half of them
CALL, MINUTE = 0.95, 0.89  # a price list for all
DAY = timedelta(days=1)
Days = Mapping[date, float]


class Calm(Random):
    """Draws no noise: what is left is what a day is meant to have."""

    def lognormvariate(self, mu: float = 0.0, sigma: float = 1.0) -> float:
        return 1.0


@dataclass
class Client:
    """One client's billable calls and seconds of talk per local day, and what the demo means it to have."""

    customer: Customer
    calls: dict[date, float] = field(default_factory=lambda: defaultdict(float))
    talk: dict[date, float] = field(default_factory=lambda: defaultdict(float))
    meant: dict[date, float] = field(default_factory=dict)

    def money(self, days: Iterable[date]) -> float:
        return sum(CALL * self.calls.get(day, 0) + MINUTE * self.talk.get(day, 0) / 60 for day in days)


@dataclass(frozen=True)
class Case:
    """One forecast and what came: of a client, or of all (number "")."""

    what: str
    cut: int
    actual: float
    made: Forecast
    straight: float
    least: float = 0.0  # what who knows how calls are drawn would have said


def drawn(seed: str, first: date, last: date) -> list[Client]:
    """The demo's calls, as its phone systems would tell them."""
    clients = {customer.number: Client(customer) for customer in CUSTOMERS}
    switches, zone, calm = exchanges(), ZoneInfo(ZONE), Calm()
    for day in between(first, last):
        told = Day(day, first)
        told.rng = Random(f"{seed} {day.isoformat()}")
        for one in told.calls():
            for call in one.story(switches[one.pbx], one.plan):
                if call.client and call.talk:
                    local = datetime.fromtimestamp(call.start, zone).date()
                    clients[call.client].calls[local] += 1
                    clients[call.client].talk[local] += call.talk
        told.rng = calm
        for client in clients.values():
            if client.customer.there(day, first):
                client.meant[day] = client.customer.calls * told.factor(client.customer)
        for switch in switches.values():
            switch.chains.clear()
            switch.begin_day((day + DAY - COUNTED_FROM).days)
    return [client for client in clients.values() if client.calls]


def between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


@dataclass(frozen=True)
class Month:
    """A month of which some days are over, with the days of its history."""

    period: Period
    cut: int
    history: list[date]
    holidays: frozenset[date]

    @classmethod
    def of(cls, period: Period, cut: int, first: date) -> "Month":
        begin = period
        for _ in range(HISTORY):
            begin = begin.previous()
        history = between(max(first, begin.first_day), period.first_day - DAY)
        holidays = public_holidays("NL", range(begin.year, period.year + 1))
        return cls(period, cut or period.last_day.day // 2, history, holidays)

    @property
    def days(self) -> list[date]:
        return list(self.period.days())

    @property
    def done(self) -> list[date]:
        return self.days[: self.cut]

    @property
    def left(self) -> list[date]:
        return self.days[self.cut :]

    def seen(self, days: Days) -> dict[date, float]:
        first = min(days)
        return {day: days.get(day, 0.0) for day in [*self.history, *self.done] if day >= first}

    def case(self, what: str, days: Days, shape: Shape, make: Callable[..., Forecast]) -> Case:
        so_far = sum(days.get(day, 0.0) for day in self.done)
        made = make(so_far, rules.profile(self.seen(days), self.holidays, shape), self.left, self.holidays)
        actual = so_far + sum(days.get(day, 0.0) for day in self.left)
        return Case(what, self.cut, actual, made, rules.straight_line(so_far, self.cut, len(self.days)))


def cases(clients: list[Client], first: date, last: date, skip: int) -> Iterator[Case]:
    """Every month but the first, at every cut, of every client that stays all month, and of all together."""
    period, at = Period(first.year, first.month), 0
    while period.last_day <= last:
        here = [one for one in clients if stays(one.customer, period, first)]
        if at >= skip:
            for cut in CUTS:
                yield from of_month(Month.of(period, cut, first), here, cut)
        period, at = period.next(), at + 1


def stays(customer: Customer, period: Period, first: date) -> bool:
    return customer.there(period.first_day, first) and customer.there(period.last_day, first)


def of_month(month: Month, clients: list[Client], cut: int) -> Iterator[Case]:
    calls, money = total(one.calls for one in clients), total(paid(one) for one in clients)
    shape = rules.shape_of(month.seen(calls), month.holidays)
    expected = 0.0
    for one in clients:
        if not any(day in one.calls for day in [*month.history, *month.done]):
            continue
        found = month.case("calls", one.calls, shape, rules.forecast)
        yield replaced(found, cut, least_of(one, month))
        expected += found.made.expected
        yield replaced(of_money(one, month, shape), cut)
    # The middle is the sum of the clients', the band that of all as one series (balie/controlling/outlook.py).
    for what, days in (("calls of all", calls), ("money of all", money)):
        yield replaced(month.case(what, days, shape, unit(days, month)), cut)


def unit(days: Days, month: Month) -> Callable[..., Forecast]:
    """Amounts of one series are forecast as they are: their own scatter is all there is to know."""
    return lambda *here: rules.forecast_of_amount(*here, lengths=0.0)


def of_money(one: Client, month: Month, shape: Shape) -> Case:
    """What a client's calls bring, as cost limits see it: the calls expected, at what they brought so far."""
    found = month.case("money", one.calls, shape, rules.forecast_of_amount)
    so_far, made = one.money(month.done), found.made
    ends = [so_far * made.factor(end) for end in (made.expected, made.low, made.high)]
    straight = rules.straight_line(so_far, month.cut, len(month.days))
    return Case("money", month.cut, one.money(month.days), Forecast(so_far, *ends), straight)


def least_of(one: Client, month: Month) -> float:
    """The calls so far and those the demo means to come, at the level the client has had over all the time."""
    level = sum(one.calls.values()) / sum(one.meant.values())
    so_far = sum(one.calls.get(day, 0.0) for day in month.done)
    return so_far + level * sum(one.meant.get(day, 0.0) for day in month.left)


def replaced(case: Case, cut: int, least: float = 0.0) -> Case:
    return Case(case.what, cut, case.actual, case.made, case.straight, least)


def paid(one: Client) -> dict[date, float]:
    return {day: one.money([day]) for day in one.calls}


def total(parts: Iterable[Days]) -> dict[date, float]:
    found: dict[date, float] = defaultdict(float)
    for days in parts:
        for day, amount in days.items():
            found[day] += amount
    return found


def row(found: list[Case]) -> str:
    """Mean absolute errors, their ratio, and the share in the band."""
    error = mean(abs(one.made.expected - one.actual) for one in found)
    straight = mean(abs(one.straight - one.actual) for one in found)
    least = mean(abs(one.least - one.actual) for one in found) if found[0].least else None
    within = mean(one.made.low <= one.actual <= one.made.high for one in found)
    best = f"{least:9.2f} {least / straight:6.2f}" if least is not None else " " * 16
    return f"{len(found):6} {error:9.2f} {straight:9.2f} {error / straight:6.2f} {best} {within:8.1%}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--first", type=date.fromisoformat, default=date(2025, 1, 1))
    options.add_argument("--months", type=int, default=24)
    options.add_argument("--seeds", default=",".join(SEEDS))
    options.add_argument("--as-built", action="store_true", help="three months of history at most")
    asked = options.parse_args()
    last, skip = Period(asked.first.year, asked.first.month), HISTORY
    if asked.as_built:
        asked.months, skip = 3, 1
    for _ in range(asked.months - 1):
        last = last.next()
    began, found = perf_counter(), list[Case]()
    for seed in asked.seeds.split(","):
        found += cases(drawn(seed, asked.first, last.last_day), asked.first, last.last_day, skip)
    print(f"{asked.first} to {last.last_day}, seeds {asked.seeds}, {perf_counter() - began:.0f} s")
    print("what          days over      n     error  straight  ratio     least  ratio   in band")
    for what in ("calls", "money", "calls of all", "money of all"):
        for cut in CUTS:
            some = [one for one in found if (one.what, one.cut) == (what, cut)]
            print(f"{what:12}  {cut or 'half':>9} {row(some)}")


if __name__ == "__main__":
    main()
