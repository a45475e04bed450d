"""How wide a text of the rows is, nearly: what is known to take one line need not be measured by typst.

What is said to fit does fit; a test compares the figures with the font's own.
"""

from functools import lru_cache

SIZE = 8 * 25.4 / 72  # the rows' font size in millimetres
SPARE = 0.1  # millimetres that rounding may cost
# The signs from blank to tilde in thousandths of the font size, Inter at its text size. Digits and the signs between
# them are all of one width there, so that they stand below each other.
WIDTHS = (
    269, 288, 466, 633, 648, 982, 644, 300, 391, 391, 648, 648, 269, 648, 269, 360,
    648, 648, 648, 648, 648, 648, 648, 648, 648, 648, 269, 302, 648, 662, 648, 511,
    966, 703, 654, 730, 722, 601, 590, 746, 743, 269, 571, 672, 565, 903, 753, 765,
    639, 765, 644, 642, 646, 744, 703, 1009, 682, 679, 629, 391, 360, 391, 471, 456,
    323, 562, 612, 571, 612, 583, 370, 613, 591, 242, 242, 549, 242, 876, 591, 600,
    612, 612, 391, 528, 327, 591, 562, 818, 546, 562, 552, 426, 333, 426, 662,
)  # fmt: skip
WIDEST = 1010


OF_SIGN = {chr(code): width for code, width in enumerate(WIDTHS, start=32)}


@lru_cache(maxsize=16384)
def width(text: str) -> float:
    """At most so many millimetres wide, set in one line."""
    return sum([OF_SIGN.get(sign, WIDEST) for sign in text]) * SIZE / 1000


def fits(text: str, millimetres: float) -> bool:
    """Whether the text takes one line in a column of this width."""
    return "\n" not in text and width(text) <= millimetres - SPARE
