"""Notes and calls brought together: against every way there is, on small cases."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules.matching import Moment, Spell, apart, cost, matched

TOLERANCE, EARLY = 20, 9
MOMENTS = st.lists(st.integers(0, 60), max_size=5).map(
    lambda seconds: [Moment(number, at) for number, at in enumerate(seconds, start=100)]
)
# Long ones too, so that some lie within others, as when a caller is put on hold.
SPELLS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40), st.sampled_from([0, 0, 0, 7])), max_size=5).map(
    lambda parts: [Spell(key, start, start + long, extra) for key, (start, long, extra) in enumerate(parts)]
)


Score = tuple[int, int, int]


def score(pairs: dict[int, int], notes: list[Moment], calls: list[Spell]) -> Score:
    """Pairs not made, what those made cost, and how unevenly: less is better."""
    by_number, by_key = {one.number: one for one in notes}, {one.key: one for one in calls}
    assert all(apart(by_number[number], by_key[key]) <= TOLERANCE for number, key in pairs.items())
    costs = [cost(by_number[number], by_key[key], early=EARLY) for number, key in pairs.items()]
    return -len(pairs), sum(costs), sum(cost * cost for cost in costs)


def best(notes: list[Moment], calls: list[Spell]) -> Score:
    """The best score of all ways to pair them."""
    fewer, more = min(len(notes), len(calls)), [*range(len(calls)), *[-1] * len(notes)]
    found = (0, 0, 0)
    for way in set(permutations(more, len(notes))) if fewer else ():
        pairs = {
            note.number: calls[place].key
            for note, place in zip(notes, way, strict=True)
            if place >= 0 and apart(note, calls[place]) <= TOLERANCE
        }
        found = min(found, score(pairs, notes, calls))
    return found


@given(MOMENTS, SPELLS)
def test_no_way_to_pair_them_is_better(notes: list[Moment], calls: list[Spell]) -> None:
    pairs = matched(notes, calls, tolerance=TOLERANCE, early=EARLY)
    assert len(set(pairs.values())) == len(pairs)
    assert score(pairs, notes, calls) == best(notes, calls)


@given(MOMENTS, SPELLS, st.randoms(use_true_random=False))
def test_order_of_arrival_changes_nothing(notes: list[Moment], calls: list[Spell], chance: object) -> None:
    pairs = matched(notes, calls, tolerance=TOLERANCE, early=EARLY)
    assert matched(notes[::-1], calls[::-1], tolerance=TOLERANCE, early=EARLY) == pairs
    getattr(chance, "shuffle")(notes)  # noqa: B009 - hypothesis gives it no better type
    getattr(chance, "shuffle")(calls)  # noqa: B009
    assert matched(notes, calls, tolerance=TOLERANCE, early=EARLY) == pairs


def test_many_notes_and_calls_are_paired_as_well_as_they_can_be() -> None:
    """A day of one agent with a note after each call but every tenth, and one note too many."""
    calls = [Spell(number, number * 100, number * 100 + 80) for number in range(400)]
    notes = [Moment(number, number * 100 + 85) for number in range(400) if number % 10]
    pairs = matched([*notes, Moment(1000, 20_085)], calls, tolerance=3600)
    assert len(pairs) == len(notes) + 1
    assert {number: key for number, key in pairs.items() if key < 150} == {n: n for n in range(150) if n % 10}


@pytest.mark.parametrize(
    ("notes", "calls", "pairs"),
    [
        ([(1, 50)], [], {}),
        ([], [(1, 0, 9)], {}),
        ([(1, 29)], [(1, 0, 9)], {1: 1}),
        ([(1, 30)], [(1, 0, 9)], {}),
        ([(1, 10)], [(1, 30, 40)], {1: 1}),
        ([(1, 9)], [(1, 30, 40)], {}),
        ([(1, 15)], [(1, 0, 10), (2, 20, 30)], {1: 1}),  # as near to both: the earlier
        ([(1, 12), (2, 12)], [(1, 0, 10)], {1: 1}),
        ([(1, 26), (2, 28)], [(1, 0, 10), (2, 20, 25)], {1: 1, 2: 2}),  # one to one, though both are nearer to 2
        ([(1, 22), (2, 50)], [(1, 0, 48), (2, 10, 20)], {1: 2, 2: 1}),  # one caller on hold: pairs cross
    ],
)
def test_pairs_of(
    notes: list[tuple[int, int]], calls: list[tuple[int, int, int]], pairs: dict[int, int]
) -> None:  # fmt: skip
    moments, spells = [Moment(*note) for note in notes], [Spell(*call) for call in calls]
    assert matched(moments, spells, tolerance=TOLERANCE) == pairs


def test_call_that_had_not_begun_is_further() -> None:
    calls = [Spell(1, 0, 10), Spell(2, 25, 30)]
    assert matched([Moment(1, 20)], calls, tolerance=TOLERANCE) == {1: 2}
    assert matched([Moment(1, 20)], calls, tolerance=TOLERANCE, early=6) == {1: 1}
    assert matched([Moment(1, 20)], calls[1:], tolerance=TOLERANCE, early=6) == {1: 2}


def test_calls_of_the_same_seconds_are_told_apart_by_name_and_not_by_when_they_came() -> None:
    [first], [second] = (
        matched([Moment(1, 30)], [Spell(one, 0, 25, name="b"), Spell(other, 0, 25, name="a")], tolerance=9).values()
        for one, other in ((1, 2), (2, 1))
    )
    assert (first, second) == (2, 1)
