"""What is booked goes along when a contract is continued by another, and comes back when that is undone."""

from collections.abc import Iterable
from datetime import date

from balie.contracts.models import Booking, Contract
from balie.rules.meter import Meter

# What a booking is still the same by.
SAME = ("meter", "quantity", "text", "notice")


def carry_over(old: Contract, new: Contract) -> None:
    """Bookings that run on are continued on the new contract from its first day; later ones move to it.

    The old rows stay as they are, bounded by their contract's end: a world file that says them again changes nothing.
    """
    for row in Booking.objects.filter(contract=old):
        if (row.last_day and row.last_day < new.start) or (is_entry(row) and before(row.first_day, new.start)):
            continue
        if row.first_day and row.first_day >= new.start:
            row.contract = new
            row.save(update_fields=["contract"])
            continue
        same = {name: getattr(row, name) for name in SAME}
        Booking.objects.create(contract=new, first_day=new.start, last_day=row.last_day, **same)


def is_entry(row: Booking) -> bool:
    """Done once on a day, though no last day was written down (rating 6)."""
    return row.meter == Meter.OTHER_SERVICE and row.first_day is not None and row.last_day is None


def before(day: date | None, start: date) -> bool:
    return day is not None and day < start


def carry_back(new: Contract, old: Contract) -> None:
    """The new contract is given up: what it continued is one again, what was booked since moves to the old one."""
    rest = {row.pk: row for row in Booking.objects.filter(contract=old)}
    for row in Booking.objects.filter(contract=new).order_by("pk"):
        match = continued(row, rest.values(), new.start) if row.first_day == new.start else None
        if match is None:
            row.contract = old
            row.save(update_fields=["contract"])
            continue
        del rest[match.pk]
        match.last_day = row.last_day
        match.save(update_fields=["last_day"])
        row.delete()


def continued(row: Booking, rows: Iterable[Booking], start: date) -> Booking | None:
    """The booking that this one continues."""
    return next(
        (
            other
            for other in rows
            if (other.last_day is None or other.last_day >= start)
            and all(getattr(other, name) == getattr(row, name) for name in SAME)
        ),
        None,
    )
