"""Everything that is kept of one client, in one archive: for the client itself, should it ask for its data or leave.

Months are files of their own, as the pages give them, with the numbers of callers hidden as the client wants. It lies
this high because the files of notes do.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from balie.accounts.models import Client
from balie.calls.models import ClientMonth
from balie.contracts.models import Contract
from balie.messages.models import SmsMonth
from balie.notes.models import Desk, Note, OpenHours
from balie.notes.queries import notes
from balie.numbers.models import Assignment
from balie.operator.phrases import told
from balie.operator.queries import operator
from balie.quality.exported import notes_parts
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.statements.exports import calls_parts, file_name, sms_parts
from balie.statements.exports.json import file_of as json_file
from balie.statements.exports.zipped import Member, zip_parts
from balie.statements.models import Statement
from balie.statements.queries import kept_file
from balie.statements.sms import SmsReport

FORMAT = "csv"


def everything_of(client: Client, *, now: datetime, for_client: bool) -> Iterator[bytes]:
    """A ZIP with all that is kept, part by part while it is read.

    for_client: without what only staff see, the words agents are instructed with.
    """
    local = now.astimezone(ZoneInfo(operator().timezone))
    return zip_parts(files_of(client, now, for_client=for_client), made=local)


def files_of(client: Client, now: datetime, *, for_client: bool) -> Iterator[Member]:
    yield "client.json", [json_file({**document(client), **({} if for_client else of_staff(client))})]
    zone = operator().timezone
    for key in ClientMonth.objects.filter(client=client).order_by("month").values_list("month", flat=True).distinct():
        period = Period.from_key(key, zone)
        yield f"calls/calls-{period}.{FORMAT}", calls_parts(client, period, FORMAT, now=now)
    for key in SmsMonth.objects.filter(client=client).order_by("month").values_list("month", flat=True):
        period = Period.from_key(key, zone)
        name = file_name(SmsReport(client, period, []), FORMAT)
        yield f"sms/{name}", sms_parts(client, period, FORMAT, now=now)
    for period in months_of_notes(client, zone):
        of_month = notes().filter(client=client, at__gte=period.begin, at__lt=period.end).order_by("at", "pk")
        yield f"notes/notes-{period}.{FORMAT}", notes_parts(of_month, FORMAT, for_client=True)
    for kept in Statement.objects.filter(client=client).order_by("month", "revision"):
        yield statement_file(kept, f"statements/statement-{Period.from_key(kept.month, zone)}-{kept.revision}")


def statement_file(kept: Statement, name: str) -> Member:
    """The statement; in the place of one that is gone or damaged what is wrong with it, so that the rest can be had."""
    try:
        return f"{name}.pdf", [kept_file(kept.path)]
    except Refused as refusal:
        return f"{name}.txt", [told(refusal.message).encode()]


def months_of_notes(client: Client, zone: str) -> Iterator[Period]:
    moments = Note.objects.filter(client=client).order_by("at").values_list("at", flat=True)
    first, last = moments.first(), moments.last()
    if first is None or last is None:
        return
    period, end = Period.of(first, zone), Period.of(last, zone)
    while period.key <= end.key:
        yield period
        period = period.next()


def document(client: Client) -> dict[str, Any]:
    """What is kept of it beside its calls, SMS, notes and statements."""
    return {
        "number": client.number,
        "name": client.name,
        "email": client.email,
        "language": client.language,
        "hide_numbers": client.hide_numbers,
        "users": list(client.users.order_by("pk").values("email", "name", "owner", "is_active")),
        "contracts": [of_contract(one) for one in Contract.objects.filter(client=client).select_related("tariff")],
        "numbers": [
            {"number": one.number.number, "from": written(one.first_day), "to": written(one.last_day)}
            for one in Assignment.objects.filter(client=client).select_related("number").order_by("pk")
        ],
        "hours": [
            {"day": one.day, "from": f"{one.begins:%H:%M}", "to": f"{one.ends:%H:%M}"}
            for one in OpenHours.objects.filter(client=client).order_by("day", "begins")
        ],
        "recipients": list(client.recipients.order_by("pk").values("kind", "to", "name", "when")),
        "exceptions": [
            {"who": one.who, "say": one.say, "from": written(one.begins), "to": written(one.ends)}
            for one in client.absences.order_by("pk")
        ],
    }


def of_staff(client: Client) -> dict[str, Any]:
    """What agents are told of it."""
    desk = Desk.objects.filter(client=client).first()
    said = ("greeting", "in_hours", "out_of_hours", "questions", "required", "extra")
    return {
        "desk": {name: getattr(desk, name) for name in said} if desk else None,
        "callers_without_a_note": list(client.exempt_callers.order_by("pk").values("number", "why")),
    }


def of_contract(one: Contract) -> dict[str, Any]:
    return {
        "service": one.service,
        "tariff": one.tariff.code,
        "from": written(one.start),
        "to": written(one.end),
    }


def written(value: Any) -> str | None:
    return None if value is None else value.isoformat()
