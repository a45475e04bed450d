"""The number a client diverts its calls to, as a page shows it: codes to dial, links that dial, a QR code."""

from dataclasses import dataclass
from functools import lru_cache

import segno

from balie.rules import divert
from balie.rules.divert import Divert, divert_to, telephone_link


@dataclass(frozen=True)
class Way:
    """One way to divert: when it applies, what to dial for it and to switch it off again. kind: names the words."""

    kind: str  # always, no_reply, busy
    code: str
    off: str
    fixed: str

    @property
    def link(self) -> str:
        return telephone_link(self.code)

    @property
    def off_link(self) -> str:
        return telephone_link(self.off)


@dataclass(frozen=True)
class Target:
    """A target number with everything its page says."""

    codes: Divert

    @property
    def number(self) -> str:
        return self.codes.number

    @property
    def ways(self) -> tuple[Way, ...]:
        """Always first: that is what most want."""
        codes = self.codes
        return (
            Way("always", codes.always, divert.OFF, codes.fixed_line),
            Way("no_reply", codes.no_reply, divert.OFF_NO_REPLY, codes.fixed_line_no_reply),
            Way("busy", codes.busy, divert.OFF_BUSY, codes.fixed_line_busy),
        )

    @property
    def always(self) -> Way:
        return self.ways[0]

    @property
    def call(self) -> str:
        """The link that simply calls the number, to hear that it works."""
        return telephone_link(self.number)

    @property
    def picture(self) -> str:
        """The link to divert always, to be photographed: the address of an image that needs no other request."""
        return picture_of(self.always.link)


def target(number: str, country: str) -> Target:
    """A number with its codes, as they are dialled in this country (two letters)."""
    return Target(divert_to(number, country))


@lru_cache(maxsize=256)
def picture_of(text: str) -> str:
    """A QR code as the address of an SVG: black on white in either scheme, since cameras want it so."""
    code = segno.make(text, error="m", micro=False)
    return str(code.svg_data_uri(border=4, light="white", svgclass=None, lineclass=None, xmldecl=False))
