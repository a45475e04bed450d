"""Ranges and lists of telephone numbers as people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules.phone import parsed
from balie.rules.ranges import LONGEST_TEXT, MOST, BadPart, Flaw, Pasted, read, runs, written

HUNDRED = tuple(f"+312012345{last:02d}" for last in range(100))


@pytest.mark.parametrize(
    "text",
    [
        "020 123 45 00 - 020 123 45 99",
        "+31201234500..99",
        "+31201234500…+31201234599",
        "020-1234500 t/m 599",
        "0201234500–99",
        "+31 (0)20 123 4500 .. 020 123 45 99",
        "(020) 123 45 00 tot 99",
        "0031201234500 TO 1234599",
        "0201234500-0201234599",
    ],
)
def test_range_is_all_its_numbers_however_it_is_written(text: str) -> None:
    assert read(text, "NL") == Pasted(HUNDRED, (), 0)


def test_list_may_have_lines_commas_quotes_and_a_heading() -> None:
    text = '\ufeff"number";"city"\n"020 123 4501","Amsterdam"\n\n0201234502, 020-1234503;+31 20 123 4504\r\n'
    assert read(text, "NL").numbers == HUNDRED[1:5]
    assert read(text, "NL").bad == ()


def test_what_is_no_number_is_told_with_its_line_and_why() -> None:
    text = "\n".join(
        ("020 123 4501", "12", "nonsense", "0201234505..03", "0201234505 - 030 12", "x..y 5", "0201234500..0301234599")
    )
    assert read(text, "NL").bad == (
        BadPart(2, "12", Flaw.NO_NUMBER),
        BadPart(3, "nonsense", Flaw.NO_NUMBER),
        BadPart(4, "0201234505..03", Flaw.BACKWARDS),
        BadPart(5, "0201234505 - 030 12", Flaw.BACKWARDS),
        BadPart(6, "x..y 5", Flaw.NO_NUMBER),
        BadPart(7, "0201234500..0301234599", Flaw.TOO_MANY),
    )


def test_number_with_too_few_digits_is_none_however_it_is_written() -> None:
    text = "+312055502\n020 5550 2\n0612345\n020 555 02 - 020 555 09\n14020\n0800 1234"
    assert read(text, "NL") == Pasted(
        ("+3114020", "+318001234"),
        (
            BadPart(1, "+312055502", Flaw.NO_NUMBER),
            BadPart(2, "020 5550 2", Flaw.NO_NUMBER),
            BadPart(3, "0612345", Flaw.NO_NUMBER),
            BadPart(4, "020 555 02 - 020 555 09", Flaw.NO_NUMBER),
        ),
        0,
    )


def test_number_said_twice_counts_once() -> None:
    assert read("+31201234501..03\n020 123 4502", "NL") == Pasted(HUNDRED[1:4], (), 1)


def test_more_than_there_may_be_at_once_are_left_out_whole() -> None:
    said = read("+31201230000..9999\n+31201240000", "NL")
    assert (len(said.numbers), said.bad) == (MOST, (BadPart(2, "+31201240000", Flaw.TOO_MANY),))
    assert read("+31201230000 - +31201240000", "NL").bad[0].why is Flaw.TOO_MANY


def test_national_numbers_are_those_of_the_region() -> None:
    assert read("030 1234500 bis 02", "DE").numbers == ("+49301234500", "+49301234501", "+49301234502")
    assert read("91 234 56 00..01", "ES").numbers == ("+34912345600", "+34912345601")


def test_end_of_another_country_is_no_range() -> None:
    assert read("+31201234500 - +49301234599", "NL").bad[0].why is Flaw.NO_RANGE


@given(st.sets(st.integers(312012_00000, 312012_99999), max_size=60))
def test_what_is_written_as_ranges_is_read_again(wanted: set[int]) -> None:
    numbers = [f"+{number}" for number in sorted(wanted)]
    assert read(written(numbers), "NL") == Pasted(tuple(numbers), (), 0)
    assert sum(int(last) - int(first) + 1 for first, last in runs(numbers)) == len(numbers)


@given(
    st.text(max_size=200) | st.text(alphabet="0123456789+-. ()…–\n,;abt/m", max_size=120),
    st.sampled_from(["NL", "DE", "ES"]),
)
def test_whatever_is_pasted_only_numbers_come_out(text: str, region: str) -> None:
    said = read(text, region)
    assert len(said.numbers) <= MOST and len(set(said.numbers)) == len(said.numbers)
    assert [number for number in said.numbers if not number.startswith("+") or not parsed(number, "ZZ")] == []
    assert all(1 <= bad.line <= len(text.splitlines()) and 0 < len(bad.text) <= LONGEST_TEXT for bad in said.bad)


@given(st.integers(0, 9999), st.integers(0, 9999))
def test_range_has_as_many_numbers_as_lie_between_its_ends(first: int, last: int) -> None:
    said = read(f"+3120123{first:04d} - +3120123{last:04d}", "NL")
    assert len(said.numbers) == max(0, last - first + 1)
    assert bool(said.bad) == (last < first)
