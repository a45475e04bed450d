"""What an import stores, cut into chunks of whole groups, each made ready while the one before is being stored."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import polars as pl

from balie.calls import bulk, store
from balie.calls import legs as leg_store
from balie.calls.folding import Folding, folded
from balie.calls.fresh import Fresh
from balie.calls.models import Source
from balie.cdr.legs import PhoneSystem
from balie.cdr.owner import Owners, owned

T = TypeVar("T")


@dataclass(frozen=True)
class Chunk:
    """Some groups whole. rows, again: calls as table rows (`store.table_rows`), `again` of groups folded anew."""

    folding: Folding
    rows: pl.DataFrame
    ready: bulk.Ready
    again: pl.DataFrame
    legs: list[leg_store.Part]
    is_last: bool


@dataclass(frozen=True)
class Maker:
    """What turns legs into a chunk. Works in a thread of its own, so it touches no database."""

    found: Fresh
    source: Source
    system: PhoneSystem
    owners: Owners
    closed: set[int]

    def __call__(self, legs: pl.DataFrame, is_last: bool) -> Chunk:
        return self.chunk(folded(self.found, legs, self.system), is_last)

    def chunk(self, made: Folding, is_last: bool) -> Chunk:
        """What was folded, ready to be stored."""
        rows = owned(made.calls, self.owners)
        is_again = rows["group"].is_in(list(made.old_keys))
        table = store.table_rows(rows, self.source, self.closed)
        new = table.filter(~is_again) if made.old_keys else table
        kept = leg_store.parts(made.legs, newest=self.found.newest) if self.found.newest else []
        return Chunk(made, new, store.ready(new), table.filter(is_again), kept, is_last)


def chunks(make: Maker, size: int) -> Iterator[Chunk]:
    """The chunks of the fresh legs in order of groups; at least one. size: legs in one."""
    return ahead(partial(make, *part) for part in slices(make.found.legs, size))


def slices(legs: pl.DataFrame, size: int) -> Iterator[tuple[pl.DataFrame, bool]]:
    """Legs of whole groups, and whether they are the last. The legs are sorted by group: nothing is copied."""
    at = 0
    while legs.height - at > size:
        last = legs["group"][at + size - 1]
        end = int(legs["group"].search_sorted(last, side="right"))
        if end == legs.height:
            break
        yield legs[at:end], False
        at = end
    yield legs[at:], True


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
