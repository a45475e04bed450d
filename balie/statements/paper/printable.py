"""What the paper's fonts can show. PDF/A and PDF/UA refuse a document with a single letter that has no glyph. Pure.

Scripts outside of the fonts (Chinese, Thai, emoji) become an empty box each; signs that print nothing go.
"""

import re
import unicodedata
from functools import lru_cache

BOX = "\u25a1"
MAY_BREAK = "\u200b"
# What Inter, or one of the two fonts that come with typst, shows: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic and
# Persian, Georgian, punctuation, currencies, arrows, mathematics, boxes. A test sets every one of them.
RANGES = (
    (0x0020, 0x007E), (0x00A1, 0x00AC), (0x00AE, 0x0377), (0x037A, 0x037F), (0x0384, 0x038A), (0x038C, 0x038C),
    (0x038E, 0x03A1), (0x03A3, 0x04FF), (0x0510, 0x0513), (0x051A, 0x051D), (0x0531, 0x0556), (0x0559, 0x058A),
    (0x0591, 0x05C7), (0x05D0, 0x05EA), (0x0606, 0x060C), (0x061B, 0x061B), (0x061F, 0x061F), (0x0621, 0x063A),
    (0x0640, 0x0655), (0x0660, 0x066D), (0x0679, 0x067B), (0x067E, 0x0680), (0x0683, 0x0684), (0x0686, 0x0687),
    (0x0691, 0x0691), (0x0698, 0x0698), (0x06A4, 0x06A4), (0x06A9, 0x06A9), (0x06AF, 0x06AF), (0x06BE, 0x06BE),
    (0x06CC, 0x06CC), (0x06F0, 0x06F9), (0x10D0, 0x10FF), (0x1E00, 0x1F15), (0x1F18, 0x1F1D), (0x1F20, 0x1F45),
    (0x1F48, 0x1F4D), (0x1F50, 0x1F57), (0x1F5F, 0x1F7D), (0x1F80, 0x1FB4), (0x1FB6, 0x1FC4), (0x1FC6, 0x1FD3),
    (0x1FD6, 0x1FDB), (0x1FDD, 0x1FEF), (0x1FF2, 0x1FF4), (0x1FF6, 0x1FFE), (0x2010, 0x2027), (0x2030, 0x205E),
    (0x2070, 0x2071), (0x2074, 0x208E), (0x2090, 0x209C), (0x20A0, 0x20C0), (0x2100, 0x2122), (0x2126, 0x2186),
    (0x2190, 0x22FF), (0x2500, 0x25FF), (0xFB00, 0xFB06),
)  # fmt: skip


def printable(text: str) -> str:
    """The text as the fonts can show it, composed (NFC), in one line."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, unicodedata.normalize("NFC", text)))


def foldable(text: str, longest: int) -> str:
    """The text with invisible places to break words of more than so many letters, which would leave their column."""
    if len(text) <= longest:
        return text
    pieces = re.compile(rf"\S{{{longest}}}(?=\S)")
    return pieces.sub(lambda found: f"{found[0]}{MAY_BREAK}", text)


@lru_cache(maxsize=4096)
def _shown(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in ("Cf", "Mn", "Me") and not _has_glyph(sign):
        return ""  # joiners, marks that steer the direction of text, variation selectors
    if category in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    return sign if _has_glyph(sign) else BOX


def _has_glyph(sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in RANGES)
