"""`balie note`, `balie check recording` and `balie report recording` as scripts use them."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from balie.accounts.models import Agent, Client
from balie.calls.models import Call
from balie.notes.models import Note
from balie.notifications.models import Mail
from tests import make
from tests.inside import Inside

WORLD: dict[str, Any] = {
    "operator": {"name": "De Linde", "language": "nl", "mailboxes": {"call_note_copy": "kwaliteit@linde.example"}},
    "agents": [{"code": "201", "name": "Anna"}, {"code": "202", "name": "Bram"}],
    "clients": [
        {"number": "1001", "name": "Bakker", "email": "info@bakker.example"},
        {"number": "1002", "name": "Fysio", "email": "info@fysio"},
        {"number": "1003", "name": "Van Dam"},
    ],
}
NOTE = ("note", "--client", "1001", "--agent", "201", "--text", "Vraagt om een offerte", "--at", "2026-11-23T10:02")


@pytest.fixture
def office(inside: Inside, tmp_path: Path) -> Inside:
    """Two agents, three clients; Anna had a call for the first at ten o'clock local, forty for nobody in particular."""
    (tmp_path / "world.json").write_text(json.dumps(WORLD))
    assert inside.run("load", tmp_path / "world.json").code == 0
    client, anna = Client.objects.get(number="1001"), Agent.objects.get(code="201")
    make.call(client, agent=anna, key="k1")
    return inside


def test_note_is_taken_by_the_operators_clock_and_queued_with_its_copy(office: Inside) -> None:
    answer = office.run(*NOTE, "--outcome", "callback", "--callback", "06 12345678", "--json")
    assert answer.code == 0, answer
    note = Note.objects.get()
    assert answer.json == {
        "note": note.pk, "client": "1001", "agent": "201", "call": None, "at": "2026-11-23T09:02:00+00:00",
        "caller": "", "caller_name": "", "reason": "", "text": "Vraagt om een offerte", "promised": "",
        "outcome": "callback", "callback": "06 12345678", "urgency": "normal", "fields": {}, "version": 1,
    }  # fmt: skip
    wanted = {("call_note", "info@bakker.example"), ("call_note_copy", "kwaliteit@linde.example")}
    assert set(Mail.objects.values_list("kind", "recipient")) == wanted


def test_same_key_again_returns_the_same_note(office: Inside) -> None:
    first, again = (office.run(*NOTE, "--key", "ticket-7", "--json").json for _ in range(2))
    assert first == again
    assert (Note.objects.count(), Mail.objects.count()) == (1, 2)


@pytest.mark.parametrize("key", ["k" * 200, "k" * 201, "k" * 5000])
def test_key_of_any_length_finds_its_note_again_and_no_other(office: Inside, key: str) -> None:
    """A note is refused for an unknown client, agent or call alone (contract)."""
    first, again, other = (office.run(*NOTE, "--key", one, "--json") for one in (key, key, f"{key[:-1]}j"))
    assert (first.code, again.json, other.code) == (0, first.json, 0)
    assert other.json["note"] != first.json["note"] and Note.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "code", "where"),
    [
        (("--client", "9"), "unknown_client", "client"),
        (("--agent", "9"), "unknown_agent", "agent"),
        (("--call", "k9"), "unknown_call", "call"),
        (("--at", "gisteren"), "bad_time", "at"),
    ],
)
def test_note_that_cannot_be_stored_is_refused(office: Inside, more: tuple[str, str], code: str, where: str) -> None:
    answer = office.run(*NOTE, *more, "--json")
    assert (answer.code, answer.json["error"]["code"], answer.json["error"]["where"]) == (1, code, where)
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        ("--text", ""), ("--text", "hm"), ("--text", "x" * 120_000), ("--callback", "0" * 90),
        ("--text", "\x00\u202e" + "x" * 5000), ("--outcome", "callback"),
        ("--callback", "nee"), ("--client", "1002"), ("--client", "1003"), ("--at", "2031-01-01T00:00"),
        ("--at", "1999-12-31"), ("--call", "k1", "--client", "1003", "--agent", "202"),
    ],
)  # fmt: skip
def test_what_looks_wrong_is_stored_all_the_same(office: Inside, more: tuple[str, ...]) -> None:
    assert office.run(*NOTE, *more).code == 0
    assert Note.objects.count() == 1


def found(office: Inside, *more: str) -> Any:
    return office.run("check", "recording", "--month", "2026-11", "--json", *more).json


def test_check_prints_open_findings_and_again_the_same(office: Inside) -> None:
    assert found(office) == {"month": "2026-11", "findings": []}
    office.run(*NOTE, "--text", "hm")
    office.run("note", "--client", "1002", "--agent", "202", "--call", "k1", "--text", "Belt morgen terug hoor",
               "--at", "2026-11-23T10:03")  # fmt: skip
    short, wrong = Note.objects.order_by("pk")
    wanted = [("short_text", "1001", "201", short.pk), ("two_notes", "1001", "201", short.pk)]
    wanted += [(code, "1002", "202", wrong.pk) for code in ("other_client", "other_agent", "bad_email")]
    document = found(office)
    assert {tuple(row[name] for name in ("code", "client", "agent", "note")) for row in document["findings"]} == set(
        wanted
    )
    assert {row["call"] for row in document["findings"]} == {"k1"}
    assert found(office) == document
    text = office.run("check", "recording", "--month", "2026-11").out.splitlines()
    assert (len(text), text[-1]) == (6, "5 open in 2026-11")


def test_finding_stands_in_the_month_of_its_call(office: Inside) -> None:
    assert office.run(*NOTE, "--call", "k1", "--at", "2026-12-01T09:00").code == 0
    assert office.run("check", "recording", "--month", "2026-12", "--json").json["findings"] == []
    assert "late_note" in {row["code"] for row in found(office)["findings"]}


@pytest.mark.parametrize("month", ["2026-13", "November", "2026"])
def test_month_that_is_none_is_refused(office: Inside, month: str) -> None:
    answer = office.run("check", "recording", "--month", month, "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, "bad_month")


def team(office: Inside) -> None:
    """Anna leaves 2 of 41 calls without a note, Bram 12 of 40."""
    client = Client.objects.get(number="1001")
    for code, left in (("201", 1), ("202", 12)):
        agent = Agent.objects.get(code=code)
        for place, call in enumerate(make.calls(client, 40, start=make.NOW.replace(hour=11))):
            Call.objects.filter(pk=call.pk).update(agent=agent)
            if place >= left:
                Note.objects.create(
                    client=client, agent=agent, call=call, given=call.key, at=call.start + timedelta(minutes=2),
                    received=call.start + timedelta(minutes=2), text=f"Vraagt om een offerte {place}", by="test",
                )  # fmt: skip


def test_report_says_what_is_missing_per_agent_and_who_is_marked(office: Inside) -> None:
    team(office)
    document = office.run("report", "recording", "--month", "2026-11", "--json").json
    assert document == {
        "month": "2026-11",
        "team": {"calls": 81, "missing": 14, "share": 0.17284},
        "agents": [
            {"agent": "201", "calls": 41, "notes": 39, "missing": 2, "share": 0.04878, "low": 0.013481,
             "high": 0.16139, "marked": False, "incorrect": 0},
            {"agent": "202", "calls": 40, "notes": 28, "missing": 12, "share": 0.3, "low": 0.180748,
             "high": 0.4543, "marked": True, "incorrect": 0},
        ],
    }  # fmt: skip


def test_report_says_the_same_in_every_format(office: Inside, tmp_path: Path) -> None:
    team(office)
    report = ("report", "recording", "--month", "2026-11")
    document = office.run(*report, "--format", "json").json
    rows = list(csv.DictReader(io.StringIO(office.run(*report, "--format", "csv").out.removeprefix("\ufeff"))))
    assert [{name: row[name] for name in ("agent", "calls", "notes", "missing")} for row in rows] == [
        {name: str(row[name]) for name in ("agent", "calls", "notes", "missing")} for row in document["agents"]
    ]
    text = office.run(*report).out.splitlines()
    assert [line.split()[:4] for line in text[1:3]] == [["201", "41", "39", "2"], ["202", "40", "28", "12"]]
    assert text[2].endswith("more than the team")
    for ending in ("xlsx", "pdf"):
        assert office.run(*report, "--out", tmp_path / f"recording.{ending}").code == 0
    assert (tmp_path / "recording.xlsx").read_bytes().startswith(b"PK")
    with pikepdf.open(tmp_path / "recording.pdf") as pdf:
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked), len(pdf.pages)) == ("nl", True, 1)


def test_report_of_a_month_without_anything_is_empty(office: Inside, tmp_path: Path) -> None:
    document = office.run("report", "recording", "--month", "2026-09", "--json").json
    assert document == {"month": "2026-09", "team": {"calls": 0, "missing": 0, "share": 0.0}, "agents": []}
    assert office.run("report", "recording", "--month", "2026-09", "--out", tmp_path / "none.pdf").code == 0


HANDLED = {
    "tariffs": [
        {"code": "H", "service": "telephone", "vat_percent": "21", "items": [
            {"meter": "handling_time", "price": "0.60", "increment": "1/1"}]}],
    "clients": [{"number": "1001", "name": "Bakker", "contracts": [{"tariff": "H", "start": "2026-01-01"}]}],
}  # fmt: skip


def seconds(office: Inside, month: str) -> int:
    """Billed seconds of handling."""
    [contract] = office.run("price", "--client", "1001", "--month", month, "--json").json["contracts"]
    [line] = contract["lines"]
    return int(line["quantity"])


def test_price_knows_at_once_how_long_a_call_was_handled(office: Inside) -> None:
    (office.home / "handled.json").write_text(json.dumps(HANDLED))
    assert office.run("load", office.home / "handled.json").code == 0
    call = Call.objects.get()
    before = seconds(office, "2026-11")
    at = (call.start + timedelta(minutes=3)).isoformat()
    assert office.run(*NOTE[:-2], "--call", "k1", "--at", at).code == 0
    assert (before, seconds(office, "2026-11")) == (call.talk, 180)


def test_month_is_closed_with_the_handling_of_its_last_note(office: Inside) -> None:
    (office.home / "handled.json").write_text(json.dumps(HANDLED))
    assert office.run("load", office.home / "handled.json").code == 0
    call = Call.objects.get()
    Call.objects.update(start=call.start - timedelta(days=31))
    at = (call.start - timedelta(days=31) + timedelta(minutes=3)).isoformat()
    assert office.run(*NOTE[:-2], "--call", "k1", "--at", at).code == 0
    assert office.run("close", "--month", "2026-10").code == 0
    assert seconds(office, "2026-10") == 180


def test_watch_knows_at_once_what_handling_cost(office: Inside) -> None:
    flat = {
        "code": "F",
        "service": "telephone",
        "vat_percent": "21",
        "items": [{"meter": "basic_fee", "price": "9.00"}],
    }
    client = {"number": "1001", "name": "Bakker", "contracts": [{"tariff": "F", "start": "2026-10-01"}]}
    world = {"operator": {"costs": {"agent_per_hour": "3600.00"}}, "tariffs": [flat], "clients": [client]}
    (office.home / "flat.json").write_text(json.dumps(world))
    assert office.run("load", office.home / "flat.json").code == 0
    start = Call.objects.get().start - timedelta(days=31)
    Call.objects.update(start=start)
    at = (start + timedelta(minutes=3)).isoformat()
    assert office.run(*NOTE[:-2], "--call", "k1", "--at", at).code == 0
    [task] = office.run("watch", "--month", "2026-10", "--json").json["tasks"]
    assert (task["kind"], task["figures"]["cost"]) == ("uneconomical", "180.00")
