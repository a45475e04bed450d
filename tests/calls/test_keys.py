"""Two different calls that would have one key: the first line read keeps it, the other is kept as a bad line."""

from datetime import timedelta
from typing import Any

import pytest

from balie.calls import store
from balie.calls.actions import imports
from balie.calls.models import BadLine, Call, Import, LegDay, Source
from tests import make
from tests.calls.sample import SAMPLES, calls, counted, sample_world, sums, take
from tests.cdr.legs import BEGIN, line

pytestmark = pytest.mark.django_db
OPTIONS = {"columns": {"start": 0, "caller": 1, "callee": 2, "talk": 3, "key": 4, "client": 5}}
ONE = b"2026-11-02 09:00:00,0612345678,0201234501,30,a,\n"
OTHER = b"2026-11-02 09:00:00,0698765432,0201234501,30,a,\n"
LATER = b"2026-11-20 09:00:00,0612345678,0201234501,30,a,\n"
THIRD = b"2026-11-02 10:00:00,0612345678,0201234501,5,b,\n"
TAKEN = "another call of this phone system has the key a"


def generic() -> Source:
    return sample_world(name="csv", format="generic", options=OPTIONS)


def told(source: Source, data: bytes) -> tuple[int, int, int, int]:
    """lines, calls, duplicates and rejected of an import."""
    result = take(source, data)
    return result.lines, result.calls, result.duplicates, result.rejected


@pytest.mark.parametrize("other", [OTHER, LATER], ids=["same start", "another day"])
@pytest.mark.parametrize("chunk", [1, 80_000], ids=["chunk by chunk", "in one chunk"])
def test_first_line_keeps_the_key_and_everything_else_is_stored(
    other: bytes, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "CHUNKS", dict.fromkeys(imports.CHUNKS, chunk))
    source = generic()
    assert told(source, ONE + other + THIRD + ONE) == (4, 2, 1, 1)
    assert dict(Call.objects.values_list("key", "caller")) == {"a": "+31612345678", "b": "+31612345678"}
    assert list(BadLine.objects.values_list("line", "reason", "text")) == [(2, TAKEN, other.decode().strip())]
    before = calls(), sums()
    assert told(source, ONE + other + THIRD + ONE) == (4, 0, 4, 0)
    assert told(source, other) == (1, 0, 1, 0)
    assert (calls(), sums()) == before
    assert sums() == counted()
    assert BadLine.objects.count() == 1


def test_key_of_an_earlier_import_is_kept_too() -> None:
    source = generic()
    assert told(source, ONE) == (1, 1, 0, 0)
    assert told(source, THIRD + LATER + OTHER) == (3, 1, 0, 2)
    assert set(BadLine.objects.values_list("line", "reason")) == {(2, TAKEN), (3, TAKEN)}
    assert told(source, ONE + OTHER + LATER) == (3, 0, 3, 0)
    assert [call[0] for call in calls()] == ["a", "b"]
    assert sums() == counted()


def test_same_key_of_another_phone_system_is_no_matter() -> None:
    assert told(generic(), ONE) == (1, 1, 0, 0)
    assert told(make.source("other", format="generic", options=OPTIONS), OTHER) == (1, 1, 0, 0)


def test_line_without_key_that_differs_in_ringing_only_is_not_lost_silently() -> None:
    columns = {"start": 0, "caller": 1, "talk": 2, "ring": 3, "client": 4}
    source = sample_world(name="csv", format="generic", options={"columns": columns})
    assert told(source, b"2026-11-02 09:00:00,,0,5,1001\n2026-11-02 09:00:00,,0,9,1001\n") == (2, 1, 0, 1)


def test_channels_number_used_again_by_a_restarted_server_does_not_stop_the_import() -> None:
    source = sample_world()
    a_trunk, agent = "PJSIP/trunk-00000001", "PJSIP/201-00000002"
    first = line(a_trunk, agent, answer=1, talk=5) + "\n"
    again = line(a_trunk, agent, answer=1, talk=7, begin=BEGIN + timedelta(days=9)) + "\n"
    other = line("PJSIP/trunk-00000005", agent, at=60, answer=61, talk=9, begin=BEGIN + timedelta(days=9), call="x")
    other += "\n"
    assert told(source, first.encode()) == (1, 1, 0, 0)
    take(source, line(agent, agent, begin=BEGIN + timedelta(days=8), call="inside").encode() + b"\n")
    assert told(source, (again + other).encode()) == (2, 1, 0, 1)
    assert BadLine.objects.get().reason == "another call of this phone system has the key pbx-1795420800.1"
    assert told(source, (again + other + first).encode()) == (3, 0, 3, 0)
    assert list(Call.objects.order_by("start").values_list("talk", flat=True)) == [5, 9]
    assert sums() == counted()


def test_key_of_a_forwarded_call_that_another_call_has_loses_the_later_group_only() -> None:
    source = sample_world()
    a_trunk, way_out = "PJSIP/trunk-00000001", "PJSIP/trunk-00000002"
    taken = line("PJSIP/trunk-00000003", "PJSIP/201-00000004", answer=1, talk=5, call="a/1")
    onward = line(a_trunk, way_out, at=3, answer=4, talk=8, data="PJSIP/0687650006@trunk,30", call="a")
    assert told(source, f"{taken}\n{onward}\n".encode()) == (2, 1, 0, 1)
    assert [call[0] for call in calls()] == ["a/1"]


def test_later_leg_finds_its_call_after_other_trunks_were_named() -> None:
    source = sample_world()
    a_trunk, way_out, agent = "PJSIP/trunk-00000001", "PJSIP/new-00000002", "PJSIP/201-00000003"
    first = line(a_trunk, agent, answer=1, talk=5)
    later = line(a_trunk, way_out, at=6, answer=7, talk=8, data="PJSIP/0687650006@new,30", sequence=1)
    assert told(source, f"{first}\n".encode()) == (1, 1, 0, 0)
    Source.objects.update(trunks=["PJSIP/new"])
    assert told(source, f"{later}\n".encode()) == (1, 1, 0, 0)
    assert Call.objects.values_list("direction", "talk").get() == ("outbound", 8)
    assert not BadLine.objects.exists()
    assert sums() == counted()


def test_import_killed_by_anything_else_still_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import IntegrityError

    def refuses(*_: Any) -> None:
        raise IntegrityError("something else")

    monkeypatch.setattr(store, "insert", refuses)
    with pytest.raises(IntegrityError, match="something else"):
        take(sample_world(), (SAMPLES / "asterisk/Master.csv").read_bytes())
    assert not (Call.objects.exists() or LegDay.objects.exists() or Import.objects.exists())
