"""What a contract is priced by: its days, its tariff's versions, what is booked and measured on it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from balie.rules.meter import Meter
from balie.rules.period import Period
from balie.rules.tariff import Item, Version


@dataclass(frozen=True, slots=True)
class Booking:
    """So many of a booked meter from a day to a day, both included; None is open (the contract's own first, last).

    A booking that begins the day after another of the same meter and text ends continues it at another quantity.
    """

    meter: Meter
    quantity: int = 1
    first_day: date | None = None
    last_day: date | None = None
    text: str = ""

    @property
    def last(self) -> date:
        return self.last_day or date.max


@dataclass(frozen=True, slots=True)
class Carried:
    """A fee on a frozen bill of this contract: what it stands there for, and its amount with all credits so far.

    `first_day` and `last_day` are the days it was billed for: of the month, or of the contract year.
    """

    item: Item
    version: Version
    first_day: date
    last_day: date
    quantity: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """One contract of a client, as it is priced. Days are local, both included.

    contract      what quantities and results are known by (the row's id)
    client        as in the frame of calls; `number`: how a person calls the client
    versions      of its tariff, the earliest first
    first_start   the start of the first of the contracts that this one continues without a day between (rating, 8)
    users         active users of the client on the last day of the month that is priced
    carried       fees on frozen bills that this bill is to set right (rating, 12); see fees.settled
    after_frozen  whether the bill of the month before is frozen, with this contract on it
    """

    contract: int
    client: int
    number: str
    versions: tuple[Version, ...]
    start: date
    end: date | None = None
    first_start: date | None = None
    bookings: tuple[Booking, ...] = ()
    users: int = 0
    carried: tuple[Carried, ...] = ()
    after_frozen: bool = False

    @property
    def since(self) -> date:
        """The day from which anniversaries and terms count."""
        return self.first_start or self.start

    @property
    def continues(self) -> bool:
        return self.since < self.start

    @property
    def last(self) -> date:
        return self.end or date.max

    def covers(self, period: Period) -> bool:
        """Whether the contract has a day in this month."""
        return self.start <= period.last_day and self.last >= period.first_day

    def version_in(self, period: Period) -> Version | None:
        """The version that prices this month; None before the tariff's first."""
        day = period.first_day
        begun = [version for version in self.versions if version.first_day is None or version.first_day <= day]
        return max(begun, key=lambda version: version.first_day or date.min, default=None)


class Quantity(NamedTuple):
    """What was measured for one item of one contract in a month, all whole numbers.

    calls      calls (messages) that count
    seconds    their own seconds: talk, or handling for handling_time; 0 for messages
    billed     pieces, or seconds after the increment of each call; before what is included is taken off
    too_short  calls within the item's window that are below its minimum seconds, and cost nothing
    """

    calls: int = 0
    seconds: int = 0
    billed: int = 0
    too_short: int = 0


NOTHING = Quantity()
# Per contract, per position of an item. What is not there was not used.
Quantities = Mapping[int, Mapping[int, Quantity]]
