"""How long personal data is kept: the kinds that have a time of their own, and what a time means in days. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LONGEST = 600  # months


class Kept(StrEnum):
    """What is kept for a time."""

    NUMBERS = "numbers"
    NOTES = "notes"
    SMS = "sms"
    MAILS = "mails"
    OPENED = "opened"
    STATEMENTS = "statements"


@dataclass(frozen=True)
class Terms:
    """Months: the fewest that can be set, since the work of the last ones needs the data; and what many choose."""

    fewest: int
    usual: int


# A statement is kept as long as the tax law of most countries wants it for what a bill rests on: ten years.
TERMS: Mapping[Kept, Terms] = {
    Kept.NUMBERS: Terms(fewest=3, usual=24),
    Kept.NOTES: Terms(fewest=3, usual=24),
    Kept.SMS: Terms(fewest=3, usual=24),
    Kept.MAILS: Terms(fewest=3, usual=12),
    Kept.OPENED: Terms(fewest=6, usual=24),
    Kept.STATEMENTS: Terms(fewest=12, usual=120),
}


def kept_from(today: date, months: int) -> date:
    """The first day whose data is kept on this day: whole months count from the end of the month the data is of.

    Of 24 months: what is of November 2024 is kept until 30 November 2026, and removed from 1 December on.
    """
    month = today.year * 12 + today.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)
