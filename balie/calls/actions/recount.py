"""The sums beside the calls made anew, for when local days became other days, or quick another time."""

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from balie.accounts.models import AgentEndpoint
from balie.calls import rollups, store
from balie.calls.actions.assign import follow_assignments, follow_endpoints
from balie.calls.models import AgentDay, Call, ClientMonth, Source, SourceHour
from balie.calls.queries import quick_between
from balie.numbers.models import Number
from balie.operator.queries import operator
from balie.rules.errors import Refused

AT_ONCE = 50_000
NUMBERS_AT_ONCE = 100


def hold_sources() -> None:
    """No import stores anything until the transaction ends. Refused where one is storing now: it may take a while."""
    try:
        list(Source.objects.select_for_update(nowait=True).values_list("pk"))
    except OperationalError:
        said = _("Call files are being read at this moment. Try again in a minute.")
        raise Refused("busy", said) from None


@transaction.atomic
def follow_answer_seconds(before: int) -> int:
    """After the time of the service level changed: which accepted calls were quick. How many changed.

    before: the time that held until now, seconds. Only the calls between the two times are looked at.
    """
    list(Source.objects.select_for_update().values_list("pk"))
    settings = operator()
    names = {"source_id": "source", "client_id": "client", "agent_id": "agent"}
    sign = 1 if settings.answer_seconds > before else -1
    changed = last = 0
    while pks := list(
        quick_between(before, settings.answer_seconds)
        .filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:AT_ONCE]
    ):
        calls = quick_between(before, settings.answer_seconds).filter(pk__gt=last, pk__lte=pks[-1])
        rollups.change_quick(store.framed(calls, settings.timezone).rename(names), sign)
        changed, last = changed + len(pks), pks[-1]
    return changed


@transaction.atomic
def follow_timezone() -> int:
    """After the operator's time zone changed: months, days and hours of all sums, and who had a number on a call's day.

    Gives how many calls changed client or agent.
    """
    list(Source.objects.select_for_update().values_list("pk"))
    recount()
    numbers = list(Number.objects.values_list("number", flat=True))
    changed = 0
    for at in range(0, len(numbers), NUMBERS_AT_ONCE):
        changed += follow_assignments(numbers=numbers[at : at + NUMBERS_AT_ONCE])
    for endpoint in AgentEndpoint.objects.order_by("endpoint").values_list("endpoint", flat=True).distinct():
        changed += follow_endpoints(endpoints=[endpoint])
    return changed


def recount() -> None:
    """Every sum from the calls themselves, some calls at a time."""
    settings = operator()
    for model in (ClientMonth, AgentDay, SourceHour):
        model._default_manager.all().delete()
    last = 0
    while pks := list(Call.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        calls = Call.objects.filter(pk__gt=last, pk__lte=pks[-1])
        store.count(store.framed(calls, settings.timezone).drop("pk"), 1, settings)
        last = pks[-1]
