"""Giving calls to clients after they were stored: by hand, as numbers and endpoints change hands, as clients come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import polars as pl
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.calls import store
from balie.calls.models import AccountOwner, Call, CallCorrection, Source
from balie.calls.owners import owners
from balie.calls.queries import closed_months
from balie.cdr.owner import Owners, only_number, within
from balie.numbers.actions import assign_number, withdraw_assignment
from balie.operator.actions import Author, write_log
from balie.operator.models import LogEntry, Operator
from balie.operator.queries import operator
from balie.rules.call import Direction
from balie.rules.errors import Refused
from balie.rules.period import day_begin


@dataclass(frozen=True)
class Assigned:
    """What an assignment did: how many calls have their client now; the log entry by which it can be undone."""

    calls: int
    entry: int


@transaction.atomic
def assign_unassigned(
    *, client: Client, author: Author, number: str = "", account: str = "", source: Source | None = None
) -> Assigned:
    """Gives all unassigned calls of a dialled number, or of an account name of a source, to a client, later ones too.

    number: as in the calls (callee). Its assignment begins on the day of the first such call.
    """
    settings = operator()
    if number:
        calls = Call.objects.filter(client=None, callee=number, direction=Direction.INBOUND)
        first = calls.order_by("start").first()
        if first is None:
            none_left = _("No call to %(number)s is without a client any more.") % {"number": number}
            raise Refused("nothing_to_assign", none_left, "number")
        day = first.start.astimezone(ZoneInfo(settings.timezone)).date()
        assignment = assign_number(number=number, client=client, first_day=day)
        details = {"number": number, "client": client.number, "assignment": assignment.pk}
        changed = follow_assignments(numbers=[number])
    elif account and source:
        AccountOwner.objects.update_or_create(source=source, account=account, defaults={"client": client})
        calls = Call.objects.filter(client=None, account=account, source=source)
        details = {"account": account, "source": source.name, "client": client.number}
        changed = _give(store.framed(calls, settings.timezone), client.pk, settings)
    else:
        raise Refused("nothing_to_assign", _("Say which number or which account the calls have."), "number")
    entry = write_log(author=author, deed="calls.assigned", about=f"client:{client.number}", details=details)
    return Assigned(changed, entry.pk)


@transaction.atomic
def undo_assignment(*, entry: int, author: Author) -> int:
    """Takes an assignment by hand back; gives how many calls are without a client again."""
    done = LogEntry.objects.filter(pk=entry, deed="calls.assigned").first()
    if done is None or LogEntry.objects.filter(deed="calls.assignment_undone", details__entry=entry).exists():
        raise Refused("nothing_to_undo", _("This assignment was taken back already."), "entry")
    write_log(author=author, deed="calls.assignment_undone", about=done.about, details={"entry": entry})
    if "number" in done.details:
        withdraw_assignment(assignment=done.details["assignment"])
        return follow_assignments(numbers=[done.details["number"]])
    source = Source.objects.get(name=done.details["source"])
    AccountOwner.objects.filter(source=source, account=done.details["account"]).delete()
    calls = Call.objects.filter(source=source, account=done.details["account"], client__number=done.details["client"])
    settings = operator()
    return _give(store.framed(calls, settings.timezone), None, settings)


@transaction.atomic
def follow_assignments(*, numbers: Iterable[str]) -> int:
    """After numbers changed hands: stored calls to them belong to whoever had the number at that moment.

    Calls corrected by hand stay where they are. Gives how many calls changed.
    """
    settings = operator()
    known = owners(settings)
    calls = Call.objects.filter(callee__in=list(numbers), direction=Direction.INBOUND)
    inbound = store.framed(calls, settings.timezone)
    if not inbound.height:
        return 0
    inbound = inbound.with_columns(_holders(inbound, known).alias("new_client"))
    moved = inbound.filter(~pl.col("client_id").eq_missing(pl.col("new_client")))
    changed = _change(moved, settings)
    # What an inbound call was forwarded to goes with it.
    parts = [moved[i : i + 500] for i in range(0, moved.height, 500)]
    for part in parts:
        ways = Q()
        for source, key in part.select("source_id", "key").iter_rows():
            ways |= Q(source_id=source, key__startswith=f"{key}/")
        onward = store.framed(Call.objects.filter(ways, direction=Direction.FORWARDED), settings.timezone)
        onward = onward.with_columns(pl.col("key").str.replace(r"/\d+$", "").alias("inbound"))
        named = part.select("source_id", pl.col("key").alias("inbound"), "new_client")
        changed += _change(onward.join(named, on=["source_id", "inbound"]).drop("inbound"), settings)
    return changed


@transaction.atomic
def follow_accounts(*, accounts: Iterable[str]) -> int:
    """After clients came: unassigned calls whose phone system named the client by its number are that client's.

    accounts: numbers of clients. Gives how many calls changed.
    """
    settings = operator()
    clients = dict(Client.objects.filter(number__in=list(accounts)).values_list("number", "pk"))
    calls = store.framed(Call.objects.filter(client=None, account__in=list(clients)), settings.timezone)
    if not calls.height:
        return 0
    named = calls["account"].replace_strict(clients, return_dtype=pl.Int64)
    calls = calls.with_columns(named.alias("new_client"))
    _find_callee(calls, owners(settings))
    return _change(calls, settings)


def _find_callee(calls: pl.DataFrame, known: Owners) -> None:
    """Inbound calls whose number called is lost show their client's only number (folding.md 20)."""
    lost = calls.filter((pl.col("direction") == Direction.INBOUND) & (pl.col("callee") == ""))
    numbers = only_number(lost.select(pl.col("new_client").alias("client"), "day"), known)
    for (number,), part in lost.with_columns(numbers.alias("only")).partition_by("only", as_dict=True).items():
        pks = part["pk"].to_list()
        for i in range(0, len(pks), 500):
            Call.objects.filter(pk__in=pks[i : i + 500]).update(callee=number)


def _holders(calls: pl.DataFrame, known: Owners) -> pl.Series:
    """Who had the number called, on the call's local day; else who the phone system named, as at import."""
    asked = calls.select(pl.col("callee").alias("number"), "day").unique()
    held = asked.join(known.assigned, on="number").filter(within()).unique(["number", "day"])
    found = calls.join(
        held.select(pl.col("number").alias("callee"), "day", "client"),
        on=["callee", "day"],
        how="left",
        maintain_order="left",
    )
    named = calls.join(known.clients.unique("account"), on="account", how="left", maintain_order="left")["client"]
    # A number that belongs to nobody leaves the call without client unless it had its client by name before.
    by_name = pl.DataFrame({"named": named, "was": calls["client_id"]}).select(
        pl.when(pl.col("named").eq_missing(pl.col("was"))).then("named")
    )
    return found["client"].fill_null(by_name.to_series())


def _give(calls: pl.DataFrame, client: int | None, settings: Operator) -> int:
    return _change(calls.with_columns(pl.lit(client, dtype=pl.Int64).alias("new_client")), settings)


def _change(calls: pl.DataFrame, settings: Operator) -> int:
    """Gives stored calls (with `new_client`) to their new clients, in step with the sums."""
    if not calls.height:
        return 0
    by_hand = CallCorrection.objects.filter(undone=None, client__isnull=False, key__in=calls["key"].to_list())
    fixed = {(each.source_id, each.key) for each in by_hand} if calls.height < 30_000 else set()
    if fixed:
        keep = [pair not in fixed for pair in calls.select("source_id", "key").iter_rows()]
        calls = calls.filter(pl.Series(keep))
    late = closed_months()
    store.count(calls.drop("pk", "new_client"), -1, settings)
    for (client, month), part in calls.partition_by("new_client", "month", as_dict=True).items():
        pks = part["pk"].to_list()
        for i in range(0, len(pks), 500):
            extra = {"late": True} if month in late else {}
            Call.objects.filter(pk__in=pks[i : i + 500]).update(client_id=client, **extra)
    store.count(calls.with_columns(pl.col("new_client").alias("client_id")).drop("pk", "new_client"), 1, settings)
    return calls.height


@transaction.atomic
def follow_endpoints(
    *, endpoints: Iterable[str], since: date = date.min, before: Iterable[tuple[str, int]] = ()
) -> int:
    """After endpoints changed hands: stored calls belong to the agent who had the endpoint on that day.

    A call of an agent who never had its endpoint stays: the phone system named him, which goes before (folding.md 10).
    since: the local day before which nothing changed; before: endpoints and agents (ids) as they were until now. Gives
    how many calls changed.
    """
    settings = operator()
    known = owners(settings)
    found = Call.objects.filter(endpoint__in=list(endpoints))
    if since > date.min:
        found = found.filter(start__gte=day_begin(since, settings.timezone))
    calls = store.framed(found, settings.timezone)
    if not calls.height:
        return 0
    asked = calls.select("endpoint", "day").unique()
    held = asked.join(known.endpoints, on="endpoint").filter(within()).unique(["endpoint", "day"])
    agents = calls.join(
        held.select("endpoint", "day", "agent"), on=["endpoint", "day"], how="left", maintain_order="left"
    )
    calls = calls.with_columns(agents["agent"].alias("new_agent"))
    calls = calls.filter(~pl.col("agent_id").eq_missing(pl.col("new_agent")), _by_endpoint(calls, known, before))
    store.count(calls.drop("pk", "new_agent"), -1, settings)
    for (agent,), part in calls.partition_by("new_agent", as_dict=True).items():
        pks = part["pk"].to_list()
        for i in range(0, len(pks), 500):
            Call.objects.filter(pk__in=pks[i : i + 500]).update(agent_id=agent)
    store.count(calls.with_columns(pl.col("new_agent").alias("agent_id")).drop("pk", "new_agent"), 1, settings)
    return calls.height


def _by_endpoint(calls: pl.DataFrame, known: Owners, before: Iterable[tuple[str, int]]) -> pl.Series:
    """Whether each call can have its agent, or none, by its endpoint: nobody named him otherwise."""
    had = pl.DataFrame(list(before), schema={"endpoint": pl.String, "agent": pl.Int64}, orient="row")
    pairs = (
        pl.concat([had, known.endpoints.select("endpoint", "agent")]).unique().with_columns(pl.lit(True).alias("had"))
    )
    found = calls.join(
        pairs, left_on=["endpoint", "agent_id"], right_on=["endpoint", "agent"], how="left", maintain_order="left"
    )
    return found["had"].fill_null(False) | calls["agent_id"].is_null()
