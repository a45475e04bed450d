"""Reads over calls. Month totals come from the sums kept beside the calls, never from the calls themselves."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.calls.models import Call, ClientMonth, ClosedMonth, Source, SourceHour
from balie.rules.call import CallType, Direction, direction_of
from balie.rules.errors import Refused
from balie.rules.period import Period, day_begin

ORDERS = ("start", "direction", "caller", "callee", "agent__name", "talk", "type")


@dataclass(frozen=True)
class CallFilter:
    """What part of a list of calls somebody wants to see; empty fields ask for everything."""

    direction: str = ""
    type: str = ""
    agent: str = ""  # code
    number: str = ""  # a part of the other party's or the dialled number, as a person types it
    since: date | None = None  # local days, both included
    until: date | None = None
    client: str = ""  # number
    also: Q | None = None  # and fits this, for example because a line of a bill was measured from it

    def __bool__(self) -> bool:
        return self != CallFilter()


@dataclass(frozen=True)
class Sums:
    """Sums of one part of a report: seconds of talk, missed calls apart from the others."""

    calls: int = 0
    seconds: int = 0
    missed: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.calls + other.calls, self.seconds + other.seconds, self.missed + other.missed)


@dataclass(frozen=True)
class MonthLine:
    """One client in the month report."""

    client: Client
    inbound: Sums = field(default_factory=Sums)
    forwarded: Sums = field(default_factory=Sums)
    outbound: Sums = field(default_factory=Sums)
    sms: int = 0  # parts; filled in above this app

    @classmethod
    def of(cls, client: Client, sums: Mapping[str, Sums]) -> "MonthLine":
        """With the sums of each direction."""
        return cls(client, sums[Direction.INBOUND], sums[Direction.FORWARDED], sums[Direction.OUTBOUND])


def clients_calls(client: Client, period: Period) -> QuerySet[Call]:
    """A client's calls of a local month, in order of start."""
    return in_period(Call.objects.filter(client=client), period).select_related("agent").order_by("start", "key")


def in_period(calls: QuerySet[Call], period: Period) -> QuerySet[Call]:
    """Those that started in the local month."""
    return calls.filter(start__gte=period.begin, start__lt=period.end)


def narrowed(calls: QuerySet[Call], wanted: CallFilter, zone: str) -> QuerySet[Call]:
    """The part of the calls somebody asked for; days are local days of `zone`."""
    exact = {"direction": wanted.direction, "type": wanted.type, "agent__code": wanted.agent}
    calls = calls.filter(**{name: value for name, value in exact.items() if value})
    if wanted.client:
        calls = calls.filter(client__number=wanted.client)
    if wanted.number:
        calls = calls.filter(part_of_number(wanted.number))
    if wanted.since:
        calls = calls.filter(start__gte=day_begin(wanted.since, zone))
    if wanted.until:
        calls = calls.filter(start__lt=day_begin(wanted.until + timedelta(days=1), zone))
    return calls.filter(wanted.also) if wanted.also else calls


def part_of_number(text: str) -> Q:
    """Calls with this part of a number: spaces and signs a person types do not matter, nor does a leading zero."""
    digits = "".join(sign for sign in text if sign.isdigit())
    part = digits.lstrip("0") or text.strip()
    return Q(caller__contains=part) | Q(callee__contains=part)


def ordered(calls: QuerySet[Call], order: str) -> QuerySet[Call]:
    """Sorted by one of ORDERS, a minus in front for descending; ties by start, so that paging is stable."""
    name = order.removeprefix("-")
    if name not in ORDERS:
        said = _("Calls cannot be sorted by %(name)s; use one of %(known)s.")
        raise Refused("bad_order", said % {"name": repr(name), "known": ", ".join(ORDERS)}, "order")
    return calls.order_by(order, "start", "key") if name != "start" else calls.order_by(order, "key")


def sums(calls: QuerySet[Call]) -> dict[str, Sums]:
    """Sums per direction of any list of calls, in one query."""
    found: dict[str, Sums] = {direction: Sums() for direction in Direction}
    for row in calls.order_by().values("direction", "type").annotate(n=Count("pk"), seconds=Sum("talk")):
        found[row["direction"]] += one_sum(row["type"], row["n"], row["seconds"])
    return found


def sums_kept(period: Period, wanted: CallFilter) -> dict[str, Sums] | None:
    """The same of all calls of a month, from the sums kept by hour; None where these do not tell what was asked for."""
    if wanted.agent or wanted.number or wanted.client or wanted.also:
        return None
    first, last = period.first_day, period.last_day
    rows = hours_of(max(first, wanted.since or first), min(last, wanted.until or last))
    if wanted.type:
        rows = rows.filter(type=wanted.type)
    found: dict[str, Sums] = {direction: Sums() for direction in Direction}
    for row in rows.order_by().values("type").annotate(n=Sum("calls"), seconds=Sum("talk")):
        direction = direction_of(row["type"])
        if wanted.direction in ("", direction):
            found[direction] += one_sum(row["type"], row["n"], row["seconds"])
    return found


def one_sum(type: str, calls: int, seconds: int) -> Sums:
    return Sums(missed=calls) if type == CallType.MISSED else Sums(calls, seconds)


def month_lines(period: Period, clients: Iterable[Client] | None = None) -> list[MonthLine]:
    """The month report: every client with calls in the month (or of those given), by client number. Two queries."""
    rows = ClientMonth.objects.filter(month=period.key, calls__gt=0)
    if clients is not None:
        rows = rows.filter(client__in=clients)
    parts: dict[int, dict[str, Sums]] = defaultdict(lambda: {direction: Sums() for direction in Direction})
    for client, direction, type, calls, talk in rows.values_list("client_id", "direction", "type", "calls", "talk"):
        parts[client][direction] += one_sum(type, calls, talk)
    named = Client.objects.filter(pk__in=rows.values("client")).order_by("number")
    return [MonthLine.of(client, parts[client.pk]) for client in named]


def unassigned(period: Period | None = None) -> QuerySet[Call]:
    """Calls no client could be found for."""
    calls = Call.objects.filter(client=None)
    return in_period(calls, period) if period else calls


def hours_of(first: date, last: date) -> QuerySet[SourceHour]:
    """Sums per source and local hour of these local days, both included."""
    return SourceHour.objects.filter(day__gte=first, day__lte=last)


def quick_between(first: int, second: int) -> QuerySet[Call]:
    """Accepted calls that are quick by one of these times of the service level (seconds) and not by the other."""
    low, high = sorted((first, second))
    return Call.objects.filter(type=CallType.ACCEPTED, ring__gt=low, ring__lte=high)


def in_another_month(zone: str, other: str) -> QuerySet[Call]:
    """Calls that belong to another month in the second time zone than in the first."""
    span = Call.objects.aggregate(first=Min("start"), last=Max("start"))
    if span["first"] is None:
        return Call.objects.none()
    found, month = Q(pk=None), Period.of(span["first"], zone)
    while month.begin <= span["last"] + timedelta(days=2):
        early, late = sorted((month.begin, day_begin(month.first_day, other)))
        found |= Q(start__gte=early, start__lt=late)
        month = month.next()
    return Call.objects.filter(found)


def closed_months() -> set[int]:
    """Keys (202611) of the months whose calls are billed."""
    return set(ClosedMonth.objects.values_list("month", flat=True))


def source_by_name(name: str) -> Source:
    """A phone system by its name. Refused when there is none."""
    found = Source.objects.filter(name=name).first()
    if found is None:
        names = ", ".join(Source.objects.values_list("name", flat=True)) or _("none yet")
        said = _("There is no phone system %(name)s; known: %(names)s.") % {"name": repr(name), "names": names}
        raise Refused("unknown_source", said, "source")
    return found
