"""Writes of what work costs: sets of amounts from a day on, fixed costs of months. Each is logged and can be undone.

The operator's own `costs`, which a world file names, hold until the first day on which something else was set.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from balie.operator.actions import Author, change_operator, write_log
from balie.operator.models import CostsFrom, FixedCost, LogEntry
from balie.operator.queries import locked_operator
from balie.rules.errors import Refused
from balie.rules.margin import COSTS, Spread

AMOUNT = re.compile(r"\d{1,10}(?:\.\d{1,6})?", re.ASCII)
YEARS = range(1990, 2100)
LONGEST_NAME = 100
CHANGED = "operator.changed"


@dataclass(frozen=True)
class SaidCosts:
    """Amounts as they were typed, by the keys of a world file; those of groups by the group's id. Empty costs nothing;
    of a group empty means as every other agent."""

    costs: Mapping[str, str]
    groups: Mapping[int, str]


@transaction.atomic
def set_costs(*, first_day: date | None, said: SaidCosts, known_groups: Collection[int], author: Author) -> int:
    """What work costs from a local day on; without a day what holds from ever. Gives the id of what undoes it: of the
    set, or of the log's entry where there is no day.

    known_groups: ids of the groups there are. Refused, at its field, for what is no amount, and for what holds already.
    """
    operator = locked_operator()
    costs = checked_amounts(said.costs)
    groups = {str(pk): checked(text, f"group-{pk}") for pk, text in said.groups.items() if text and pk in known_groups}
    if first_day is None:
        if groups:
            pk = next(iter(groups))
            message = _("A group of agents has a cost of its own from a day on; give the day.")
            raise Refused("needs_a_day", message, f"group-{pk}")
        return set_first_costs(costs, author)
    if first_day.year not in YEARS:
        raise Refused("bad_day", _("That day is too far away."), "first_day")
    standing = CostsFrom.objects.filter(first_day=first_day, removed=None).first()
    if standing and (standing.costs, standing.groups) == (costs, groups):
        raise Refused("no_change", _("That is what holds from this day already."), "first_day")
    CostsFrom.objects.filter(first_day=first_day, removed=None).update(removed=author.now)
    values = {"costs": costs, "groups": groups, "made": author.now, "by": author.who[:200], "replaces": standing}
    row = CostsFrom.objects.create(first_day=first_day, **values)
    before = {"costs": standing.costs, "groups": standing.groups} if standing else dict(operator.costs)
    log(author, "costs.set", row, {"before": before, "after": {"costs": costs, "groups": groups}})
    return row.pk


def set_first_costs(costs: Mapping[str, str], author: Author) -> int:
    """What holds from ever: the operator's own. Gives the id of the log's entry."""
    if not change_operator({"costs": costs}, author=author).changed:
        raise Refused("no_change", _("That is what holds from the beginning already."), "first_day")
    return LogEntry.objects.filter(deed=CHANGED).latest("pk").pk


@transaction.atomic
def undo_first_costs(*, entry: int, author: Author) -> None:
    """Takes a change of what holds from ever back, by the log's entry of it. Refused where it changed since."""
    operator = locked_operator()
    row = LogEntry.objects.filter(pk=entry, deed=CHANGED).first()
    before, after = (row.details.get(name, {}).get("costs") if row else None for name in ("before", "after"))
    if before is None or operator.costs != after:
        raise Refused("nothing_to_undo", _("These costs were changed since, so nothing was taken back."))
    gone: dict[str, Any] = dict.fromkeys(operator.costs)
    change_operator({"costs": gone | before}, author=author)


def checked_amounts(said: Mapping[str, str]) -> dict[str, str]:
    """All amounts there are; refused, at its key, for what is no amount."""
    return {name: checked(said.get(name, ""), name) for name in COSTS}


def checked(text: str, where: str) -> str:
    """An amount as it is stored. Nothing typed is nothing."""
    plain = text.strip() or "0"
    if not AMOUNT.fullmatch(plain):
        said = _("“%(text)s” is no amount; write it as 30.00, with at most six decimals.")
        raise Refused("bad_amount", said % {"text": text.strip()[:20]}, where)
    whole, _point, decimals = plain.partition(".")
    return f"{int(whole)}.{decimals.ljust(2, '0')}"


@transaction.atomic
def undo_costs(*, row: CostsFrom, author: Author) -> None:
    """Takes a set of costs back; what it replaced holds again. Refused where that was done already."""
    locked_operator()
    if not CostsFrom.objects.filter(pk=row.pk, removed=None).update(removed=author.now):
        raise Refused("nothing_to_undo", _("These costs do not hold any more, so nothing was taken back."))
    if row.replaces_id:
        CostsFrom.objects.filter(pk=row.replaces_id).update(removed=None)
    log(author, "costs.undone", row, {"costs": row.costs})


@transaction.atomic
def remove_costs(*, row: CostsFrom, author: Author) -> None:
    """From its day on holds again what held before. Refused where that was done already."""
    locked_operator()
    if not CostsFrom.objects.filter(pk=row.pk, removed=None).update(removed=author.now):
        raise Refused("gone", _("These costs are removed already."))
    log(author, "costs.removed", row, {"costs": row.costs, "groups": row.groups})


@transaction.atomic
def restore_costs(*, row: CostsFrom, author: Author) -> None:
    """Takes a removal back. Refused where something else was set from that day meanwhile."""
    locked_operator()
    if CostsFrom.objects.filter(first_day=row.first_day, removed=None).exists():
        raise Refused("day_taken", _("Other costs hold from that day by now, so nothing was taken back."))
    CostsFrom.objects.filter(pk=row.pk).update(removed=None)
    log(author, "costs.restored", row, {"costs": row.costs})


@transaction.atomic
def add_fixed_cost(
    *, name: str, amount: str, spread: str, first_month: int, last_month: int | None, author: Author
) -> FixedCost:
    """What months cost whatever is worked in them, from a month (202611) to a month, or without an end.

    Refused, at its field, without a name, for what is no amount above nothing, for a month before the first.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused("bad_name", _("Say what it is, in at most 100 characters: rent, software, management."), "name")
    if spread not in list(Spread):
        raise Refused("bad_spread", _("Choose by what it is spread over the clients."), "spread")
    exact = Decimal(checked(amount, "amount"))
    if not exact or exact != exact.quantize(Decimal("0.01")):
        raise Refused("bad_amount", _("An amount a month above nothing is needed, in whole cents."), "amount")
    if last_month is not None and last_month < first_month:
        raise Refused("bad_month", _("The last month is before the first."), "last_month")
    months = {"first_month": first_month, "last_month": last_month}
    row = FixedCost.objects.create(
        name=name, amount=exact, spread=spread, made=author.now, by=author.who[:200], **months
    )
    log(author, "fixed_cost.added", row, {"amount": str(exact), "spread": spread, **months})
    return row


@transaction.atomic
def remove_fixed_cost(*, row: FixedCost, author: Author) -> None:
    """It is a cost of no month any more, of past ones neither. Refused where that was done already."""
    if not FixedCost.objects.filter(pk=row.pk, removed=None).update(removed=author.now):
        raise Refused("gone", _("This fixed cost is removed already."))
    log(author, "fixed_cost.removed", row, {"amount": str(row.amount)})


@transaction.atomic
def restore_fixed_cost(*, row: FixedCost, author: Author) -> None:
    """Takes a removal back. Repeated without harm."""
    if FixedCost.objects.filter(pk=row.pk).exclude(removed=None).update(removed=None):
        log(author, "fixed_cost.restored", row, {"amount": str(row.amount)})


def log(author: Author, deed: str, row: CostsFrom | FixedCost, details: dict[str, Any]) -> None:
    about = f"costs:{row.first_day}" if isinstance(row, CostsFrom) else f"costs:{row.name}"
    write_log(author=author, deed=deed, about=about[:200], details=details)
