"""Reads over the kept economics: sums per client, tariff, service or month, and how fresh they are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from balie.controlling.models import Economics, EconomicsMonth, ForecastMonth
from balie.controlling.outlook import Outlook
from balie.rules.money import quotient
from balie.rules.period import Period

CENT = Decimal("0.01")
PRICED = Q(revenue__isnull=False)


@dataclass(frozen=True)
class Figures:
    """Sums of some rows. Rows without a price are left out of all of them and counted as `unpriced`."""

    revenue: Decimal = Decimal("0.00")
    cost: Decimal = Decimal("0.00")  # of work
    network: Decimal = Decimal("0.00")  # part of it
    fixed: Decimal = Decimal("0.00")
    handling: int = 0  # seconds
    calls: int = 0
    rows: int = 0
    unpriced: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(**{name: value + getattr(other, name) for name, value in vars(self).items()})

    @property
    def margin(self) -> Decimal:
        """What is left of the revenue after the cost of work."""
        return self.revenue - self.cost

    @property
    def agents(self) -> Decimal:
        """The part of the cost that is agents' time."""
        return self.cost - self.network

    @property
    def percent(self) -> Decimal | None:
        """Margin in percent of the revenue; None where nothing was earned."""
        return ratio(self.margin * 100, self.revenue)

    @property
    def left(self) -> Decimal:
        """What is left after fixed costs too."""
        return self.margin - self.fixed

    def a_month(self, amount: Decimal) -> Decimal:
        """On the average of the rows: of one service of a client its months."""
        return ratio(amount, Decimal(self.rows)) or Decimal("0.00")

    @property
    def minutes(self) -> int:
        """Handled, full minutes."""
        return self.handling // 60

    @property
    def per_minute(self) -> Decimal | None:
        """Revenue per minute worked; None where nobody worked."""
        return ratio(self.revenue * 60, Decimal(self.handling))

    @property
    def cost_per_minute(self) -> Decimal | None:
        return ratio(self.cost * 60, Decimal(self.handling))

    @property
    def nothing(self) -> bool:
        return not (self.revenue or self.cost or self.handling or self.unpriced)


def ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    """Rounded to hundredths; None of nothing."""
    if not whole:
        return None
    top, bottom = part.as_integer_ratio()
    over, under = whole.as_integer_ratio()
    sign = 1 if over > 0 else -1
    return quotient(sign * top * under, sign * bottom * over)


def rows_of(months: Collection[int], *, service: str = "", tariff: str = "") -> QuerySet[Economics]:
    """The rows of these months (202611), of one service or one tariff (its code) where asked for."""
    found = Economics.objects.filter(month__in=months).order_by()
    if service:
        found = found.filter(service=service)
    return found.filter(tariff__code=tariff) if tariff else found


SUMS: dict[str, Any] = {
    **{
        f"sum_{name}": Sum(name, filter=PRICED) for name in ("revenue", "cost", "network", "fixed", "handling", "calls")
    },
    "priced": Count("pk", filter=PRICED),
    "unpriced": Count("pk", filter=~PRICED),
}


def sums_by(rows: QuerySet[Economics], name: str, *names: str) -> dict[tuple[Any, ...], Figures]:
    """Sums for each value of these columns. One query."""
    width = 1 + len(names)
    found = rows.values_list(name, *names).annotate(**SUMS)
    return {tuple(row[:width]): figures(*row[width:]) for row in found}


def sum_of(rows: QuerySet[Economics]) -> Figures:
    """The sum of all rows. One query."""
    return figures(*rows.aggregate(**SUMS).values())


def figures(*sums: Any) -> Figures:
    *amounts, handling, calls, priced, unpriced = sums
    # SQLite sums amounts as floating points: cents are exact again once rounded.
    revenue, cost, network, fixed = (Decimal(one or 0).quantize(CENT) for one in amounts)
    counts = {"handling": handling or 0, "calls": calls or 0, "rows": priced, "unpriced": unpriced}
    return Figures(revenue, cost, network, fixed, **counts)


def total(rows: Iterable[Figures]) -> Figures:
    return sum(rows, Figures())


@dataclass(frozen=True)
class Freshness:
    """As of when figures are (the oldest of their months), and whether they are being worked out now."""

    as_of: datetime | None
    waits: bool
    parked: str
    missing: frozenset[int]  # months never worked out

    @property
    def nothing(self) -> bool:
        return self.as_of is None


def freshness(months: Collection[int]) -> Freshness:
    """Of the figures of these months. One query."""
    rows = list(EconomicsMonth.objects.filter(month__in=months))
    done = [row.done for row in rows if row.done]
    return Freshness(
        as_of=min(done, default=None),
        waits=any(row.under_way for row in rows),
        parked=next((row.parked for row in rows if row.parked), ""),
        missing=frozenset(months) - {row.month for row in rows if row.done},
    )


def kept_outlook(period: Period) -> Outlook | None:
    """How the running month will end, as a worker worked it out last; None where none did yet. One query."""
    kept = ForecastMonth.objects.filter(month=period.key).values_list("outlook", flat=True).first()
    return Outlook.said(kept) if kept else None
