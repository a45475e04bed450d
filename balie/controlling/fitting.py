"""What a client that gave notice used and paid, and what the tariffs it could have would have come to. Reads only.

Two looks back from the day the notice came: ninety days of calls, and the three months that were over, as far as
contracts covered them entirely. Amounts are those of the watch (rating.md 20): what belongs to a month, net.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum

from balie.billing.pricing import House, measured
from balie.billing.terms import terms_of, versions_of
from balie.calls.models import Call
from balie.contracts.models import Cancellation
from balie.contracts.queries import contracts_between
from balie.controlling.costs import Costs
from balie.controlling.economics import covered
from balie.controlling.looks import Looked, months_to, of_contract
from balie.controlling.worked import days, work
from balie.controlling.yardstick import yardstick
from balie.operator.models import Operator
from balie.rules import margin
from balie.rules.call import OUTBOUND_TYPES, CallType
from balie.rules.errors import Refused
from balie.rules.margin import Margin
from balie.rules.period import Period
from balie.rules.tariff import Version
from balie.rules.winback import Fit
from balie.tariffs.models import Tariff
from balie.tariffs.queries import in_force, next_month
from balie.tariffs.queries import offers as public_tariffs
from balie.tariffs.queries import terms_of as version_terms
from balie.tariffs.queries import versions_of as stored_versions

DAYS, MONTHS = 90, 3
DAY = timedelta(days=1)
PASSED_ON = (CallType.FORWARDED_FIXED, CallType.FORWARDED_MOBILE, CallType.FORWARDED_OTHER)


def usage(cancellation: Cancellation, operator: Operator) -> dict[str, Any]:
    """The calls of the service on the ninety days before the notice came: numbers and seconds of talk. One query."""
    last = local(cancellation.at, operator) - DAY
    first = last - (DAYS - 1) * DAY
    calls = Call.objects.filter(client=cancellation.client_id, service=cancellation.service).order_by()
    found = {
        kind: (count, talk or 0)
        for kind, count, talk in days(calls, first, last, operator.timezone)
        .values_list("type")
        .annotate(Count("pk"), Sum("talk"))
    }

    def together(*kinds: str) -> tuple[int, int]:
        rows = [found.get(kind, (0, 0)) for kind in kinds]
        return sum(count for count, _talk in rows), sum(talk for _count, talk in rows)

    calls_taken, talk = together(CallType.ACCEPTED)
    forwarded, forwarded_talk = together(*PASSED_ON)
    outbound, outbound_talk = together(*OUTBOUND_TYPES)
    return {
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "calls": calls_taken,
        "talk": talk,
        "missed": together(CallType.MISSED)[0],
        "forwarded": forwarded,
        "forwarded_talk": forwarded_talk,
        "outbound": outbound,
        "outbound_talk": outbound_talk,
    }


def local(at: datetime, operator: Operator) -> date:
    return at.astimezone(ZoneInfo(operator.timezone)).date()


@dataclass(frozen=True)
class MonthServed:
    """A month that contracts of one service covered entirely, and what the work in it cost."""

    period: Period
    looked: tuple[Looked, ...]
    cost: Fraction


@dataclass(frozen=True)
class Served:
    """The months by which tariffs are compared, the earliest first; none where the contract is too young."""

    client: int
    months: tuple[MonthServed, ...]
    house: House
    operator: Operator

    @classmethod
    def of(cls, cancellation: Cancellation, operator: Operator) -> "Served":
        last = Period.of(cancellation.at, operator.timezone).previous()
        found = (month_served(cancellation, period, operator) for period in months_to(last, MONTHS))
        months = tuple(month for month in found if month)
        return cls(cancellation.client_id, months, House.of(operator), operator)

    @property
    def keys(self) -> list[int]:
        return [month.period.key for month in self.months]

    @property
    def cost(self) -> Fraction:
        return sum((month.cost for month in self.months), Fraction(0))

    def at_own(self) -> Margin:
        """The months as they were. Raises Refused where a price is missing."""
        return Margin(Fraction(sum(self.earned(), Decimal(0))), self.cost)

    def at(self, version: Version) -> Margin:
        """The months as if this version had held in all of them. Raises Refused where a price is missing."""
        return Margin(Fraction(sum(self.earned((replace(version, first_day=None),)), Decimal(0))), self.cost)

    def earned(self, versions: tuple[Version, ...] = ()) -> Iterator[Decimal]:
        for month in self.months:
            terms = [replace(one.terms, versions=versions) if versions else one.terms for one in month.looked]
            used = measured(terms, month.period, self.house, [self.client])
            for one in terms:
                quantities = used.get(one.contract, {})
                yield margin.earned(one, month.period, quantities, cents=self.house.cents).revenue

    def own_fit(self, tariff: Tariff) -> Fit:
        return self.fit(tariff, self.at_own())

    def fit(self, tariff: Tariff, made: Margin) -> Fit:
        return Fit(tariff.pk, made, made.reaches(yardstick(tariff, self.operator).target_percent))


def month_served(cancellation: Cancellation, period: Period, operator: Operator) -> MonthServed | None:
    """None where the service was not had from the first to the last day."""
    rows = contracts_between(period.first_day, period.last_day).filter(client=cancellation.client_id)
    contracts = list(rows.order_by("service", "start"))
    every = [Looked(*pair) for pair in zip(contracts, terms_of(contracts, versions_of(contracts)), strict=True)]
    looked = tuple(one for one in every if one.contract.service == cancellation.service)
    if not covered([one.contract for one in looked], period):
        return None
    done = work(period, {cancellation.client_id}, Costs.of(operator))
    return MonthServed(period, looked, of_contract(looked[0], every, done).cost)


def fits(served: Served, tariffs: Iterable[Tariff], day: date) -> list[Fit]:
    """Each of these tariffs by what it will say on a day; those that lack a price are left out. Two queries, and one
    reading of the client's calls for each tariff and month."""
    wanted = list(tariffs)
    versions = stored_versions(wanted)
    found = []
    for tariff in wanted:
        version = in_force(versions.get(tariff.pk, []), day)
        try:
            made = served.at(version_terms(version)) if version and served.months else None
        except Refused:
            made = None
        if made is not None:
            found.append(served.fit(tariff, made))
    return found


def others(cancellation: Cancellation, today: date) -> list[Tariff]:
    """The public tariffs of the service that may be ordered today, but for the one the contract has."""
    own = cancellation.contract.tariff_id if cancellation.contract else None
    return [one for one in public_tariffs(cancellation.service, day=today) if one.pk != own]


def begins(cancellation: Cancellation, today: date) -> date:
    """The day from which another tariff would hold, were it taken today."""
    start = cancellation.contract.start if cancellation.contract else date.min
    return max(next_month(today), start)
