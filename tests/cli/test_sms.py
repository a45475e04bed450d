"""SMS by command, with a month worked out by hand: list, reports, prices, a closed month and what came too late."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.inside import Inside
from tests.statements import tagged

WORLD: dict[str, Any] = {
    "operator": {
        "name": "De Linde", "timezone": "Europe/Amsterdam", "region": "NL", "currency": "EUR", "language": "nl",
        "costs": {"sms": "0.060"},
    },
    "clients": [
        {"number": "1001", "name": "Bakker", "language": "en", "hide_numbers": "last3", "contracts": [
            {"service": "sms", "tariff": "TEXT", "start": "2026-01-01"}]},
        {"number": "1002", "name": "Van Dam", "language": "nl"},
    ],
    "numbers": [
        {"number": "+31201234501", "client": "1001", "from": "2026-01-01"},
        {"number": "+31201234502", "client": "1002", "from": "2026-01-01"},
    ],
    "tariffs": [{"code": "TEXT", "service": "sms", "vat_percent": "21", "from": "2026-01-01", "items": [
        {"meter": "sms", "title": {"en": "SMS in the evening"}, "price": "0.20",
         "window": {"from": "18:00", "to": "08:00"}},
        {"meter": "sms", "title": {"en": "SMS"}, "price": "0.11", "included": 2}]}],
}  # fmt: skip
LINES = [
    "sent_at,from,to,text",
    "2026-10-05 09:00:00,020 123 4501,0612345678,Hello",  # 1 by day
    f"2026-10-05 09:00:01,+31201234501,0612345678,{'x' * 161}",  # 2 by day
    "2026-10-25 02:30:00+02:00,31201234501,0612345678,twice",  # 1 by night
    "2026-10-25 02:30:00+01:00,31201234501,0612345678,twice",  # 1 by night
    "2026-10-31T23:30:00Z,+31201234501,0612345678,already November",
    "2026-10-31 23:30:00,+31201234502,=cmd|calc,Hallo",
    "2026-10-05 09:00:00,+31209999999,0612345678,whose?",
    "no line at all",
]


def balie(inside: Inside, *arguments: str | Path) -> Any:
    answer = inside.run(*arguments)
    assert answer.code == 0, (answer.out, answer.err)
    return answer


@pytest.fixture
def office(inside: Inside) -> Inside:
    (inside.home / "world.json").write_text(json.dumps(WORLD))
    balie(inside, "load", inside.home / "world.json")
    (inside.home / "october.csv").write_text("\n".join(LINES))
    return inside


def read(office: Inside, name: str = "october.csv", *more: str) -> dict[str, Any]:
    found = balie(office, "import", "sms", office.home / name, "--source", "gateway", "--json", *more).json
    assert isinstance(found.pop("seconds"), float)
    return dict(found)


def prices(office: Inside, month: str = "2026-10") -> tuple[list[tuple[str, int, str]], str]:
    found = balie(office, "price", "--client", "1001", "--month", month, "--json").json
    lines = [(line["item"], line["quantity"], line["amount"]) for part in found["contracts"] for line in part["lines"]]
    return lines, found["net"]


def test_month_worked_out_by_hand(office: Inside) -> None:
    counts = {"lines": 8, "messages": 7, "parts": 8, "duplicates": 0, "rejected": 1, "unassigned": 1}
    assert read(office) == {"source": "gateway", **counts}
    assert read(office) == {"source": "gateway", **dict.fromkeys(counts, 0), "lines": 8, "duplicates": 8}

    report = ("report", "sms", "--month", "2026-10", "--format")
    hidden = {"from": "+31201234501", "to": "+31612345xxx"}
    assert balie(office, *report, "json", "--client", "1001").json == [
        {"date": "2026-10-05", "time": "09:00:00", **hidden, "parts": 1},
        {"date": "2026-10-05", "time": "09:00:01", **hidden, "parts": 2},
        {"date": "2026-10-25", "time": "02:30:00", **hidden, "parts": 1},
        {"date": "2026-10-25", "time": "02:30:00", **hidden, "parts": 1},
    ]
    # Whatever a sender writes, no cell of a file is a formula.
    assert balie(office, *report, "csv", "--client", "1002").out.splitlines() == [
        "date,time,from,to,parts,late",
        "2026-10-31,23:30:00,+31201234502,'=cmd|calc,1,",
    ]
    month = balie(office, "report", "month", "--month", "2026-10", "--format", "json").json
    assert [(one["client"], one["sms"]) for one in month["clients"]] == [("1001", {"parts": 5}), ("1002", {"parts": 1})]

    # Two by night at 0.20; three by day, of which two are included, at 0.11.
    assert prices(office) == ([("SMS in the evening", 2, "0.40"), ("SMS", 1, "0.11")], "0.51")
    assert prices(office, "2026-11") == ([("SMS in the evening", 1, "0.20"), ("SMS", 0, "0.00")], "0.20")


def test_sms_that_come_after_closing_are_corrected_on_the_next_bill(office: Inside) -> None:
    read(office)
    balie(office, "close", "--month", "2026-10")
    late = "sent_at,from,to,parts\n2026-10-06 12:00:00,0201234501,0687654321,3\n"
    (office.home / "late.csv").write_text(late)
    assert read(office, "late.csv")["parts"] == 3
    assert prices(office)[1] == "0.51"
    lines, net = prices(office, "2026-11")
    assert (lines[-1], net) == (("SMS", 3, "0.33"), "0.53")
    rows = balie(office, "report", "sms", "--client", "1001", "--month", "2026-10", "--format", "json").json
    assert [row.get("late") for row in rows] == [None, None, True, None, None]


def test_late_load_of_a_number_brings_its_sms_to_reports_and_prices(office: Inside) -> None:
    read(office)
    number = {"number": "+31209999999", "client": "1001", "from": "2026-10-01"}
    (office.home / "numbers.json").write_text(json.dumps({"numbers": [number]}))
    balie(office, "load", office.home / "numbers.json")
    month = balie(office, "report", "month", "--month", "2026-10", "--format", "json").json
    assert month["clients"][0]["sms"] == {"parts": 6}
    assert prices(office)[1] == str(Decimal("0.51") + Decimal("0.11"))


def test_paper_says_what_the_json_says(office: Inside) -> None:
    read(office)
    out = office.home / "sms.pdf"
    balie(office, "report", "sms", "--client", "1001", "--month", "2026-10", "--out", out)
    [table] = tagged.tables(out.read_bytes())
    assert table == [
        ["Date and time", "From", "To", "Number of SMS"],
        ["05 Oct 2026 09:00:00", "020 123 4501", "06 12 34 5x xx", "1"],
        ["05 Oct 2026 09:00:01", "020 123 4501", "06 12 34 5x xx", "2"],
        ["25 Oct 2026 02:30:00", "020 123 4501", "06 12 34 5x xx", "1"],
        ["25 Oct 2026 02:30:00", "020 123 4501", "06 12 34 5x xx", "1"],
        ["Total", "4 messages", "", "5"],
    ]


def test_columns_named_once_are_remembered(office: Inside) -> None:
    (office.home / "other.csv").write_text("Zeit;Quelle;Ziel;Anzahl\n05.10.2026 09:00;0201234501;0612345678;2\n")
    names = [f"--column={one}" for one in ("sent_at=Zeit", "from=Quelle", "to=Ziel", "parts=Anzahl")]
    assert read(office, "other.csv", *names)["parts"] == 2
    assert read(office, "other.csv")["duplicates"] == 1


@pytest.mark.parametrize(
    ("data", "more", "code"),
    [
        (b"\x7fELF\0\0", [], "no_columns"),
        (b"a,b\n1,2\n", [], "no_columns"),
        (b"", ["--column", "from"], "bad_column"),
        (b"", ["--column", "colour=x"], "bad_column"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(office: Inside, data: bytes, more: list[str], code: str) -> None:
    path = office.home / "bad.csv"
    path.write_bytes(data)
    answer = office.run("import", "sms", path, "--source", "gateway", "--json", *more)
    assert (answer.code, answer.json["error"]["code"]) == (1, code)
    plain = office.run("import", "sms", path, "--source", "gateway", *more)
    assert (plain.code, plain.err.count("\n"), "Traceback" in plain.err) == (1, 1, False)


def test_report_for_people_ends_with_the_sums(office: Inside) -> None:
    read(office)
    said = balie(office, "report", "sms", "--client", "1001", "--month", "2026-10").out.splitlines()
    assert said[-1] == "1001 Bakker, 2026-10: 4 SMS of 5 parts"
