"""How much a client may send in a month, and the mail to staff once it wants more."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.messages.models import Outgoing, SmsMonth, State
from balie.messages.settings import limit_of, limits_of
from balie.notifications.actions import queue_mail
from balie.operator.models import Operator
from balie.operator.queries import operator as the_operator
from balie.operator.queries import pages
from balie.operator.written import month as month_said
from balie.rules.period import Period

LIMIT = "sms_limit"
UNDER_WAY = (State.WAITING, State.SENDING)


def limit_reached(client: Client, parts: int, *, now: datetime) -> str:
    """Why so many parts more are too many for a client this month; empty where they are not. Tells staff, once.

    To be called in the transaction that queues them.
    """
    limit = limit_of(client)
    if limit is None:
        return ""
    # Whoever queues SMS of a client with a limit takes turns.
    Client.objects.select_for_update().get(pk=client.pk)
    operator = the_operator()
    period = Period.of(now, operator.timezone)
    if used(client, period) + parts <= limit:
        return ""
    tell(client, limit, period, operator, now)
    return _("The limit of %(limit)s SMS a month is reached.") % {"limit": limit}


def used(client: Client, period: Period) -> int:
    """Parts sent in the month, and those that may be still: what waits, whenever it was written, and this month's of
    which nobody knows."""
    return used_by([client.pk], period).get(client.pk, 0)


def used_by(clients: Collection[int], period: Period) -> dict[int, int]:
    """The same of several clients (ids); those of which there is nothing are left out. Two queries."""
    sent = SmsMonth.objects.filter(client__in=clients, month=period.key)
    may_be = Q(state__in=UNDER_WAY) | Q(state=State.UNKNOWN, created__gte=period.begin)
    under_way = Outgoing.objects.filter(may_be, client__in=clients, accepted=None).order_by()
    found = Counter(dict(sent.values_list("client_id", "parts")))
    found.update(dict(under_way.values_list("client_id").annotate(parts=Sum("parts"))))
    return found


@dataclass(frozen=True)
class Limited:
    """A client with a limit: what it may send a month, and what it has used of that."""

    limit: int
    used: int


def limited(clients: Collection[int], *, now: datetime) -> dict[int, Limited]:
    """Those of these clients (ids) that have a limit. Six queries, however many there are.

    To be called in the transaction that queues SMS of theirs: who queues them takes turns.
    """
    limits = {client: limit for client, limit in limits_of(clients).items() if limit is not None}
    if not limits:
        return {}
    list(Client.objects.select_for_update().filter(pk__in=limits).order_by("pk"))
    used = used_by(limits, Period.of(now, the_operator().timezone))
    return {client: Limited(limit, used.get(client, 0)) for client, limit in limits.items()}


def tell(client: Client, limit: int, period: Period, operator: Operator, now: datetime) -> None:
    """The mail to the operator's address for tasks, one a client, month and limit."""
    values = {
        "client": client.name,
        "number": client.number,
        "limit": str(limit),
        "month": month_said(period),
        "link": f"{pages(operator)}/clients/{client.number}/sms/",
    }
    queue_mail(
        kind=LIMIT, to=operator.mailboxes.get("tasks") or "", language=operator.language, values=values,
        key=f"sms-limit:{client.number}:{period.key}:{limit}", about=f"client:{client.number}", now=now,
    )  # fmt: skip
