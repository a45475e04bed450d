"""Whatever a world file says, it loads or is refused in one line with a path; refused, it leaves nothing behind."""

import copy
import json
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balie.rules.errors import Refused
from balie.world.loading import load_world
from tests.world.sample import AUTHOR, changed, full, load, sample, tables

pytestmark = pytest.mark.django_db
often = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

ODD: list[Any] = [
    None, True, 0, 1, -1, 2**31, 2**70, 10**4000, 0.5, 1e308, float("nan"), float("inf"), "", " ", "0", "-1", "1e5",
    "\0", "\ud800", "\n", "x" * 5000, "=1+1", "'; drop table", "2026-02-30", "2026-01-01", "2027-01-01", "9999-12-31",
    "0000-00-00", "24:00", "05:30", "env:", "env:A", "file:", "file:/x", "sftp://", "http://[::1", "smtp://a:b@c",
    "nl", "NL", "de", "EUR", "UTC", "1001", "1002", "BASIS", "PJSIP/201", "+31201234501", "020 123 45 02", "monthly",
    "talk_time", "basic_fee", "user_module", "minute", "1/1", "0/0", "mon-fri", "generic", "asterisk", "none", "fake",
    [], [None], [[]], ["x"], [{}], {}, {"": 1}, {"a": {"b": []}}, {"_": 1},
]  # fmt: skip


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a JSON value."""
    found: list[tuple[Any, Any]] = []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        found.append((value, key))
        found += places(part)
    return found


@st.composite
def mutated(draw: st.DrawFn, world: dict[str, Any]) -> dict[str, Any]:
    """The world with one to four things in it that somebody did on purpose or by accident."""
    found = copy.deepcopy(world)
    for _ in range(draw(st.integers(1, 4))):
        container, key = draw(st.sampled_from(places(found) or [(found, "operator")]))
        deed = draw(st.sampled_from(["odd", "odd", "any", "away", "double", "graft", "rename"]))
        if deed == "odd":
            container[key] = copy.deepcopy(draw(st.sampled_from(ODD)))
        elif deed == "any":
            container[key] = draw(st.text() | st.integers() | st.floats() | st.booleans() | st.none())
        elif deed == "away":
            container.pop(key, None) if isinstance(container, dict) else container.pop(key)
        elif deed == "double" and isinstance(container, list):
            container.append(copy.deepcopy(container[key]))
        elif deed == "graft":
            other, place = draw(st.sampled_from(places(found) or [(found, "operator")]))
            container[key] = copy.deepcopy(other.get(place) if isinstance(other, dict) else other[place])
        elif deed == "rename" and isinstance(container, dict):
            container[draw(st.text(max_size=80) | st.sampled_from(["_x", "client", "name", "to"]))] = container.pop(key)
    return found


def check(data: bytes) -> None:
    """Loads it, and again if it loaded; refused, nothing may be different."""
    before = tables()
    try:
        with transaction.atomic():
            load_world(data, name="world.json", author=AUTHOR)
            after = tables()
            assert changed(load_world(data, name="world.json", author=AUTHOR)) == {}
            assert tables() == after
            transaction.set_rollback(True)
    except Refused as refused:
        assert tables() == before
        assert refused.where and refused.message
        assert len(str(refused).splitlines()) == 1 and len(str(refused)) < 900
        str(refused).encode()  # can be printed


@pytest.mark.parametrize("world", [sample, full])
@pytest.mark.parametrize("loaded", [False, True], ids=["into nothing", "over itself"])
def test_mutated_world_loads_or_is_refused_with_a_path(world: Any, loaded: bool) -> None:
    if loaded:
        load(world())

    @often
    @given(mutated(world()))
    def try_one(mutant: dict[str, Any]) -> None:
        check(json.dumps(mutant).encode())

    try_one()


def test_damaged_bytes_load_or_are_refused() -> None:
    data = json.dumps(sample()).encode()

    @often
    @given(st.integers(0, len(data)), st.integers(0, 40), st.binary(max_size=12))
    def try_one(at: int, length: int, instead: bytes) -> None:
        check(data[:at] + instead + data[at + length :])

    try_one()


def test_cut_off_file_is_refused_wherever_it_is_cut() -> None:
    data = json.dumps(sample()).encode()
    for end in range(0, len(data), 37):
        with pytest.raises(Refused):
            load(data[:end])
    assert tables()["Client"] == []
