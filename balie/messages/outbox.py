"""Reads over the SMS we send: what is due, what there is of each state, one of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.messages.models import Line, Outgoing, SmsPart, State
from balie.messages.queries import digits
from balie.messages.settings import quiet_end
from balie.operator.models import Operator
from balie.rules.errors import Refused

PROBLEMS = (State.FAILED, State.UNKNOWN)
LOOKED_AT = timedelta(days=7)  # what an SMS said is of no use to anybody after that


def sms_due(now: datetime) -> QuerySet[Outgoing]:
    """Those to be sent now, the longest waiting first; in quiet hours only urgent ones. None without a gateway."""
    ours = Operator.objects.first()
    if ours is None or not ours.sms_gateway.get("kind"):
        return Outgoing.objects.none()
    found = Outgoing.objects.filter(state=State.WAITING, due__lte=now).order_by("due", "pk")
    return found.filter(urgent=True) if quiet_end(now, ours) else found


def sms_outbox(*, client: Client | None = None, state: str = "", search: str = "") -> QuerySet[Outgoing]:
    """SMS we send, the newest first. state: one of State; search: a part of the number, or words of the text."""
    found = Outgoing.objects.select_related("client")
    if client:
        found = found.filter(client=client)
    if state:
        found = found.filter(state=state)
    for word in search.split():
        part = digits(word)
        number = Q(recipient__contains=part) if part else Q(recipient__icontains=word)
        found = found.filter(number | Q(text__icontains=word) | Q(client__number=word))
    return found.order_by("-created", "-pk")


def sms_counts(among: QuerySet[Outgoing] | None = None) -> dict[str, int]:
    """How many there are of each state; of all, or among these."""
    rows = Outgoing.objects.all() if among is None else among
    found = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    return {str(state): found.get(state, 0) for state in State}


def problems(now: datetime, states: Iterable[State] = PROBLEMS) -> QuerySet[Outgoing]:
    """SMS of the last seven days that did not arrive, or of which nobody knows, the oldest first."""
    found = Outgoing.objects.filter(state__in=tuple(states), created__gte=now - LOOKED_AT)
    return found.order_by("created", "pk")


def sms_by_id(sms: int, *, client: Client | None = None) -> Outgoing:
    """One of them, of this client where one is given. Refused where there is none."""
    found = Outgoing.objects.select_related("client").filter(pk=sms)
    one = (found.filter(client=client) if client else found).first()
    if one is None:
        raise Refused("unknown_sms", _("There is no SMS %(number)s.") % {"number": sms}, "sms")
    return one


def sms_document(sms: Outgoing) -> dict[str, Any]:
    """One SMS as programs get it."""
    return {
        "id": sms.pk,
        "client": sms.client.number,
        "from": sms.sender,
        "to": sms.recipient,
        "text": sms.text,
        "parts": sms.parts,
        "state": str(sms.state),
        "reason": sms.reason,
        "created": sms.created.isoformat(),
        "due": sms.due.isoformat(),
        "sent": sms.accepted.isoformat() if sms.accepted else None,
    }


def parts_of(sms: Outgoing) -> QuerySet[SmsPart]:
    """What the gateway called its parts, and their receipts."""
    return SmsPart.objects.filter(sms=sms).order_by("pk")


def line_problem() -> Line | None:
    """The line to the gateway, where there is something wrong with it."""
    return Line.objects.exclude(problem="", parked="").first()
