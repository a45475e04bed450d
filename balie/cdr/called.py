"""FreeSWITCH's CSV: legs that others called without naming them, as telephones that rang and were not taken up.

A line names at most the leg that took its call up. The others say neither that they were called nor by whom; they are
told from the numbers, from lying within the time of the leg that called them, and from how they ended. Where that does
not tell two calls of one number from one call with two legs, they are two calls: no missed call is lost.
"""

from collections import defaultdict
from typing import NamedTuple

import polars as pl

from balie.cdr.parties import NOBODY, OUTSIDE, is_withheld
from balie.cdr.settled import CAME_IN, RAW, ROLE_CALLED, ROLE_INSIDE, ROLE_OUTSIDE, said_by_line

CUT = 1  # second by which times may differ that were one: the columns are cut to seconds
CANCELLED = "ORIGINATOR_CANCEL"  # the leg that called was hung up: both end together


class Line(NamedTuple):
    """A raw leg as its line tells it. begin, finish: seconds since 1970; calls: whether it names a leg it called,
    or its line says that it came in."""

    row: int
    group: int
    begin: int
    finish: int
    src: str
    near: str
    far: str
    role: str | None  # of legs kept before roles were known: None
    cause: str | None
    target: str  # what was dialled, inside or out
    calls: bool
    is_answered: bool


def unnamed(legs: pl.DataFrame) -> tuple[list[tuple[int, int]], list[int]]:
    """Pairs of groups: of a leg that called, and of one that it called without naming it; and where such legs stand.

    legs: with `group`, `begin` and `finish`.
    """
    raw = legs.lazy().with_row_index("row").filter(pl.col("lastapp") == RAW).with_columns(said_by_line())
    # Never in the order in which they came.
    raw = raw.sort("begin", "sequence", "finish", "channel", descending=[False, False, True, False])
    target = pl.when(pl.col("far").is_in([OUTSIDE, NOBODY])).then("dst").otherwise("far")
    lines = raw.select(
        "row", "group", "begin", "finish", "src", "near", "far", "role", "cause",
        target.alias("target"), ((pl.col("dstchannel") != "") | (pl.col("cause") == CAME_IN)).alias("calls"),
        (pl.col("disposition") == "ANSWERED").alias("is_answered"),
    )  # fmt: skip
    calling: dict[str, list[Line]] = defaultdict(list)
    links, rows = [], []
    for line in map(Line._make, lines.collect().iter_rows()):
        host = None if line.calls else caller_of(line, calling)
        if host is None:
            remember(line, calling)
        else:
            links.append((host.group, line.group))
            rows.append(line.row)
    return links, rows


def remember(line: Line, calling: dict[str, list[Line]]) -> None:
    """Keeps a leg that may call others at hand, by its number and by what it dialled."""
    for key in (f"by {line.src}", f"to {line.target}"):
        kept = calling[key]
        if len(kept) >= 16:
            kept[:] = [each for each in kept if each.finish + CUT >= line.begin]
        kept.append(line)


def caller_of(line: Line, calling: dict[str, list[Line]]) -> Line | None:
    """The leg that called this one, the latest of those that can have."""
    near = [*calling.get(f"by {line.src}", ()), *calling.get(f"to {line.target}", ())]
    able = (each for each in near if lies_within(line, each) and has_called(each, line))
    return max(able, key=lambda each: each.begin, default=None)


def lies_within(line: Line, other: Line) -> bool:
    if line.cause == CANCELLED and abs(other.finish - line.finish) > CUT:
        return False
    return other.begin <= line.begin and line.finish <= other.finish + CUT


def has_called(one: Line, other: Line) -> bool:
    """Whether a leg called another one that lies within its time."""
    same_caller, same_target = one.src == other.src, one.target == other.target
    if other.role == ROLE_CALLED:
        return same_caller or same_target
    if one.near not in (OUTSIDE, NOBODY):  # somebody inside called: the leg to what he dialled may show another number
        return same_target and (other.near == one.near or (other.near, other.far) == (OUTSIDE, NOBODY))
    if not same_caller or other.near != OUTSIDE:
        return False
    if other.far != NOBODY:
        return has_rung(one, other)
    is_shown = not is_withheld(other.src)
    return is_shown and (one.role, other.role) == (ROLE_OUTSIDE, ROLE_INSIDE) and not same_target


def has_rung(one: Line, other: Line) -> bool:
    """Whether a call from outside rang a telephone inside by another leg. Both show the same number, or none."""
    is_shown, same_target = not is_withheld(other.src), one.target == other.target
    if one.far == NOBODY:  # for a number that was called
        return is_shown or not other.is_answered
    if other.is_answered:
        return False
    if other.role == ROLE_OUTSIDE:  # a number called may be as short as an extension
        return is_shown and not same_target
    return is_shown or (same_target and abs(one.finish - other.finish) <= CUT)
