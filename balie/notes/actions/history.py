"""Notes of an earlier time are put in: taken and sent to their recipients before Balie knew of them.

Stored by the rules of `take_note`, and told to nobody again: their deliveries say to whom they went, without a mail.
Many at once, since there are thousands of them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl
from django.db import transaction

from balie.accounts.models import Agent, Client
from balie.calls import bulk
from balie.notes.actions.take import LONGEST_KEY, Said, stored, too_long
from balie.notes.delivery import MAIL, addresses_among
from balie.notes.hours import open_at, region_of
from balie.notes.models import Delivery, Note, OpenHours, Recipient
from balie.operator.models import Operator
from balie.operator.queries import operator
from balie.rules.holidays import public_holidays

KEYS_AT_ONCE = 5000
MOMENT = pl.Datetime("us", "UTC")
OTHER_THAN_TEXT: Mapping[str, pl.DataType] = {
    "client_id": pl.Int64(), "agent_id": pl.Int64(), "call_id": pl.Int64(), "version": pl.Int64(), "at": MOMENT,
    "received": MOMENT,
}  # fmt: skip


@dataclass(frozen=True)
class Earlier:
    """One note. key: what it is known by; call: id and key of the call that was named, if one was; at: when it was
    submitted, received: when whoever had it then got it. Whole seconds."""

    key: str
    client: Client
    agent: Agent
    said: Said
    at: datetime
    received: datetime
    call: tuple[int, str] | None = None


@transaction.atomic
def take_history(notes: Sequence[Earlier]) -> int:
    """Stores those that are not there yet, by their keys; how many. Refused, all of them, as `take_note` refuses."""
    if wrong := next((one for one in notes if len(one.key) > LONGEST_KEY), None):
        raise too_long(len(wrong.key), LONGEST_KEY, "key")
    known = ids([one.key for one in notes])
    new = list({one.key: one for one in notes if one.key not in known}.values())
    if not new:
        return 0
    settings = operator()
    bulk.put(Note._meta.db_table, bulk.ready(framed([row(one, settings.country) for one in new])))
    numbers, reached = ids([one.key for one in new]), Reached(settings)
    sent = [
        {"note_id": numbers[one.key], "version": 1, "kind": MAIL, "to": to, "copy": copy}
        for one in new
        for to, copy in reached.by(one)
    ]
    if sent:
        bulk.put(Delivery._meta.db_table, bulk.ready(pl.DataFrame(sent).rename({"to": '"to"'})))
    return len(new)


def ids(keys: Sequence[str]) -> dict[str, int]:
    """Notes by their keys."""
    found: dict[str, int] = {}
    for at in range(0, len(keys), KEYS_AT_ONCE):
        rows = Note.objects.filter(key__in=keys[at : at + KEYS_AT_ONCE]).order_by()
        found |= {str(key): pk for key, pk in rows.values_list("key", "pk")}
    return found


def row(one: Earlier, country: str) -> dict[str, object]:
    """A note as the table holds it."""
    values = stored(one.said, country)
    pk, key = one.call or (None, "")
    return {
        **values, "fields": json.dumps(values["fields"], ensure_ascii=False), "client_id": one.client.pk,
        "agent_id": one.agent.pk, "call_id": pk, "given": key, "at": one.at, "received": one.received, "key": one.key,
        "version": 1, "by": str(one.agent),
    }  # fmt: skip


def framed(rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    schema = {name: OTHER_THAN_TEXT.get(name, pl.String()) for name in rows[0]}
    return pl.DataFrame(list(rows), schema=schema, orient="row").rename({"by": '"by"'})


@dataclass
class Reached:
    """To whom notes went: by the recipients and hours of their clients as they are now. Few queries for any number."""

    settings: Operator
    recipients: dict[int, list[Recipient]] = field(default_factory=dict)
    hours: dict[int, list[OpenHours]] = field(default_factory=dict)
    regions: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for recipient in Recipient.objects.all():
            self.recipients.setdefault(recipient.client_id, []).append(recipient)
        for hours in OpenHours.objects.all():
            self.hours.setdefault(hours.client_id, []).append(hours)

    def by(self, note: Earlier) -> Iterator[tuple[str, bool]]:
        """Addresses, and whether it was the operator's copy."""
        rows = self.recipients.get(note.client.pk, ())
        for to in addresses_among(rows, note.client, lambda: self.was_open(note.client, note.at)):
            yield to, False
        box = self.settings.mailboxes.get("call_note_copy") or ""
        if box and note.agent.copy_notes:
            yield box, True

    def was_open(self, client: Client, at: datetime) -> bool:
        hours = self.hours.get(client.pk)
        if not hours:
            return True
        region = self.regions.get(client.pk) or self.regions.setdefault(client.pk, region_of(client))
        local = at.astimezone(ZoneInfo(self.settings.timezone))
        return open_at(hours, local, holiday=local.date() in public_holidays(region, [local.year]))
