"""The figures of a task as they are read: amounts, months, a bar; and what its offer changes. Reads nothing itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from balie.controlling.models import Offer
from balie.controlling.watch import OFFER_FOLLOW_UP, UNECONOMICAL
from balie.rules.offer import Kind
from balie.rules.period import Period
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import in_force, terms_of
from balie.tasks.models import Task
from balie.web.request import Desk
from balie.web.versions import Change, changes

ROOM = Decimal("1.06")  # of the bar beyond its last mark


@dataclass(frozen=True)
class Profit:
    """What a contract earned and cost in a month, on the average of those looked at, against the target."""

    tariff: str  # code
    months: Sequence[Period]
    revenue: Decimal
    cost: Decimal
    margin: Decimal
    margin_percent: Decimal | None  # none without revenue
    target_percent: Decimal
    wanted: Decimal  # the revenue that would reach the target
    watched_as: str

    @property
    def month(self) -> Period:
        return self.months[-1]

    @property
    def weight(self) -> Decimal:
        """What is missing a month."""
        return self.wanted - self.revenue

    is_profit = True

    @property
    def is_flat_fee(self) -> bool:
        return self.watched_as == Kind.FLAT_FEE

    @property
    def is_limit(self) -> bool:
        return self.watched_as == Kind.COST_LIMIT


@dataclass(frozen=True)
class Bar:
    """Where the marks of a limit stand, in hundredths of the width, as an address of SVG writes them."""

    sum: str
    over: str  # how wide the sum is beyond the limit; empty below it
    limit: str
    line: str
    low: str
    band: str  # how wide from low to high; empty without a forecast
    expected: str


@dataclass(frozen=True)
class Limit:
    """A month's sum against a cost limit, and what it is expected to come to."""

    tariff: str
    month: Period
    limit: Decimal
    sum: Decimal
    tolerance_percent: Decimal
    expected: Decimal | None
    low: Decimal | None
    high: Decimal | None
    day: date | None = None  # on which it is expected to be passed

    @property
    def line(self) -> Decimal:
        """The limit with its tolerance: beyond it there is a task."""
        return self.limit * (1 + self.tolerance_percent / 100)

    @property
    def end(self) -> Decimal:
        """What it comes to: expected, where the month still runs."""
        return self.sum if self.expected is None else self.expected

    @property
    def weight(self) -> Decimal:
        """How much beyond the limit."""
        return self.end - self.limit

    @property
    def bar(self) -> Bar:
        low, high = self.low or Decimal(0), self.high or Decimal(0)
        full = max(self.line, self.sum, self.end, high) * ROOM or Decimal(1)

        def at(amount: Decimal) -> str:
            return f"{amount / full * 100:.1f}"

        band, expected = (at(high - low), at(self.end)) if self.expected is not None else ("", "")
        over = at(self.sum - self.limit) if self.sum > self.limit else ""
        return Bar(at(self.sum), over, at(self.limit), at(self.line), at(low), band, expected)


def figures_of(task: Task, desk: Desk) -> Profit | Limit:
    """What the watch kept, as amounts and months."""
    said = task.figures
    if task.kind in (UNECONOMICAL, OFFER_FOLLOW_UP):
        return Profit(
            tariff=said["tariff"],
            months=[Period.parse(month, desk.zone) for month in said["months"]],
            **{name: Decimal(said[name]) for name in ("revenue", "cost", "margin", "target_percent")},
            margin_percent=optional(said["margin_percent"]),
            wanted=Decimal(said["wanted_revenue"]),
            watched_as=said["watched_as"],
        )
    return Limit(
        tariff=said["tariff"],
        month=Period.parse(said["month"], desk.zone),
        limit=Decimal(said["limit"]),
        sum=Decimal(said["sum"]),
        tolerance_percent=Decimal(said["tolerance_percent"]),
        expected=optional(said.get("expected")),
        low=optional(said.get("low")),
        high=optional(said.get("high")),
        day=date.fromisoformat(said["limit_day"]) if said.get("limit_day") else None,
    )


def optional(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@dataclass(frozen=True)
class Made:
    """An offer: its tariff with the code to dictate, from when, and each figure as it is and as it would be."""

    tariff: Tariff
    changes: Sequence[Change]
    first_day: date | None
    withdrawn: bool


def made(
    offer: Offer | None, present: Tariff | None, versions: Mapping[int, Sequence[TariffVersion]], desk: Desk
) -> Made | None:
    """The offer that stands for a task, against the tariff it would take the place of."""
    if offer is None:
        return None
    offered = versions[offer.tariff_id][-1]
    day = offered.first_day or desk.today
    before = in_force(versions.get(present.pk, []), day) if present else None
    changed = list(changes(terms_of(before), terms_of(offered), desk.operator.currency)) if before else []
    return Made(offer.tariff, changed, offered.first_day, offer.tariff.code_withdrawn)
