"""docs/world.md names every key there is, and its example uses every one."""

import re
from collections import defaultdict
from typing import Any

import pytest

from balie.world import kinds
from balie.world.parts import WORLD
from balie.world.shape import Part, Said
from tests.world.sample import ROOT, full

TEXT = (ROOT / "docs/world.md").read_text()


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[Part, set[str]]]:
    """Every object of the description that the example comes upon, with the keys it uses."""
    found: dict[int, tuple[Part, set[str]]] = {}
    check = Part.__call__

    def watched(part: Part, value: Any, where: str) -> Said:
        found.setdefault(id(part), (part, set()))[1].update(value)
        return check(part, value, where)

    monkeypatch.setattr(Part, "__call__", watched)
    WORLD(without_comments(full()), "")
    return found


def without_comments(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_comments(part) for key, part in value.items() if not key.startswith("_")}
    return [without_comments(part) for part in value] if isinstance(value, list) else value


def test_example_uses_every_key(used: dict[int, tuple[Part, set[str]]]) -> None:
    unused: dict[str, list[str]] = defaultdict(list)
    for part, keys in used.values():
        if missing := set(part.keys) - keys - set(kinds.LANGUAGES):
            unused[", ".join(part.keys)] += sorted(missing)
    assert dict(unused) == {}


def test_page_names_every_key(used: dict[int, tuple[Part, set[str]]]) -> None:
    prose = re.sub(r"^```.*?^```", "", TEXT, flags=re.M | re.S)
    named = set(re.findall(r"`(\w+)`", prose)) | set(re.findall(r"^## (\w+)$", prose, re.M))
    assert {key for part, _ in used.values() for key in part.keys} - named == set()
