"""`balie retention`: how long personal data is kept, and removing at once what outlived its time."""

from typing import Any

import click
from django.utils import timezone

from balie.cli.face import say, speaks
from balie.operator.models import Removal
from balie.operator.queries import operator
from balie.operator.retention import boundary
from balie.rules.retention import Kept
from balie.worker.retention import outlived, remove_at_once

WHAT = {
    Kept.NUMBERS: "numbers in calls",
    Kept.NOTES: "texts of notes",
    Kept.SMS: "numbers and texts of SMS",
    Kept.MAILS: "mails",
    Kept.OPENED: "who opened which client",
    Kept.STATEMENTS: "statements",
}


@click.command()
@click.option("--now", "at_once", is_flag=True, help="Removes at once what outlived its time; cannot be undone.")
@speaks
def retention(at_once: bool, as_json: bool) -> None:
    """Says how long personal data is kept, and what of it has outlived that time.

    The times are set in the office (Settings, Retention) or in the world file. Workers remove every night what outlived
    its time; the totals stay. What has no time is kept for good.

    \b
    Examples:
      balie retention
      balie retention --now
    """
    now = timezone.now()
    removed = remove_at_once(now=now) if at_once else {}
    rows = [row(kind, removed.get(kind, 0), at_once) for kind in Kept]
    say(rows, as_json=as_json, text="\n".join(line(one, at_once) for one in rows))


def row(kind: Kept, removed: int, at_once: bool) -> dict[str, Any]:
    """One kind. `outlived`: rows still there that are too old; `removed`: with --now, rows that were emptied now."""
    now, held = timezone.now(), Removal.objects.filter(kind=kind).first()
    day = boundary(kind, operator(), now=now)
    found = {
        "kind": str(kind),
        "months": operator().retention.get(kind),
        "kept_from": day.isoformat() if day else None,
        "outlived": outlived(kind, now=now),
        "last_removed": held.done.isoformat() if held and held.done else None,
    }
    return {**found, "removed": removed} if at_once else found


def line(one: dict[str, Any], at_once: bool) -> str:
    """The same for people."""
    name = f"{WHAT[Kept(one['kind'])]:<25}"
    if one["months"] is None:
        return f"{name} kept for good"
    said = f"{name} {one['months']} months: kept from {one['kept_from']} on"
    return f"{said}, {one['removed']} removed" if at_once else f"{said}, {one['outlived']} older ones to be removed"
