"""The tab "Desk" of a client: what agents say, when it is open, what they ask, who gets notes, exceptions, history."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from balie.accounts.models import Client
from balie.notes.actions.settings import CHANGED, PARTS
from balie.notes.known import Told, told
from balie.notes.parts import STANDARD
from balie.operator.models import LogEntry
from balie.web.access import office
from balie.web.notes.away import AwayForm, form_of
from balie.web.notes.shown import WHENS
from balie.web.office.client import head
from balie.web.request import OfficeRequest

HISTORY = 30
EMPTY_ROWS = 2
PART_NAMES = {
    "words": gettext_lazy("What agents say"),
    "hours": gettext_lazy("Business hours"),
    "fields": gettext_lazy("Fields of a note"),
    "recipients": gettext_lazy("Who gets the notes"),
    "exempt": gettext_lazy("Callers without a note"),
}


@dataclass(frozen=True)
class Given:
    """What was sent in and could not be stored: the form of this part is shown with it."""

    part: str = ""
    value: Any = None
    problem: str = ""
    where: str = ""
    was: Any = None  # what the page showed


@office
def desk(request: OfficeRequest, number: str) -> HttpResponse:
    return page(request, get_object_or_404(Client, number=number))


def page(
    request: OfficeRequest, client: Client, given: Given | None = None, away: AwayForm | None = None, status: int = 200
) -> HttpResponse:
    """Every part as it is stored; one of them as it was given, where it could not be."""
    bad = given or Given()
    values = {name: bad.value if name == bad.part else part.read(client) for name, part in PARTS.items()}
    shown = (
        {
            name: bad.was if name == bad.part and bad.was is not None else part.read(client)
            for name, part in PARTS.items()
        }
        if bad.part
        else values
    )
    now = told(client, request.desk.operator, request.desk.now, ahead=None)
    known = {
        "values": values,
        "was": {name: json.dumps(value) for name, value in shown.items()},
        "given": bad,
        "days": [(day, name, values["hours"].get(str(day), "")) for day, name in enumerate(day_names())],
        "standard": [(name, label, name in values["fields"]["required"]) for name, label in standard()],
        "own": [(name, name in values["fields"]["required"]) for name in [*values["fields"]["extra"], "", ""]],
        "recipients": [*values["recipients"], *({"when": "always"},) * EMPTY_ROWS],
        "exempt": [*values["exempt"], *({},) * EMPTY_ROWS],
        "whens": list(WHENS.items()),
        "told": now,
        "absences": exceptions(request, now),
        "away": away or AwayForm(),
        "log": history(client),
    }
    return render(request, "balie/client_desk/desk.html", head(client, "desk", request.desk) | known, status=status)


def standard() -> list[tuple[str, object]]:
    return [*STANDARD.items(), ("text", pgettext("call", "Note"))]


def day_names() -> list[str]:
    return [
        pgettext("weekday", "Monday"),
        pgettext("weekday", "Tuesday"),
        pgettext("weekday", "Wednesday"),
        pgettext("weekday", "Thursday"),
        pgettext("weekday", "Friday"),
        pgettext("weekday", "Saturday"),
        pgettext("weekday", "Sunday"),
        _("Public holidays"),
    ]


def exceptions(request: OfficeRequest, now: Told) -> list[tuple[Any, bool, AwayForm]]:
    """Each with whether it holds now, and the form that changes it."""
    both = [(one, True) for one in now.absences] + [(one, False) for one in now.coming]
    return [(one, holds, form_of(one, request.desk)) for one, holds in both]


@dataclass(frozen=True)
class Entry:
    """One change of the log; back: whether it can be put back as it was before."""

    row: LogEntry

    @property
    def part(self) -> str:
        return str(PART_NAMES.get(str(self.row.details.get("part")), ""))

    @property
    def back(self) -> bool:
        return self.row.deed == CHANGED

    @property
    def about(self) -> str:
        """Of an exception whose it is."""
        said = self.row.details.get("after") or self.row.details.get("before") or {}
        return str(said.get("who", "")) if isinstance(said, dict) else ""


def history(client: Client) -> list[Entry]:
    """The latest changes of this client's desk and exceptions."""
    about = LogEntry.objects.filter(about=f"client:{client.number}")
    rows = about.filter(deed=CHANGED) | about.filter(deed__startswith="absence.")
    return [Entry(row) for row in rows.order_by("-pk")[:HISTORY]]
