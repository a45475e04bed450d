"""What the readers of the phone systems' own formats make of a text, told in a few columns."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from balie.cdr.fold import Folded, fold
from balie.cdr.groups import grouped
from balie.cdr.legs import Reading
from balie.cdr.readers import READERS, phone_system
from balie.cdr.zone import in_utc

SAMPLES = Path(__file__).parent.parent / "samples" / "formats"
ZONE = "Europe/Amsterdam"
Told = tuple[Any, ...]


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def read(format: str, data: bytes | str, *, tail_too: bool = False) -> Reading:
    raw = data.encode() if isinstance(data, str) else data
    return READERS[format](io.BytesIO(raw), {"timezone": ZONE}, tail_too=lambda _: tail_too)


def folded(format: str, *texts: bytes | str, trunks: tuple[str, ...] = (), prefix: str = "c") -> Folded:
    """The calls of some files read together."""
    system = phone_system(format, ZONE, trunks, prefix)
    rows = [read(format, text).rows for text in texts]
    legs = pl.concat([frame.with_columns(pl.col("line") + 1000 * at) for at, frame in enumerate(rows)])
    return fold(grouped(in_utc(legs, system.zone)), system)


def told(result: Folded) -> list[Told]:
    """key, direction, type, start in UTC, caller, called, endpoint, ring, talk, whose number or account."""
    rows = []
    for call in result.calls.iter_rows(named=True):
        start = datetime.fromtimestamp(call["begin"], UTC)
        whose = call["did"] or call["dst"] if call["direction"] == "inbound" else ""
        rows.append(
            (
                call["key"], call["direction"], call["type"], f"{start:%d %H:%M:%S}", call["caller"], call["called"],
                call["endpoint"], call["ring"], call["talk"], whose, call["account"],
            )
        )  # fmt: skip
    return rows
