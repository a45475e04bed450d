"""The server's wall clock turned into UTC, on both nights on which it jumps."""

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from balie.cdr.legs import token
from balie.rules.errors import Phrase

EPOCH = re.compile(r"(?:.*-)?(\d{9,11})\.\d+")
HOUR = 3600


def in_utc(legs: pl.DataFrame, zone: str) -> pl.DataFrame:
    """The legs with `begin`, `answered`, `finish`: seconds since 1970 UTC; `answered` null where nobody answered.

    The doubled hour is settled by the epoch inside `uniqueid` where that equals one of the two readings (folding.md
    11), for the other legs of the same group by what was settled for one of them; else it is the first reading.
    A time that the clock skipped counts from the moment of the jump.
    """
    wall = {name: legs[name].dt.epoch("s") for name in ("start", "answer", "end")}
    begin = wall["start"] if zone in ("UTC", "Etc/UTC", "GMT") else starts(legs, zone)
    # answer and end by their distance from the start: the legs' own seconds tell whether the clock jumped between.
    answered = begin + unjumped(wall["answer"] - wall["start"], legs["duration"])
    finish = begin + unjumped(wall["end"] - wall["start"], legs["duration"])
    return legs.with_columns(begin.alias("begin"), answered.alias("answered"), finish.alias("finish"))


def unjumped(distance: pl.Series, duration: pl.Series) -> pl.Series:
    """Distances in seconds with the clock's jumps by an hour taken out."""
    frame = pl.DataFrame({"d": distance, "most": duration + 1})
    back, ahead = pl.col("d") < 0, pl.col("d") > pl.col("most")
    moved = (
        pl.when(back & (pl.col("d") + HOUR <= pl.col("most")))
        .then(pl.col("d") + HOUR)
        .when(ahead & (pl.col("d") >= HOUR) & (pl.col("d") - HOUR <= pl.col("most")))
        .then(pl.col("d") - HOUR)
        .otherwise(pl.col("d"))
    )
    return frame.select(pl.max_horizontal(moved, 0 * moved)).to_series()


def starts(legs: pl.DataFrame, zone: str) -> pl.Series:
    """Starts in seconds since 1970 UTC."""
    first = local(legs["start"], zone, "earliest")
    second = local(legs["start"], zone, "latest")
    skipped = first.is_null()
    if skipped.any():
        fixed = [after_jump(moment, zone) for moment in legs.filter(skipped)["start"]]
        first = first.scatter(skipped.arg_true(), fixed)
        second = second.scatter(skipped.arg_true(), fixed)
    doubled = (first != second).arg_true()
    if not len(doubled):
        return first
    return first.scatter(doubled, settle(legs, first, second, doubled.to_list()))


def local(moments: pl.Series, zone: str, ambiguous: str) -> pl.Series:
    """Wall-clock times of a zone in seconds since 1970 UTC; null where the clock skipped them."""
    expr = pl.col("at").dt.replace_time_zone(zone, ambiguous=ambiguous, non_existent="null")  # type: ignore[arg-type]
    return pl.DataFrame({"at": moments}).select(expr.dt.epoch("s")).to_series()


def after_jump(moment: datetime, zone: str) -> int:
    """A skipped time, read with the offset that held before the jump."""
    return int(moment.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC).timestamp())


def settle(legs: pl.DataFrame, first: pl.Series, second: pl.Series, doubled: list[int]) -> list[int]:
    """Which of two readings each leg of the doubled hour has."""
    groups = legs.select(token()).to_series()
    some = legs[doubled].with_columns(groups.gather(doubled).alias("token"))
    settled: dict[int, int] = {}
    anchors: dict[str, list[int]] = defaultdict(list)
    for row, uniqueid, group in zip(doubled, some["uniqueid"], some["token"], strict=True):
        found = EPOCH.fullmatch(uniqueid)
        if found and int(found[1]) in (first[row], second[row]):
            settled[row] = int(found[1])
            anchors[group].append(settled[row])
    clear = pl.DataFrame({"token": groups, "first": first, "second": second}).filter(
        pl.col("first") == pl.col("second")
    )
    for group, moment, _ in clear.filter(pl.col("token").is_in(some["token"].unique().implode())).iter_rows():
        anchors[group].append(moment)
    for row, group in zip(doubled, some["token"], strict=True):
        if row not in settled:
            settled[row] = nearest((first[row], second[row]), anchors.get(group, []))
    return [settled[row] for row in doubled]


def nearest(readings: tuple[int, int], anchors: list[int]) -> int:
    """The reading closest to what is known of its group; the first one if nothing is."""
    if not anchors:
        return readings[0]
    return min(readings, key=lambda reading: min(abs(reading - anchor) for anchor in anchors))


def zone_warning(legs: pl.DataFrame) -> str:
    """What to tell a manager if the epochs in `uniqueid` contradict the source's zone by whole hours, else nothing.

    legs: with `begin` in UTC. Looks at legs that begin a group, whose epoch is their start.
    """
    firsts = legs.filter((pl.col("linkedid") == pl.col("uniqueid")) | (pl.col("linkedid") == "")).head(5000)
    epochs = firsts.select(pl.col("uniqueid").str.extract(r"(\d{9,11})\.\d+$", 1).cast(pl.Int64)).to_series()
    off = [int(gap) for gap in (firsts["begin"] - epochs).drop_nulls()]
    hours = Counter(round(gap / HOUR) for gap in off if abs(gap - HOUR * round(gap / HOUR)) <= 5)
    if not hours:
        return ""
    most, count = hours.most_common(1)[0]
    if most == 0 or count < 0.8 * len(off):
        return ""
    text = str(timedelta(hours=abs(most)))[:-3]
    if most > 0:
        return Phrase("The times in its files are %(hours)s ahead of the moments in their call numbers.", hours=text)
    return Phrase("The times in its files are %(hours)s behind the moments in their call numbers.", hours=text)
