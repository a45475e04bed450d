"""The form of an exception: who is away until when, what to say. The same at the desk, in office and portal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.notes.actions import Away, put_absence, remove_absence, undo_absence
from balie.notes.actions.take import FIRST_YEAR, LAST_YEAR
from balie.notes.models import Absence
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.request import Desk, OfficeRequest, author

NAMES = ("who", "say", "begins", "ends")
ENDS_AT = time(23, 59)


@dataclass(frozen=True)
class AwayForm:
    """What was typed, and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    where: str = ""
    pk: int | None = None


def typed(request: OfficeRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "")[:1000] for name in NAMES}


def away_in(request: OfficeRequest) -> Away:
    """The exception as typed: begins now unless said, lasts until somebody ends it unless said."""
    said, desk = typed(request), request.desk
    begins = moment_of(said["begins"], desk, "begins") or desk.now
    return Away(said["who"], said["say"], begins, moment_of(said["ends"], desk, "ends"))


def moment_of(text: str, desk: Desk, where: str) -> datetime | None:
    """A local moment as browsers send it, or a day, which lasts to its end."""
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        said = _("“%(text)s” is no day with a time; write it as %(example)s.")
        example = desk.local_now.strftime("%Y-%m-%d %H:%M")
        raise Refused("bad_moment", said % {"text": text[:30], "example": example}, where)
    if len(text.strip()) == 10 and where == "ends":
        found = datetime.combine(found.date(), ENDS_AT)
    return found.replace(tzinfo=ZoneInfo(desk.zone))


def field_moment(moment: datetime | None, desk: Desk) -> str:
    """As a field for a moment holds it."""
    return moment.astimezone(ZoneInfo(desk.zone)).strftime("%Y-%m-%dT%H:%M") if moment else ""


def form_of(absence: Absence, desk: Desk) -> AwayForm:
    moments = {name: field_moment(getattr(absence, name), desk) for name in ("begins", "ends")}
    return AwayForm({"who": absence.who, "say": absence.say, **moments}, pk=absence.pk)


def entered(request: OfficeRequest, client: Client, absence: Absence | None = None) -> LogEntry | AwayForm:
    """Stores what was typed; else the form again, with why not."""
    try:
        return put_absence(client=client, away=away_in(request), absence=absence, author=author(request))
    except Refused as refusal:
        return AwayForm(typed(request), refusal.message, refusal.where, absence.pk if absence else None)


def tell_entered(request: OfficeRequest, entry: LogEntry, undo: str) -> None:
    """undo: the name of the address that takes it back."""
    notices.done(request, _("Agents say this from now on; where it begins later, from then on."), undo_at(entry, undo))


def undo_at(entry: LogEntry, name: str) -> str:
    return reverse(name, args=[entry.pk])


def removed(request: OfficeRequest, absence: Absence) -> LogEntry:
    return remove_absence(absence=absence, author=author(request))


def taken_back(request: OfficeRequest, client: Client, entry: LogEntry) -> None:
    undo_absence(client=client, entry=entry, author=author(request))
    notices.done(request, _("It is as it was before."))
