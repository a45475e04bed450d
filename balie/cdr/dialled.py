"""The numbers a Dial command called, from Asterisk's `lastdata` (folding.md 15)."""

import re
from functools import lru_cache

from balie.cdr.channels import endpoint

# PJSIP/n@trunk · PJSIP/trunk/sip:n@host · SIP/trunk/n · DAHDI/g1/n · Local/n@context
ENTRY = re.compile(r"^(?P<tech>[A-Za-z0-9]+)/(?P<rest>.+)$")
SIP_ADDRESS = re.compile(r"^sips?:(?P<number>[^@;]*)")


@lru_cache(maxsize=200_000)
def entries(lastdata: str) -> tuple[tuple[str, str], ...]:
    """(endpoint, number) of each destination of a Dial command; no number where the endpoint itself is called."""
    found = []
    for part in lastdata.split(",", 1)[0].split("&"):
        if match := ENTRY.match(part.strip()):
            found.append(entry(match["tech"], match["rest"]))
    return tuple(found)


def entry(tech: str, rest: str) -> tuple[str, str]:
    first, slash, last = rest.partition("/")
    if slash:  # tech/endpoint/number, the number maybe as a SIP address
        address = SIP_ADDRESS.match(last)
        return f"{tech}/{first}", address["number"] if address else last.split("@", 1)[0]
    number, at, peer = first.partition("@")
    if not at:
        return f"{tech}/{first}", ""
    if tech == "Local":
        return f"{tech}/{first}", number
    return f"{tech}/{peer}", number


def number_for(lastdata: str, channel: str, turn: int = 0) -> str:
    """The number called on this outgoing channel, the `turn`-th (from 0) to that endpoint by the same command."""
    return number_at(lastdata, endpoint(channel), turn)


def number_at(lastdata: str, peer: str, turn: int = 0) -> str:
    """The number called at this endpoint; DAHDI names a group (g1) where the channel names a line (i1, 1)."""
    found = entries(lastdata)
    fitting = [number for place, number in found if number and place.casefold() == peer.casefold()]
    if not fitting:
        tech = peer.partition("/")[0].casefold()
        fitting = [number for place, number in found if number and place.partition("/")[0].casefold() == tech]
    if not fitting:
        return ""
    return fitting[min(turn, len(fitting) - 1)]


def all_numbers(lastdata: str) -> list[str]:
    """Everything a Dial command called: numbers, and the names of endpoints called themselves (202 of PJSIP/202)."""
    return [number or place.partition("/")[2] for place, number in entries(lastdata)]
