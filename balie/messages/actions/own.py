"""What we sent, among the messages: with its sums and its late mark, like one that a list brought; and known again
where a gateway's list has it too."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import polars as pl

from balie.accounts.models import Client
from balie.calls.queries import closed_months
from balie.cdr.sms import Row
from balie.messages import store
from balie.messages.models import Message, Outgoing, SmsPart, SmsSource, State
from balie.messages.rows import MOMENT, with_local
from balie.operator.queries import operator

OWN_SOURCE = "balie"
IDS_AT_ONCE = 5000
SCHEMA = {
    "key": pl.String(), "sent_at": MOMENT, "sender": pl.String(), "recipient": pl.String(), "text": pl.String(),
    "parts": pl.Int64(), "account": pl.String(), "client_id": pl.Int64(),
}  # fmt: skip


def own_source() -> SmsSource:
    """The source of what we send. Keys of lists differ from ours, should anybody import one under its name."""
    return SmsSource.objects.get_or_create(name=OWN_SOURCE)[0]


def stand_as_messages(rows: Collection[Outgoing], *, at: datetime) -> None:
    """SMS that the gateway took, at a whole second in UTC. Each once: to be called where they were taken first."""
    if not rows:
        return
    # Named by the client's number, an SMS stays its client's whoever gets the sending number later.
    numbers = dict(Client.objects.filter(pk__in={row.client_id for row in rows}).values_list("pk", "number"))
    values = [
        (row.own_key, at, row.sender, row.recipient, row.text, row.parts, numbers[row.client_id], row.client_id)
        for row in rows
    ]
    frame = with_local(pl.DataFrame(values, schema=SCHEMA, orient="row"), operator().timezone)
    late = pl.col("month").is_in(list(closed_months()))
    store.insert(frame.with_columns(late.alias("late")), source=own_source().pk)


def without_ours(found: pl.DataFrame, rows: Sequence[Row]) -> pl.DataFrame:
    """A list's SMS (`rows.read_rows` of these rows) but those that we sent: a gateway took an SMS of ours to the same
    number under the `message_id` they have; of one whose number was removed since, the id is enough. Without that
    column nothing tells them."""
    named = {row.line: row.message_id for row in rows if row.message_id}
    if not named:
        return found
    ours = taken_under(sorted(set(named.values())))
    if not ours:
        return found
    lines = zip(found["line"], found["recipient"], strict=True)
    known = [line for line, recipient in lines if ours & {(named.get(line, ""), recipient), (named.get(line, ""), "")}]
    return found.filter(~pl.col("line").is_in(known))


def taken_under(ids: Sequence[str]) -> set[tuple[str, str]]:
    """Which of these ids of a gateway are of SMS of ours, with the number each went to."""
    found: set[tuple[str, str]] = set()
    for at in range(0, len(ids), IDS_AT_ONCE):
        some = SmsPart.objects.filter(gateway_id__in=ids[at : at + IDS_AT_ONCE]).exclude(sms=None)
        found.update(some.values_list("gateway_id", "sms__recipient"))
    return found


def tell_states(states: Iterable[tuple[Outgoing, str]]) -> None:
    """What receipts say of them, in the column of their messages that says so."""
    by_state: dict[str, list[str]] = {}
    for row, state in states:
        by_state.setdefault(state, []).append(row.own_key)
    for state, keys in by_state.items():
        if state in (State.SENT, State.DELIVERED, State.FAILED):
            Message.objects.filter(source__name=OWN_SOURCE, key__in=keys).update(status=state)
