"""How much a client may send in a month, and the mail to staff once it wants more."""

from datetime import datetime

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.messages.models import Outgoing, SmsMonth, State
from balie.messages.settings import limit_of
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
    sent = SmsMonth.objects.filter(client=client, month=period.key).values_list("parts", flat=True).first() or 0
    may_be = Q(state__in=UNDER_WAY) | Q(state=State.UNKNOWN, created__gte=period.begin)
    under_way = Outgoing.objects.filter(may_be, client=client, accepted=None).order_by()
    return sent + (under_way.aggregate(parts=Sum("parts"))["parts"] or 0)


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
