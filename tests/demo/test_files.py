"""The generated call files against the importer: what the generator meant is what the importer must find.

Both sides know nothing of each other: the generator tells a call and says what it means, the importer reads the lines.
"""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from types import FunctionType, ModuleType
from typing import get_type_hints

import pytest

from balie.calls.actions import import_calls
from balie.calls.models import Call, Source
from balie.demo import stories, transfers
from balie.demo.asterisk import Exchange
from balie.demo.files import LAYOUTS, Records, days_between, records
from balie.demo.operator import world
from balie.demo.stories import Meant, Plan
from balie.demo.traffic import calls_of
from balie.operator.actions import Author
from balie.world.loading import load_world

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
# A month edge with agents changing desks and a client leaving, the night the clocks go back, a month edge after it.
SPANS = {
    "summer": (date(2026, 8, 1), date(2026, 8, 28), date(2026, 9, 3)),
    "desks change hands": (date(2026, 8, 1), date(2026, 9, 14), date(2026, 9, 18)),
    "clocks go back": (date(2026, 8, 1), date(2026, 10, 23), date(2026, 10, 28)),
    "clocks go forward": (date(2026, 1, 1), date(2026, 3, 27), date(2026, 3, 31)),
}


def loaded(first: date) -> None:
    said = json.dumps(world(first, Path("/srv/phone-systems"))).encode()
    load_world(said, name="demo", author=Author("test", NOW))


def found(source: str) -> Counter[Meant]:
    """The stored calls of a phone system, in the generator's words."""
    calls = Call.objects.filter(source__name=source).select_related("client", "agent")
    return Counter(
        Meant(
            call.client.number if call.client else "",
            int(call.start.timestamp()),
            call.direction,
            call.type,
            call.caller,
            call.callee,
            call.agent.code if call.agent else "",
            call.talk,
        )
        for call in calls
    )


def differences(source: str, meant: Iterable[Meant]) -> tuple[list[Meant], list[Meant]]:
    """Calls that were meant and not found, and found and not meant; a few of each."""
    wanted, got = Counter(meant), found(source)
    return sorted((wanted - got).elements())[:5], sorted((got - wanted).elements())[:5]


def whole(written: Records) -> bytes:
    return written.between(0.0, float("inf"))


@pytest.mark.parametrize("span", SPANS)
def test_generated_calls_are_found_exactly_as_meant(span: str) -> None:
    first, begin, end = SPANS[span]
    loaded(first)
    for name, written in records(days_between(begin, end), first).items():
        source = Source.objects.get(name=name)
        result = import_calls(source=source, name="Master.csv", data=whole(written), now=NOW)
        assert differences(name, written.meant) == ([], [])
        assert (result.calls, result.rejected) == (len(written.meant), written.accidents)


def test_generated_file_growing_by_the_hour_gives_the_calls_of_the_whole_file() -> None:
    first, begin, end = SPANS["clocks go back"]
    loaded(first)
    for name, written in records(days_between(begin, end), first).items():
        source = Source.objects.get(name=name)
        moments = [record.at for record in written.written]
        for share in (0.2, 0.37, 0.38, 0.6, 0.91):
            data = written.cut(0.0, moments[int(len(moments) * share)])
            import_calls(source=source, name="Master.csv", data=data, now=NOW)
        import_calls(source=source, name="Master.csv", data=whole(written), now=NOW)
        assert differences(name, written.meant) == ([], [])


def test_both_layouts_are_written() -> None:
    first, begin, _ = SPANS["summer"]
    lines = {name: whole(written).splitlines()[0] for name, written in records([begin], first).items()}
    assert {name: len(line.split(b",")) >= 19 for name, line in lines.items()} == dict.fromkeys(LAYOUTS, True)
    assert {name: line.startswith(b'""""" <') for name, line in lines.items()} == {"pbx-1": False, "pbx-2": True}


def test_every_story_is_told_within_a_month() -> None:
    first = date(2026, 8, 1)
    told = {call.story for day in days_between(first, date(2026, 9, 1)) for call in calls_of(day, first)}
    every = {story for module in (stories, transfers) for story in vars(module).values() if is_story(story, module)}
    assert told == every


def is_story(thing: object, module: ModuleType) -> bool:
    return isinstance(thing, FunctionType) and thing.__module__ == module.__name__ and is_told(thing)


def is_told(function: FunctionType) -> bool:
    """A function from an exchange and a plan to the calls that are meant."""
    hints = get_type_hints(function)
    return list(hints.values()) == [Exchange, Plan, list[Meant]]
