"""A sample of notes is fair over agents: whoever had the fewest comes next, by lot among equals."""

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from balie.rules.sampling import fair_shares

COUNTS = st.dictionaries(st.integers(1, 12), st.integers(0, 30))


def test_a_busy_agent_is_not_looked_at_more_often_than_a_quiet_one() -> None:
    assert fair_shares({1: 900, 2: 10, 3: 10}, {}, 9, Random(1)) == {1: 3, 2: 3, 3: 3}


def test_whoever_was_looked_at_before_waits_until_the_others_were() -> None:
    assert fair_shares({1: 50, 2: 50, 3: 50}, {1: 4, 2: 1}, 5, Random(1)) == {2: 2, 3: 3}
    assert fair_shares({1: 50, 2: 50, 3: 50}, {1: 4, 2: 1}, 10, Random(1)) == {1: 1, 2: 4, 3: 5}


def test_one_note_of_three_agents_is_anybodys() -> None:
    drawn = Counter(next(iter(fair_shares({1: 9, 2: 9, 3: 9}, {}, 1, Random(seed)))) for seed in range(300))
    assert set(drawn) == {1, 2, 3} and min(drawn.values()) > 60


@given(COUNTS, COUNTS, st.integers(0, 60), st.integers())
def test_as_many_as_wanted_or_all_there_are_and_nobody_more_than_his_share(
    free: dict[int, int], had: dict[int, int], wanted: int, seed: int
) -> None:
    taken = fair_shares(free, had, wanted, Random(seed))
    assert sum(taken.values()) == min(wanted, sum(free.values()))
    assert all(0 < number <= free[agent] for agent, number in taken.items())
    after = {agent: had.get(agent, 0) + taken.get(agent, 0) for agent in free}
    # Whoever got one has at most one more than anybody of whom more could have been taken.
    left = [after[agent] for agent in free if taken.get(agent, 0) < free[agent]]
    assert all(after[agent] <= min(left) + 1 for agent in taken if left)
