"""How the beginning of a call file would be read with certain settings. The same readers and the same folding as an
import; nothing is stored, and what was read before plays no part."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

import polars as pl

from balie.accounts.models import Agent, Client
from balie.calls.folding import Folding, folded
from balie.calls.fresh import distinct, single, together
from balie.calls.models import Source
from balie.calls.owners import owners
from balie.cdr.fold import FOLDED
from balie.cdr.legs import PhoneSystem, Reading
from balie.cdr.lines import BadLine, bad_line, texts
from balie.cdr.owner import owned
from balie.cdr.readers import READERS, phone_system
from balie.operator.models import Operator

LONGEST = 64 * 1024  # bytes of a file that are looked at
MOST = 20  # calls, and lines that are none


@dataclass(frozen=True)
class SampleCall:
    """A call as it would be stored. start: UTC; ring, talk: seconds; client: its name, empty where none is found."""

    start: datetime
    direction: str
    type: str
    caller: str
    callee: str
    agent: str
    client: str
    ring: int
    talk: int


@dataclass(frozen=True)
class Sample:
    """calls, bad: the first MOST of `call_count` and `bad_count`; lines: looked at.

    internal: groups that stayed inside; warning: what a manager should know; is_cut: whether only the beginning was
    looked at.
    """

    calls: list[SampleCall]
    call_count: int
    bad: list[BadLine]
    bad_count: int
    lines: int
    internal: int
    warning: str
    is_cut: bool
    endpoints: list[str]  # of these first calls, those that are no agent's


def read_sample(source: Source, data: bytes, operator: Operator, *, is_cut: bool) -> Sample:
    """The first calls of these bytes as `source` (which need not be stored) would read them. Refused when it is no file
    of that format. is_cut: the file goes on behind them, so its last line may be half a one."""
    options = {**source.options, "timezone": source.timezone}
    stream = io.BytesIO(data)
    reading = READERS[source.format](stream, options, tail_too=lambda _: not is_cut)
    system = phone_system(source.format, source.timezone, source.trunks, source.account_prefix)
    made, warning = fold_all(reading, system)
    bad = sorted([*reading.bad, *undecided(stream, made)], key=lambda line: line.line)
    rows = owned(made.calls, owners(operator, source if source.pk else None)).sort("start", "key").to_dicts()
    names = Names.of(rows[:MOST])
    return Sample(
        calls=[names.call(row) for row in rows[:MOST]],
        call_count=len(rows),
        bad=bad[:MOST],
        bad_count=len(bad),
        lines=reading.lines,
        internal=made.internal,
        warning=warning,
        is_cut=is_cut,
        endpoints=sorted({row["endpoint"] for row in rows[:MOST] if row["endpoint"] and row["agent"] is None}),
    )


def fold_all(reading: Reading, system: PhoneSystem) -> tuple[Folding, str]:
    """What folding makes of the legs alone, and the warning an import would leave."""
    rows, nothing_before = distinct(reading.rows), Source()
    if not rows.height:
        return Folding(rows, pl.DataFrame(schema=FOLDED)), ""
    if reading.calls is not None:
        found = single(nothing_before, rows, reading.calls, system)
    else:
        found = together(nothing_before, rows, system)
    return folded(found, found.legs, system), found.warning


def undecided(stream: BinaryIO, made: Folding) -> list[BadLine]:
    """Lines that read well and are no calls nevertheless."""
    raws = texts(stream, set(made.bad)) if made.bad else {}
    return [bad_line(number, why, raws[number]) for number, why in made.bad.items()]


@dataclass(frozen=True)
class Names:
    """Of agents and clients, by their ids."""

    agents: Mapping[int, str]
    clients: Mapping[int, str]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> "Names":
        """Those that these calls name. Two queries."""
        agents = {row["agent"] for row in rows if row["agent"] is not None}
        clients = {row["client"] for row in rows if row["client"] is not None}
        return cls(
            {
                pk: name or code
                for pk, name, code in Agent.objects.filter(pk__in=agents).values_list("pk", "name", "code")
            },
            dict(Client.objects.filter(pk__in=clients).values_list("pk", "name")),
        )

    def call(self, row: Mapping[str, Any]) -> SampleCall:
        agent = self.agents.get(row["agent"], "") if row["agent"] is not None else row["endpoint"]
        return SampleCall(
            row["start"], row["direction"], row["type"], row["caller"], row["callee"], agent,
            self.clients.get(row["client"], ""), row["ring"], row["talk"],
        )  # fmt: skip
