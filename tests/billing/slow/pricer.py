"""An independent pricer, written from the prose of docs/rating.md alone: slow, one call at a time, in fractions.

It takes a world file's plain dictionaries with every default filled in, and gives what `balie price --json` gives,
without titles and reasons. It reads nothing of Balie. The fast one must agree with it exactly.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.billing.slow.calendar_days import Month, month_before, parse_month, shared, whole_month
from tests.billing.slow.fees import FEES, Fee, fees_on_bill, first_start, for_time, runs, year_in_advance_on
from tests.billing.slow.usage import TIMED, Unpriced, measure, uses_of

Row = dict[str, Any]
NO_CENTS = {"JPY", "ISK", "KRW", "CLP", "VND", "XAF", "XOF"}


def rounded(amount: Fraction, currency: str) -> Fraction:
    """To the cent, or the whole unit where there are none; halves go away from zero."""
    cents = 1 if currency in NO_CENTS else 100
    whole, rest = divmod(abs(amount) * cents, 1)
    size = Fraction(whole + (1 if rest * 2 >= 1 else 0), cents)
    return size if amount >= 0 else -size


def written(amount: Fraction) -> str:
    """With two decimals; it has no more."""
    cents = amount * 100
    assert cents.denominator == 1
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents.numerator) // 100}.{abs(cents.numerator) % 100:02d}"


@dataclass
class Line:
    """A line of a bill; `item` is its place in the tariff, None for what belongs to no item."""

    item: int | None
    meter: str
    quantity: int
    amount: Fraction
    vat: Fraction
    flags: set[str] = field(default_factory=set)

    def shown(self) -> Row:
        return {"item": self.item, "meter": self.meter, "quantity": self.quantity, "amount": written(self.amount)}


def version_of(tariffs: list[Row], code: str, month: Month) -> Row:
    """What a tariff says in a month: the version that began last."""
    first = whole_month(month)[0].isoformat()
    own = [one for one in tariffs if one["code"] == code and (one.get("from") or "") <= first]
    return max(own, key=lambda one: one.get("from") or "")


def cost(item: Row, quantity: Fraction, position: int) -> Fraction:
    """Of so many units, included ones taken off already; with steps each part at its own price."""
    if not item.get("steps"):
        if not item.get("price"):
            raise Unpriced(item["meter"], position)
        return quantity * Fraction(item["price"])
    total, done = Fraction(0), Fraction(0)
    for step in item["steps"]:
        end = quantity if step.get("up_to") is None else min(quantity, Fraction(step["up_to"]))
        if end > done:
            total += (end - done) * Fraction(step["price"])
            done = end
    if done < quantity:
        raise Unpriced(item["meter"], position)
    return total


def seconds_in(item: Row) -> int:
    """Seconds in a unit of an item billed by time, else 1."""
    if item["meter"] not in TIMED:
        return 1
    return 60 if item.get("unit", "minute") == "minute" else 1


def same_fees(version: Row, item: Row) -> list[Row]:
    """The fees of a version with the meter and cycle of this one, in order."""
    return [one for one in version["items"] if (one["meter"], one.get("cycle")) == (item["meter"], item["cycle"])]


class ContractBill:
    """One contract's part of a bill."""

    def __init__(self, world: Row, client: Row, contract: Row, month: Month) -> None:
        self.world, self.contract, self.month = world, contract, month
        self.currency = world["operator"]["currency"]
        self.version = version_of(world["tariffs"], contract["tariff"], month)
        self.chain = first_start(contract, client["contracts"])
        self.lines: list[Line] = []
        self.limit: Row | None = None

    def price(self, uses: Iterable[Any]) -> None:
        days = shared(whole_month(self.month), runs(self.contract))
        assert days
        own = [use for use in uses if days[0] <= use[0].date() <= days[1]]
        measured = measure(self.version["items"], own, self.world["operator"]["region"])
        for position, item in enumerate(self.version["items"]):
            if item["meter"] in FEES:
                self.add_fees(position, item)
            elif position in measured or item.get("price") or item.get("steps"):
                self.add_usage(position, item, measured.get(position, 0))
        self.lift(self.cap())

    def shown(self) -> Row:
        return {
            "service": self.contract["service"],
            "tariff": self.contract["tariff"],
            "lines": [line.shown() for line in self.lines],
            "cost_limit": self.limit,
        }

    def add(self, position: int, item: Row, quantity: int, amount: Fraction) -> None:
        vat = Fraction(item.get("vat_percent") or self.version["vat_percent"])
        exact = rounded(amount, self.currency)
        self.lines.append(Line(position, item["meter"], quantity, exact, vat, flags_of(item)))

    def add_usage(self, position: int, item: Row, measured: int) -> None:
        unit = seconds_in(item)
        left = max(0, measured - item.get("included", 0) * unit)
        self.add(position, item, left, cost(item, Fraction(left, unit), position))

    def add_fees(self, position: int, item: Row) -> None:
        for fee in self.fees(item, self.month):
            if self.paid_ahead(item, fee):
                continue
            left = max(0, fee.quantity - item.get("included", 0))
            self.add(position, item, left, fee_cost(item, fee, position))

    def fees(self, item: Row, bill: Month) -> list[Fee]:
        return fees_on_bill(item, self.contract, self.chain, bill, self.version["prorate"])

    def paid_ahead(self, item: Row, fee: Fee) -> bool:
        """Whether an earlier bill carried in advance what this item charges in arrears, by what the tariff said then.

        The first fee of a meter and cycle is the first of them in every version, and so on.
        """
        if item["in_advance"] or item["cycle"] == "once":
            return False
        stood_on = month_before(self.month)
        if item["cycle"] == "yearly":
            stood_on = year_in_advance_on(fee.span, self.contract, self.chain)
        if not shared(whole_month(stood_on), runs(self.contract)):
            return False
        earlier = version_of(self.world["tariffs"], self.contract["tariff"], stood_on)
        if earlier is self.version:
            return False
        place = next(at for at, one in enumerate(same_fees(self.version, item)) if one is item)
        was = same_fees(earlier, item)[place : place + 1]
        return any(one["in_advance"] and bool(one.get("price") or one.get("steps")) for one in was)

    def flagged(self, flag: str) -> Fraction:
        """What counts to limit or minimum: flagged usage, and flagged fees for the month, wherever they stand."""
        usage = [line.amount for line in self.lines if line.meter not in FEES and flag in line.flags]
        fees = [
            self.fee_of_month(position, item)
            for position, item in enumerate(self.version["items"])
            if item["meter"] in FEES and flag in flags_of(item)
        ]
        return sum(usage + fees, Fraction(0))

    def fee_of_month(self, position: int, item: Row) -> Fraction:
        """What a fee counts in this month, whichever bill it stands on; a yearly one counts a twelfth."""
        if item["cycle"] == "yearly":
            fee = for_time(item, self.contract, whole_month(self.month), False, whole_month(self.month))
            return rounded(fee_cost(item, fee, position) / 12, self.currency) if fee.quantity else Fraction(0)
        fees = {fee for bill in (month_before(self.month), self.month) for fee in self.fees(item, bill)}
        mine = [fee for fee in fees if fee.span == whole_month(self.month)]
        return sum((rounded(fee_cost(item, fee, position), self.currency) for fee in mine), Fraction(0))

    def cap(self) -> Fraction:
        """The cost limit: flagged lines become one where their sum is above it. Gives what counts to the minimum."""
        lifts = self.version.get("minimum_revenue") is not None
        base = self.flagged("minimum_revenue") if lifts else Fraction(0)
        if self.version.get("cost_limit") is None:
            return base
        limit = Fraction(self.version["cost_limit"])
        total, both = self.flagged("cost_limit"), self.flagged("both") if lifts else Fraction(0)
        most = limit * (1 + Fraction(self.version.get("tolerance_percent") or 0) / 100)
        self.limit = {"limit": written(limit), "sum": written(total), "reached": total > limit, "task": total > most}
        if total <= limit:
            return base
        for line in self.lines:
            if "cost_limit" in line.flags:
                line.quantity, line.amount = 0, Fraction(0)
        self.lines.append(Line(None, "cost_limit", 1, rounded(limit, self.currency), self.vat))
        return base - both + limit * both / total

    def lift(self, base: Fraction) -> None:
        """The minimum revenue: what is missing becomes a line."""
        if self.version.get("minimum_revenue") is None:
            return
        missing = rounded(Fraction(self.version["minimum_revenue"]) - base, self.currency)
        if missing > 0:
            self.lines.append(Line(None, "minimum_revenue", 1, missing, self.vat))

    @property
    def vat(self) -> Fraction:
        return Fraction(self.version["vat_percent"])


def flags_of(item: Row) -> set[str]:
    """What an item counts to."""
    flags = {flag for flag in ("cost_limit", "minimum_revenue") if item.get(flag)}
    return flags | {"both"} if len(flags) == 2 else flags


def fee_cost(item: Row, fee: Fee, position: int) -> Fraction:
    """What is included is taken off, steps count what remains, then the days."""
    left = Fraction(max(0, fee.quantity - item.get("included", 0)))
    return cost(item, left, position) * fee.times / fee.quantity


def bill(world: Row, number: str, month: str, calls: list[Row], sms: list[Row]) -> Row:
    """What `balie price --json` gives for one client. Raises Unpriced."""
    client = next(one for one in world["clients"] if one["number"] == number)
    operator, when = world["operator"], parse_month(month)
    uses = uses_of(calls, sms, number, operator["timezone"])
    parts = []
    for contract in client["contracts"]:
        if shared(whole_month(when), runs(contract)):
            part = ContractBill(world, client, contract, when)
            part.price(uses)
            parts.append(part)
    return {
        "client": number,
        "month": month,
        "currency": operator["currency"],
        "contracts": [part.shown() for part in parts],
        **sums([line for part in parts for line in part.lines], operator["currency"]),
    }


def sums(lines: list[Line], currency: str) -> Row:
    """Net, the tax on the net of each rate, and both."""
    net = sum((line.amount for line in lines), Fraction(0))
    vat = Fraction(0)
    for rate in {line.vat for line in lines}:
        of_rate = sum((line.amount for line in lines if line.vat == rate), Fraction(0))
        vat += rounded(of_rate * rate / 100, currency)
    return {"net": written(net), "vat": written(vat), "gross": written(net + vat)}
