"""Which keys an object may have and must have. Pure.

A kind is a function (value, path) -> value as the tables want it; it raises Refused with the path. `Part` (an object)
and `many` (a list) are kinds made of kinds, so a world file is described by one table of tables (parts.py).
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from balie.rules.errors import Phrase, Refused
from balie.world.reading import Doubled, Oddity

Kind = Callable[[Any, str], Any]
LONGEST_SHOWN = 50


class Said(dict[str, Any]):
    """The checked keys of one object, only those the file mentions. `where` is its path."""

    where = ""

    def path(self, key: str) -> str:
        return joined(self.where, key)


Rule = Callable[[Said], None]


@dataclass(frozen=True)
class Part:
    """An object with these keys. `rules` look at several keys at once, after each was checked by itself."""

    keys: Mapping[str, Kind]
    needed: Collection[str] = ()
    rules: Collection[Rule] = field(default=())

    def __call__(self, value: Any, where: str) -> Said:
        checked_object(value, where)
        said = Said()
        said.where = where
        for key, inner in value.items():
            if key not in self.keys:
                raise Refused("unknown_key", self.unknown(key), joined(where, key))
            said[key] = self.keys[key](inner, joined(where, key))
        for key in self.needed:
            if key not in said:
                raise Refused("missing_key", "this is needed and missing", joined(where, key))
        for rule in self.rules:
            rule(said)
        return said

    def unknown(self, key: str) -> str:
        return f"there is no such key; {nearest(key, self.keys)}"


def nearest(word: str, words: Collection[str]) -> str:
    """What somebody may have meant."""
    near = get_close_matches(word[:100], words, n=1)
    if near:
        return Phrase('do you mean "%(word)s"?', word=near[0])
    return Phrase("known are %(words)s", words=", ".join(words))


def checked_object(value: Any, where: str) -> None:
    """Refused for what is no object, and for one with a key twice."""
    if not isinstance(value, dict):
        raise wrong(value, "an object, {…}", where)
    if isinstance(value, Doubled):
        raise Refused("double_key", "this key stands twice in one object", joined(where, value.key))


def many(kind: Kind, *, most: int | None = None) -> Kind:
    """A list of these."""

    def check(value: Any, where: str) -> list[Any]:
        if not isinstance(value, list):
            raise wrong(value, "a list, […]", where)
        if most is not None and len(value) > most:
            raise Refused("too_long", too_many(most, len(value)), where)
        return [kind(inner, f"{where}[{at}]") for at, inner in enumerate(value)]

    return check


def table(key: Kind, value: Kind, *, most: int) -> Kind:
    """An object with any keys of one kind, each holding a value of one kind."""

    def check(said: Any, where: str) -> dict[str, Any]:
        checked_object(said, where)
        if len(said) > most:
            raise Refused("too_long", too_many(most, len(said)), where)
        return {key(name, joined(where, name)): value(inner, joined(where, name)) for name, inner in said.items()}

    return check


def too_many(most: int, count: int) -> str:
    return Phrase("at most %(most)s fit here; there are %(count)s", most=most, count=count)


def joined(where: str, key: str) -> str:
    """The path of a key: dotted, in quotes where it is no plain word."""
    name = key if key.isascii() and key.replace("-", "_").isidentifier() else quoted(key)
    if name != key or len(key) > LONGEST_SHOWN:
        return f"{where}[{quoted(key)}]"
    return f"{where}.{name}" if where else name


def quoted(text: str) -> str:
    """A text in quotes, on one line, shortened, with signs that cannot be shown escaped."""
    short = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    plain = all(sign.isprintable() for sign in short)
    return json.dumps(short, ensure_ascii=not plain)


def shown(value: Any) -> str:
    """A value of the file in a few words."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Oddity):
        return value.what
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int):
        return f"the number {value}"
    return "an object" if isinstance(value, dict) else "a list"


def wrong(value: Any, wanted: str, where: str) -> Refused:
    """The refusal of a value that is of another type than it should be."""
    return Refused("wrong_type", f"this should be {wanted}, not {shown(value)}", where)


def bad(message: str, where: str) -> Refused:
    """The refusal of a value of the right type that cannot be."""
    return Refused("bad_value", message, where)
