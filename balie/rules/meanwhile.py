"""Two people change the same page: of each value, whose words stand. Nothing here knows what the values mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Merged:
    """values: what shall stand; clashes: names that both changed, each otherwise (the second's words are in values)."""

    values: Mapping[str, Any]
    clashes: tuple[str, ...] = ()


def merged(was: Mapping[str, Any], wanted: Mapping[str, Any], now: Mapping[str, Any]) -> Merged:
    """was: what the page showed; wanted: what was sent from it; now: what stands.

    What the page did not change stays as it stands. A name that is missing says nothing: None.
    """
    found: dict[str, Any] = {}
    clashes = []
    for name in dict.fromkeys((*now, *wanted)):
        mine, theirs, shown = wanted.get(name), now.get(name), was.get(name)
        value = theirs if mine == shown else mine
        if value is not None:
            found[name] = value
        if mine not in (shown, theirs) and theirs != shown:
            clashes.append(name)
    return Merged(found, tuple(clashes))
