"""The same report has the same rows and sums in JSON, CSV, XLSX and on paper."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
from django.utils import translation

from balie.accounts.models import Client
from balie.operator import written
from balie.statements import words
from balie.statements.exports import calls_file, file_of
from balie.statements.queries import month_report
from tests import make
from tests.messages.lists import take
from tests.statements import tagged
from tests.statements.made import NOW, OCTOBER, a_client, a_month, an_operator, sum_up

pytestmark = pytest.mark.django_db


def sheet(data: bytes) -> tuple[list[str], list[dict[str, Any]], dict[str, Any]]:
    """Header, rows and the last row, which holds the sums."""
    found = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    header, *rows = [[cell.value for cell in row] for row in found.iter_rows()]
    names = [str(name) for name in header]
    named: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in rows]
    return names, named[:-1], named[-1]


def as_in_json(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the sheet or the CSV in the words of the JSON."""
    plain: dict[str, Callable[[Any], Any]] = {
        "date": lambda value: f"{value:%Y-%m-%d}" if isinstance(value, datetime) else value,
        "time": lambda value: f"{value:%H:%M:%S}" if isinstance(value, time) else value,
        "duration": lambda value: round(value.total_seconds()) if isinstance(value, timedelta) else int(value),
    }
    kept = {name: plain[name](value) if name in plain else value or "" for name, value in row.items()}
    late, billable = kept.pop("late"), kept.pop("billable")
    return kept | ({"late": True} if late else {}) | ({"billable": False} if billable else {})


def on_paper(row: dict[str, Any]) -> list[str]:
    """A row of the JSON as the statement must print it."""
    day = written.day(date.fromisoformat(row["date"]))
    kind = [str(words.TYPES[row["type"]])]
    kind += [translation.gettext("added later")] if row.get("late") else []
    kind += [translation.gettext("not charged")] if row.get("billable") is False else []
    return [
        f"{day} {row['time']}",
        str(words.DIRECTIONS[row["direction"]]),
        written.phone(row["caller"], "NL") or translation.gettext("anonymous"),
        written.phone(row["callee"], "NL"),
        "Anna de Wit" if row["agent"] else "–",
        written.duration(row["duration"]) if row["type"] != "missed" else "–",
        " ".join(kind),
        str(words.SERVICES[row["service"]]),
    ]


def squeezed(rows: list[list[str]]) -> list[list[str]]:
    """Cells without the line ends that a narrow column needs."""
    return [[" ".join(cell.split()) for cell in row] for row in rows]


@pytest.mark.parametrize("hide", ["none", "last3", "all"])
@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_calls_of_a_client_are_the_same_in_every_format(language: str, hide: str) -> None:
    an_operator()
    client = a_client(language=language, hide_numbers=hide)
    a_month(client)
    files = {name: calls_file(client, OCTOBER, name, now=NOW) for name in ("json", "csv", "xlsx", "pdf")}
    rows = json.loads(files["json"])
    assert len(rows) == 12

    assert [as_in_json(row) for row in csv.DictReader(io.StringIO(files["csv"].decode()))] == rows
    _, in_sheet, sums = sheet(files["xlsx"])
    assert [as_in_json(row) for row in in_sheet] == rows
    assert (sums["date"], sums["time"]) == ("total", len(rows))
    seconds = sum(row["duration"] for row in rows)
    assert round(sums["duration"].total_seconds()) == seconds

    totals, calls = tagged.tables(files["pdf"])
    with translation.override(language):
        assert squeezed(calls)[1:] == squeezed([on_paper(row) for row in rows])
        assert totals[-1][1:] == ["11", "1", written.duration(seconds)]


def test_no_format_tells_a_hidden_number() -> None:
    an_operator()
    client = a_client(hide_numbers="last3", language="nl")
    make.call(client, start=datetime.fromisoformat("2026-10-05T08:00:00+00:00"), caller="+31612345789")
    sum_up()
    for name in ("json", "csv"):
        assert b"789" not in calls_file(client, OCTOBER, name, now=NOW)
    said = tagged.tables(calls_file(client, OCTOBER, "pdf", now=NOW))[1][1]
    assert (said[2], said[3]) == ("06 12 34 5x xx", "020 123 4501")
    assert sheet(calls_file(client, OCTOBER, "xlsx", now=NOW))[1][0]["caller"] == "+31612345xxx"


def test_month_report_is_the_same_in_every_format() -> None:
    an_operator(language="en")
    a_month(a_client("1001", name="Bakker"))
    a_client("1002", name="Without calls")
    make.number(a_client("1003", name="Only SMS", contract=False), "+31201234503")
    take([f"2026-10-05 10:00:00,+31201234503,+31612345678,{'x' * 161}"])
    report = month_report(OCTOBER)
    files = {name: file_of(report, name, now=NOW) for name in ("json", "csv", "xlsx", "pdf")}
    clients = json.loads(files["json"])["clients"]
    flat = [flattened(client) for client in clients]

    assert [{k: str(v) for k, v in row.items()} for row in flat] == list(
        csv.DictReader(io.StringIO(files["csv"].decode()))
    )
    _, rows, sums = sheet(files["xlsx"])
    assert [{name: in_seconds(value) for name, value in row.items()} for row in rows] == flat
    for name in flat[0]:
        if name not in ("client", "name"):
            assert in_seconds(sums[name]) == sum(row[name] for row in flat), name

    paper = tagged.tables(files["pdf"])[0]
    assert paper[2:] == [
        ["1001", "Bakker", "5", "1", "1:08:14", "3", "3:00", "3", "1:30", "–"],
        ["1002", "Without calls", *["–"] * 8],
        ["1003", "Only SMS", *["–"] * 7, "2"],
        ["", "Total", "5", "1", "1:08:14", "3", "3:00", "3", "1:30", "2"],
    ]


def flattened(client: dict[str, Any]) -> dict[str, Any]:
    """The names of the CSV: those of the JSON, joined with `_`."""
    flat: dict[str, Any] = {}
    for name, value in client.items():
        flat |= (
            {f"{name}_{inner}": figure for inner, figure in value.items()} if isinstance(value, dict) else {name: value}
        )
    order = ["client", "name", "inbound_calls", "inbound_seconds", "inbound_missed"]
    return {name: flat[name] for name in [*order, *(name for name in flat if name not in order)]}


def in_seconds(value: Any) -> Any:
    if isinstance(value, time):
        return value.hour * 3600 + value.minute * 60 + value.second
    return round(value.total_seconds()) if isinstance(value, timedelta) else value


def test_sheet_has_real_dates_times_and_durations() -> None:
    an_operator()
    client = a_client()
    make.call(client, start=datetime.fromisoformat("2026-10-05T08:00:07+00:00"), talk=100_000)
    book = openpyxl.load_workbook(io.BytesIO(calls_file(client, OCTOBER, "xlsx", now=NOW)))
    found = book.worksheets[0]
    cells: dict[Any, Any] = {name.value: cell for name, cell in zip(found[1], found[2], strict=True)}
    assert cells["date"].value.date() == date(2026, 10, 5)
    assert cells["time"].value == time(10, 0, 7)
    assert cells["duration"].value == timedelta(seconds=100_000)
    assert cells["duration"].number_format == "[h]:mm:ss"
    assert (found.freeze_panes, found.auto_filter.ref) == ("A2", "A1:L2")


@pytest.mark.parametrize("format", ["json", "csv", "xlsx", "pdf"])
def test_empty_month_is_a_report_too(format: str) -> None:
    an_operator()
    client: Client = a_client()
    data = calls_file(client, OCTOBER, format, now=NOW)
    if format == "json":
        assert json.loads(data) == []
    elif format == "csv":
        assert data.decode().splitlines() == [
            "date,time,direction,caller,agent,duration,type,service,callee,key,late,billable"
        ]
    elif format == "xlsx":
        assert sheet(data)[1:] == ([], sheet(data)[2])
    else:
        assert "There were no calls in October 2026." in tagged.text(data)
