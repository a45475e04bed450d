"""What the desk shows and asks for a client, part by part. Every change is logged whole, and can be put back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.notes.known import desk_of
from balie.notes.models import Desk, ExemptCaller, OpenHours, Recipient
from balie.notes.opening import said as hours_said
from balie.notes.opening import spans_of
from balie.notes.parts import exempt_checked, fields_checked, recipients_checked, words_checked
from balie.operator.actions import Author, write_log
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from balie.rules.meanwhile import merged

CHANGED = "desk.changed"
WORDS = ("greeting", "in_hours", "out_of_hours", "questions", "region")


class DeskChanged(Refused):
    """Somebody else changed the same meanwhile; was: what the page showed, with that brought up to date."""

    def __init__(self, where: str, now: str, was: Any) -> None:
        said = _("Somebody else changed this meanwhile; it says now: “%(now)s”. Store once more to replace that.")
        super().__init__("desk_changed", said % {"now": now}, where)
        self.was = was


@dataclass(frozen=True)
class Part:
    """One part of a client's desk: how it is read as JSON, checked, and stored."""

    read: Callable[[Client], Any]
    checked: Callable[[Any], Any]
    store: Callable[[Client, Any, Author], None]


def words_of(client: Client) -> dict[str, str]:
    desk = desk_of(client)
    return {name: getattr(desk, name) for name in WORDS}


def fields_of(client: Client) -> dict[str, list[str]]:
    desk = desk_of(client)
    return {"extra": list(desk.extra), "required": list(desk.required)}


def store_desk(client: Client, values: Mapping[str, Any], author: Author) -> None:
    Desk.objects.update_or_create(client=client, defaults={**values, "changed": author.now})


def hours_of(client: Client) -> dict[str, str]:
    """By day (0 Monday … 7 public holidays) as people write them; days on which it is closed are not there."""
    rows: dict[str, list[tuple[time, time]]] = {}
    for row in OpenHours.objects.filter(client=client).order_by("day", "begins"):
        rows.setdefault(str(row.day), []).append((row.begins, row.ends))
    return {day: hours_said(spans) for day, spans in rows.items()}


def hours_checked(value: Any) -> dict[str, str]:
    """As they will be read again. Refused, at the day, for what are no hours."""
    found = {str(day): hours_said(spans_of(str(value.get(str(day), "")), f"hours-{day}")) for day in range(8)}
    return {day: text for day, text in found.items() if text}


def store_hours(client: Client, value: Mapping[str, str], author: Author) -> None:
    OpenHours.objects.filter(client=client).delete()
    OpenHours.objects.bulk_create(
        OpenHours(client=client, day=int(day), begins=begins, ends=ends)
        for day, text in value.items()
        for begins, ends in spans_of(text)
    )


def recipients_of(client: Client) -> list[dict[str, str]]:
    rows = Recipient.objects.filter(client=client).order_by("pk")
    return [{"kind": row.kind, "to": row.to, "name": row.name, "when": row.when} for row in rows]


def store_recipients(client: Client, value: list[dict[str, str]], author: Author) -> None:
    Recipient.objects.filter(client=client).delete()
    Recipient.objects.bulk_create(Recipient(client=client, **row) for row in value)


def exempt_of(client: Client) -> list[dict[str, str]]:
    return [{"number": row.number, "why": row.why} for row in ExemptCaller.objects.filter(client=client)]


def store_exempt(client: Client, value: list[dict[str, str]], author: Author) -> None:
    ExemptCaller.objects.filter(client=client).delete()
    ExemptCaller.objects.bulk_create(ExemptCaller(client=client, **row) for row in value)


PARTS: Mapping[str, Part] = {
    "words": Part(words_of, words_checked, store_desk),
    "hours": Part(hours_of, hours_checked, store_hours),
    "fields": Part(fields_of, fields_checked, store_desk),
    "recipients": Part(recipients_of, recipients_checked, store_recipients),
    "exempt": Part(exempt_of, exempt_checked, store_exempt),
}


@transaction.atomic
def put_desk(*, client: Client, part: str, value: Any, author: Author, was: Any = None) -> LogEntry | None:
    """This part of the client's desk says this from now on; None where it did already. Refused, at its field.

    was: what it said when who changes it saw it, if known: what others changed since and this does not, stays. Raises
    DeskChanged where both changed the same.
    """
    known = PARTS[part]
    Client.objects.select_for_update().get(pk=client.pk)  # two who change it take turns
    before, after = known.read(client), known.checked(value)
    if was is not None:
        after = beside_others(part, was, after, before)
    if before == after:
        return None
    known.store(client, after, author)
    return write_log(
        author=author, deed=CHANGED, about=f"client:{client.number}",
        details={"part": part, "before": before, "after": after},
    )  # fmt: skip


def beside_others(part: str, was: Any, wanted: Any, now: Any) -> Any:
    """What shall stand. Words and hours are put together field by field; a list is one person's, whole."""
    fieldwise = part in ("words", "hours")
    if not fieldwise:
        was, wanted, now = {part: was}, {part: wanted}, {part: now}
    found = merged(was, wanted, now)
    if found.clashes:
        current = dict(was)
        for name in found.clashes:
            current.pop(name, None)
            current |= {name: now[name]} if name in now else {}
        first = found.clashes[0]
        where = f"hours-{first}" if part == "hours" else first
        raise DeskChanged(where, in_short(now.get(first, "")), current if fieldwise else current[part])
    return found.values if fieldwise else found.values[part]


def in_short(value: Any) -> str:
    """What stands there, for one line."""
    if isinstance(value, str):
        return value
    rows = value["extra"] + value["required"] if isinstance(value, dict) else value
    return ", ".join(dict.fromkeys(row if isinstance(row, str) else row.get("to") or row["number"] for row in rows))


@transaction.atomic
def put_back(*, client: Client, entry: LogEntry, author: Author) -> LogEntry | None:
    """The part says again what it said before this change, and keeps what others changed since; that, too, is a change.
    Refused for another's entry.
    """
    part = entry.details.get("part")
    if entry.deed != CHANGED or entry.about != f"client:{client.number}" or part not in PARTS:
        raise Refused("unknown_change", _("There is no such change of this client's desk."), "entry")
    Client.objects.select_for_update().get(pk=client.pk)  # what stands now is what is put back from
    now = PARTS[str(part)].read(client)
    value = without(entry.details["before"], entry.details["after"], now)
    return put_desk(client=client, part=str(part), value=value, author=author)


def without(before: Any, after: Any, now: Any) -> Any:
    """What stands now, but for what a change did; where others changed the same since, as it was before the change."""
    if now == after:
        return before
    if isinstance(now, list):
        return list(without(keyed(before), keyed(after), keyed(now)).values())
    found = dict(now)
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) == after.get(name):
            continue
        if name not in before:
            found.pop(name, None)
        elif isinstance(now.get(name), list):
            found[name] = without(before[name], after.get(name, []), now[name])
        else:
            found[name] = before[name]
    return found


def keyed(rows: list[Any]) -> dict[Any, Any]:
    """Rows by what makes them one: a caller's number, or all of a recipient or field."""
    return {row if isinstance(row, str) else row.get("number") or tuple(sorted(row.items())): row for row in rows}
