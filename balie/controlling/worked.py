"""What was worked for clients in a month, and what that cost, from the calls and SMS: calls that are not billed too,
since somebody took them."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Count, QuerySet, Sum

from balie.calls.models import Call
from balie.controlling.costs import Costs
from balie.messages.models import Message
from balie.rules.call import OUTBOUND_TYPES, CallType
from balie.rules.margin import NETWORKS, CostSet, Worked, agents_cost, other_cost
from balie.rules.period import Period, day_begin

Key = tuple[int, str]  # client (id), service
SMS = "sms"
HANDLED = (CallType.ACCEPTED, *OUTBOUND_TYPES)


@dataclass(frozen=True)
class Work:
    """What was worked, and what it cost, exact: `network` is the part of it that is not agents' time."""

    worked: Worked = field(default_factory=Worked)
    cost: Fraction = Fraction(0)
    network: Fraction = Fraction(0)
    calls: int = 0

    def __add__(self, other: "Work") -> "Work":
        return Work(
            self.worked + other.worked,
            self.cost + other.cost,
            self.network + other.network,
            self.calls + other.calls,
        )


def work(period: Period, clients: Collection[int] | None, costs: Costs) -> dict[Key, Work]:
    """Per client (id; None: all) and service, at the costs of each day. Two queries for each set of costs that held."""
    found: dict[Key, Work] = defaultdict(Work)
    for first, last, held in costs.within(period):
        for key, part in priced(days(talked(clients), first, last, period.zone), held):
            found[key] += part
        for client, part in texted(clients, (first, last), period.zone, held):
            found[client, SMS] += part
    return dict(found)


def texted(
    clients: Collection[int] | None, days: tuple[date, date], zone: str, held: CostSet
) -> Iterator[tuple[int, Work]]:
    """What the SMS of these clients, or of all, cost that were sent from the first to the last of these local days."""
    begin, end = day_begin(days[0], zone), day_begin(days[1] + timedelta(days=1), zone)
    sent = Message.objects.filter(sent_at__gte=begin, sent_at__lt=end).order_by()
    sent = sent.filter(client__isnull=False) if clients is None else sent.filter(client__in=clients)
    for client, parts in sent.values_list("client").annotate(Sum("parts")):
        worked = Worked(sms=parts)
        cost = other_cost(worked, held.costs)
        yield client, Work(worked, cost, cost)


def priced(calls: QuerySet[Call], held: CostSet) -> Iterator[tuple[Key, Work]]:
    """What these calls cost. Agents' groups are asked for only where one has a cost of its own."""
    names = ["client", "service", "type", *(["agent__group"] if held.groups else [])]
    for client, service, kind, *group, count, talk, handling in calls.values_list(*names).annotate(*SUMS):
        part = worked_in(kind, talk, handling)
        amounts: Any = held.of_group(group[0] if group else None)
        network = other_cost(part, amounts)
        yield (client, service), Work(part, agents_cost(part.handling, amounts) + network, network, count)


SUMS = (Count("pk"), Sum("talk"), Sum("handling"))


def talked(clients: Collection[int] | None) -> QuerySet[Call]:
    """The calls of these clients, or of all, in which somebody talked."""
    calls = Call.objects.filter(talk__gt=0).order_by()
    return calls.filter(client__isnull=False) if clients is None else calls.filter(client__in=clients)


def days(calls: QuerySet[Call], first: date, last: date, zone: str) -> QuerySet[Call]:
    """Those that started on these local days, both included."""
    end = day_begin(last + timedelta(days=1), zone)
    return calls.filter(start__gte=day_begin(first, zone), start__lt=end)


def worked_in(kind: str, talk: int, handling: int) -> Worked:
    """Seconds of talk and handling of calls of one type, as what was worked."""
    parts = {kind: talk} if kind in NETWORKS else {}
    if kind in HANDLED:
        parts["handling"] = handling
    return Worked(**parts)
