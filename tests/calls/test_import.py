"""Importing: the sample gives what it must, and how the lines arrive never matters."""

import json
import random
from typing import Any

import pytest

from balie.calls.actions import imports
from balie.calls.fresh import Fresh, fresh
from balie.calls.models import BadLine, Call, Import
from balie.rules.errors import Refused
from tests import make
from tests.calls.sample import SAMPLES, calls, counted, emptied, sample_world, sums, take

MASTER = (SAMPLES / "asterisk/Master.csv").read_bytes()
CUSTOM = (SAMPLES / "asterisk/cdr-custom-Master.csv").read_bytes()
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())
TRANSFERS = SAMPLES / "asterisk/transfers-Master.csv"

pytestmark = pytest.mark.django_db


def short(call: Call) -> dict[str, object]:
    from zoneinfo import ZoneInfo

    local = call.start.astimezone(ZoneInfo("Europe/Amsterdam"))
    return {
        "client": call.client.number if call.client else "",
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M:%S}",
        "direction": call.direction,
        "caller": call.caller,
        "agent": call.agent.code if call.agent else "",
        "duration": call.talk,
        "type": call.type,
        "service": call.service,
        "callee": call.callee,
    }


def test_sample_gives_the_expected_calls() -> None:
    result = take(sample_world(), MASTER).document(source="pbx")
    assert {name: result[name] for name in EXPECTED["import"]} == EXPECTED["import"]
    assigned = Call.objects.exclude(client=None).select_related("client", "agent")
    found = [short(call) for call in assigned.order_by("client__number", "start", "key")]
    assert found == EXPECTED["calls"]
    assert list(Call.objects.filter(client=None).values_list("callee", flat=True)) == EXPECTED["unassigned"]


def test_sample_again_gives_nothing_new() -> None:
    source = sample_world()
    take(source, MASTER)
    before = calls(), sums()
    again = take(source, MASTER).document(source="pbx")
    assert {name: again[name] for name in EXPECTED["import_again"]} == EXPECTED["import_again"]
    assert (calls(), sums()) == before


def test_other_column_order_is_the_same_calls() -> None:
    source = sample_world()
    take(source, CUSTOM)
    alone = calls()
    assert take(source, MASTER).duplicates == 13
    take(emptied(), MASTER)
    assert calls() == alone


@pytest.mark.parametrize("seed", range(6))
def test_order_and_pieces_of_arrival_do_not_matter(seed: int) -> None:
    source = sample_world()
    file = MASTER + (TRANSFERS.read_bytes() if TRANSFERS.exists() and seed % 2 else b"")
    take(source, file)
    whole = calls()
    assert sums() == counted()
    source = emptied()
    chance = random.Random(seed)
    lines = file.splitlines(keepends=True)
    if seed:
        chance.shuffle(lines)
    # With the transfers one by one would be 344 imports: tests/cdr/test_recorded.py folds those so.
    size = 8 if seed == 1 else 1 if seed < 3 else max(1, len(lines) // 3)
    for at in range(0, len(lines), size):
        take(source, b"".join(lines[max(0, at - size // 2) : at + size]))
    assert calls() == whole
    assert sums() == counted()


def test_file_that_grows_byte_by_byte_gives_the_same_calls() -> None:
    source = sample_world()
    for end in [*range(0, len(MASTER), 97), len(MASTER)]:
        take(source, MASTER[:end])
    grown = calls()
    take(emptied(), MASTER)
    assert calls() == grown


def test_cut_last_line_waits_until_the_file_is_found_unchanged() -> None:
    source = sample_world()
    cut = MASTER.rstrip(b"\n")
    first = take(source, cut)
    assert (first.lines, first.unread, first.calls) == (12, 1, 11)
    second = take(source, cut)
    assert (second.lines, second.unread, second.calls, second.duplicates) == (13, 0, 1, 12)


def test_bad_lines_are_kept_once_with_reason_number_and_text() -> None:
    source = sample_world()
    make.operator(language="en")
    good = MASTER.splitlines(keepends=True)
    file = good[0] + b"some words\n" + good[1] + b"\n" + good[2].replace(b"2026-11-23", b"2026-13-23") + good[3]
    first = take(source, file)
    assert (first.lines, first.rejected, first.calls) == (5, 2, 3)
    kept = list(BadLine.objects.order_by("line").values_list("line", "reason", "text"))
    assert kept[0] == (2, "1 columns instead of 16 to 21", "some words")
    assert kept[1][:2] == (5, "start, answer or end is no time of this calendar")
    second = take(source, file)
    assert (second.lines, second.rejected, second.duplicates) == (5, 0, 5)


def test_file_of_another_format_is_refused_and_the_manager_sees_why() -> None:
    source = sample_world()
    make.operator(language="en")
    with pytest.raises(Refused, match="no call file of an Asterisk"):
        take(source, b'{"call": 1}\n' * 30)
    assert not Call.objects.exists()
    assert "no call file" in Import.objects.get().problem


def test_leg_that_comes_too_late_for_its_call_is_kept_as_a_bad_line() -> None:
    source = sample_world()
    make.operator(language="en")
    lines = MASTER.splitlines(keepends=True)
    old = [line.replace(b"2026-11-23", b"2026-11-20") for line in lines[6:8]]  # busy, then the other agent
    take(source, old[0])
    take(source, lines[0])
    late = take(source, old[1])
    assert (late.calls, late.rejected) == (0, 1)
    assert "48 hours" in BadLine.objects.get().reason
    again = take(source, old[1])
    assert (again.rejected, again.duplicates) == (0, 1)
    assert [call.type for call in Call.objects.order_by("start")] == ["missed", "accepted"]


def test_leg_that_comes_within_48_hours_folds_its_call_anew() -> None:
    source = sample_world()
    lines = MASTER.splitlines(keepends=True)
    take(source, lines[6])
    take(source, b"".join(lines[9:]))
    after = take(source, lines[7])
    assert (after.calls, after.inbound, after.rejected) == (1, 1, 0)
    assert Call.objects.get(key="taspbx-1795422624.79").type == "accepted"
    assert sums() == counted()


def test_bad_line_goes_when_a_later_leg_decides_its_group() -> None:
    source = sample_world()
    lines = (SAMPLES / "asterisk/atxfer_outside.csv").read_bytes().splitlines(keepends=True)[:7]
    alone = [line for line in lines if b'"Local/' in line and b'"PJSIP/trunk' in line and b";2" in line]
    early = take(source, alone[0].replace(b'"agents"', b'""'))
    assert (early.rejected, early.calls) == (1, 0)
    after = take(source, b"".join(line.replace(b'"agents"', b'""') for line in lines))
    assert (after.rejected, BadLine.objects.count()) == (0, 0)
    assert sorted(call.direction for call in Call.objects.all()) == ["forwarded", "inbound"]
    assert sums() == counted()


def test_phone_system_without_trunks_is_told_of() -> None:
    source = sample_world(name="bare", trunks=[])
    make.operator(language="en")
    assert take(source, MASTER).internal == 12
    source.refresh_from_db()
    assert "No trunk is named" in source.warning


def test_import_that_meets_another_one_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    source = sample_world()
    lines = MASTER.splitlines(keepends=True)
    met: list[bool] = []

    def meets_another(*args: Any) -> Fresh:
        found = fresh(*args)
        if not met:
            met.append(True)
            take(source, b"".join(lines[:5]))
        return found

    monkeypatch.setattr(imports, "fresh", meets_another)
    result = take(source, MASTER)
    assert (result.lines, result.duplicates, result.calls) == (13, 5, 7)
    assert Call.objects.count() == 12
    assert sums() == counted()
