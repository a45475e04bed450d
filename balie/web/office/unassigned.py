"""Calls without a client, grouped by number or by the phone system's name for the client, with whose they may be.

A suggestion says why, so that a manager can judge it; nothing is ever assigned by itself.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, DateTimeField, F, Max, Min, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.calls.models import Call
from balie.calls.queries import unassigned
from balie.numbers.models import Assignment
from balie.rules.call import CallType, Direction
from balie.web import written
from balie.web.request import Desk

MOST_GROUPS = 200
MOST_SINGLES = 50
SERVING = timedelta(minutes=20)  # an agent calls for a client while or soon after speaking with its caller
BLOCK = 2  # numbers that differ in their last two digits only were handed out together
CALLERS_LOOKED_AT = 400
CALLER_DAYS = 180
CALLS_LOOKED_AT = 50_000
ENOUGH_CALLERS = 2


@dataclass(frozen=True)
class Suggestion:
    """Whose these calls may be, and why. `sure` when there is hardly a doubt."""

    client: Client
    why: str
    sure: bool = False


@dataclass(frozen=True)
class Group:
    """Calls that one deed assigns: those to a number, or those with an account name. Neither: one by one."""

    number: str
    account: str
    source: int | None
    source_name: str
    calls: int
    missed: int
    first: datetime
    last: datetime
    suggestion: Suggestion | None = None


@dataclass(frozen=True)
class Single:
    """A call that has nothing in common with others: given to a client by itself."""

    call: Call
    suggestion: Suggestion | None


def by_number() -> QuerySet[Call]:
    """Those to a number: all of one number are given away together."""
    return unassigned().filter(direction=Direction.INBOUND).exclude(callee="")


def without_number() -> QuerySet[Call]:
    """The others. What was forwarded goes with its inbound call."""
    return unassigned().filter(~Q(direction=Direction.INBOUND) | Q(callee="")).exclude(direction=Direction.FORWARDED)


def groups(desk: Desk) -> list[Group]:
    """Every group, the largest first, at most 200 of each kind. Six queries however many there are."""
    numbers = counted(by_number(), "callee")
    accounts = counted(without_number().exclude(account=""), "account", "source", "source__name")
    suggestions = suggested([row["callee"] for row in numbers], desk)
    found = [group(row, suggestions.get(row["callee"])) for row in numbers]
    return found + [group(row, None) for row in accounts]


def singles() -> list[Single]:
    """The newest calls that name neither number nor account, with the client their agent was serving."""
    calls = list(without_number().filter(account="").select_related("agent").order_by("-start", "-key")[:MOST_SINGLES])
    served = served_by_agents(calls)
    return [Single(call, served.get(call.pk)) for call in calls]


def served_by_agents(calls: Sequence[Call]) -> dict[int, Suggestion]:
    """For each call the client whose call its agent took last, not long before; one query for all."""
    if not calls:
        return {}
    ways = Q(pk__in=[])
    for call in calls:
        if call.agent_id:
            ways |= Q(agent=call.agent_id, start__lte=call.start, start__gte=call.start - SERVING)
    # From the first of them to the last: given many alternatives alone, SQLite reads all calls there are.
    between = {"start__gte": calls[-1].start - SERVING, "start__lte": calls[0].start}
    taken = Call.objects.filter(ways, direction=Direction.INBOUND, client__isnull=False, **between)
    latest = list(taken.select_related("client").order_by("-start"))
    found = {}
    for call in calls:
        before = (one for one in latest if one.agent_id == call.agent_id and in_serving(call, one))
        if (one := next(before, None)) and one.client:
            found[call.pk] = Suggestion(one.client, _("the agent had just served this client"))
    return found


def in_serving(call: Call, earlier: Call) -> bool:
    return call.start - SERVING <= earlier.start <= call.start


def counted(calls: Any, *by: str) -> list[dict[str, Any]]:
    missed = Count("pk", filter=Q(type=CallType.MISSED))
    sums = calls.order_by().values(*by).annotate(n=Count("pk"), missed=missed, first=Min("start"), last=Max("start"))
    return list(sums.order_by("-n", by[0])[:MOST_GROUPS])


def group(row: dict[str, Any], suggestion: Suggestion | None) -> Group:
    return Group(
        number=row.get("callee", ""),
        account=row.get("account", ""),
        source=row.get("source"),
        source_name=row.get("source__name", ""),
        calls=row["n"],
        missed=row["missed"],
        first=row["first"],
        last=row["last"],
        suggestion=suggestion,
    )


def suggested(numbers: Sequence[str], desk: Desk) -> dict[str, Suggestion]:
    """For each number who it may belong to: who had it, whose callers ring it, who has the numbers around it."""
    if not numbers:
        return {}
    had = former_holders(numbers)
    callers = callers_clients(numbers, desk.now)
    blocks = neighbours(numbers, desk.today)
    found = {}
    for number in numbers:
        for suggestion in (had.get(number), callers.get(number), blocks.get(number)):
            if suggestion and number not in found:
                found[number] = suggestion
    return found


def former_holders(numbers: Sequence[str]) -> dict[str, Suggestion]:
    """Who had the number last, or will have it."""
    found = {}
    assigned = Assignment.objects.filter(number__number__in=numbers).select_related("client", "number")
    for one in assigned.order_by(F("first_day").asc(nulls_first=True)):
        found[one.number.number] = Suggestion(one.client, holding(one.first_day, one.last_day), sure=True)
    return found


def holding(first: date | None, last: date | None) -> str:
    if last:
        return _("had this number until %(day)s") % {"day": written.day(last)}
    if first:
        return _("has this number from %(day)s on") % {"day": written.day(first)}
    return _("has this number")


def callers_clients(numbers: Sequence[str], now: datetime) -> dict[str, Suggestion]:
    """The client whom most of the callers of a number rang as well, within half a year."""
    pairs = unassigned().filter(callee__in=numbers).exclude(caller="").order_by("-start")
    callers: dict[str, set[str]] = defaultdict(set)
    for number, caller in pairs.values_list("callee", "caller")[:CALLERS_LOOKED_AT]:
        callers[number].add(caller)
    everybody = set().union(*callers.values())
    known = looked_at(now).filter(caller__in=everybody)
    rang: dict[str, set[int]] = defaultdict(set)
    for caller, client in known.filter(client__isnull=False).order_by().values_list("caller", "client").distinct():
        rang[caller].add(client)
    found = {}
    for number, of_number in callers.items():
        # Who rings many clients (a parcel service) says nothing.
        votes = Counter(client for caller in of_number if len(rang[caller]) == 1 for client in rang[caller])
        if votes and votes.most_common(1)[0][1] >= ENOUGH_CALLERS:
            found[number] = (*votes.most_common(1)[0], len(of_number))
    clients = Client.objects.in_bulk([client for client, _votes, _all in found.values()])
    return {number: of_callers(clients[client], votes, all_) for number, (client, votes, all_) in found.items()}


def looked_at(now: datetime) -> QuerySet[Call]:
    """The calls of half a year; where there were more, as many as are read in a moment."""
    since = Value(now - timedelta(days=CALLER_DAYS), output_field=DateTimeField())
    oldest = Call.objects.order_by("-start").values("start")[CALLS_LOOKED_AT : CALLS_LOOKED_AT + 1]
    # One moment: of two SQLite takes the earlier.
    return Call.objects.filter(start__gte=Greatest(Coalesce(Subquery(oldest), since), since))


def of_callers(client: Client, votes: int, callers: int) -> Suggestion:
    why = _("%(n)s of the %(all)s callers rang this client too") % {"n": votes, "all": callers}
    return Suggestion(client, why, sure=votes * 2 > callers)


def neighbours(numbers: Sequence[str], today: date) -> dict[str, Suggestion]:
    """The client who has all the numbers that differ in the last two digits only."""
    blocks = {number[:-BLOCK] for number in numbers if len(number) > 6}
    ways = Q(pk__in=[])
    for block in blocks:
        ways |= Q(number__number__startswith=block)
    holders: dict[str, dict[int, Client]] = defaultdict(dict)
    begun = Q(first_day=None) | Q(first_day__lte=today)
    now = Assignment.objects.filter(ways).filter(begun & (Q(last_day=None) | Q(last_day__gte=today)))
    for one in now.select_related("client", "number"):
        holders[one.number.number[:-BLOCK]][one.client_id] = one.client
    return {
        number: Suggestion(next(iter(of.values())), _("has the numbers around it"))
        for number in numbers
        if len(of := holders.get(number[:-BLOCK], {})) == 1
    }
