"""Reading Asterisk's files: every column order, and whatever a hostile file may hold."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.cdr import asterisk
from balie.cdr.legs import IDENTITY, Reading
from balie.rules.errors import Refused

MASTER = (Path(__file__).parent.parent / "samples/asterisk/Master.csv").read_bytes()
LINES = MASTER.splitlines(keepends=True)
MIB = 1024 * 1024


def read(data: bytes, *, tail_too: bool = False) -> Reading:
    return asterisk.read(io.BytesIO(data), tail_too=lambda _: tail_too)


def columns(line: bytes) -> list[bytes]:
    """A sample line's columns as written; none of the sample's quoted texts but clid and lastdata hold a comma."""
    found, quoted, start = [], False, 0
    for at, sign in enumerate(line.rstrip(b"\n")):
        if sign == ord('"'):
            quoted = not quoted
        elif sign == ord(",") and not quoted:
            found.append(line[start:at])
            start = at + 1
    return [*found, line.rstrip(b"\n")[start:]]


KEPT = {
    "16": range(16),
    "17 with uniqueid": range(17),
    "17 with userfield": [*range(16), 17],
    "18": range(18),
    "19 without uniqueid and userfield": [*range(16), 18, 19, 20],
    "20 without userfield": [*range(17), 18, 19, 20],
    "20 without uniqueid": [*range(16), 17, 18, 19, 20],
    "21": range(21),
}


@pytest.mark.parametrize("name", KEPT)
def test_cdr_csv_reads_with_any_number_of_columns(name: str) -> None:
    data = b"".join(b",".join(columns(line)[i] for i in KEPT[name]) + b"\n" for line in LINES)
    full, some = read(MASTER), read(data)
    assert (some.lines, some.bad) == (13, [])
    kept = {16: "uniqueid", 17: "userfield", 19: "linkedid"}
    for place, column in kept.items():
        expected = full.rows[column] if place in KEPT[name] else [""] * 13
        assert list(some.rows[column]) == list(expected), column
    same = [each for each in IDENTITY if each != "uniqueid"] + ["lastdata", "accountcode", "billsec", "disposition"]
    assert some.rows.select(same).rows() == full.rows.select(same).rows()


def test_windows_line_ends_are_line_ends() -> None:
    assert read(MASTER.replace(b"\n", b"\r\n")).rows.rows() == read(MASTER).rows.rows()


def test_many_lines_read_in_bulk_as_they_do_one_by_one() -> None:
    bad = b"broken,line\n"
    data = b"".join(line + (bad if i % 50 == 0 else b"") for i, line in enumerate(LINES * 100))
    reading = read(data)
    assert (reading.rows.height, len(reading.bad), reading.lines) == (1300, 26, 1326)
    assert [each.line for each in reading.bad][:3] == [2, 53, 104]


def test_line_with_a_null_byte_is_bad() -> None:
    reading = read(LINES[0] + LINES[1].replace(b"trunk", b"tr\0nk") + LINES[2])
    assert [(each.line, each.reason) for each in reading.bad] == [(2, "contains a null byte")]
    assert "\0" not in reading.bad[0].text


def test_name_in_an_old_encoding_does_not_lose_the_call() -> None:
    reading = read(LINES[9].replace(b"Agent Anna", "Agentin Jürgen".encode("latin-1")))
    assert (reading.rows.height, reading.bad) == (1, [])


def test_ten_thousand_columns_are_a_bad_line() -> None:
    reading = read(LINES[0] + b"a," * 10_000 + b"\n")
    assert [each.reason for each in reading.bad] == ["10001 columns instead of 16 to 21"]


def test_formula_in_a_field_is_text() -> None:
    reading = read(LINES[0].replace(b'"0612345678"', b'"=cmd|calc"'))
    assert reading.rows["src"].to_list() == ["=cmd|calc"]


class Endless(io.RawIOBase):
    """A good line, then one of many megabytes, then a good one; made as it is read."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.parts = [LINES[0], b"", b"\n" + LINES[1]]

    def read(self, size: int = -1) -> bytes:
        if self.parts[0]:
            part, self.parts[0] = self.parts[0], b""
            return part
        if self.left > 0:
            size = min(size, self.left)
            self.left -= size
            return b"x" * size
        part, self.parts[2] = self.parts[2], b""
        return part


def test_gigabyte_line_is_a_bad_line_and_takes_no_memory() -> None:
    import tracemalloc

    tracemalloc.start()
    reading = asterisk.read(Endless(1024 * MIB), tail_too=lambda _: False)  # type: ignore[arg-type]  # reads like a file
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(each.line, each.reason) for each in reading.bad] == [(2, "longer than 65536 bytes")]
    assert (reading.lines, reading.rows.height, len(reading.bad[0].text)) == (3, 2, 4000)
    assert peak < 100 * MIB


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 200,
        b"%PDF-1.7\n" * 100,
        b"a;b;c\n" * 100,
        b"\x1f\x8b\x08" + b"\0" * 5000 + b"\n",
        b"{}\n" * 50,
    ],
)
def test_file_of_another_kind_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        read(data)
    assert refusal.value.code == "wrong_format"
    assert "\n" not in str(refusal.value)


def test_empty_file_is_nothing() -> None:
    reading = read(b"")
    assert (reading.lines, reading.rows.height, reading.bad, reading.unread) == (0, 0, [], 0)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_damage_gives_legs_or_bad_lines(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 6))):
        which = data.draw(st.integers(0, len(lines) - 1))
        at = data.draw(st.integers(0, len(lines[which]) - 1))
        lines[which] = (
            lines[which][:at] + data.draw(st.binary(max_size=12)) + lines[which][at + data.draw(st.integers(0, 9)) :]
        )
    try:
        reading = read(b"".join(lines))
    except Refused:
        return
    assert reading.lines == reading.rows.height + len(reading.bad)
    assert reading.rows.select("channel", "start", "end", "duration").null_count().row(0) == (0, 0, 0, 0)
    for each in reading.bad:
        assert each.reason
        assert "\0" not in each.text


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(MASTER)))
def test_cut_anywhere_leaves_only_the_last_line_unread(cut: int) -> None:
    reading = read(MASTER[:cut])
    assert reading.rows.height == MASTER[:cut].count(b"\n")
    assert (reading.bad, reading.unread) == ([], int(cut > 0 and MASTER[cut - 1 : cut] != b"\n"))
