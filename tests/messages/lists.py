"""Lists of SMS for tests, read into the tables, and what the tables say then."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from balie.accounts.models import Client
from balie.messages.actions import ListFile, SmsResult, import_messages
from balie.messages.models import Message, SmsMonth
from balie.rules.period import Period
from balie.statements.exports import file_of
from balie.statements.sms import sms_report
from tests import make

HEADER = "sent_at,from,to,text"
ZONE = "Europe/Amsterdam"
NOVEMBER = Period(2026, 11, ZONE)


def an_office(**values: Any) -> tuple[Client, Client]:
    """Two clients: 1001 has 020 123 4501, 1002 has 020 123 4502 since 10 November."""
    make.operator(timezone=ZONE, **values)
    one, other = make.client("1001"), make.client("1002")
    make.number(one, "+31201234501")
    make.number(other, "+31201234502", first=make.NOW.date().replace(day=10))
    return one, other


def take(lines: Iterable[str], *, header: str = HEADER, source: str = "gateway", **more: Any) -> SmsResult:
    """Reads these lines, each complete."""
    return take_bytes("".join(f"{line}\n" for line in [header, *lines]).encode(), source=source, **more)


def take_bytes(data: bytes, *, source: str = "gateway", **more: Any) -> SmsResult:
    return import_messages(source=source, file=ListFile("list.csv", data), now=make.NOW, **more)


def stored() -> list[tuple[Any, ...]]:
    """Every SMS as it stands, in order."""
    names = ("sent_at", "sender", "recipient", "text", "parts", "client__number", "late")
    return sorted(Message.objects.values_list(*names), key=str)


def sums() -> dict[tuple[str, int], tuple[int, int]]:
    rows = SmsMonth.objects.values_list("client__number", "month", "messages", "parts")
    return {(client, month): (messages, parts) for client, month, messages, parts in rows if messages}


def counted() -> dict[tuple[str, int], tuple[int, int]]:
    """The same sums, from the SMS themselves."""
    found: dict[tuple[str, int], tuple[int, int]] = {}
    for row in Message.objects.exclude(client=None).select_related("client"):
        assert row.client
        key = row.client.number, Period.of(row.sent_at, ZONE).key
        messages, parts = found.get(key, (0, 0))
        found[key] = messages + 1, parts + row.parts
    return found


def reported(client: Client, period: Period = NOVEMBER) -> Sequence[dict[str, Any]]:
    found: Sequence[dict[str, Any]] = json.loads(file_of(sms_report(client, period), "json", now=make.NOW))
    return found
