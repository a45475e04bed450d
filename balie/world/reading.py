"""The bytes of a world file as JSON, strictly. Pure.

What JSON lets pass and a world file must not (the same key twice, NaN, numbers of any length) is marked here and
refused by whoever comes upon it, since he knows the path.
"""

import json
from dataclasses import dataclass
from typing import Any

from balie.rules.errors import Refused

LARGEST = 100 * 1024 * 1024
LONGEST_NUMBER = 15


@dataclass(frozen=True)
class Oddity:
    """Something that is JSON, or nearly, but never right in a world file."""

    what: str


class Doubled(dict[str, Any]):
    """An object in which a key stands twice."""

    key = ""


def read(data: bytes, *, name: str) -> Any:
    """What the file says. Raises Refused, with `name` as the place, for what is no JSON in UTF-8."""
    if len(data) > LARGEST:
        raise Refused("too_large", f"this is larger than {LARGEST // 1024 // 1024} MB; a world file is not", name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("not_utf8", f"this is not UTF-8 (byte {error.start}); save it as UTF-8", name) from None
    if not text.strip():
        raise Refused("not_json", "this file is empty; the smallest world file is {}", name)
    try:
        return json.loads(text, object_pairs_hook=paired, parse_constant=Oddity, parse_float=fraction, parse_int=whole)
    except json.JSONDecodeError as error:
        message = f"this is not JSON: line {error.lineno}, column {error.colno}: {error.msg}"
        raise Refused("not_json", message, name) from None
    except RecursionError:
        raise Refused("not_json", "this is nested deeper than any world file", name) from None


def paired(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; keys that begin with _ are comments and fall away here, at every depth."""
    said = {key: value for key, value in pairs if not key.startswith("_")}
    names = [key for key, _ in pairs if not key.startswith("_")]
    if len(names) == len(said):
        return said
    doubled = Doubled(said)
    doubled.key = next(name for at, name in enumerate(names) if name in names[:at])
    return doubled


def fraction(text: str) -> Oddity:
    return Oddity(f"the number {text[:LONGEST_NUMBER]}")


def whole(text: str) -> int | Oddity:
    return int(text) if len(text) <= LONGEST_NUMBER else Oddity(f"the number {text[:LONGEST_NUMBER]}…")
