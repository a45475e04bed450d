"""Who has a thing from which day to which."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules.spans import SILENT, Claim, Day, SharedDay, Span, settle

JAN, FEB, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
LAST_OF_JAN, LAST_OF_FEB = date(2026, 1, 31), date(2026, 2, 28)


def settled(stored: list[Span], *claims: Claim) -> list[tuple[int, date | None, date | None, bool]]:
    """Owner, days and whether it is new, in order of time."""
    spans = settle(stored, claims)
    return [(s.owner, s.first, s.last, s.row is None) for s in sorted(spans, key=lambda span: span.begin)]


def span(owner: int, first: date | None = None, last: date | None = None) -> Span:
    return Span(owner, first, last, row=f"{owner} {first}")


def claim(owner: int, first: Day = SILENT, last: Day = SILENT, where: str = "numbers[0]") -> Claim:
    return Claim(where, owner, first, last)


def test_first_claim_makes_a_span() -> None:
    assert settled([], claim(1, JAN)) == [(1, JAN, None, True)]
    assert settled([], claim(1)) == [(1, None, None, True)]


def test_claim_of_same_first_day_changes_what_it_mentions() -> None:
    assert settled([span(1, JAN, LAST_OF_JAN)], claim(1, JAN)) == [(1, JAN, LAST_OF_JAN, False)]
    assert settled([span(1, JAN, LAST_OF_JAN)], claim(1, JAN, None)) == [(1, JAN, None, False)]
    assert settled([span(1, JAN)], claim(1, JAN, LAST_OF_JAN)) == [(1, JAN, LAST_OF_JAN, False)]


def test_claim_of_another_owner_with_same_first_day_corrects_the_owner() -> None:
    assert settled([span(1, JAN)], claim(2, JAN)) == [(2, JAN, None, False)]
    assert settled([span(1)], claim(2)) == [(2, None, None, False)]


def test_claim_without_first_day_takes_nothing_from_an_owner_who_keeps_it() -> None:
    for first in (SILENT, None):
        with pytest.raises(SharedDay) as refused:
            settle([span(1)], [claim(2, first)], keep=[1])
        assert (refused.value.earlier.owner, refused.value.later.owner) == (1, 2)
    assert [one.owner for one in settle([span(1, JAN)], [claim(2, JAN)], keep=[1])] == [2]
    assert [one.owner for one in settle([span(1)], [claim(1)], keep=[1])] == [1]


def test_claim_of_same_owner_with_other_first_day_corrects_the_day() -> None:
    assert settled([span(1, FEB)], claim(1, JAN)) == [(1, JAN, None, False)]


def test_claim_without_first_day_is_about_the_owners_latest_span() -> None:
    stored = [span(1, None, LAST_OF_JAN), span(2, FEB, LAST_OF_FEB), span(1, MARCH)]
    assert settled(stored, claim(1, last=date(2026, 3, 31))) == [
        (1, None, LAST_OF_JAN, False),
        (2, FEB, LAST_OF_FEB, False),
        (1, MARCH, date(2026, 3, 31), False),
    ]


def test_claim_after_an_ended_span_of_the_same_owner_is_a_new_span() -> None:
    assert settled([span(1, JAN, LAST_OF_JAN)], claim(1, MARCH)) == [
        (1, JAN, LAST_OF_JAN, False),
        (1, MARCH, None, True),
    ]


def test_shared_day_is_refused_with_the_later_claims_path() -> None:
    with pytest.raises(SharedDay) as refused:
        settle([span(1, JAN)], [claim(2, FEB)])
    assert (refused.value.where, refused.value.earlier.owner, refused.value.later.owner) == ("numbers[0]", 1, 2)
    with pytest.raises(SharedDay) as refused:
        settle([], [claim(1, JAN, FEB, where="a"), claim(2, FEB, where="b")])
    assert refused.value.where == "b"
    with pytest.raises(SharedDay) as refused:
        settle([span(2, FEB)], [claim(1, JAN, where="a")])
    assert refused.value.where == "a"


def test_shared_day_under_a_long_span_is_found() -> None:
    with pytest.raises(SharedDay):
        settle([span(1, JAN), span(2, FEB, LAST_OF_FEB)], [claim(3, MARCH)])


def test_neighbours_share_no_day() -> None:
    move = [claim(1, JAN, LAST_OF_JAN), claim(2, FEB)]
    assert settled([span(1, JAN)], *move) == [(1, JAN, LAST_OF_JAN, False), (2, FEB, None, True)]


def test_what_is_only_stored_is_not_refused() -> None:
    stored = [span(1, JAN, LAST_OF_JAN), span(2, JAN, LAST_OF_JAN)]
    assert len(settle(stored, [claim(3, MARCH)])) == 3


days = st.none() | st.dates(JAN, JAN + timedelta(days=40))
claims = st.lists(st.builds(Claim, st.uuids().map(str), st.integers(1, 3), days | st.just(SILENT), days), max_size=4)


@given(claims, claims)
def test_settled_spans_never_share_a_day_and_settle_again_as_they_are(first: list[Claim], then: list[Claim]) -> None:
    spans: list[Span] = []
    for said in (first, then, then):
        before = [Span(s.owner, s.first, s.last, row=s) for s in spans]
        try:
            spans = settle(before, said)
        except SharedDay:
            return
        if any(span.end < span.begin for span in spans):
            return  # an end before its beginning is refused by whoever takes it
        ordered = sorted(spans, key=lambda s: s.begin)
        assert all(earlier.end < later.begin for earlier, later in pairwise(ordered))
    assert all(s.row is not None for s in spans)
