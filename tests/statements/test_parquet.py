"""Months as Parquet: types, privacy, and parts that come out as one file."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import polars as pl
import pytest

from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.statements.exports import parquet
from balie.statements.exports.parquet import months, write_months
from tests import make
from tests.statements.made import AMSTERDAM, OCTOBER, a_client, a_month, an_operator

pytestmark = pytest.mark.django_db
SCHEMA = {
    "source": pl.String,
    "key": pl.String,
    "start": pl.Datetime("us", "UTC"),
    "date": pl.Date,
    "time": pl.Time,
    "direction": pl.String,
    "type": pl.String,
    "caller": pl.String,
    "callee": pl.String,
    "client": pl.String,
    "agent": pl.String,
    "ring": pl.Int64,
    "talk": pl.Int64,
    "handling": pl.Int64,
    "service": pl.String,
    "billable": pl.Boolean,
    "late": pl.Boolean,
}


def read(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "calls-2026-10.parquet")


def test_file_has_every_call_with_its_local_day_and_time(tmp_path: Path) -> None:
    an_operator()
    make.call(a_client(), start=datetime(2026, 10, 25, 0, 30, tzinfo=UTC), agent=make.agent("201"), key="a")
    make.call(None, start=datetime(2026, 10, 25, 1, 30, tzinfo=UTC), key="b")
    make.call(None, start=datetime(2026, 11, 25, 1, 30, tzinfo=UTC))
    assert write_months([OCTOBER], tmp_path) == 2
    frame = read(tmp_path)
    assert dict(frame.schema) == SCHEMA
    assert frame.select("key", "date", "time", "client", "agent").rows() == [
        ("a", date(2026, 10, 25), time(2, 30), "1001", "201"),
        ("b", date(2026, 10, 25), time(2, 30), None, None),
    ]


def test_month_without_calls_is_a_file_with_the_same_columns(tmp_path: Path) -> None:
    an_operator()
    assert write_months([OCTOBER], tmp_path) == 0
    assert (dict(read(tmp_path).schema), read(tmp_path).height) == (SCHEMA, 0)


def test_parts_come_out_as_one_file_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "PART", 3)
    an_operator()
    make.calls(a_client(), 10, start=datetime(2026, 10, 5, 8, tzinfo=UTC), every=timedelta(hours=1))
    assert write_months([OCTOBER], tmp_path) == 10
    starts = read(tmp_path)["start"].to_list()
    assert (len(starts), starts) == (10, sorted(starts))
    assert [path.name for path in tmp_path.iterdir()] == ["calls-2026-10.parquet"]


def test_numbers_are_hidden_as_each_client_wants_it(tmp_path: Path) -> None:
    an_operator()
    a_month(a_client("1001", hide_numbers="last3"))
    make.call(a_client("1002"), start=datetime(2026, 10, 30, 8, tzinfo=UTC))
    write_months([OCTOBER], tmp_path)
    frame = read(tmp_path)
    shown = {(row[0], row[1]) for row in frame.filter(pl.col("client") == "1001").select("caller", "callee").rows()}
    assert shown == {
        ("+31612345xxx", "+31201234501"),
        ("+4930123xxx", "+31201234501"),
        ("", "+31201234501"),
        ("+31201112xxx", "+31201234501"),
        ("+31612345xxx", "+31687654xxx"),
        ("201", "+491701234xxx"),
    }
    assert frame.filter(pl.col("client") == "1002")["caller"].to_list() == ["+31612345678"]


def test_months_are_counted_over_new_year() -> None:
    first, last = Period(2026, 11, AMSTERDAM), Period(2027, 1, AMSTERDAM)
    assert [str(period) for period in months(first, last)] == ["2026-11", "2026-12", "2027-01"]
    assert months(first, first) == [first]
    with pytest.raises(Refused, match="2027-01 comes after 2026-11"):
        months(last, first)


def test_folder_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    an_operator()
    (tmp_path / "a file").write_text("")
    with pytest.raises(Refused, match="cannot be written"):
        write_months([OCTOBER], tmp_path / "a file" / "calls")
