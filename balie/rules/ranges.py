"""Telephone numbers as people paste them into a field: lists and ranges, a line each or with commas. Pure.

`020 123 45 00 - 020 123 45 99`, `+31201234500..99`, `030 1234500 bis 599`, a column of a spreadsheet.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from balie.rules.phone import can_be_called, e164, parsed

MOST = 10_000  # numbers at once
LONGEST_TEXT = 60  # of what is said again about a part that is no number
PARTS = re.compile(r"[,;\t]")
# Dots or a long dash with or without spaces, a hyphen between spaces, or a word: a bare hyphen is part of a number.
TO = re.compile(r"\s*(?:\.{2,}|…|[–—])\s*|\s+(?:-+|t/m|tot|bis|to|until)\s+", re.IGNORECASE)
SIGNS = str.maketrans("", "", " ()./-\u00a0")


class Flaw(StrEnum):
    """Why a part of the text brings no numbers."""

    NO_NUMBER = "no_number"  # it cannot be a number, as somebody in the region would dial it
    NO_RANGE = "no_range"  # its end does not fit its beginning
    BACKWARDS = "backwards"  # its end comes before its beginning
    TOO_MANY = "too_many"  # there would be more than MOST in all


@dataclass(frozen=True)
class BadPart:
    """What could not be read: in which line (from 1), how it was written, and why."""

    line: int
    text: str
    why: Flaw


@dataclass(frozen=True)
class Pasted:
    """What a text came to. numbers: E.164, each once, as they came. repeated: how many were there a second time."""

    numbers: tuple[str, ...]
    bad: tuple[BadPart, ...]
    repeated: int


def read(text: str, region: str) -> Pasted:
    """All numbers in a text, national ones as dialled in `region` (two letters); at most MOST."""
    found: dict[str, None] = {}
    bad, repeated = [], 0
    for line, part in parts(text):
        said = numbers(part, region, room=MOST - len(found))
        if isinstance(said, Flaw):
            bad.append(BadPart(line, part[:LONGEST_TEXT], said))
            continue
        repeated += sum(number in found for number in said)
        found |= dict.fromkeys(said)
    return Pasted(tuple(found), tuple(bad), repeated)


def parts(text: str) -> Iterator[tuple[int, str]]:
    """Line and words of whatever stands between line ends and commas.

    Left out is what nobody took for a number: the heading of a file, and words beside a number in its line.
    """
    for line, row in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        cells = [cell.strip().strip("\"'").strip() for cell in PARTS.split(row)]
        with_digits = [cell for cell in cells if any(sign.isdigit() for sign in cell)]
        words = [] if line == 1 else [cell for cell in cells if cell]
        for cell in with_digits or words[:1]:
            yield line, cell


def numbers(part: str, region: str, *, room: int) -> list[str] | Flaw:
    """The numbers of one part, a single one or a range; or why it brings none. room: how many there may be."""
    ends = ends_of(part, region)
    if len(ends) == 1:
        number = whole(part, region)
        if number is None:
            return Flaw.NO_NUMBER
        return [number] if room > 0 else Flaw.TOO_MANY
    first = whole(ends[0], region)
    if first is None:
        return Flaw.NO_NUMBER
    last = end_of(first, ends[1], region) if len(ends) == 2 else None
    if last is None:
        return Flaw.NO_RANGE
    return between(first, last, room)


def ends_of(part: str, region: str) -> list[str]:
    """First and last number of a range, or the part itself. A bare hyphen counts between two whole numbers alone."""
    ends = TO.split(part)
    if len(ends) == 1 and whole(part, region) is None:
        bare = part.split("-")
        if len(bare) == 2 and all(whole(one, region) for one in bare):
            return bare
    return ends


def whole(text: str, region: str) -> str | None:
    """A number written in full, in E.164; None where it cannot be one, or has too few digits for anybody to call it."""
    said = text.strip()
    return e164(said, region) if parsed(said, region) and can_be_called(said, region) else None


def end_of(first: str, text: str, region: str) -> str | None:
    """The last number of a range: written in full, or only its last digits. None where it does not fit the first."""
    full = whole(text, region)
    if full and len(full) == len(first) and parsed_country(full) == parsed_country(first):
        return full
    digits = text.translate(SIGNS)
    if not (digits.isascii() and digits.isdigit() and len(digits) < len(first) - 1):
        return None
    made = first[: -len(digits)] + digits
    return made if whole(made, region) == made and parsed_country(made) == parsed_country(first) else None


def parsed_country(number: str) -> int | None:
    known = parsed(number, "ZZ")
    return known.country_code if known else None


def between(first: str, last: str, room: int) -> list[str] | Flaw:
    """All numbers from one to the other, both included."""
    low, high = int(first[1:]), int(last[1:])
    if high < low:
        return Flaw.BACKWARDS
    return Flaw.TOO_MANY if high - low >= room else [f"+{number}" for number in range(low, high + 1)]


def runs(numbers: Iterable[str]) -> list[tuple[str, str]]:
    """Numbers in E.164 as ranges without gaps, in order: first and last of each, the same where it is one."""
    found: list[tuple[str, str]] = []
    for number in sorted(set(numbers), key=lambda one: (len(one), one)):
        if found and len(found[-1][1]) == len(number) and int(number) == int(found[-1][1]) + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def written(numbers: Iterable[str]) -> str:
    """The same as a text that `read` reads again, a range a line."""
    return "\n".join(first if first == last else f"{first}..{last}" for first, last in runs(numbers))
