"""What the watch finds: cost limits gone beyond or expected to be, and contracts that do not pay. Reads only.

Which months it looks at is rating.md 22: limits in the month itself, profit in the last months that are over.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.billing.pricing import House
from balie.controlling.expected import Expected, expectations
from balie.controlling.limit_day import Limited
from balie.controlling.looks import Looked, Past, looked_at, pasts, quantities_of
from balie.controlling.yardstick import Yardstick, yardstick
from balie.operator.models import Operator
from balie.rules import margin
from balie.rules.bill import LimitState
from balie.rules.errors import Refused
from balie.rules.margin import Margin
from balie.rules.money import rounded
from balie.rules.offer import Kind, Offer, kind_of, offer
from balie.rules.period import Period
from balie.rules.tariff import Version
from balie.rules.terms import Quantities
from balie.tariffs.queries import local_day, next_month

COST_LIMIT, COST_LIMIT_EXPECTED, UNECONOMICAL = "cost_limit", "cost_limit_expected", "uneconomical"
KINDS = (COST_LIMIT, COST_LIMIT_EXPECTED, UNECONOMICAL)
OFFER_FOLLOW_UP = "offer_follow_up"  # a task the watch neither opens nor closes: an offer nobody answered
ALL_KINDS = (OFFER_FOLLOW_UP, *KINDS)
WATCHED = (Kind.COST_LIMIT, Kind.FLAT_RATE, Kind.FLAT_FEE)


@dataclass(frozen=True)
class Matter:
    """What could be a cause for a task: one contract under one question, in a month."""

    client: Client
    service: str
    kind: str
    month: Period

    @property
    def key(self) -> tuple[int, str, str]:
        return self.client.pk, self.service, self.kind


@dataclass(frozen=True)
class Cause:
    """A matter that is a cause, with its figures (amounts as texts) and, of one that does not pay, the offer."""

    matter: Matter
    figures: dict[str, Any]
    offer: Offer | None = None
    looked: Looked | None = None


@dataclass(frozen=True)
class Problem:
    """A contract that cannot be looked at, since a price is missing: what pricing said, of which month."""

    client: str  # number
    tariff: str  # code
    month: Period
    refusal: Refused = field(compare=False)

    def __str__(self) -> str:
        return self.refusal.message

    def document(self) -> dict[str, str]:
        said = {"code": self.refusal.code, "where": self.refusal.where, "message": self.refusal.message}
        return {"client": self.client, "tariff": self.tariff, "month": str(self.month), **said}


@dataclass
class Seen:
    """Everything one watch looked at: the matters that are none now, the causes, and contracts without a price."""

    month: Period
    checked: set[int] = field(default_factory=set)
    well: list[Matter] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, matter: Matter, cause: Cause | None) -> None:
        if cause:
            self.causes.append(cause)
        else:
            self.well.append(matter)

    def unpriced(self, one: Looked, month: Period, refusal: Refused) -> None:
        contract = one.contract
        self.problems.append(Problem(contract.client.number, contract.tariff.code, month, refusal))


def look(period: Period, *, operator: Operator, now: datetime) -> Seen:
    """Looks at every contract that has a cost limit, a flat rate or a flat fee per call. Nothing is stored."""
    running = Period.of(now, operator.timezone)
    if period > running:
        said = _("%(month)s has not begun; there is nothing to watch yet.") % {"month": period}
        raise Refused("month_to_come", said, "month")
    seen = Seen(period)
    look_at_limits(seen, operator=operator, now=now, running=period == running)
    look_at_profit(seen, min(period, running.previous()), operator=operator, now=now)
    return seen


def look_at_limits(seen: Seen, *, operator: Operator, now: datetime, running: bool) -> None:
    """Where the month stands against cost limits; of the running month also where it will."""
    period, house = seen.month, House.of(operator)
    looked = [
        one
        for one in looked_at(period.first_day, period.last_day)
        if (version := one.terms.version_in(period)) and version.cost_limit is not None
    ]
    if not looked:
        return
    quantities = quantities_of(looked, period, house)
    clients = {one.contract.client_id for one in looked}
    expected = expectations(period, clients, operator=operator, now=now) if running else {}
    for one in looked:
        seen.checked.add(one.contract.pk)
        try:
            limit_of(seen, one, quantities, house, expected.get(one.contract.client_id))
        except Refused as refusal:
            seen.unpriced(one, period, refusal)


def limit_of(seen: Seen, one: Looked, quantities: Quantities, house: House, expected: Expected | None) -> None:
    """The two matters of a limit: beyond its tolerance now, or expected to be."""
    used = quantities.get(one.contract.pk, {})
    state = margin.earned(one.terms, seen.month, used, cents=house.cents).limit
    assert state is not None
    now = matter_of(one, COST_LIMIT, seen.month)
    figures = limit_figures(one, state, seen.month)
    seen.add(now, Cause(now, figures) if state.task else None)
    if expected is None:
        return
    limited, made = Limited(one, seen.month, used, expected, house.cents), expected.amount
    ends = [limited.state(end) for end in (made.expected, made.low, made.high)]
    middle, low, high = (end.sum if end else state.sum for end in ends)
    later = matter_of(one, COST_LIMIT_EXPECTED, seen.month)
    figures = figures | {"expected": written(middle), "low": written(low), "high": written(high)}
    is_cause = not state.task and ends[0] is not None and ends[0].task
    seen.add(later, Cause(later, figures | limited.days().figures()) if is_cause else None)


def limit_figures(one: Looked, state: LimitState, period: Period) -> dict[str, Any]:
    version = one.terms.version_in(period)
    tolerance = (version.tolerance_percent if version else None) or Decimal(0)
    return {
        "month": str(period),
        "tariff": one.contract.tariff.code,
        "limit": written(state.limit),
        "tolerance_percent": f"{tolerance.normalize():f}",
        "sum": written(state.sum),
        "reached": state.reached,
    }


def look_at_profit(seen: Seen, last: Period, *, operator: Operator, now: datetime) -> None:
    """Which of the contracts that are watched for profit earned too little over the months up to the last one."""
    today = local_day(now)
    looked = [
        one
        for one in looked_at(last.first_day, last.last_day)
        if (one.contract.end is None or one.contract.end >= today) and watched(one, last)
    ]
    for past in pasts(looked, last, operator):
        seen.checked.add(past.looked.contract.pk)
        matter = matter_of(past.looked, UNECONOMICAL, last)
        try:
            seen.add(matter, uneconomical(matter, past, operator=operator, first_day=next_month(today)))
        except Refused as refusal:
            seen.unpriced(past.looked, last, refusal)


def watched(one: Looked, period: Period) -> bool:
    version = one.terms.version_in(period)
    return version is not None and kind_of(version) in WATCHED


def uneconomical(matter: Matter, past: Past, *, operator: Operator, first_day: date) -> Cause | None:
    """A contract whose margin over the months is below the target, with the offer that would reach it."""
    by, found = yardstick(past.looked.contract.tariff, operator), past.margin()
    if found.reaches(by.target_percent):
        return None
    figures = profit_figures(past, found, by.target_percent)
    coming = past.looked.terms.version_in(Period(first_day.year, first_day.month))
    return Cause(matter, figures, offered(past, coming, by), past.looked)


def offered(past: Past, version: Version | None, by: Yardstick) -> Offer | None:
    """The offer, from what the tariff will say next month; none where that reaches the target already."""

    def reaches(wanted: Version) -> bool:
        return past.margin(wanted).reaches(by.target_percent)

    if version is None or reaches(version):
        return None
    return offer(version, step=by.step, reaches=reaches)


def profit_figures(past: Past, found: Margin, target: Decimal) -> dict[str, Any]:
    """Means over the months, as rating.md 20 has them: sums by the number of months."""
    count = len(past.months)
    version = past.looked.terms.version_in(past.months[-1].period)
    return {
        "months": [str(month.period) for month in past.months],
        "tariff": past.looked.contract.tariff.code,
        "watched_as": str(kind_of(version)) if version else "",
        "revenue": written(rounded(found.revenue / count)),
        "cost": written(rounded(found.cost / count)),
        "margin": written(rounded(found.amount / count)),
        "margin_percent": None if found.percent is None else written(rounded(found.percent)),
        "target_percent": f"{target.normalize():f}",
        "wanted_revenue": written(rounded(margin.wanted_revenue(found.cost, target) / count)),
    }


def matter_of(one: Looked, kind: str, month: Period) -> Matter:
    return Matter(one.contract.client, one.contract.service, kind, month)


def written(amount: Decimal) -> str:
    return f"{amount:.2f}"
