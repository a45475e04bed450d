"""Texts in cells of spreadsheets: none of them may be taken for a formula. Rows a few at a time. Pure."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

DANGEROUS = frozenset("=+-@\t\r\n")
# A telephone number is no formula, with its last digits hidden neither; programs want it as it is in JSON.
TELEPHONE = re.compile(r"\+[0-9]+(xxx)?", re.ASCII)

ROWS = 2000  # of a file, sent at once
Row = TypeVar("Row")


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where Excel or LibreOffice would calculate it."""
    if text[:1] in DANGEROUS and not TELEPHONE.fullmatch(text):
        return f"'{text}"
    return text


def batched(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """So many at a time, in their order; itertools has it from Python 3.12 on."""
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some
