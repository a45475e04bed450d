"""What asks for attention now, the worst first: silent and failing sources, calls without client, months to close."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from balie.calls.day import Delivery, Silence
from balie.calls.models import ClientMonth, Import
from balie.calls.queries import closed_months, unassigned
from balie.leases.queries import alive
from balie.rules.call import Direction
from balie.web import written
from balie.web.months import past_months
from balie.web.office.late import changed_since_closed
from balie.web.request import Desk


@dataclass(frozen=True)
class Alert:
    """One row: how bad, what happened, what it means, and the one next step."""

    state: str  # bad or warn
    strong: str
    rest: str
    link: str
    deed: str


@dataclass(frozen=True)
class Unassigned:
    """Calls no client could be found for: to how many numbers, and how many of them name none."""

    calls: int
    numbers: int
    nameless: int


def unassigned_now() -> Unassigned:
    to_number = Q(direction=Direction.INBOUND) & ~Q(callee="")
    found = unassigned().aggregate(
        calls=Count("pk"),
        numbers=Count("callee", distinct=True, filter=to_number),
        nameless=Count("pk", filter=~to_number),
    )
    return Unassigned(found["calls"], found["numbers"], found["nameless"])


def alerts(desk: Desk, sources: Iterable[Delivery], without_client: Unassigned) -> list[Alert]:
    """Everything that asks for attention now."""
    found = [*worker(desk), *(alert for delivery in sources for alert in of_source(desk, delivery))]
    found += [*of_unassigned(without_client), *of_bad_lines(desk), *of_late_calls(desk), *of_months(desk)]
    return sorted(found, key=lambda alert: alert.state != "bad")


def worker(desk: Desk) -> Iterator[Alert]:
    if alive(now=desk.now).exists():
        return
    yield Alert(
        "bad",
        _("Nothing runs in the background."),
        _("Files are not read and months not closed. Start `balie serve`, or `balie work` beside it."),
        "",
        "",
    )


def of_source(desk: Desk, delivery: Delivery) -> Iterator[Alert]:
    """What is wrong with one source: parked, failing, not looked at, silent; or only worth knowing."""
    source, link, deed = delivery.source, reverse("sources") + f"#source-{delivery.source.pk}", _("Look at the source")
    name = {"source": source.name}
    if source.parked:
        yield Alert("bad", _("%(source)s is not read any more.") % name, source.parked, link, deed)
    elif source.last_problem:
        yield Alert("bad", _("%(source)s could not be read.") % name, source.last_problem, link, deed)
    elif delivery.overdue and source.next_look:
        due = {"when": written.moment(source.next_look, desk.zone, desk.today)}
        rest = _("It was due at %(when)s; the worker is busy or does not run.") % due
        yield Alert("bad", _("%(source)s was not looked at.") % name, rest, link, deed)
    elif delivery.silence:
        yield silent(desk, delivery.silence, link)
    if source.warning:
        yield Alert("warn", _("%(source)s needs a look.") % name, source.warning, link, deed)


def silent(desk: Desk, silence: Silence, link: str) -> Alert:
    since = written.moment(silence.since, desk.zone, desk.today)
    strong = _("%(source)s has been silent since %(when)s.") % {"source": silence.source.name, "when": since}
    rest = _("About %(n)s calls usually come in during such a time.") % {"n": written.count(silence.expected)}
    return Alert("bad", strong, rest, link, _("Look at the source"))


def of_unassigned(found: Unassigned) -> Iterator[Alert]:
    if not found.calls:
        return
    calls = ngettext("%(n)s call without a client", "%(n)s calls without a client", found.calls)
    numbers = ngettext("on %(n)s number.", "on %(n)s numbers.", found.numbers) % {"n": written.count(found.numbers)}
    nameless = ngettext("%(n)s names no number.", "%(n)s name no number.", found.nameless)
    rest = [numbers] if found.numbers else []
    rest += [nameless % {"n": written.count(found.nameless)}] if found.nameless else []
    yield Alert(
        "warn",
        calls % {"n": written.count(found.calls)},
        " ".join(rest),
        reverse("unassigned"),
        _("Assign"),
    )


def of_bad_lines(desk: Desk) -> Iterator[Alert]:
    """Lines of the last week that could not be read."""
    recent = Import.objects.filter(started__gte=desk.now - timedelta(days=7), rejected__gt=0)
    found = recent.order_by().aggregate(lines=Sum("rejected", default=0), files=Count("pk"))
    if not found["lines"]:
        return
    lines = ngettext("%(n)s line could not be read", "%(n)s lines could not be read", found["lines"])
    files = ngettext("in %(n)s file of the last seven days.", "in %(n)s files of the last seven days.", found["files"])
    yield Alert(
        "warn",
        lines % {"n": written.count(found["lines"])},
        files % {"n": written.count(found["files"])},
        reverse("imports") + "?bad=1",
        _("See the lines"),
    )


def of_late_calls(desk: Desk) -> Iterator[Alert]:
    """Closed months whose calls are not what their statements say any more."""
    for period in changed_since_closed(desk):
        yield Alert(
            "warn",
            _("%(month)s has changed since it was closed.") % {"month": written.month(period).capitalize()},
            _("Closing it again gives the statements that changed a new revision."),
            reverse("close_month", args=[str(period)]),
            _("Close again"),
        )


def of_months(desk: Desk) -> Iterator[Alert]:
    """Months that are over, have calls and are not closed; the last three."""
    past = past_months(desk.this_month, 3)
    keys = [period.key for period in past]
    sums = ClientMonth.objects.filter(month__in=keys).order_by().values("month").annotate(n=Sum("calls"))
    calls = {row["month"]: row["n"] for row in sums if row["n"]}
    if not calls:
        return
    closed = closed_months()
    for period in past:
        if period.key in calls and period.key not in closed:
            yield Alert(
                "warn",
                _("%(month)s can be closed") % {"month": written.month(period).capitalize()},
                _("with %(n)s calls.") % {"n": written.count(calls[period.key])},
                reverse("close_month", args=[str(period)]),
                _("Close month"),
            )
