"""What a channel's name tells: its endpoint, and whether that is a trunk, an agent or a hop inside the server."""

import re
from collections.abc import Callable

import polars as pl

# Names that Asterisk puts around a channel's own while it swaps two channels.
WRAPPED = re.compile(r"^(?:AsyncGoto|Parked|Transfered|Bridge)/(?=[A-Za-z0-9]+/)|<(?:MASQ|ZOMBIE)>$")

# A number dialled through a channel: Local/0687650006@outside-00000001;1, DAHDI/i1/0612345678-1. What Asterisk puts at
# the end of a name is none.
DIALLED = re.compile(r"\+?[0-9]{6,}")
ENDING = r"-[0-9a-f]{8}(?:;[12])?$"
VEIL = "\N{CURRENCY SIGN}"  # stands before a mark, and in no channel's name

TRUNK, AGENT, LOCAL, NONE = 1, 2, 3, 0


def bare(names: pl.Series) -> pl.Series:
    """A column of channels by their own names; the two ends of a Local channel are one."""
    own = pl.when(pl.col("name").str.starts_with("Local/")).then(pl.col("name").str.replace(r";[12]$", ""))
    wrapped = names.str.contains(r"<|^(?:AsyncGoto|Parked|Transfered|Bridge)/").arg_true()
    unwrapped = pl.Series([WRAPPED.sub("", name) for name in names.gather(wrapped)], dtype=pl.String)
    return pl.DataFrame({"name": names.scatter(wrapped, unwrapped)}).select(own.otherwise("name")).to_series()


def endpoint(name: str) -> str:
    """PJSIP/trunk of PJSIP/trunk-0000000a. name: a channel's own."""
    begin, dash, suffix = name.rpartition("-")
    return begin if dash and "/" not in suffix else begin + dash + suffix


def kind(endpoint: str, trunks: frozenset[str]) -> int:
    """TRUNK, AGENT, LOCAL or NONE. DAHDI/i1/0612345678, an ISDN line's with the number at it, is trunk DAHDI/i1.

    trunks: casefolded.
    """
    if not endpoint:
        return NONE
    if endpoint.startswith("Local/"):
        return LOCAL
    place = endpoint.casefold()
    while place not in trunks:
        place, slash, _ = place.rpartition("/")
        if not slash:
            return AGENT
    return TRUNK


def endpoints(names: pl.Series) -> pl.Series:
    """Endpoints of a whole column of channels."""
    frame = pl.DataFrame({"name": names})
    usual = pl.col("name").str.contains(r"^(?:PJSIP|SIP|IAX2|DAHDI)/[^/;<]*-[0-9a-f]{8}$")
    cut = pl.col("name").str.head(-9)
    quick = frame.select(usual.alias("usual"), cut.alias("endpoint"))
    odd = (~quick["usual"]).arg_true()
    if not len(odd):
        return quick["endpoint"]
    found = bare(names.gather(odd))
    known = {name: endpoint(name) for name in found.unique().to_list()}
    return quick["endpoint"].scatter(odd, found.replace_strict(known, return_dtype=pl.String))


def kinds(endpoints: pl.Series, trunks: tuple[str, ...]) -> pl.Series:
    """TRUNK, AGENT, LOCAL or NONE for a whole column of endpoints."""
    folded = frozenset(trunk.casefold() for trunk in trunks)
    known = {each: kind(each, folded) for each in endpoints.unique().to_list()}
    return endpoints.replace_strict(known, return_dtype=pl.UInt8)


def veiled(names: pl.Series, mark: Callable[[str], str]) -> pl.Series:
    """A column of channels with VEIL and a mark in place of numbers dialled through them. mark: gives letters."""
    numbered = names.str.replace(ENDING, "").str.contains(r"[0-9]{6,}").arg_true()
    if not len(numbered):
        return names
    found = [veil(name, mark) for name in names.gather(numbered)]
    return names.scatter(numbered, pl.Series(found, dtype=pl.String))


def veil(name: str, mark: Callable[[str], str]) -> str:
    ending = re.search(ENDING, name)
    end = ending.start() if ending else len(name)
    return DIALLED.sub(lambda number: f"{VEIL}{mark(number[0])}", name[:end]) + name[end:]
