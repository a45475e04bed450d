"""Amounts in fields: shown with the comma or point of the language, and read with either."""

import re

from balie.operator.written import locale

AMOUNT = re.compile(r"\d+\.\d+", re.ASCII)
GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+,\d*|\d{1,3}(?:,\d{3})+\.\d*", re.ASCII)


def shown(text: str) -> str:
    """0.89 as it stands in a field: 0,89 where people write a comma."""
    return text.replace(".", ",") if AMOUNT.fullmatch(text) and locale()[:2] in ("nl", "de") else text


def point(text: str) -> str:
    """0,89 and 1.234,50 as people type them are 0.89 and 1234.50; anything else stays, for the checks to refuse."""
    plain = text.strip()
    if GROUPED.fullmatch(plain):
        return plain.replace("," if plain.rfind(".") > plain.rfind(",") else ".", "").replace(",", ".")
    return plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain
