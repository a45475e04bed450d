"""Sets a document with typst: its data (JSON) and a template of this folder become a tagged PDF/A of the same bytes
on every machine. Compilers are kept: reading the font takes longer than setting a page."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock, Thread

import fontpkg_inter
import typst

from balie.statements.paper.shrink import shrunk

HERE = Path(__file__).parent
STANDARDS: "list[typst.PDFStandard]" = ["a-3a", "ua-1"]
LARGE = 100_000  # signs of data: some 800 rows
BLANK, REMEMBERED = "blank.typ", 10
PAGES = re.compile(rb"/Type/Pages/Count (\d+)")
# A compiler works on one document at a time; setting two at once in threads is no faster than one after the other.
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Printed:
    pdf: bytes
    pages: int


def printed(template: str, data: str) -> Printed:
    """The PDF of a template (`statement.typ`) and its data (a JSON object as text)."""
    with _one_at_a_time:
        pdf = _compiler(template).compile(sys_inputs={"data": data}, format="pdf", pdf_standards=STANDARDS)
    if len(data) > LARGE:
        Thread(target=_forget).start()  # while this one packs
    assert isinstance(pdf, bytes)
    pages = PAGES.search(pdf)
    return Printed(shrunk(pdf), int(pages[1]) if pages else 0)


def drawn(template: str, data: str) -> bytes:
    """The first page of a template (`letterhead.typ`) and its data as an SVG picture."""
    with _one_at_a_time:
        svg = _compiler(template).compile(sys_inputs={"data": data}, format="svg")
    assert isinstance(svg, bytes)
    return svg


def _forget() -> None:
    """Makes typst drop what it remembers of earlier documents: 0.2 GB after 3,000 rows, and of ten documents.

    It goes by how often it was called since, so a blank page counts as well.
    """
    with _one_at_a_time:
        for _ in range(REMEMBERED + 1):
            _compiler(BLANK).compile(format="svg")


@lru_cache(maxsize=8)
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(HERE / template, root=HERE, font_paths=_fonts(), ignore_system_fonts=True)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Inter from its wheel and the fonts inside typst; never those of the machine."""
    inter = str(fontpkg_inter.ROOT / "files")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[inter])
