"""Texts in cells of spreadsheets: none of them may be taken for a formula. Pure."""

import re

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
# A telephone number is no formula, with its last digits hidden neither; programs want it as it is in JSON.
TELEPHONE = re.compile(r"\+[0-9]+(xxx)?", re.ASCII)


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where Excel or LibreOffice would calculate it."""
    if text.startswith(DANGEROUS) and not TELEPHONE.fullmatch(text):
        return f"'{text}"
    return text
