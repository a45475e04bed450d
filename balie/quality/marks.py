"""What stands on a local day, as a mark that is another once anything is that its notes are judged by. Reads.

Of a day and those on either side: notes and their versions, calls and their agents. Of the day itself: calls corrected
by hand, mails given up, clients of findings that hang on them, whether calls may still come. Of all days: how checks
are set, calls that went to other clients in heaps.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, F, Max, Q, Sum

from balie.calls.models import AgentDay, Call, CallCorrection, Import
from balie.messages.models import Outgoing
from balie.notes.models import Delivery, Note
from balie.notifications.models import Mail
from balie.operator.models import LogEntry
from balie.operator.queries import operator
from balie.quality.around import LOST, addresses, at_times, known_until, needed
from balie.quality.looking import SURE_AFTER, settings
from balie.quality.models import CheckSetting, Finding
from balie.quality.window import DAY, Window, window

Parts = Mapping[date, list[str]]
# Deeds after which any call may be another client's.
HEAPS = ("calls.assigned", "calls.assignment_undone", "world.loaded")
OF_CLIENTS = ("bad_email", "missing_field", "undelivered")
STIRRING = 2  # days back to which calls are still folded anew without another count
KEYS_AT_ONCE = 5_000


def seen_on(first: date, last: date, *, now: datetime) -> dict[date, str]:
    """The mark of each of these local days that has notes or calls."""
    days = window(first, last)
    counts = counted(days.wider)
    everywhere, others = [*as_set(), *heaps(days)], [corrected(days), failed(days), still_coming(days, now)]
    clients, found = of_clients(days), {}
    for day in sorted(counts):
        if first <= day <= last:
            around = [counts.get(near, []) for near in (day - DAY, day, day + DAY)]
            base = digest(around, everywhere, [part.get(day, []) for part in others])
            found[day] = f"{base} {digest(clients.get(day))}"
    return found


def after_look(before: str, after: str) -> str:
    """The mark to keep: of what was there before a look, and of the clients of the findings that it left open."""
    return f"{before.partition(' ')[0]} {after.partition(' ')[2]}".strip()


def digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def day_of(moment: datetime, days: Window) -> date:
    return moment.astimezone(ZoneInfo(days.zone)).date()


def counted(days: Window) -> dict[date, list[str]]:
    """Notes and calls of each day."""
    found: dict[date, list[str]] = defaultdict(list)
    calls = AgentDay.objects.filter(day__gte=days.first, day__lte=days.last, calls__gt=0).order_by("day")
    # A call that goes from one agent to another changes no sum but the last.
    agents = Sum((F("talk") + F("calls")) * F("agent_id"))
    for day, *sums in calls.values("day").annotate(Sum("calls"), Sum("talk"), agents=agents).values_list(
        "day", "calls__sum", "talk__sum", "agents"
    ):  # fmt: skip
        found[day].append(f"calls {sums}")
    for day, count, versions in notes_counted(days):
        found[day].append(f"notes {count}/{versions}")
    return found


def notes_counted(days: Window) -> Iterable[tuple[date, int, int]]:
    """Day, notes, their versions added up. One look along the index a day: truncating every moment takes longer."""
    moments, several = [], list(days.parts(1))
    for number, one in enumerate(several):
        moments += [number, *(connection.ops.adapt_datetimefield_value(moment) for moment in (one.begin, one.end))]
    rows = ", ".join(["(%s, %s, %s)"] * len(several))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH days (number, begins, ends) AS (VALUES {rows}) SELECT number, count(*), sum(version) FROM days"
            f" JOIN {Note._meta.db_table} ON at >= begins AND at < ends GROUP BY number ORDER BY number",
            moments,
        )
        return [(several[number].first, count, versions) for number, count, versions in cursor.fetchall()]


def as_set() -> list[str]:
    """How checks are set."""
    rows = CheckSetting.objects.order_by("code").values_list("code", "on", "parameter")
    kept, ours = settings(), operator()
    return [f"{ours.country} {bool(ours.sms_gateway)} {kept.tolerance} {kept.most_after}", str(list(rows))]


def heaps(days: Window) -> list[str]:
    """How often calls went to other clients in heaps since these days began."""
    done = LogEntry.objects.filter(at__gte=days.begin, deed__in=HEAPS)
    return [str(done.aggregate(Count("pk"), Max("pk")))]


def corrected(days: Window) -> Parts:
    """Calls corrected by hand, and taken back, by the day of the call."""
    made = CallCorrection.objects.filter(at__gte=days.begin).order_by("pk").values_list("source", "key", "pk", "undone")
    by_call: dict[tuple[int, str], list[str]] = defaultdict(list)
    for source, key, pk, undone in made:
        by_call[source, key].append(f"{pk} {undone}")
    found: dict[date, list[str]] = defaultdict(list)
    keys, sources = sorted({key for _source, key in by_call}), {source for source, _key in by_call}
    for at in range(0, len(keys), KEYS_AT_ONCE):
        calls = Call.objects.filter(source__in=sources, key__in=keys[at : at + KEYS_AT_ONCE])
        for source, key, start in calls.order_by("pk").values_list("source_id", "key", "start"):
            found[day_of(start, days)] += by_call.get((source, key), [])
    return found


def failed(days: Window) -> Parts:
    """Mails and SMS to recipients that were given up, by the day of the note."""
    # These are few, deliveries are many: by the ids of the former.
    mails = list(Mail.objects.filter(sent=None).exclude(parked="").order_by().values_list("pk", flat=True))
    texts = list(Outgoing.objects.filter(state__in=LOST).order_by().values_list("pk", flat=True))
    found: dict[date, list[str]] = defaultdict(list)
    rows: list[tuple[int, datetime]] = []
    for name, lost in (("mail", mails), ("sms", texts)):
        for at in range(0, len(lost), KEYS_AT_ONCE):
            some = Delivery.objects.filter(**{f"{name}__in": lost[at : at + KEYS_AT_ONCE]}, copy=False)
            some = some.filter(note__at__gte=days.begin, note__at__lt=days.end).order_by()
            rows += some.values_list("pk", "note__at")
    for pk, moment in sorted(rows):
        found[day_of(moment, days)].append(str(pk))
    return found


def of_clients(days: Window) -> Parts:
    """What the clients of open findings that hang on them have: addresses and when they hold, fields they require."""
    wrong = Finding.objects.filter(closed=None, code__in=OF_CLIENTS, note__at__gte=days.begin, note__at__lt=days.end)
    rows = list(wrong.order_by("pk").values_list("note__at", "client_id"))
    if not rows:
        return {}
    known, wanted, some = addresses(), needed(), at_times()
    found: dict[date, list[str]] = defaultdict(list)
    for at, client in rows:
        found[day_of(at, days)].append(f"{client} {known.get(client)} {wanted.get(client)} {client in some}")
    return found


def still_coming(days: Window, now: datetime) -> Parts:
    """Whether calls of a day may still come; of the last days the newest import, which may have folded them anew."""
    newest, today, zone = known_until(), day_of(now, days), ZoneInfo(days.zone)
    imported = Import.objects.filter(~Q(finished=None)).aggregate(found=Max("finished"))["found"]
    tolerance = timedelta(minutes=settings().tolerance)
    found: dict[date, list[str]] = defaultdict(list)
    for one in days.parts(1):
        end = one.end.astimezone(zone)
        if now - end <= SURE_AFTER and (newest is None or newest < end + tolerance):
            found[one.first].append("open")
        if one.first >= today - STIRRING * DAY:
            found[one.first].append(f"{imported}")
    return found
