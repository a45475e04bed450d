"""JSON as phone systems write it: one object, objects one after the other, or a list of them; with or without lines."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

DECODER = json.JSONDecoder()
BETWEEN = re.compile(r"[\s,]*")
NEXT = re.compile(r"\n(?=[{\[])")
LISTS = ("calls",)  # under which name a page of results has them


@dataclass(frozen=True)
class Piece:
    """One record. line: where it begins, from 1, and no two begin at the same; value: None where it is no object;
    is_cut: whether it breaks off at the end of the file."""

    line: int
    text: str
    value: dict[str, Any] | None
    why: str = ""
    is_cut: bool = False

    @property
    def raw(self) -> bytes:
        """The record as it may be kept, whatever signs it has."""
        return self.text.encode("utf-8", "replace")


def is_json(data: bytes) -> bool:
    """Whether a file that begins so is JSON rather than lines of columns."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.removeprefix("\ufeff")


def pieces(text: str) -> Iterator[Piece]:
    """The records of a file in order."""
    last = 0
    for line, raw, value, why, is_cut in parts(text):
        found = objects(value)
        if why or is_cut or found is None:
            last = max(line, last + 1)
            yield Piece(last, raw, None, why or "neither an object nor a list of objects", is_cut)
            continue
        for one in found:
            last = max(line, last + 1)
            single = raw if one is value else json.dumps(one, ensure_ascii=False)
            yield Piece(last, single, one if isinstance(one, dict) else None, "no object")


def objects(value: Any) -> list[Any] | None:
    """The records in a document: itself, those in its list, those of a page of results."""
    if isinstance(value, dict):
        return next((value[name] for name in LISTS if isinstance(value.get(name), list)), [value])
    return value if isinstance(value, list) else None


def beyond_blanks(text: str, at: int) -> int:
    """Where the next document begins."""
    found = BETWEEN.match(text, at)
    return found.end() if found else at


def parts(text: str) -> Iterator[tuple[int, str, Any, str, bool]]:
    """Documents: line, text, value, why it has none, whether it is cut off."""
    at, line, counted = 0, 1, 0
    while (at := beyond_blanks(text, at)) < len(text):
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, end = DECODER.raw_decode(text, at)
            yield line, text[at:end], value, "", False
        except (ValueError, RecursionError) as problem:
            following = NEXT.search(text, at)
            end = following.start() if following else len(text)
            why = str(problem).partition(": line ")[0]
            yield line, text[at:end], None, why, following is None and text[at] in "{["
        at = end


def texts_of(data: bytes, wanted: set[int]) -> dict[int, bytes]:
    """The records that begin at these lines."""
    return {piece.line: piece.raw for piece in pieces(decoded(data)) if piece.line in wanted}
