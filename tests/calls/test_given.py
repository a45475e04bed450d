"""Files given together are one import: a call whose legs lie in several of them is whole, however old it is."""

import io
import random
import re

import pytest

from balie.calls.actions import ImportResult, imports
from balie.calls.actions.imports import import_files
from balie.calls.given import CallFile, NotRead
from balie.calls.models import BadLine, Import, Source
from balie.cli.imports import together
from tests.calls.sample import NOW, SAMPLES, calls, emptied, sample_world, sums, take

MASTER = (SAMPLES / "asterisk/Master.csv").read_bytes()
TRANSFERS = (SAMPLES / "asterisk/transfers-Master.csv").read_bytes()
pytestmark = pytest.mark.django_db


def give(source: Source, *parts: bytes) -> ImportResult:
    files = [CallFile(f"part-{at}.csv", io.BytesIO(data), f"/there/part-{at}.csv") for at, data in enumerate(parts)]
    return import_files(source=source, files=files, now=NOW)


def later(lines: bytes, days: int) -> bytes:
    """The same calls so many days later, as others."""
    moved = re.sub(rb"2026-11-(\d\d)", lambda found: b"2026-11-%02d" % min(int(found[1]) + days, 30), lines)
    return moved.replace(b'"taspbx-', b'"later-').replace(b"-0000", b"-1111")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("file", [MASTER, TRANSFERS], ids=["master", "transfers"])
def test_lines_dealt_out_over_files_are_the_same_calls(file: bytes, seed: int) -> None:
    """Also where a file ends with calls of a week later: legs of the next would come too late by themselves."""
    chance, lines = random.Random(seed), file.splitlines(keepends=True)
    source = sample_world()
    whole = take(source, file)
    expected = calls(), sums()
    source = emptied()
    heaps: list[list[bytes]] = [[], [], []]
    for line in lines:
        chance.choice(heaps).append(line)
    for heap in heaps:
        chance.shuffle(heap)
    found = give(source, *(b"".join(heap) for heap in heaps))
    assert (calls(), sums()) == expected
    names = ("lines", "calls", "inbound", "forwarded", "outbound", "internal", "duplicates", "rejected", "unassigned")
    assert [getattr(found, name) for name in names] == [getattr(whole, name) for name in names]
    kept = Import.objects.filter(source=source).order_by("pk")
    assert [one.lines for one in kept] == [len(heap) for heap in heaps]
    for name in names:
        assert sum(getattr(one, name) for one in kept) == getattr(whole, name), name


def test_old_legs_in_a_second_file_are_not_too_late() -> None:
    lines = MASTER.splitlines(keepends=True)
    source = sample_world()
    take(source, MASTER)
    expected = len(calls())
    source = emptied()
    first, second = b"".join(lines[::2]), b"".join(lines[1::2])
    found = give(source, first + later(lines[0], 7), second)
    assert (found.rejected, len(calls())) == (0, expected + 1)


def test_bad_lines_are_of_their_file_and_numbered_as_there() -> None:
    lines, source = MASTER.splitlines(keepends=True), sample_world()
    give(source, lines[0] + b"none\n", b"neither\n" + lines[1] + b"none\n", lines[2])
    found = BadLine.objects.order_by("imported__pk", "line").values_list("imported__name", "line", "text")
    assert list(found) == [("part-0.csv", 2, "none"), ("part-1.csv", 1, "neither")]
    assert list(Import.objects.order_by("pk").values_list("rejected", "duplicates")) == [(1, 0), (1, 1), (0, 0)]


def test_leg_that_came_too_late_is_kept_with_its_file_and_text() -> None:
    lines, source = MASTER.splitlines(keepends=True), sample_world()
    take(source, lines[0] + later(lines[0], 7))
    other = re.sub(rb'"PJSIP/(\d+)-0', rb'"PJSIP/\1-f', lines[0])
    assert other != lines[0]
    give(source, b"none\n", lines[1] + other)
    late = BadLine.objects.exclude(text="none").get()
    assert (late.imported.name, late.line, late.text.encode()) == ("part-1.csv", 2, other.rstrip())


def test_none_is_stored_where_one_is_no_call_file() -> None:
    source = sample_world()
    with pytest.raises(NotRead) as refused:
        give(source, MASTER, b"root:x:0:0\n" * 50)
    assert refused.value.where == "/there/part-1.csv, line 1"
    assert calls() == []
    assert [(one.name, bool(one.problem)) for one in Import.objects.all()] == [("part-1.csv", True)]


def test_cut_last_line_of_each_file_is_left() -> None:
    lines, source = MASTER.splitlines(keepends=True), sample_world()
    found = give(source, lines[0] + lines[1][:40], lines[2] + lines[3][:40])
    assert (found.unread, found.lines, found.rejected) == (2, 2, 0)
    assert give(source, lines[0] + lines[1], lines[2] + lines[3]).duplicates == 2


def test_formats_of_a_line_a_call_are_given_together_too() -> None:
    columns = {"start": "start", "callee": "callee", "caller": "caller", "talk": "talk", "key": "key"}
    sample_world()
    source = emptied()
    Source.objects.filter(pk=source.pk).update(format="generic", options={"columns": columns}, trunks=[])
    source.refresh_from_db()
    head = b"start,caller,callee,talk,key\n"
    one, other = (head + b"2026-11-0%d 09:00:00,0612345678,0201234501,%d0,k%d\n" % (n, n, n) for n in (1, 2))
    found = give(source, one, other, one)
    assert (found.calls, found.duplicates) == (2, 1)
    assert list(Import.objects.order_by("pk").values_list("calls", flat=True)) == [1, 1, 0]


def test_chunks_count_for_their_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "CHUNKS", {"sqlite": 3, "postgresql": 3})
    lines, source = MASTER.splitlines(keepends=True), sample_world()
    half = len(lines) // 2
    found = give(source, b"".join(lines[:half]), b"".join(lines[half:]))
    kept = Import.objects.order_by("pk")
    assert sum(one.calls for one in kept) == found.calls == len(calls())
    assert all(one.calls for one in kept)


def test_files_too_large_for_memory_are_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balie.cli.imports.MOST_TOGETHER", 10)
    files = [CallFile(str(size), io.BytesIO(b"x" * size)) for size in (4, 5, 2, 30, 1, 9)]
    assert [[file.name for file in some] for some in together(files)] == [["4", "5"], ["2"], ["30"], ["1", "9"]]
