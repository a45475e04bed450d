"""Reads over SMS. Month totals come from the sums kept beside them, never from the SMS themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from balie.accounts.models import Client
from balie.messages.models import Message, SmsMonth
from balie.rules.period import Period, day_begin


@dataclass(frozen=True)
class SmsFilter:
    """What part of a list of SMS somebody wants to see; empty fields ask for everything."""

    number: str = ""  # a part of sender or recipient, as a person types it
    since: date | None = None  # local days, both included
    until: date | None = None

    def __bool__(self) -> bool:
        return self != SmsFilter()


class SmsSums(NamedTuple):
    """SMS sent, and the parts they count."""

    messages: int = 0
    parts: int = 0


@dataclass(frozen=True)
class Unassigned:
    """SMS without a client that have the sender, or the client's name in the list, in common."""

    name: str
    is_account: bool
    messages: int
    parts: int
    first: datetime
    last: datetime


def clients_messages(client: Client, period: Period) -> QuerySet[Message]:
    """A client's SMS of a local month, in order of time."""
    return in_period(Message.objects.filter(client=client), period).order_by("sent_at", "pk")


def in_period(messages: QuerySet[Message], period: Period) -> QuerySet[Message]:
    return messages.filter(sent_at__gte=period.begin, sent_at__lt=period.end)


def narrowed(messages: QuerySet[Message], wanted: SmsFilter, zone: str) -> QuerySet[Message]:
    """The part of the SMS somebody asked for; days are local days of `zone`."""
    if wanted.number:
        part = digits(wanted.number) or wanted.number.strip()
        messages = messages.filter(Q(sender__contains=part) | Q(recipient__contains=part))
    if wanted.since:
        messages = messages.filter(sent_at__gte=day_begin(wanted.since, zone))
    if wanted.until:
        messages = messages.filter(sent_at__lt=day_begin(wanted.until + timedelta(days=1), zone))
    return messages


def digits(text: str) -> str:
    """What of a number a person typed counts: no spaces and signs, no leading zero."""
    return "".join(sign for sign in text if sign.isdigit()).lstrip("0")


def sums(messages: QuerySet[Message]) -> SmsSums:
    found = messages.order_by().aggregate(n=Count("pk"), parts=Sum("parts"))
    return SmsSums(found["n"], found["parts"] or 0)


def month_sums(period: Period, clients: Iterable[Client] | None = None) -> dict[int, SmsSums]:
    """By client (id) the sums of a month, of all clients with SMS or of those given. One query."""
    rows = SmsMonth.objects.filter(month=period.key, messages__gt=0)
    if clients is not None:
        rows = rows.filter(client__in=clients)
    return {client: SmsSums(*rest) for client, *rest in rows.values_list("client_id", "messages", "parts")}


def without_client(period: Period | None = None) -> QuerySet[Message]:
    messages = Message.objects.filter(client=None)
    return in_period(messages, period) if period else messages


def of_name(name: str) -> QuerySet[Message]:
    """SMS without a client that come from this sender, or name their client so."""
    return without_client().filter(Q(sender=name, account="") | Q(account=name))


def unassigned_groups() -> list[Unassigned]:
    """All SMS without a client by what they have in common, the largest group first."""
    rows = without_client().order_by().values("account", "sender")
    found: dict[tuple[str, bool], Unassigned] = {}
    for row in rows.annotate(n=Count("pk"), parts=Sum("parts"), first=Min("sent_at"), last=Max("sent_at")):
        name, is_account = row["account"] or row["sender"], bool(row["account"])
        one = Unassigned(name, is_account, row["n"], row["parts"], row["first"], row["last"])
        known = found.get((name, is_account))
        found[name, is_account] = together(known, one) if known else one
    return sorted(found.values(), key=lambda one: (-one.messages, one.name))


def together(one: Unassigned, other: Unassigned) -> Unassigned:
    return Unassigned(
        one.name,
        one.is_account,
        one.messages + other.messages,
        one.parts + other.parts,
        min(one.first, other.first),
        max(one.last, other.last),
    )
