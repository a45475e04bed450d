"""What an import stores, cut into chunks of whole groups, each made ready while the one before is being stored."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import polars as pl

from balie.calls import bulk, store
from balie.calls import legs as leg_store
from balie.calls.fresh import Fresh
from balie.calls.models import Source
from balie.cdr.owner import Owners, owned

T = TypeVar("T")


@dataclass(frozen=True)
class Chunk:
    """Some groups whole. rows, again: calls as table rows (`store.table_rows`), `again` of groups folded anew."""

    rows: pl.DataFrame
    ready: bulk.Ready
    again: pl.DataFrame
    groups_again: list[int]
    legs: list[leg_store.Part]
    is_last: bool


def chunks(found: Fresh, size: int, make: Callable[[pl.DataFrame, pl.DataFrame, bool], Chunk]) -> Iterator[Chunk]:
    """The chunks of a reading's new calls in order of groups; at least one. size: calls in one."""
    calls = found.calls.sort("group", maintain_order=True)
    return ahead(partial(make, *part) for part in slices(found.legs, calls, size))


def slices(legs: pl.DataFrame, calls: pl.DataFrame, size: int) -> Iterator[tuple[pl.DataFrame, pl.DataFrame, bool]]:
    """Legs and calls of whole groups, and whether they are the last. Both are sorted by group: nothing is copied."""
    if calls.height <= size:
        yield legs, calls, True
        return
    at, at_leg = 0, 0
    while at < calls.height:
        last = calls["group"][min(at + size, calls.height) - 1]
        end = int(calls["group"].search_sorted(last, side="right"))
        end_leg = int(legs["group"].search_sorted(last, side="right")) if end < calls.height else legs.height
        yield legs[at_leg:end_leg], calls[at:end], end == calls.height
        at, at_leg = end, end_leg


def ahead(deeds: Iterator[Callable[[], T]]) -> Iterator[T]:
    """The results of some deeds in order; the next one is worked on while the caller uses the last."""
    with ThreadPoolExecutor(1) as other:
        deed = next(deeds, None)
        coming = other.submit(deed) if deed else None
        while coming:
            result = coming.result()
            deed = next(deeds, None)
            coming = other.submit(deed) if deed else None
            yield result


def maker(
    found: Fresh, source: Source, owners: Owners, closed: set[int]
) -> Callable[[pl.DataFrame, pl.DataFrame, bool], Chunk]:
    """What turns legs and calls into a chunk. Works in a thread of its own, so it touches no database."""
    again = list(found.old_keys)

    def make(legs: pl.DataFrame, calls: pl.DataFrame, is_last: bool) -> Chunk:
        rows = owned(calls, owners)
        groups = [group for group in again if group in set(legs["group"])] if again else []
        is_again = rows["group"].is_in(groups)
        table = store.table_rows(rows, source, closed)
        fresh_rows = table.filter(~is_again) if groups else table
        kept = leg_store.parts(legs, newest=found.newest) if found.newest else []
        return Chunk(fresh_rows, store.ready(fresh_rows), table.filter(is_again), groups, kept, is_last)

    return make
