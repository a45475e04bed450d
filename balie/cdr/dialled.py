"""The numbers a Dial command called, from Asterisk's `lastdata` (folding.md 15)."""

import re
from functools import lru_cache

import polars as pl

# PJSIP/n@trunk · PJSIP/trunk/sip:n@host · SIP/trunk/n · IAX2/user@trunk/n@context · DAHDI/g1/n · Local/n@context
ENTRY = re.compile(r"^(?P<tech>[A-Za-z0-9]+)/(?P<rest>.+)$")
SIP_ADDRESS = re.compile(r"^sips?:(?P<number>[^@;]*)")

# What nearly every command looks like, PJSIP/n@trunk: read in bulk. \1 how, \2 number, \3 where.
USUAL = r"^([A-KM-Za-z0-9][A-Za-z0-9]*)/([^/@&,;: ]+)@([^/@&,; ]+)(?:,|$)"


def numbers_at(commands: pl.Series, peers: pl.Series) -> pl.Series:
    """`number_at` of a whole column of commands and endpoints."""
    frame = pl.DataFrame({"command": commands, "peer": peers})
    how, number, where = (pl.col("command").str.extract(USUAL, group) for group in (1, 2, 3))
    fits = pl.concat_str(how, pl.lit("/"), where).str.to_lowercase() == pl.col("peer").str.to_lowercase()
    found = frame.select(pl.when(fits).then(number).alias("number")).to_series()
    odd = found.is_null().arg_true()
    rest = [number_at(command, peer) for command, peer in frame[odd].iter_rows()]
    return found.scatter(odd, pl.Series(rest, dtype=pl.String))


@lru_cache(maxsize=200_000)
def entries(lastdata: str) -> tuple[tuple[str, str], ...]:
    """(endpoint, number) of each destination of a Dial command; no number where the endpoint itself is called."""
    found = []
    for part in lastdata.split(",", 1)[0].split("&"):
        if match := ENTRY.match(part.strip()):
            found.append(entry(match["tech"], match["rest"]))
    return tuple(found)


def entry(tech: str, rest: str) -> tuple[str, str]:
    """Where a dial string leads, and the number dialled there; empty where it names none."""
    first, slash, last = rest.partition("/")
    if slash:  # tech/endpoint/number, the number maybe as a SIP address or with options behind it
        address = SIP_ADDRESS.match(last)
        peer = first.rpartition("@")[2]
        return f"{tech}/{peer}", address["number"] if address else last.split("@", 1)[0].split("/", 1)[0]
    number, at, peer = first.partition("@")
    if not at:
        return f"{tech}/{first}", ""
    if tech == "Local":
        return f"{tech}/{first}", number
    return f"{tech}/{peer}", number


def number_at(lastdata: str, peer: str, turn: int = 0) -> str:
    """The number called at this endpoint, the `turn`-th (from 0) by the same command; "" if it cannot be told."""
    fitting = numbers_for(lastdata, peer)
    return fitting[min(turn, len(fitting) - 1)] if fitting else ""


@lru_cache(maxsize=200_000)
def numbers_for(lastdata: str, peer: str) -> tuple[str, ...]:
    """The numbers that a command can have called at this endpoint, in its order.

    An ISDN line's channel has the number in its name (i1/0612345678), and names the line where the command names a
    group of lines (g1): then the technology must do, and the number where the channel has it.
    """
    found = [(place.casefold(), number) for place, number in entries(lastdata) if number]
    peer = peer.casefold()
    same = tuple(number for place, number in found if place == peer)
    if same:
        return same
    tech = peer.partition("/")[0]
    line = [(place, number) for place, number in found if peer.startswith(f"{place}/")]
    near = line or [(place, number) for place, number in found if place.partition("/")[0] == tech]
    in_name = peer.rpartition("/")[2]
    exact = tuple(number for _, number in near if number.casefold() == in_name)
    return exact or tuple(number for _, number in near)


def all_numbers(commands: pl.Series) -> pl.DataFrame:
    """Everything some Dial commands called: numbers, and the names of endpoints called themselves (202 of PJSIP/202).

    Columns: command, number.
    """
    frame = pl.DataFrame({"command": commands.unique()}).with_columns(
        pl.col("command").str.extract(USUAL, 2).alias("number")
    )
    odd = frame.filter(pl.col("number").is_null())["command"].to_list()
    rest = [(command, number or place.partition("/")[2]) for command in odd for place, number in entries(command)]
    return pl.concat([frame.drop_nulls(), pl.DataFrame(rest, schema=frame.schema, orient="row")])
