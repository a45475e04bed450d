"""The phone systems and how each is; one of them, or a new one, as a form with what was tried."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from balie.accounts.models import Role
from balie.calls.day import deliveries
from balie.calls.models import Source
from balie.cdr import guess
from balie.cdr.readers import IN_UTC, READERS, TELL_OUTSIDE
from balie.rules.call import Direction
from balie.web.access import administrator, office
from balie.web.formats import format_name
from balie.web.office.settings.operator import zone_choices
from balie.web.office.settings.phone import fields
from balie.web.office.settings.phone.tries import Given, Read, Tried
from balie.web.office.settings.phone.words import COLUMNS, DATE_HELP, QUOTINGS, SEPARATORS
from balie.web.office.settings.typed import State, Trouble
from balie.web.request import OfficeRequest
from balie.web.words import DIRECTIONS
from balie.world.phone_system import has_calls, last_changed

EMPTY_ROWS = 2  # of directions, for words that no sample has


@dataclass(frozen=True)
class Column:
    """One column of the mapping. options: what can be chosen; empty: it is typed."""

    name: str
    value: str
    title: str
    says: str
    needed: bool


@dataclass(frozen=True)
class Shown:
    """What the page shows beside what is stored: the form as it was sent, what is wrong with it, what was tried."""

    form: State | None = None
    was: State | None = None
    trouble: Trouble | None = None
    tried: Tried | None = None
    given: Given | None = None
    read: Read | None = None


NOTHING = Shown()


@office
def phone_systems(request: OfficeRequest) -> HttpResponse:
    """All of them: how they read, where their files come from, how the last look went."""
    desk = request.desk
    known = {
        "deliveries": deliveries(desk.today, now=desk.now, zone=desk.zone),
        "may": request.user.may(Role.ADMINISTRATOR),
    }
    return render(request, "balie/settings/phone_systems.html", known)


@office
def phone_system(request: OfficeRequest, pk: int) -> HttpResponse:
    return one(request, get_object_or_404(Source, pk=pk))


@administrator
def new_phone_system(request: OfficeRequest) -> HttpResponse:
    return one(request, blank(request))


def blank(request: OfficeRequest) -> Source:
    """A phone system before anything is said of it."""
    return Source(name="", format=next(iter(READERS)), timezone=request.desk.zone)


def one(request: OfficeRequest, source: Source, shown: Shown = NOTHING) -> HttpResponse:
    """The form of one phone system."""
    held = fields.state(source)
    form = shown.form or held
    delivery = None
    if source.pk:
        desk = request.desk
        listed = deliveries(desk.today, now=desk.now, zone=desk.zone)
        delivery = next((each for each in listed if each.source.pk == source.pk), None)
    known: dict[str, Any] = {
        "source": source,
        "delivery": delivery,
        "form": {name.replace(".", "_"): value for name, value in form.items()},
        "was": json.dumps(shown.was or held),
        "problem": shown.trouble,
        "shown": shown,
        "may": request.user.may(Role.ADMINISTRATOR),
        "has_calls": bool(source.pk) and has_calls(source),
        "changed": last_changed(source) if source.pk else None,
        "formats": choices(form["format"]),
        "separators": SEPARATORS | ({} if form["separator"] in SEPARATORS else {form["separator"]: form["separator"]}),
        "zones": zone_choices(),
        "in_utc": ", ".join(map(format_name, IN_UTC)),
        "tell_outside": ", ".join(map(format_name, TELL_OUTSIDE)),
        "quotings": QUOTINGS | ({} if form["quoting"] in QUOTINGS else {form["quoting"]: form["quoting"]}),
        "date_formats": guess.DATE_FORMATS,
        "date_help": DATE_HELP % {"example": "%d.%m.%Y %H:%M:%S", "offset": "%z"},
        "columns": list(columns(form)),
        "places": places(shown.read),
        "ways": list(ways(form, shown.read)),
        "directions": [(way, DIRECTIONS[way]) for way in Direction],
    }
    return render(
        request, "balie/settings/phone_system.html", known, status=shown.trouble.status if shown.trouble else 200
    )


def choices(current: str) -> list[tuple[str, str]]:
    """The formats that can be read, and the one that is set."""
    return [(name, format_name(name)) for name in dict.fromkeys([*READERS, current])]


def columns(form: State) -> Iterator[Column]:
    for name, (title, says) in COLUMNS.items():
        yield Column(name, form[f"columns.{name}"], str(title), str(says), name in ("start", "talk"))


def places(read: Read | None) -> list[tuple[str, str, str]]:
    """The columns of a sample: what is stored for one by its name and by its place, and what stands in it."""
    if read is None:
        return []
    first = [*read.first, *[""] * len(read.header)]
    return [(fields.column_field(name), f"#{at}", name or first[at]) for at, name in enumerate(read.header)]


def ways(form: State, read: Read | None) -> Iterator[tuple[str, str]]:
    """Words of the directions with what they mean: those set, those of the sample, some empty rows."""
    said = fields.directions_of(form)
    words = [word for word in (read.words if read else []) if word not in said]
    yield from said.items()
    for word in words:
        yield word, word if word in list(Direction) else guess.way_of(word)
    yield from [("", "")] * EMPTY_ROWS
