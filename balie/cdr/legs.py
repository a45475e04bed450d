"""The frame of legs that every reader of a leg-writing phone system gives and that folding takes."""

import hashlib
from dataclasses import dataclass, field

import polars as pl

from balie.cdr.lines import BadLine

# Times are the server's wall clock as written, without a zone; `balie.cdr.zone` turns them into UTC.
SCHEMA: dict[str, pl.DataType] = {
    "line": pl.UInt32(),
    "uniqueid": pl.String(),
    "linkedid": pl.String(),
    "sequence": pl.Int64(),
    "channel": pl.String(),
    "dstchannel": pl.String(),
    "start": pl.Datetime("ms"),
    "answer": pl.Datetime("ms"),
    "end": pl.Datetime("ms"),
    "duration": pl.Int64(),
    "billsec": pl.Int64(),
    "disposition": pl.String(),
    "src": pl.String(),
    "dst": pl.String(),
    "lastapp": pl.String(),
    "lastdata": pl.String(),
    "accountcode": pl.String(),
    "userfield": pl.String(),
}

# What a leg is known by, whatever the order of its columns (folding.md 3).
IDENTITY = ["uniqueid", "channel", "dstchannel", "start", "end"]
# What says which group a leg belongs to; kept of every leg for ever.
BELONGS = [*IDENTITY, "linkedid"]


@dataclass(frozen=True)
class PhoneSystem:
    """What folding must know of a phone system: its zone, its trunks (endpoints), the prefix of client accounts."""

    zone: str = "UTC"
    trunks: tuple[str, ...] = ()
    account_prefix: str = ""


@dataclass
class Reading:
    """What one file gave: legs, bad lines, lines in all.

    calls: of formats that write one line a call: what folding gives otherwise (`balie.cdr.fold.FOLDED`), with `line`.
    """

    rows: pl.DataFrame
    bad: list[BadLine] = field(default_factory=list)
    lines: int = 0
    unread: int = 0
    sha256: str = ""
    size: int = 0
    calls: pl.DataFrame | None = None


def no_legs() -> pl.DataFrame:
    return pl.DataFrame(schema=SCHEMA)


def token() -> pl.Expr:
    """What groups legs by itself: linkedid, in older layouts uniqueid, without either the channel at its time."""
    alone = pl.format("{}@{}", pl.col("channel"), pl.col("start").dt.to_string("%Y-%m-%dT%H:%M:%S"))
    return (
        pl.when(pl.col("linkedid") != "")
        .then(pl.col("linkedid"))
        .when(pl.col("uniqueid") != "")
        .then(pl.col("uniqueid"))
        .otherwise(alone)
    )


def keys(legs: pl.DataFrame) -> pl.Series:
    """What a call is known by whose earliest leg is the row's: its token.

    A channel's name can hold a telephone number, and keys leave the office: of a token made of it the digest.
    """
    tokens = legs.select(token()).to_series()
    alone = ((legs["linkedid"] == "") & (legs["uniqueid"] == "")).arg_true()
    hashed = [hashlib.sha256(name.encode()).hexdigest()[:20] for name in tokens.gather(alone)]
    return tokens.scatter(alone, pl.Series(hashed, dtype=pl.String)).alias("key")
