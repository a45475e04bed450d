"""Reads: the rows of both reports, made here and nowhere else; statements kept; months to close."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.calls.models import Call, ClientMonth
from balie.calls.queries import (
    CallFilter,
    MonthLine,
    Sums,
    clients_calls,
    closed_months,
    month_lines,
    narrowed,
    one_sum,
    ordered,
    unassigned,
)
from balie.contracts.queries import clients_between
from balie.messages.models import SmsMonth
from balie.messages.queries import month_sums
from balie.operator.retention import gone_before
from balie.rules.call import Direction, Privacy, same_number, veil
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.rules.retention import Kept
from balie.statements import files
from balie.statements.models import Closing, Statement

COLUMNS = (
    "start",
    "direction",
    "type",
    "caller",
    "callee",
    "agent__code",
    "agent__name",
    "talk",
    "service",
    "key",
    "billable",
    "late",
)


class Fact(NamedTuple):
    """A call as the database has it: start in UTC, numbers in full. For COLUMNS, in their order."""

    start: datetime
    direction: str
    type: str
    caller: str
    callee: str
    agent: str | None = None
    agent_name: str | None = None
    talk: int = 0
    service: str = "telephone"
    key: str = ""
    billable: bool = True
    late: bool = False


class Row(NamedTuple):
    """A call as a report shows it: start in local time, duration in seconds, numbers as far as they may be seen."""

    start: datetime
    direction: str
    caller: str
    agent: str  # code
    agent_name: str
    duration: int
    type: str
    service: str
    callee: str
    key: str
    billable: bool
    late: bool

    @property
    def date(self) -> str:
        return self.start.date().isoformat()

    @property
    def time(self) -> str:
        return self.start.time().isoformat("seconds")


@dataclass(frozen=True)
class CallReport:
    """One client's calls of a month. `part`: somebody filtered them, the sums are those of the rows shown."""

    client: Client
    period: Period
    rows: list[Row]
    types: dict[str, Sums]
    by_start: bool = True
    part: bool = False

    def direction(self, direction: str) -> Sums:
        return sum((sums for type, sums in self.types.items() if direction_of(type) == direction), Sums())

    @property
    def total(self) -> Sums:
        return sum(self.types.values(), Sums())


@dataclass(frozen=True)
class MonthReport:
    """The month report: every client that had calls, SMS or a contract in the month, by number."""

    period: Period
    lines: list[MonthLine]
    unassigned: int

    @property
    def totals(self) -> dict[str, Sums]:
        """The sums of each direction over all clients."""
        return {name: sum((getattr(line, name) for line in self.lines), Sums()) for name in Direction}

    @property
    def sms(self) -> int:
        """Parts of SMS of all clients."""
        return sum(line.sms for line in self.lines)


def direction_of(type: str) -> str:
    """forwarded_mobile is a forwarded call, accepted and (passed on) forwarded are inbound ones."""
    direction, _sign, network = type.partition("_")
    return direction if network else Direction.INBOUND


def call_report(
    client: Client, period: Period, *, wanted: CallFilter | None = None, order: str = "start", full: bool = False
) -> CallReport:
    """A client's calls of a local month, in one query.

    full: for office pages, which show every number whatever the client's privacy. Otherwise a filter by number looks
    only at what may be seen, so that nobody can guess the digits that are hidden.
    """
    rows = list(call_rows(client, period, wanted=wanted, order=order, full=full))
    return CallReport(client, period, rows, sums_of(rows), order == "start", bool(wanted))


def call_rows(
    client: Client,
    period: Period,
    *,
    wanted: CallFilter | None = None,
    order: str = "start",
    full: bool = False,
    at_once: int = 0,
) -> Iterator[Row]:
    """The rows alone. at_once: so many are read at a time, for who passes them on; else all with the first."""
    wanted = wanted or CallFilter()
    privacy = Privacy.NONE if full else Privacy(client.hide_numbers)
    in_database = wanted if privacy == Privacy.NONE else without_number(wanted)
    calls = ordered(narrowed(clients_calls(client, period), in_database, period.zone), order)
    found = calls.values_list(*COLUMNS)
    rows = each_row(map(Fact._make, found.iterator(at_once) if at_once else found), period.zone, privacy)
    return rows if in_database == wanted else (row for row in rows if shows(row, wanted.number))


def without_number(wanted: CallFilter) -> CallFilter:
    return CallFilter(**{**vars(wanted), "number": ""})


def shows(row: Row, text: str) -> bool:
    """Whether a person sees this part of a number in the row; spaces, signs and a leading zero do not matter."""
    part = "".join(sign for sign in text if sign.isdigit()).lstrip("0") or text.strip()
    return part in row.caller or part in row.callee


def report_of(client: Client, period: Period, found: Iterable[Fact]) -> CallReport:
    """The whole report of calls that were read already."""
    rows = rows_of(found, period.zone, client.hide_numbers)
    return CallReport(client, period, rows, sums_of(rows))


def facts(calls: QuerySet[Call]) -> list[Fact]:
    return [Fact(*values) for values in calls.values_list(*COLUMNS)]


def rows_of(facts: Iterable[Fact], zone: str, privacy: str) -> list[Row]:
    """The rows of a report, numbers as far as the client's privacy shows them."""
    return list(each_row(facts, zone, privacy))


def each_row(facts: Iterable[Fact], zone: str, privacy: str) -> Iterator[Row]:
    local = ZoneInfo(zone)
    for fact in facts:
        caller, callee = fact.caller, fact.callee
        if privacy != Privacy.NONE:
            caller, callee = shown(fact.direction, caller, callee, privacy)
        yield Row(
            fact.start.astimezone(local),
            fact.direction,
            caller,
            fact.agent or "",
            fact.agent_name or fact.agent or "",
            fact.talk,
            fact.type,
            fact.service,
            callee,
            fact.key,
            fact.billable,
            fact.late,
        )


def shown(direction: str, caller: str, callee: str, privacy: str) -> tuple[str, str]:
    """Caller and callee as they may leave the office. Hidden is the other party's number, never the client's own.

    Calls that were folded by an earlier version can have the number called for their caller.
    """
    is_ours = direction == Direction.OUTBOUND and not (caller and same_number(caller, callee))
    return (
        caller if is_ours else veil(caller, privacy),
        callee if direction == Direction.INBOUND else veil(callee, privacy),
    )


def sums_of(rows: Iterable[Row]) -> dict[str, Sums]:
    """Calls, seconds and missed calls per type."""
    counted: dict[str, list[int]] = {}
    for row in rows:
        sums = counted.setdefault(row.type, [0, 0])
        sums[0] += 1
        sums[1] += row.duration
    return {type: one_sum(type, *sums) for type, sums in counted.items()}


def content(facts: Iterable[Fact]) -> str:
    """The SHA-256 of what calls say, whoever is called what by now: another one means a new revision."""
    facts = (fact._replace(start=fact.start.astimezone(UTC), agent_name=None, late=False) for fact in facts)
    said = sorted([str(value) for value in fact] for fact in facts)
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def month_report(period: Period) -> MonthReport:
    """All clients of a month from the sums kept beside calls and SMS; five queries."""
    lines = {line.client.pk: line for line in month_lines(period)}
    for client in clients_between(period.first_day, period.last_day):
        lines.setdefault(client.pk, MonthLine(client))
    texted = month_sums(period)
    if only_sms := set(texted) - set(lines):
        lines |= {client.pk: MonthLine(client) for client in Client.objects.filter(pk__in=only_sms)}
    lines |= {client: replace(lines[client], sms=sums.parts) for client, sums in texted.items()}
    # Sorted here: the order of text is another one in every database.
    in_order = sorted(lines.values(), key=lambda line: line.client.number)
    return MonthReport(period, in_order, unassigned(period).count())


def clients_to_state(period: Period) -> list[Client]:
    """Who gets a statement: clients with a contract in the month, and those that have one of it already."""
    due = Q(pk__in=clients_between(period.first_day, period.last_day).order_by().values("pk"))
    had = Q(pk__in=Statement.objects.filter(month=period.key).values("client"))
    return sorted(Client.objects.filter(due | had), key=lambda client: client.number)


def newest_statements(period: Period) -> dict[int, Statement]:
    """The newest revision of each client's month, by the client's id."""
    return {one.client_id: one for one in Statement.objects.filter(month=period.key).order_by("revision")}


def statement_of(client: Client, period: Period, revision: int | None = None) -> Statement:
    """A kept statement, the newest revision unless told which. Refused where there is none."""
    kept = {one.revision: one for one in Statement.objects.filter(client=client, month=period.key)}
    if not kept:
        raise Refused("no_statement", no_statement(client, period), "month")
    if revision is not None and revision not in kept:
        have = _("1 to %(last)s") % {"last": max(kept)} if len(kept) > 1 else "1"
        message = _("There is no revision %(n)s of %(client)s's statement of %(month)s; there is %(have)s.")
        said = message % {"n": revision, "client": client.number, "month": period, "have": have}
        raise Refused("no_revision", said, "revision")
    return kept[max(kept) if revision is None else revision]


def no_statement(client: Client, period: Period) -> str:
    gone = gone_before(Kept.STATEMENTS)
    if gone and period.first_day < gone:
        said = _("The statements of %(month)s were removed after their time.")
        return said % {"month": period}
    if period.key in closed_months():
        said = _(
            "Client %(client)s has no statement of %(month)s: it had no contract in that month."
            " As json, csv or xlsx its calls can be had."
        )
        return said % {"client": client.number, "month": period}
    return _("There is no statement of %(month)s yet: the month is not closed.") % {"month": period}


def statement_pdf(client: Client, period: Period, revision: int | None = None) -> bytes:
    """The file as it was kept. Refused where there is none, or where the file is not any more what it was."""
    return checked(statement_of(client, period, revision))


def kept_file(path: str) -> bytes:
    """The statement that is kept there. Refused as above."""
    return checked(Statement.objects.get(path=path))


def checked(kept: Statement) -> bytes:
    pdf = files.read(kept.path)
    if hashlib.sha256(pdf).hexdigest() != kept.sha256:
        message = _("%(path)s is not the file that was kept: it was changed or damaged. Restore it from a backup.")
        raise Refused("statement_damaged", message % {"path": kept.path}, kept.path)
    return pdf


def sums_fingerprint(period: Period) -> str:
    """Changes when calls or SMS of the month come, go or change hands."""
    sums = ClientMonth.objects.filter(month=period.key, calls__gt=0).order_by("client_id", "type")
    texted = SmsMonth.objects.filter(month=period.key, messages__gt=0).order_by("client_id")
    said = [
        *sums.values_list("client_id", "type", "calls", "talk", "ring"),
        *texted.values_list("client_id", "messages", "parts"),
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def closings_due() -> QuerySet[Closing]:
    """Months somebody asked to close that are not done since."""
    return Closing.objects.filter(Q(done=None) | Q(done__lt=F("asked"))).order_by("asked")
