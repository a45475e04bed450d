"""Sets a document with typst: its data (JSON) and a template of this folder become a tagged PDF/A of the same bytes
on every machine. Compilers are kept: reading the font takes longer than setting a page."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

import fontpkg_inter
import typst

from balie.statements.paper.shrink import shrunk

HERE = Path(__file__).parent
STANDARDS: "list[typst.PDFStandard]" = ["a-3a", "ua-1"]
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
    assert isinstance(pdf, bytes)
    pages = PAGES.search(pdf)
    return Printed(shrunk(pdf), int(pages[1]) if pages else 0)


@lru_cache(maxsize=8)
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(HERE / template, root=HERE, font_paths=_fonts(), ignore_system_fonts=True)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Inter from its wheel and the fonts inside typst; never those of the machine."""
    inter = str(fontpkg_inter.ROOT / "files")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[inter])
