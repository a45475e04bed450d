"""How completely agents recorded their calls, in numbers that are kept by local day: counting a month of 200,000 calls
takes more than half a second, a year several.

A worker counts a day after it looked at its notes, and once its calls changed. Whoever reads takes a day that is still
as it was counted, and counts the others: figures are those of now, whatever is kept.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum

from balie.calls.models import AgentDay, Call, CallCorrection
from balie.notes.models import ExemptCaller, Note
from balie.operator.models import LogEntry
from balie.operator.queries import operator
from balie.quality.marks import HEAPS, notes_counted
from balie.quality.models import CountedDay
from balie.quality.stale import spans
from balie.quality.window import DAY, Window, window
from balie.rules.call import CallType
from balie.rules.period import Period

Counts = Mapping[int, tuple[int, int, int]]  # agent (id): calls that need a note, those of them without one, notes
BACK = 366  # days that are kept counted
AT_ONCE = 31  # days counted in one go
SLACK = timedelta(minutes=1)  # in which a transaction that moved calls may have been under way


def needing_notes(days: Window | Period) -> QuerySet[Call]:
    """Accepted calls of these days that should have a note: not those of exempt callers.

    A call whose client or agent is not known is nobody's to write down.
    """
    exempt = ExemptCaller.objects.filter(client=OuterRef("client"), number=OuterRef("caller"))
    return Call.objects.filter(
        ~Exists(exempt), type=CallType.ACCEPTED, start__gte=days.begin, start__lt=days.end
    ).exclude(Q(client=None) | Q(agent=None))


def counted_now(days: Window) -> Counts:
    """These days, counted. A note counts for the day of its call; one without, for its own. Three queries."""
    left = Count("pk", filter=~Exists(Note.objects.filter(call=OuterRef("pk"))))
    needing = needing_notes(days).order_by().values_list("agent").annotate(Count("pk"), left=left)
    calls = {agent: (number, missing) for agent, number, missing in needing}
    notes = Counter(by_agent(Note.objects.filter(call__start__gte=days.begin, call__start__lt=days.end)))
    notes.update(by_agent(Note.objects.filter(call=None, at__gte=days.begin, at__lt=days.end)))
    return {agent: (*calls.get(agent, (0, 0)), notes.get(agent, 0)) for agent in {*calls, *notes}}


def by_agent(rows: QuerySet[Any]) -> dict[int, int]:
    """How many rows each agent (id) has."""
    return dict(rows.order_by().values_list("agent").annotate(found=Count("pk")))


def counts(first: date, last: date) -> Counts:
    """These local days together, both included."""
    return counts_of([(first, last)], since=first)[0]


def counts_of(parts: Collection[tuple[date, date]], *, since: date) -> list[Counts]:
    """Each of these rows of days. since: from this day on they are counted anew as soon as a note came, before it once
    a worker looked at that note. Up to eight queries, and three for each row of days that
    must be counted."""
    first, last = min(part[0] for part in parts), max(part[1] for part in parts)
    whole = window(first, last)
    kept = still_so(whole, since=since)
    begun = first_day_of_all() if len(parts) > 1 else first
    found = []
    for begin, end in parts:
        days = [day for at in range((end - begin).days + 1) if (day := begin + at * DAY) >= begun]
        pieces = [kept[day] for day in days if day in kept]
        if rest := [day for day in days if day not in kept]:
            pieces += [counted_now(Window(*span, whole.zone)) for span in spans(rest)]
        found.append(together(pieces))
    return found


def first_day_of_all() -> date:
    """No day before this has a call or a note."""
    firsts = Call.objects.aggregate(at=Min("start")), Note.objects.aggregate(at=Min("at"))
    zone = ZoneInfo(operator().timezone)
    return min((one["at"].astimezone(zone).date() for one in firsts if one["at"]), default=date.max)


def together(pieces: Iterable[Counts]) -> Counts:
    sums: dict[int, list[int]] = {}
    for piece in pieces:
        for agent, numbers in piece.items():
            here = sums.setdefault(agent, [0, 0, 0])
            for at, number in enumerate(numbers):
                here[at] += number
    return {agent: (calls, missing, notes) for agent, (calls, missing, notes) in sums.items()}


def still_so(days: Window, *, since: date | None = None) -> dict[date, Counts]:
    """The days that are as they were counted. since: from when notes are looked at too; not at all where it is None."""
    rows = list(CountedDay.objects.filter(day__gte=days.first, day__lte=days.last))
    if not rows:
        return {}
    calls, moved = marks_of_calls(days), last_moved()
    notes = marks_of_notes(Window(since, days.last, days.zone)) if since else {}
    return {
        row.day: {int(agent): tuple(numbers) for agent, numbers in row.agents.items()}
        for row in rows
        if row.calls == calls.get(row.day, calls[None])
        and (moved is None or row.at > moved + SLACK)
        and row.notes == notes.get(row.day, row.notes)
    }


def marks_of_calls(days: Window) -> dict[date | None, str]:
    """Per day another mark once its accepted calls change, or who is exempt; under None that of a day without calls."""
    exempt = ExemptCaller.objects.aggregate(number=Count("pk"), newest=Max("pk"))
    shared = f"{exempt['number']}/{exempt['newest']}"
    rows = AgentDay.objects.filter(day__gte=days.first, day__lte=days.last, type=CallType.ACCEPTED, calls__gt=0)
    # A call that goes from one agent to another changes no sum but the last.
    agents = Sum((F("talk") + F("calls")) * F("agent_id"))
    sums = rows.order_by().values_list("day").annotate(Sum("calls"), Sum("talk"), agents=agents)
    return {None: shared, **{day: f"{shared} {calls}/{talk}/{agent}" for day, calls, talk, agent in sums}}


def marks_of_notes(days: Window) -> dict[date, str]:
    """Per day another mark once a note of it or of the next day comes, or is corrected."""
    found = {day: f"{count}/{versions}" for day, count, versions in notes_counted(days.wider)}
    every = [days.first + at * DAY for at in range((days.last - days.first).days + 1)]
    return {day: f"{found.get(day, '')} {found.get(day + DAY, '')}" for day in every}


def last_moved() -> datetime | None:
    """When a call last went to another client by hand: that changes no sum of agents."""
    corrected = CallCorrection.objects.aggregate(made=Max("at"), undone=Max("undone"))
    heaps = LogEntry.objects.filter(deed__in=HEAPS).aggregate(at=Max("at"))
    return max((at for at in (*corrected.values(), heaps["at"]) if at), default=None)


def count_days(days: Iterable[date], *, now: datetime) -> None:
    """Counts these days and keeps what came of it."""
    for first, last in spans(sorted(days)):
        wanted = window(first, last)
        calls, notes = marks_of_calls(wanted), marks_of_notes(wanted)  # before counting: what comes meanwhile shows
        rows = [
            CountedDay(
                day=one.first, at=now, calls=calls.get(one.first, calls[None]), notes=notes[one.first],
                agents={str(agent): list(numbers) for agent, numbers in counted_now(one).items()},
            )
            for one in wanted.parts(1)
        ]  # fmt: skip
        CountedDay.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["day"], update_fields=["at", "calls", "notes", "agents"]
        )


def count_again(first: date, last: date, *, now: datetime) -> None:
    """Counts the days whose calls the notes of these days may be about, after a look at them."""
    count_days(days_noted(first, last), now=now)


def forget_counts(first: date, last: date) -> None:
    """The same days are counted by whoever asks, until a worker does: counting each takes longer than many at once."""
    CountedDay.objects.filter(day__in=days_noted(first, last)).delete()


def days_noted(first: date, last: date) -> set[date]:
    """The days whose calls the notes of these days may be about. One query."""
    days = window(first, last)
    about = Note.objects.filter(at__gte=days.begin, at__lt=days.end, call__start__lt=window(first - DAY, last).begin)
    zone = ZoneInfo(days.zone)
    earlier = {start.astimezone(zone).date() for start in about.order_by().values_list("call__start", flat=True)}
    return earlier | {first - DAY + at * DAY for at in range((last - first).days + 2)}


def count_changed(today: date, *, now: datetime) -> int:
    """Counts days of the last year whose calls are not any more as they were counted, and those without calls between
    them; the latest first, at most so many at a time, so that other work has its turn. How many."""
    begun = AgentDay.objects.filter(day__gte=today - BACK * DAY).aggregate(first=Min("day"))["first"]
    if begun is None or begun > today:
        return 0
    kept, days = still_so(window(begun, today)), (today - begun).days + 1
    wanted = [day for day in (today - at * DAY for at in range(days)) if day not in kept][:AT_ONCE]
    if wanted:
        count_days(wanted, now=now)
    return len(wanted)
