"""Which fees stand on a month's bill, and for which days: once, monthly, yearly, booked or not. Pure.

What rating.md calls the month a fee is *for* and the bill it *stands on* are two things: a fee in advance stands on the
bill of the month before, and on the first bill with the month after.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from balie.rules.meter import Meter
from balie.rules.period import Period
from balie.rules.tariff import Cycle, Item, Version
from balie.rules.terms import Booking, Terms
from balie.rules.why import Fee

DAY = timedelta(days=1)
WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Held:
    """So many of a fee's thing from a day to a day, within the contract."""

    quantity: int
    first: date
    last: date
    text: str = ""
    users: bool = False  # active users counted, not modules booked

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Charge:
    """One fee for one stretch of time: how many, and for which share of it (1 without proration)."""

    quantity: int
    fee: Fee
    share: Fraction = WHOLE
    users: bool = False


def charges(terms: Terms, version: Version, item: Item, period: Period) -> Iterator[Charge]:
    """What stands of this item on the bill of this month, the earliest time first."""
    if item.cycle is Cycle.YEARLY:
        yield from yearly(terms, version, item, period)
    elif item.cycle is Cycle.ONCE:
        yield from once(terms, item, period)
    elif not item.in_advance:
        if not paid_ahead(terms, item, period.previous(), version):
            yield from monthly(terms, version, item, period)
    else:
        if begins_in(terms.start, period):
            yield from monthly(terms, version, item, period)
        yield from monthly(terms, version, item, period.next())


def monthly(terms: Terms, version: Version, item: Item, month: Period) -> Iterator[Charge]:
    """The fee for a month, whatever bill it stands on; nothing where nothing is held."""
    days = month.first_day, month.last_day
    if charge := charged(item, held_in(terms, item, *days), days, prorate=version.prorate):
        yield charge


def once(terms: Terms, item: Item, period: Period) -> Iterator[Charge]:
    """What is charged once: with the contract's first bill, of bookings with their own; not again on continuing."""
    held = [one for one in held_in(terms, item, terms.start, terms.last) if begins_in(one.first, period)]
    if terms.continues:
        held = [one for one in held if one.first > terms.start]
    if quantity := sum(one.quantity for one in held):
        first = min(one.first for one in held)
        yield Charge(quantity, Fee(first, first, 1, 1), users=held[0].users)


def yearly(terms: Terms, version: Version, item: Item, period: Period) -> Iterator[Charge]:
    """The fee for a contract year, on the bill of the month in which it begins or, in arrears, ends."""
    for number in range(period.year - terms.since.year - 1, period.year - terms.since.year + 2):
        if number < 0 or not begins_in(bill_day(terms, item, number), period):
            continue
        ahead, charge = bill_day(terms, item, number, in_advance=True), of_year(terms, version, item, number)
        if charge and (item.in_advance or not paid_ahead(terms, item, Period(ahead.year, ahead.month), version)):
            yield charge


def of_year(terms: Terms, version: Version, item: Item, number: int) -> Charge | None:
    """The fee for a contract year (counted from 0): what is held in the month of its bill, by the days of the year."""
    year = contract_year(terms.since, number)
    first, last = max(year[0], terms.start), min(year[1], terms.last)
    day = bill_day(terms, item, number)
    month = Period(day.year, day.month)
    held = held_in(terms, item, month.first_day, month.last_day, within=(first, last))
    return charged(item, held, year, prorate=version.prorate)


def contract_year(since: date, number: int) -> tuple[date, date]:
    """First and last day of a contract's year, counted from 0."""
    return anniversary(since, since.year + number), anniversary(since, since.year + number + 1) - DAY


def anniversary(day: date, year: int) -> date:
    """The same day of another year; 1 March for 29 February in common years."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def bill_day(terms: Terms, item: Item, number: int, *, in_advance: bool | None = None) -> date:
    """A day of the month on whose bill the fee for a contract year stands; of a year without days of the contract none
    of its months."""
    first, last = contract_year(terms.since, number)
    first_held, last_held = max(first, terms.start), min(last, terms.last)
    if first_held > last_held:
        return date.min
    if not (item.in_advance if in_advance is None else in_advance):
        return last_held
    if first_held > terms.start:
        # A year from 29 February begins on 1 March at times; its bill is that of the start's calendar month.
        return max(terms.start, first.replace(month=terms.since.month, day=1))
    return first_held


def held_in(
    terms: Terms, item: Item, first: date, last: date, *, within: tuple[date, date] | None = None
) -> list[Held]:
    """What is held of an item's meter on these days of the contract; for all of its days `within` others, if given."""
    first, last = max(first, terms.start), min(last, terms.last)
    if first > last:
        return []
    days = within or (first, last)
    if item.meter == Meter.BASIC_FEE:
        return [Held(1, *days)]
    booked = [one for one in terms.bookings if one.meter == item.meter and cut(one, terms, first, last)]
    if item.meter == Meter.USER_MODULE:
        if item.cycle is not Cycle.ONCE:
            booked = [one for one in booked if one.last >= last]
        if not booked:
            return [Held(terms.users, *days, users=True)] if terms.users else []
    held = [cut(one, terms, *days) for one in booked]
    return [one for one in held if one and one.quantity]


def cut(booking: Booking, terms: Terms, first: date, last: date) -> Held | None:
    """The days of a booking within these."""
    begin, end = max(booking.first_day or first, first), min(booking.last, last)
    if booking.meter == Meter.OTHER_SERVICE and booking.first_day and not booking.last_day:
        # Entered by hand for a day and without an end: a thing done, not a standing order.
        entered = max(booking.first_day, terms.start)
        end = min(end, Period(entered.year, entered.month).last_day)
    return Held(booking.quantity, begin, end, booking.text) if begin <= end else None


def charged(item: Item, held: Sequence[Held], stretch: tuple[date, date], *, prorate: bool) -> Charge | None:
    """The charge for what is held in a month or contract year. What is done by hand has no days (rating.md 11)."""
    if not held:
        return None
    first, last = min(one.first for one in held), max(one.last for one in held)
    quantity = together(held)
    if not prorate or item.meter == Meter.OTHER_SERVICE:
        return Charge(quantity, Fee(first, last, 1, 1), users=held[0].users)
    of_days = (stretch[1] - stretch[0]).days + 1
    spans = {one.days for one in held}
    if len(spans) == 1 and quantity == sum(one.quantity for one in held):
        days = spans.pop()
    else:
        days, of_days = sum(one.quantity * one.days for one in held), quantity * of_days
    share = WHOLE if days == of_days else Fraction(days, of_days)
    return Charge(quantity, Fee(first, last, days, of_days), share, held[0].users)


def together(held: Sequence[Held]) -> int:
    """How many a begun month counts: all that are held in it, but one that continues another only once."""
    total, left = sum(one.quantity for one in held), list(held)
    for one in held:
        before = next((other for other in left if other.last + DAY == one.first and other.text == one.text), None)
        if before:
            left.remove(before)
            total -= min(before.quantity, one.quantity)
    return total


def begins_in(day: date, period: Period) -> bool:
    return (day.year, day.month) == (period.year, period.month)


def paid_ahead(terms: Terms, item: Item, month: Period, version: Version) -> bool:
    """Whether the bill of this month carried, in advance, what `item` of a later version would charge in arrears.

    A fee without a price was never billed.
    """
    before = terms.version_in(month) if terms.covers(month) else None
    if before is None or before is version:
        return False
    rank = [one.position for one in alike(version, item)].index(item.position)
    return any(one.in_advance and one.priced for one in alike(before, item)[rank : rank + 1])


def alike(version: Version, item: Item) -> list[Item]:
    """The fees of a version with the meter and cycle of this one; the first of two versions are the same fee, and so
    on."""
    return [one for one in version.items if (one.meter, one.cycle) == (item.meter, item.cycle)]


def for_month(terms: Terms, version: Version, item: Item, period: Period) -> Charge | None:
    """What counts to limit and minimum of a month (rating.md 14), before a yearly fee is divided by twelve."""
    if item.cycle is Cycle.ONCE:
        return next(once(terms, item, period), None)
    days = period.first_day, period.last_day
    prorate = version.prorate and item.cycle is Cycle.MONTHLY
    return charged(item, held_in(terms, item, *days), days, prorate=prorate)


def due_now(terms: Terms, version: Version, item: Item, first_day: date) -> Charge | None:
    """What a monthly or yearly fee that was billed from this day on comes to as the contract stands now."""
    if item.cycle is Cycle.MONTHLY:
        return for_month(terms, version, item, Period(first_day.year, first_day.month))
    number = first_day.year - terms.since.year
    return of_year(terms, version, item, number - (contract_year(terms.since, number)[0] > first_day))
