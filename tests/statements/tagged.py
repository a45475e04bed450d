"""Reads a tagged PDF as a screen reader does: by its structure, not by where letters happen to stand on the page."""

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pikepdf

Cells = list[list[str]]
Texts = dict[tuple[Any, int], str]


def tables(pdf: bytes) -> list[Cells]:
    """The cells of every table, row by row, its header first."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        texts = _texts(document)
        root = document.Root.StructTreeRoot
        return [
            [
                [_text(cell, texts, None) for cell in _kids(row) if cell.S in ("/TH", "/TD")]
                for row in _all(table, "/TR")
            ]
            for table in _all(root, "/Table")
        ]


def text(pdf: bytes) -> str:
    """All that a screen reader says, in its order: tables and running lines between pages too."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        texts = _texts(document)
        return "\n".join(_text(kid, texts, None) for kid in _kids(document.Root.StructTreeRoot))


def artifacts(pdf: bytes) -> list[str]:
    """What each page prints beside its content: the foot."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        texts = _texts(document)
        return [texts.get((page.obj.objgen, -1), "") for page in document.pages]


def _all(element: Any, kind: str) -> Iterator[Any]:
    for kid in _kids(element):
        if str(kid.S) == kind:
            yield kid
        else:
            yield from _all(kid, kind)


def _kids(element: Any) -> list[Any]:
    found = element.get("/K", [])
    return [kid for kid in (found if isinstance(found, pikepdf.Array) else [found]) if _is_element(kid)]


def _is_element(kid: Any) -> bool:
    return isinstance(kid, pikepdf.Dictionary) and "/S" in kid


def _text(element: Any, texts: Texts, page: Any) -> str:
    """What the element and all within it say; its lines joined by a blank."""
    page = element.get("/Pg", page)
    found, said = element.get("/K", []), []
    for kid in found if isinstance(found, pikepdf.Array) else [found]:
        if _is_element(kid):
            said.append(_text(kid, texts, page))
        elif isinstance(kid, pikepdf.Dictionary):
            if "/MCID" in kid:
                said.append(texts[kid.get("/Pg", page).objgen, int(kid.MCID)])
        else:
            said.append(texts[page.objgen, int(kid)])
    return " ".join(part for part in said if part.strip()).replace("\u200b", "")


def _texts(document: pikepdf.Pdf) -> Texts:
    """The text of every marked piece of every page; under -1 that of all artifacts of the page."""
    found: Texts = defaultdict(str)
    for page in document.pages:
        fonts = {name: _to_unicode(font) for name, font in page.resources.get("/Font", {}).items()}
        marks: list[int | None] = []
        font: dict[bytes, str] = {}
        for step in pikepdf.parse_content_stream(page):
            operands: Any = step.operands
            name = str(step.operator)
            if name in ("BDC", "BMC"):
                inner = int(operands[1].MCID) if name == "BDC" and "/MCID" in operands[1] else None
                outer = marks[-1] if marks else None
                marks.append(-1 if str(operands[0]) == "/Artifact" else outer if inner is None else inner)
            elif name == "EMC":
                marks.pop()
            elif name == "Tf":
                font = fonts[str(operands[0])]
            elif name in ("Tj", "TJ"):
                mark = marks[-1] if marks and marks[-1] is not None else -2
                found[page.obj.objgen, mark] += _shown(operands[0], font)
    return found


def _shown(strings: Any, font: dict[bytes, str]) -> str:
    pieces = strings if isinstance(strings, pikepdf.Array) else [strings]
    codes = [bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String)]
    return "".join(font[code[at : at + 2]] for code in codes for at in range(0, len(code), 2))


def _to_unicode(font: Any) -> dict[bytes, str]:
    """Glyph -> text, from the font's ToUnicode table."""
    table = font.ToUnicode.read_bytes()
    found = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
            found[bytes.fromhex(code.decode())] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return found
