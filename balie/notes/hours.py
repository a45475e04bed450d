"""Whether a client is open at a moment, by its own hours and the public holidays of its region."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from balie.accounts.models import Client
from balie.notes.models import OpenHours
from balie.operator.queries import operator
from balie.rules.holidays import public_holidays

HOLIDAY = 7
MIDNIGHT = time(0)


def is_open(client: Client, moment: datetime) -> bool:
    """By the operator's clock. A client without hours is always open; on a public holiday its holiday's hours hold."""
    hours = list(OpenHours.objects.filter(client=client))
    return open_by(hours, moment, region_of(client)) if hours else True


def open_by(hours: Sequence[OpenHours], moment: datetime, region: str) -> bool:
    """The same, of hours that were read already."""
    local = moment.astimezone(ZoneInfo(operator().timezone))
    return open_at(hours, local, holiday=local.date() in public_holidays(region, [local.year]))


def open_at(hours: Sequence[OpenHours], local: datetime, *, holiday: bool) -> bool:
    """The same at a local time, on a public holiday or not."""
    day, now = HOLIDAY if holiday else local.weekday(), local.time().replace(second=0, microsecond=0)
    return any(one.day == day and one.begins <= now and (now < one.ends or one.ends == MIDNIGHT) for one in hours)


def region_of(client: Client) -> str:
    """Whose public holidays a client has."""
    desk = getattr(client, "desk", None)
    return (desk.region if desk else "") or operator().region
