"""What rows of a backup are told so that nothing happens twice: held leases, mails and SMS that may have gone out."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import override

from balie.leases.models import FREE, Leased
from balie.messages.models import Outgoing, State
from balie.notifications.queries import waiting
from balie.operator import written
from balie.operator.queries import operator


@dataclass(frozen=True)
class Held:
    """How many were held back."""

    mails: int = 0
    sms: int = 0


def free_leases() -> None:
    """Whoever worked on a row when the backup was made does not any more."""
    for model in apps.get_models():
        if issubclass(model, Leased):
            held = model._default_manager.filter(parked="").exclude(lease_until=FREE)
            held.update(lease_until=FREE, attempts=0)


def hold_back(*, made: datetime) -> Held:
    """Mails and SMS that waited at that moment may have been sent since: staff send them again, or not.

    A mail is parked with this as its reason, an SMS becomes one of which nobody knows whether it arrived.
    """
    ours = operator()
    with override(ours.language):
        then = written.moment(made.astimezone(ZoneInfo(ours.timezone)))
        why = _("Restored from the backup of %(moment)s: it may have been sent since.") % {"moment": then}
    mails = waiting().update(parked=why, problem=why)
    under_way = Outgoing.objects.filter(state__in=(State.WAITING, State.SENDING))
    return Held(mails, under_way.update(state=State.UNKNOWN, reason=why))
