"""Both nights on which the clock jumps, and months' edges, in three zones."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from balie.cdr.zone import in_utc, zone_warning
from tests.cdr.legs import line, read

ZONES = ["Europe/Amsterdam", "Europe/Berlin", "UTC"]


def wall(*moment: int) -> datetime:
    return datetime(*moment)  # type: ignore[arg-type]  # noqa: DTZ001  wall clock of the phone system


def starts(*lines: str, zone: str) -> list[str]:
    legs = in_utc(read(*lines).rows, zone)
    return [f"{datetime.fromtimestamp(each, UTC):%m-%d %H:%M:%S}" for each in legs["begin"]]


def epoch(*moment: int) -> str:
    return f"pbx-{int(datetime(*moment, tzinfo=UTC).timestamp())}.1"  # type: ignore[misc, arg-type]


@pytest.mark.parametrize("zone", ZONES[:2])
def test_doubled_hour_is_told_by_the_epoch_in_uniqueid(zone: str) -> None:
    at = wall(2026, 10, 25, 2, 30)
    first, second = epoch(2026, 10, 25, 0, 30), epoch(2026, 10, 25, 1, 30)
    found = starts(
        line("PJSIP/trunk-00000001", begin=at, call=first),
        line("PJSIP/trunk-00000002", begin=at, call=second),
        zone=zone,
    )
    assert found == ["10-25 00:30:00", "10-25 01:30:00"]


def test_later_leg_of_a_call_in_the_doubled_hour_stays_with_its_call() -> None:
    call = epoch(2026, 10, 25, 1, 30)
    found = starts(
        line("PJSIP/trunk-00000001", begin=wall(2026, 10, 25, 2, 30), call=call),
        line("PJSIP/trunk-00000001", begin=wall(2026, 10, 25, 2, 31), call=call),
        zone="Europe/Amsterdam",
    )
    assert found == ["10-25 01:30:00", "10-25 01:31:00"]


def test_epoch_that_equals_no_reading_gives_nothing() -> None:
    found = starts(
        line("PJSIP/trunk-00000001", begin=wall(2026, 10, 25, 2, 30), call=epoch(2026, 10, 25, 1, 15)),
        zone="Europe/Amsterdam",
    )
    assert found == ["10-25 00:30:00"]


def test_call_over_the_jump_back_lasts_what_it_lasted() -> None:
    one = line(
        "PJSIP/trunk-00000001", "PJSIP/201-00000002", answer=5, talk=1200, begin=wall(2026, 10, 25, 2, 50),
        call=epoch(2026, 10, 25, 0, 50),
    )  # fmt: skip
    one = one.replace("2026-10-25 03:10:05", "2026-10-25 02:10:05")  # what the clock on the wall showed at the end
    legs = in_utc(read(one).rows, "Europe/Amsterdam")
    begin, answered, finish = legs.select("begin", "answered", "finish").row(0)
    assert (answered - begin, finish - begin) == (5, 1205)


def test_call_over_the_jump_forward_lasts_what_it_lasted() -> None:
    one = line("PJSIP/trunk-00000001", "PJSIP/201-00000002", answer=5, talk=1200, begin=wall(2026, 3, 29, 1, 50))
    one = one.replace("2026-03-29 02:10:05", "2026-03-29 03:10:05")
    legs = in_utc(read(one).rows, "Europe/Amsterdam")
    begin, answered, finish = legs.select("begin", "answered", "finish").row(0)
    assert datetime.fromtimestamp(begin, UTC) == datetime(2026, 3, 29, 0, 50, tzinfo=UTC)
    assert (answered - begin, finish - begin) == (5, 1205)


def test_skipped_hour_counts_from_the_jump() -> None:
    assert starts(line("PJSIP/trunk-00000001", begin=wall(2026, 3, 29, 2, 30)), zone="Europe/Amsterdam") == [
        "03-29 01:30:00"
    ]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("moment", [(2026, 1, 31, 23, 59, 59), (2026, 2, 1), (2026, 7, 31, 23, 59, 59), (2026, 8, 1)])
def test_edges_of_months_are_those_of_the_zone(zone: str, moment: tuple[int, ...]) -> None:
    legs = in_utc(read(line("PJSIP/trunk-00000001", begin=wall(*moment))).rows, zone)
    exact = datetime(*moment, tzinfo=ZoneInfo(zone))  # type: ignore[misc, arg-type]
    assert legs["begin"].to_list() == [int(exact.timestamp())]


def test_zone_that_contradicts_the_epochs_is_a_warning() -> None:
    lines = [
        line(f"PJSIP/trunk-0000000{i}", begin=wall(2026, 11, 23, 9, i), call=epoch(2026, 11, 23, 8, i))
        for i in range(5)
    ]
    legs = in_utc(read(*lines).rows, "UTC").with_columns(pl.lit(0).alias("group"))
    assert zone_warning(legs) == "The times in its files are 1:00 ahead of the moments in their call numbers."
    assert zone_warning(in_utc(read(*lines).rows, "Europe/Amsterdam")) == ""
