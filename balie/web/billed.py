"""A bill as pages show it: each line with its reason, the calls it came from, and what it was the month before.

Values only; the amounts are balie.billing's, nothing is calculated here but differences.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.billing.bill import Bill, BilledContract, BillLine, LimitState
from balie.billing.origin import origin
from balie.billing.queries import bill as priced_bill
from balie.operator.queries import operator
from balie.rules.errors import Refused
from balie.rules.meter import TAKES, Meter
from balie.rules.period import Period
from balie.rules.tariff import Window
from balie.web import pricelist, why, written
from balie.web.missing import Missing, missing
from balie.web.why import Row

ZERO = Decimal("0.00")
Key = tuple[str, str, str, str, bool]  # service, meter, item, its hours, correction
Lines = dict[Key, list[BillLine]]


@dataclass(frozen=True)
class ShownLine:
    """One line of a bill. earlier: the lines of the same item the month before, on the first of them now."""

    line: BillLine
    quantity: str
    why: list[Row]
    calls: str  # the query of the list of calls it came from; empty for fees, and where there were none
    hours: str
    earlier: tuple[BillLine, ...] = ()
    before: Decimal | None = None  # what those came to; None: told on another line, or nothing is compared
    change: Decimal | None = None

    @property
    def was(self) -> str:
        """How many it was the month before; empty where that says nothing."""
        if not self.earlier or not self.earlier[0].quantity:
            return ""
        return why.told(sum(line.quantity for line in self.earlier), self.line.unit)

    @property
    def old_price(self) -> str:
        """The price of the month before, where it was another."""
        return self.earlier[0].price if self.earlier and self.earlier[0].price != self.line.price else ""

    @property
    def nothing(self) -> bool:
        """Nothing was used, now or before: worth a quiet line only."""
        return not (self.line.amount or self.line.quantity or self.before or self.line.because.get("cap"))


@dataclass(frozen=True)
class ShownLimit:
    """How far a contract is towards its cost limit."""

    state: LimitState

    @property
    def share(self) -> int:
        """Percent of the limit, at most 100."""
        return min(100, int(self.state.sum * 100 / self.state.limit)) if self.state.limit else 100


@dataclass(frozen=True)
class Gone:
    """A line of the month before that has no like any more."""

    line: BillLine
    amount: Decimal

    @property
    def change(self) -> Decimal:
        return -self.amount


@dataclass(frozen=True)
class ShownPart:
    """What comes from one contract, and the lines of the month before that have no like any more."""

    contract: BilledContract
    lines: list[ShownLine]
    gone: list[Gone]
    limit: ShownLimit | None = None

    @property
    def before(self) -> Decimal:
        """What all of it came to the month before, net."""
        lines = sum((one.before or ZERO for one in self.lines), ZERO)
        return lines + sum((one.amount for one in self.gone), ZERO)

    @property
    def change(self) -> Decimal:
        return self.contract.net - self.before


@dataclass(frozen=True)
class Told:
    """A bill, or what is missing before there can be one."""

    bill: Bill | None
    missing: Missing | None = None


def told(client: Client, period: Period) -> Told:
    """The bill of a client's month; a missing price is told instead of shown as an error."""
    try:
        return Told(priced_bill(client, period))
    except Refused as refusal:
        return Told(None, missing(refusal, period))


def shown(bill: Bill, before: Bill | None = None) -> list[ShownPart]:
    """The parts of a bill with each line's reason; compared with the month before where it is given."""
    parts = [(part, [shown_line(bill, part, line) for line in part.lines]) for part in bill.contracts]
    limits = [ShownLimit(part.cost_limit) if part.cost_limit else None for part in bill.contracts]
    if before is None:
        return [ShownPart(part, lines, [], limit) for (part, lines), limit in zip(parts, limits, strict=True)]
    now, earlier = by_item(bill), by_item(before)
    beside = [(part, compared(lines, part.service, now, earlier)) for part, lines in parts]
    found = [
        ShownPart(part, lines, left(part.service, earlier), limit)
        for (part, lines), limit in zip(beside, limits, strict=True)
    ]
    return found + ended(before, earlier)


def ended(before: Bill, earlier: Lines) -> list[ShownPart]:
    """What only the month before had: parts of services that this bill has none of any more."""
    found = []
    for part in before.contracts:
        if gone := left(part.service, earlier):
            found.append(ShownPart(replace(part, lines=(), cost_limit=None), [], gone))
    return found


def key_of(service: str, line: BillLine) -> Key:
    return service, line.meter, line.item, hours(line), line.correction_of is not None


def hours(line: BillLine) -> str:
    """The window of its item in words: it tells lines apart that are called alike."""
    because = line.because.get("anew", line.because)
    window = because.get("measured", {}).get("window")
    return pricelist.window(Window.read(window)) if window else ""


def by_item(bill: Bill) -> Lines:
    """The lines of a bill by the item they belong to."""
    found: Lines = {}
    for part in bill.contracts:
        for line in part.lines:
            found.setdefault(key_of(part.service, line), []).append(line)
    return found


def total(lines: Sequence[BillLine]) -> Decimal:
    return sum((line.amount for line in lines), ZERO)


def shown_line(bill: Bill, part: BilledContract, line: BillLine) -> ShownLine:
    calls = calls_query(bill.period, part, line) if counted(line) else ""
    rows = why.rows(line, bill.currency, booked_texts(part, line))
    return ShownLine(line, why.quantity(line.quantity, line.unit), rows, calls, hours(line))


def booked_texts(part: BilledContract, line: BillLine) -> list[str]:
    """What was written of the bookings that a fee is for: 2 × a greeting spoken anew, 26 Nov 2026."""
    fee = line.because.get("fee")
    if fee is None:
        return []
    found = []
    for meter, quantity, first, last, text in part.terms.get("bookings", ()):
        if meter == line.meter and text and (first or "") <= fee["last_day"] and (last or "9") >= fee["first_day"]:
            day = f", {written.day(date.fromisoformat(first))}" if first and first == last else ""
            found.append(f"{quantity} × {text}{day}")
    return found


def counted(line: BillLine) -> bool:
    """Whether there were calls; a correction may have lost them, which its month's list shows."""
    return line.correction_of is not None or line.because.get("measured", {}).get("calls", 0) > 0


def compared(lines: Sequence[ShownLine], service: str, now: Lines, earlier: Lines) -> list[ShownLine]:
    """Each first line of an item with what all its lines came to the month before, taken out of `earlier`."""
    found = []
    for one in lines:
        key = key_of(service, one.line)
        if key not in now:
            found.append(one)
            continue
        own, old = now.pop(key), earlier.pop(key, [])
        found.append(replace(one, earlier=tuple(old), before=total(old), change=total(own) - total(old)))
    return found


def left(service: str, earlier: Lines) -> list[Gone]:
    """Items of this service that only the month before had, with what they came to."""
    keys = [key for key in earlier if key[0] == service]
    found = [(lines[0], total(lines)) for lines in (earlier.pop(key) for key in keys)]
    return [Gone(line, amount) for line, amount in found if amount]


def calls_query(period: Period, part: BilledContract, line: BillLine) -> str:
    """The query of the list of calls that a line was measured from; a correction's are those of its month."""
    if part.contract is None or line.position is None or line.meter not in TAKES:
        return ""
    return f"?month={line.correction_of or period}&line={part.contract}-{line.position}"


@dataclass(frozen=True)
class AskedLine:
    """The item whose calls are listed: what it is called, by which tariff, and which calls they are."""

    title: str
    tariff: str
    handling: bool  # its seconds are those of handling, not of talk
    calls: Q


def line_asked(client: Client, period: Period, text: str) -> AskedLine | None:
    """The line of the bill named in an address, as `calls_query` writes it. Refused where there is none."""
    if not text:
        return None
    contract, _dash, position = text.partition("-")
    found = None
    if all(part.isascii() and part.isdigit() and len(part) < 10 for part in (contract, position)):
        found = origin(client, period, int(contract), int(position))
    if found is None:
        said = _("There is no such line on the bill of %(month)s.") % {"month": written.month(period)}
        raise Refused("unknown_line", said, "line")
    ours = operator()
    title = pricelist.reads(found.item, ours.currency, own=ours.language).title
    return AskedLine(title, found.tariff, found.item.meter is Meter.HANDLING_TIME, found.calls)


def difference(bill: Bill | None, before: Bill | None) -> Decimal | None:
    """How much more or less is to be paid than the month before, tax included."""
    return bill.gross - before.gross if bill and before else None
