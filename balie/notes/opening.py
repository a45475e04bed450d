"""Until when a client is open or closed, and its hours as people write them: 09:00–12:30, 13:30–17:30."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from balie.notes.hours import HOLIDAY, MIDNIGHT, open_at
from balie.notes.models import OpenHours
from balie.rules.errors import Refused
from balie.rules.holidays import public_holidays

DAYS_AHEAD = 9
SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—)\s*(\d{1,2})(?:[:.](\d{2}))?")
Span = tuple[time, time]


def changes_at(hours: Sequence[OpenHours], moment: datetime, *, region: str, zone: str) -> datetime | None:
    """When the client opens or closes next; None where it does not within nine days."""
    if not hours:
        return None
    local = moment.astimezone(ZoneInfo(zone))
    holidays = public_holidays(region, [local.year, local.year + 1])
    now = open_at(hours, local, holiday=local.date() in holidays)
    edges = edges_after(hours, local, holidays)
    return next((edge for edge in edges if open_at(hours, edge, holiday=edge.date() in holidays) != now), None)


def edges_after(hours: Sequence[OpenHours], local: datetime, holidays: frozenset[date]) -> Iterable[datetime]:
    """Local moments after this one at which some span begins or ends, the earliest first."""
    today, zone, found = local.date(), local.tzinfo, set()
    for ahead in range(DAYS_AHEAD):
        at = today + timedelta(days=ahead)
        day = HOLIDAY if at in holidays else at.weekday()
        found.add(datetime.combine(at, MIDNIGHT, zone))  # a holiday may begin or end what the day before had
        for one in hours:
            if one.day == day:
                last = at + timedelta(days=1) if one.ends == MIDNIGHT else at
                found |= {datetime.combine(at, one.begins, zone), datetime.combine(last, one.ends, zone)}
    return sorted(edge for edge in found if edge > local)


def spans_of(text: str, where: str = "hours") -> list[Span]:
    """The spans written in a line, in order of time; nothing written is closed. Refused for what is no span."""
    found = [span_of(part.strip(), where) for part in re.split(r"[,;]", text) if part.strip()]
    found.sort()
    for (_begins, ends), (begins, _ends) in pairwise(found):
        if ends == MIDNIGHT or begins < ends:
            raise Refused("bad_hours", _("Two of these spans overlap; write them as one."), where)
    return found


def span_of(text: str, where: str) -> Span:
    said = SPAN.fullmatch(text)
    example = "09:00–12:30, 13:30–17:30"
    if not said:
        raise Refused("bad_hours", _("“%(text)s” are no hours; write %(example)s.") % {
            "text": text[:40], "example": example}, where)  # fmt: skip
    begins, ends = (clock(said[at], said[at + 1] or "0", where) for at in (1, 3))
    if ends != MIDNIGHT and begins >= ends:
        message = _(
            "“%(text)s” ends before it begins. What goes on after midnight belongs to the next day: 00:00–06:00."
        )
        raise Refused("bad_hours", message % {"text": text[:40]}, where)
    return begins, ends


def clock(hour: str, minute: str, where: str) -> time:
    """24:00 is midnight, as 00:00 is."""
    if (int(hour), int(minute)) == (24, 0):
        return MIDNIGHT
    try:
        return time(int(hour), int(minute))
    except ValueError:
        said = _("There is no time %(time)s; a day goes from 00:00 to 24:00.") % {"time": f"{hour}:{minute}"}
        raise Refused("bad_hours", said, where) from None


def said(spans: Iterable[Span]) -> str:
    """The same as text, to be shown and changed."""
    return ", ".join(f"{begins:%H:%M}–{'24:00' if ends == MIDNIGHT else f'{ends:%H:%M}'}" for begins, ends in spans)
