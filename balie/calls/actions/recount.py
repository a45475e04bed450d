"""The sums beside the calls made anew, for when local days became other days."""

from django.db import transaction

from balie.accounts.models import AgentEndpoint
from balie.calls import store
from balie.calls.actions.assign import follow_assignments, follow_endpoints
from balie.calls.models import AgentDay, Call, ClientMonth, SourceHour
from balie.numbers.models import Number
from balie.operator.queries import operator

AT_ONCE = 50_000
NUMBERS_AT_ONCE = 100


@transaction.atomic
def follow_timezone() -> int:
    """After the operator's time zone changed: months, days and hours of all sums, and who had a number on a call's day.

    Gives how many calls changed client or agent.
    """
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
