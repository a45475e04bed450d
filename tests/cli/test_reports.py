"""`balie report`, `balie close` and `balie calls export` as people and scripts use them."""

import csv
import io
import json
import pty
import subprocess
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.installation import COMMAND, Installation, Installations

SAMPLES = Path(__file__).parent.parent / "samples"
NOVEMBER = ("--month", "2026-11")
CLIENT = ("--client", "1002", *NOVEMBER)


@pytest.fixture(scope="module")
def office(installations: Installations) -> Installation:
    """The sample world with the calls of its Asterisk; nobody closes a month here."""
    made = installations.ready()
    assert made.run("load", SAMPLES / "world.json").code == 0
    assert made.run("import", "calls", SAMPLES / "asterisk/Master.csv", "--source", "pbx").code == 0
    return made


@pytest.fixture(scope="module")
def expected() -> Any:
    return json.loads((SAMPLES / "expected.json").read_text())


def test_calls_of_every_client_are_those_expected(office: Installation, expected: Any) -> None:
    found = []
    for client in sorted({call["client"] for call in expected["calls"]}):
        calls = office.run("report", "calls", "--client", client, *NOVEMBER, "--format", "json").json
        found += [
            {"client": client, **{name: value for name, value in call.items() if name != "key"}} for call in calls
        ]
    assert found == expected["calls"]


def test_month_report_counts_the_unassigned(office: Installation, expected: Any) -> None:
    report = office.run("report", "month", *NOVEMBER, "--json").json
    assert report["unassigned"] == {"calls": len(expected["unassigned"])}
    assert [client["client"] for client in report["clients"]] == [
        "1001",
        "1002",
        "1003",
        "1004",
        "1005",
        "1007",
        "1008",
    ]
    assert report["clients"][1]["inbound"] == {"calls": 2, "seconds": 9, "missed": 1}


def test_text_is_for_people(office: Installation) -> None:
    calls = office.run("report", "calls", *CLIENT)
    assert calls.out.splitlines()[-1] == "1002 Notariskantoor Van Dam, 2026-11: 2 calls, 1 missed, 0:00:09"
    assert calls.out.splitlines()[1].split() == [
        "2026-11-23", "09:30:18", "inbound", "+31612345678", "+31201234502", "202", "0:00:02", "accepted",
    ]  # fmt: skip
    assert "2 calls belong to no client." in office.run("report", "month", *NOVEMBER).out


def test_csv_goes_to_standard_output(office: Installation) -> None:
    answer = office.run("report", "calls", *CLIENT, "--format", "csv")
    assert [row["duration"] for row in csv.DictReader(io.StringIO(answer.out))] == ["0", "2", "7"]
    assert answer.err == ""


@pytest.mark.parametrize(("format", "begin"), [("xlsx", b"PK"), ("pdf", b"%PDF-1.7")])
@pytest.mark.parametrize("report", [("calls", *CLIENT), ("month", *NOVEMBER)])
def test_binary_formats_are_written_whole(
    office: Installation, report: tuple[str, ...], format: str, begin: bytes, tmp_path: Path
) -> None:
    out = tmp_path / f"out.{format}"
    answer = office.run("report", *report, "--out", out)
    assert (answer.code, answer.out, answer.err) == (0, "", f"{out} written, {out.stat().st_size} bytes.\n")
    assert out.read_bytes().startswith(begin)
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    piped = subprocess.run(
        [COMMAND, "report", *report, "--format", format], env=office.environment(), capture_output=True, check=True
    )
    assert piped.stdout.startswith(begin)


def test_out_with_json_says_what_was_written(office: Installation, tmp_path: Path) -> None:
    out = tmp_path / "calls.csv"
    answer = office.run("report", "calls", *CLIENT, "--format", "csv", "--out", out, "--json")
    assert answer.json == {"file": str(out), "bytes": out.stat().st_size}


def test_terminal_is_not_flooded_with_binary(office: Installation) -> None:
    _, terminal = pty.openpty()
    answer = subprocess.run(
        [COMMAND, "report", "month", *NOVEMBER, "--format", "xlsx"],
        env=office.environment(), stdout=terminal, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 1
    assert answer.stderr == "balie: out: A terminal cannot show xlsx; give --out FILE or redirect the output.\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("calls", "--client", "4711", *NOVEMBER), 'client: There is no client "4711".'),
        (
            ("calls", "--client", "1001", "--month", "2026-13"),
            "month: There is no month '2026-13'; write it as YYYY-MM, for instance 2026-11.",
        ),
        (
            ("month", "--month", "november"),
            "month: 'november' is not a month; write it as YYYY-MM, for instance 2026-11.",
        ),
        (
            ("calls", *CLIENT, "--format", "pdf", "--revision", "1"),
            "month: There is no statement of 2026-11 yet: the month is not closed.",
        ),
        (
            ("calls", *CLIENT, "--format", "csv", "--revision", "1"),
            "revision: Only whole statements have revisions, and they are PDF files.",
        ),
        (("month", *NOVEMBER, "--format", "csv", "--out", "."), ".: cannot be written: Is a directory"),
        (
            ("month", *NOVEMBER, "--out", "missing/report.csv"),
            "missing/report.csv: cannot be written: No such file or directory",
        ),
        (("month", *NOVEMBER, "--out", "report"), "format: Say the format of report with --format json|csv|xlsx|pdf."),
    ],
)
def test_what_a_user_can_mend_is_one_line(office: Installation, arguments: tuple[str, ...], line: str) -> None:
    answer = office.run("report", *arguments)
    assert (answer.code, answer.out, answer.err) == (1, "", f"balie: {line}\n")


def test_refusal_with_json_is_a_document(office: Installation) -> None:
    answer = office.run("report", "calls", "--client", "4711", *NOVEMBER, "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, "unknown_client")


@pytest.mark.parametrize(
    "arguments",
    [("calls", *NOVEMBER), ("calls", *CLIENT, "--format", "docx"), ("calls", *CLIENT, "--revision", "0"), ("weeks",)],
)
def test_wrong_usage_is_exit_2(office: Installation, arguments: tuple[str, ...]) -> None:
    assert office.run("report", *arguments).code == 2


# Closing


@pytest.fixture
def own_office(installations: Installations, office: Installation) -> Installation:
    """A copy in which months may be closed."""
    return installations.new(template=office)


def test_close_makes_the_statements_and_their_revisions(own_office: Installation, tmp_path: Path) -> None:
    first = own_office.run("close", "--month", "2026-01", "--json")
    assert {**first.json, "seconds": 0} == {"month": "2026-01", "statements": 7, "revisions": 0, "seconds": 0}
    assert first.err == ""  # the phone system has delivered since: a month without calls is nothing to warn of
    again = own_office.run("close", "--month", "2026-01")
    assert again.out.startswith("2026-01 is closed: 0 statements, 0 revisions made in ")

    calls = ("report", "calls", "--client", "1001", "--month", "2026-01", "--format", "pdf")
    kept = own_office.home / "files/statements/2026-01/1001-r1.pdf"
    for name, revision in (("newest", ()), ("first", ("--revision", "1"))):
        assert own_office.run(*calls, *revision, "--out", tmp_path / name).code == 0
        assert (tmp_path / name).read_bytes() == kept.read_bytes()
    assert own_office.run(*calls, "--revision", "2", "--out", tmp_path / "x").err == (
        "balie: revision: There is no revision 2 of 1001's statement of 2026-01; there is 1.\n"
    )

    late = tmp_path / "late.csv"
    late.write_text(late_line())
    assert own_office.run("import", "calls", late, "--source", "pbx", "--json").json["calls"] == 1
    assert own_office.run("report", "calls", "--client", "1001", "--month", "2026-01", "--json").json[0]["late"] is True
    third = own_office.run("close", "--month", "2026-01", "--json").json
    assert (third["statements"], third["revisions"]) == (0, 1)
    assert own_office.run(*calls, "--out", tmp_path / "new").code == 0
    assert (tmp_path / "new").read_bytes() != kept.read_bytes()
    assert own_office.run(*calls, "--revision", "1", "--out", tmp_path / "old").code == 0
    assert (tmp_path / "old").read_bytes() == kept.read_bytes()


def late_line() -> str:
    """An accepted call of January, as the phone system of the sample would have written it."""
    times = ",".join(f'"2026-01-15 10:00:{second:02d}"' for second in (0, 2, 30))
    leg = '"c1001","0612345678","0201234501","from-trunk","","PJSIP/trunk-00000f00","PJSIP/201-00000f01"'
    ending = '30,28,"ANSWERED","DOCUMENTATION","taspbx-1768467600.0","did:0201234501","","taspbx-1768467600.0",0'
    return f'{leg},"Queue","agents",{times},{ending}\n'


def test_month_that_is_not_over_is_refused(office: Installation) -> None:
    answer = office.run("close", "--month", "2999-01", "--json")
    assert (answer.code, answer.json["error"]["message"]) == (
        1,
        "2999-01 is not over yet; only past months can be closed.",
    )


# Calls in bulk


def test_export_writes_a_file_a_month(office: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "calls"
    range_ = ("--from", "2026-10", "--to", "2026-12")
    answer = office.run("calls", "export", *range_, "--parquet", folder, "--json")
    assert {**answer.json, "seconds": 0} == {"from": "2026-10", "to": "2026-12", "files": 3, "calls": 12, "seconds": 0}
    assert sorted(path.name for path in folder.iterdir()) == [f"calls-2026-{month}.parquet" for month in (10, 11, 12)]
    frame = pl.read_parquet(folder / "calls-2026-11.parquet")
    assert frame.height == 12
    assert frame.filter(pl.col("client") == "1001").select("date", "time", "direction", "agent", "talk").rows() == [
        (frame["date"][0], frame["time"][0], "inbound", "201", 3),
        (frame["date"][0], frame.filter(pl.col("direction") == "outbound")["time"][0], "outbound", "201", 2),
    ]


@pytest.mark.parametrize(
    ("first", "last", "line"),
    [
        ("2026-12", "2026-11", "balie: from: 2026-12 comes after 2026-11.\n"),
        ("2026", "2026-11", "balie: month: '2026' is not a month; write it as YYYY-MM, for instance 2026-11.\n"),
    ],
)
def test_export_of_no_months_is_one_line(
    office: Installation, first: str, last: str, line: str, tmp_path: Path
) -> None:
    answer = office.run("calls", "export", "--from", first, "--to", last, "--parquet", tmp_path / "calls")
    assert (answer.code, answer.err) == (1, line)
