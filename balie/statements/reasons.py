"""What speaks against closing a month: what has not come in, what has no client, what has no price."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from balie.billing.queries import fresh_bills
from balie.calls.models import Call, ClientMonth, Source
from balie.calls.queries import unassigned
from balie.contracts.queries import clients_between
from balie.messages.queries import without_client
from balie.operator.phrases import told
from balie.rules.errors import Refused
from balie.rules.period import Period


@dataclass(frozen=True)
class Reason:
    """What speaks against closing a month; a manager may close it anyway."""

    code: str  # source_late, unassigned_calls, unassigned_sms, no_calls; no_price
    source: str = ""
    problem: str = ""
    waiting: int = 0  # calls or SMS
    newest: datetime | None = field(default=None, compare=False)

    def __str__(self) -> str:
        if self.code == "source_late":
            return _("%(source)s has delivered nothing since the month ended.") % {"source": self.source}
        if self.code == "unassigned_calls":
            text = ngettext(
                "%(n)s call of the month has no client.", "%(n)s calls of the month have no client.", self.waiting
            )
            return text % {"n": self.waiting}
        if self.code == "unassigned_sms":
            text = ngettext(
                "%(n)s SMS of the month has no client.", "%(n)s SMS of the month have no client.", self.waiting
            )
            return text % {"n": self.waiting}
        if self.code == "no_price":
            return _("A price is missing: %(problem)s") % {"problem": self.problem}
        return _("No calls of the month have come in.")


def reasons_against(period: Period) -> Sequence[Reason]:
    """Why a month that is over should not be closed yet; empty when nothing speaks against it."""
    reasons = [Reason("source_late", source.name, newest=source.newest) for source in late_sources(period)]
    if waiting := unassigned(period).count():
        reasons.append(Reason("unassigned_calls", waiting=waiting))
    elif not (has_calls(period) or Source.objects.filter(newest__gte=period.end).exists()):
        reasons.append(Reason("no_calls"))
    if texts := without_client(period).count():
        reasons.append(Reason("unassigned_sms", waiting=texts))
    return reasons


def has_calls(period: Period) -> bool:
    """Whether any client had calls in the month."""
    return ClientMonth.objects.filter(month=period.key, calls__gt=0).exists()


def before_all(period: Period) -> bool:
    """Whether the month lies before the operator's first contract and first call: there is nothing to close."""
    begun = clients_between(date.min, period.last_day).exists()
    return not (begun or Call.objects.filter(start__lt=period.end).exists())


def price_missing(period: Period) -> Reason | None:
    """What no price is given for, so that the month cannot be closed at all."""
    try:
        fresh_bills(period)
    except Refused as refusal:
        return Reason("no_price", problem=told(refusal.message))
    return None


def late_sources(period: Period) -> QuerySet[Source]:
    """Sources whose newest line is older than the month's end.

    Of those without files to look for only the ones that delivered during the month: others are no longer in use.
    """
    silent = Q(newest=None) | Q(newest__lt=period.end)
    in_use = Q(files__isnull=False) | Q(newest__gte=period.begin)
    return Source.objects.filter(silent, in_use)
