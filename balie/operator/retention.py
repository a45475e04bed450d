"""Up to which day personal data is removed, and when somebody looks at it next."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet

from balie.leases import actions as leases
from balie.operator.models import Operator, Removal
from balie.operator.queries import operator
from balie.rules.period import day_begin
from balie.rules.retention import Kept, kept_from

AT = time(2, 30)  # local; until then a time that was set too short can be set longer


def boundary(kind: Kept, settings: Operator, *, now: datetime) -> date | None:
    """Data of earlier local days has outlived its time; None where it is kept for good."""
    months = settings.retention.get(kind)
    return kept_from(now.astimezone(ZoneInfo(settings.timezone)).date(), months) if months else None


def begin_of(day: date, settings: Operator) -> datetime:
    """The first moment of a local day, UTC."""
    return day_begin(day, settings.timezone)


def removed_before() -> dict[Kept, date]:
    """For every kind of which something was removed: data of earlier local days is gone."""
    found = Removal.objects.exclude(before=None).values_list("kind", "before")
    return {Kept(kind): before for kind, before in found if before}


def gone_before(*kinds: Kept) -> date | None:
    """Some of this data of earlier local days may be removed by now; None where nothing was."""
    found: date | None = Removal.objects.filter(kind__in=kinds).aggregate(day=Max("before"))["day"]
    return found


def next_night(now: datetime, settings: Operator) -> datetime:
    """The next time at which data is removed."""
    zone = ZoneInfo(settings.timezone)
    today = datetime.combine(now.astimezone(zone).date(), AT, tzinfo=zone)
    return today if now < today else datetime.combine(today.date() + timedelta(days=1), AT, tzinfo=zone)


def ask_for_removals(*, now: datetime) -> None:
    """Every kind that has a time is looked at in the next night; what was asked for already stays so."""
    settings = Operator.objects.first()
    wanted = [kind for kind in Kept if settings and settings.retention.get(kind)]
    if settings is None or not wanted:
        return
    held = set(Removal.objects.filter(kind__in=wanted).values_list("kind", flat=True))
    due = next_night(now, settings)
    leases.revive(Removal.objects.filter(due__lte=now - timedelta(days=1)))  # what failed is tried again every night
    rows = [Removal(kind=kind, due=due) for kind in wanted if kind not in held]
    Removal.objects.bulk_create(rows, ignore_conflicts=True)


def removals_due(*, now: datetime) -> QuerySet[Removal]:
    """Kinds to be looked at now; none of those that are kept for good."""
    settings = Operator.objects.first()
    kinds = [kind for kind in Kept if settings and settings.retention.get(kind)]
    return Removal.objects.filter(kind__in=kinds, due__lte=now)


def begin_removal(row: Removal, *, now: datetime) -> date | None:
    """Writes down up to which day data will be gone; that day, or None where it is kept for good by now."""
    day = boundary(Kept(row.kind), operator(), now=now)
    if day is None:
        return None
    if row.before is None or row.before < day:
        row.before = day
        leases.own(row).update(before=day)
    return day


def end_removal(row: Removal, *, removed: int, now: datetime) -> bool:
    """Gives the row back until the next night. False when somebody else has it by now."""
    found = {"removed": removed, "removed_at": now} if removed else {}
    return leases.give_back(row, done=now, due=next_night(now, operator()), **found)
