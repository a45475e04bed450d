"""How many of each agent's notes a sample takes, so that it is fair over agents. Pure: chance is an argument."""

from collections.abc import Mapping
from heapq import heapify, heappop, heappush
from random import Random


def fair_shares(free: Mapping[int, int], had: Mapping[int, int], wanted: int, chance: Random) -> dict[int, int]:
    """Of each agent (by id) how many to take; only those of whom any are taken.

    free: how many there are to choose from; had: how many were taken before. One after the other goes to whoever had
    the fewest so far, by lot among equals: a busy agent is not looked at more often than a quiet one. Fewer than
    wanted where there are not enough.
    """
    turn = [(had.get(agent, 0), chance.random(), agent) for agent in sorted(free) if free[agent] > 0]
    heapify(turn)
    taken: dict[int, int] = {}
    while turn and wanted > 0:
        before, _lot, agent = heappop(turn)
        taken[agent] = taken.get(agent, 0) + 1
        wanted -= 1
        if taken[agent] < free[agent]:
            heappush(turn, (before + 1, chance.random(), agent))
    return taken
