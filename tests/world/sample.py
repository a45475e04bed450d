"""The worlds the tests load, and what the tables hold after it."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps

from balie.operator.actions import Author
from balie.rules.errors import Refused
from balie.world.loading import Loaded, load_world

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AUTHOR = Author("tester", NOW)
APPS = ("operator", "accounts", "numbers", "tariffs", "contracts", "calls")


def sample() -> dict[str, Any]:
    """The world of the real call files."""
    found: dict[str, Any] = json.loads((ROOT / "tests/samples/world.json").read_text())
    return found


def full() -> dict[str, Any]:
    """The example of docs/world.md, which uses every key."""
    text = (ROOT / "docs/world.md").read_text()
    examples = re.findall(r"^```json\n(.*?)^```", text, re.M | re.S)
    assert len(examples) == 1
    found: dict[str, Any] = json.loads(examples[0])
    return found


def load(world: Any, *, author: Author = AUTHOR) -> Loaded:
    data = world if isinstance(world, bytes) else json.dumps(world).encode("utf-8", "surrogatepass")
    return load_world(data, name="world.json", author=author)


def refusal(world: Any) -> tuple[str, str]:
    """Where and why a world is refused; it must be, and nothing may be stored."""
    before = tables()
    try:
        load(world)
    except Refused as refused:
        assert tables() == before
        return refused.where, refused.message
    raise AssertionError("loaded")


def changed(loaded: Loaded) -> dict[str, tuple[int, int]]:
    """New and changed rows of each part in which there are any."""
    return {part: (counts.new, counts.changed) for part, counts in loaded.parts.items() if counts}


def tables() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, to compare."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    return {model.__name__: list(model._default_manager.order_by("pk").values_list()) for model in models}
