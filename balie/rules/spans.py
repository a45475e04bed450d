"""Who has a thing from which day to which: telephone numbers and clients, endpoints and agents. Pure.

A thing has one owner a day. Days are local, both included; None is open on that side.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Literal

from balie.rules.errors import Phrase, Refused


class Silent(Enum):
    """Not mentioned, which is not the same as None (open)."""

    SILENT = "silent"


SILENT = Silent.SILENT
Day = date | None | Literal[Silent.SILENT]


@dataclass(frozen=True)
class Claim:
    """What is said: the thing is the owner's from a day to a day. `where` is its path, for refusals."""

    where: str
    owner: int
    first: Day = SILENT
    last: Day = SILENT


@dataclass(eq=False)
class Span:
    """A time an owner has the thing. `row` is the stored row it came from; `where` who said so just now."""

    owner: int
    first: date | None
    last: date | None
    row: Any = None
    where: str = ""

    @property
    def begin(self) -> date:
        return self.first or date.min

    @property
    def end(self) -> date:
        return self.last or date.max

    def meets(self, begin: date, end: date) -> bool:
        """Whether any day of it lies within these, both included."""
        return self.begin <= end and begin <= self.end


def settle(stored: Sequence[Span], claims: Sequence[Claim], *, keep: Collection[int] = ()) -> list[Span]:
    """The spans of one thing after these claims: stored ones (as claimed) and new ones (without row).

    A claim is about the stored span that begins on its first day; else about one of the same owner that it meets
    (its first day was corrected), or, where it says no first day, the owner's latest or the one that is open at its
    beginning; else it is a new span. Raises SharedDay, with the claim's path, when two spans would share a day.

    keep: owners from whom a claim of somebody else takes nothing unless it says their span's own first day.
    """
    spans = list(stored)
    exact = {
        claim: span for claim in claims for span in stored if claim.first == span.first and may_take(claim, span, keep)
    }
    for claim in claims:
        free = [span for span in stored if not span.where and span not in exact.values()]
        found = exact.get(claim) or same_owner(claim, free)
        found = found or open_ended(claim, [span for span in free if may_take(claim, span, keep)])
        if found is None or found.where:
            spans.append(Span(claim.owner, day(claim.first), day(claim.last), where=claim.where))
        else:
            lay_claim(found, claim)
    refuse_shared_days(spans)
    return spans


def may_take(claim: Claim, span: Span, keep: Collection[int]) -> bool:
    """Whether a claim can be about a span; the claim says the same first day, or none where the span has none."""
    return claim.owner == span.owner or span.owner not in keep or span.first is not None


def day(said: Day) -> date | None:
    return None if said is SILENT else said


def same_owner(claim: Claim, free: Sequence[Span]) -> Span | None:
    """The latest span of the claim's owner that it can be about."""
    own = sorted((s for s in free if s.owner == claim.owner), key=lambda s: s.begin)
    if claim.first is not SILENT:
        begin, end = claim.first or date.min, day(claim.last) or date.max
        own = [span for span in own if span.meets(begin, end)]
    return own[-1] if own else None


def open_ended(claim: Claim, free: Sequence[Span]) -> Span | None:
    """The span that is open at its beginning, for a claim that says no first day either."""
    return next((span for span in free if span.first is None), None) if claim.first is SILENT else None


def lay_claim(span: Span, claim: Claim) -> None:
    """The stored span as claimed; what the claim does not mention stays."""
    first = span.first if claim.first is SILENT else claim.first
    last = span.last if claim.last is SILENT else claim.last
    span.owner, span.first, span.last, span.where = claim.owner, first, last, claim.where


def refuse_shared_days(spans: Sequence[Span]) -> None:
    """Refused when two spans share a day; what is only stored, and not said now, is let be."""
    longest: Span | None = None
    for span in sorted(spans, key=lambda span: (span.begin, span.end)):
        if longest and span.begin <= longest.end and (span.where or longest.where):
            raise SharedDay(longest, span)
        if longest is None or span.end > longest.end:
            longest = span


class SharedDay(Refused):
    """Two spans share a day. Who knows the owners' names says it in his own words: `spans` in order of time."""

    def __init__(self, earlier: Span, later: Span) -> None:
        super().__init__("shared_day", Phrase("This belongs to two at once."), later.where or earlier.where)
        self.earlier, self.later = earlier, later
