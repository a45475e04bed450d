"""SMS as frames: what a list says, ready for the table; stored SMS, for the sums. Whose they are is owners.py's."""

import hashlib
from collections.abc import Sequence

import polars as pl
from django.db.models import QuerySet

from balie.cdr import sms
from balie.cdr.telephone import looked_up
from balie.cdr.zone import after_jump, local
from balie.messages.models import Message
from balie.rules.phone import e164
from balie.rules.sms import count

MOMENT = pl.Datetime("us", "UTC")
SCHEMA: dict[str, pl.DataType] = {
    "pk": pl.Int64(),
    "sent_at": MOMENT,
    "sender": pl.String(),
    "account": pl.String(),
    "parts": pl.Int64(),
    "client_id": pl.Int64(),
}


def framed(messages: QuerySet[Message], zone: str) -> pl.DataFrame:
    """Stored SMS with the columns above, and local day and month."""
    rows = list(messages.order_by().values_list(*SCHEMA))
    return with_local(pl.DataFrame(rows, schema=SCHEMA, orient="row"), zone)


def with_local(rows: pl.DataFrame, zone: str) -> pl.DataFrame:
    moments = rows["sent_at"].dt.convert_time_zone(zone)
    return rows.with_columns(
        (moments.dt.year().cast(pl.Int32) * 100 + moments.dt.month()).alias("month"), moments.dt.date().alias("day")
    )


def read_rows(rows: Sequence[sms.Row], *, zone: str, region: str, rule: str) -> pl.DataFrame:
    """What a list says, as it is stored but for whose it is; with `line`, local day and month.

    zone: of times without an offset; region: of numbers without a country; rule: how texts are counted.
    """
    texts = {name: pl.Series([getattr(row, name) for row in rows], dtype=pl.String) for name in ("sender", "recipient")}
    numbers = {name: international(column, region) for name, column in texts.items()}
    counted: dict[str, int] = {}
    for row in rows:
        if not row.parts and row.text not in counted:
            counted[row.text] = count(row.text, rule)
    frame = pl.DataFrame(
        {
            "line": pl.Series([row.line for row in rows], dtype=pl.UInt32),
            "sent_at": moments(rows, zone),
            **numbers,
            "text": pl.Series([row.text for row in rows], dtype=pl.String),
            "parts": pl.Series([row.parts or counted[row.text] for row in rows], dtype=pl.Int64),
            "account": pl.Series([row.client for row in rows], dtype=pl.String),
        }
    )
    return with_local(frame.with_columns(keys(frame, rows)), zone)


def moments(rows: Sequence[sms.Row], zone: str) -> pl.Series:
    """In UTC. Without an offset the doubled hour is read as the first, a skipped time from the moment of the jump."""
    walls = pl.Series([row.sent_at.replace(tzinfo=None) for row in rows], dtype=pl.Datetime("us"))
    exact = pl.Series([row.sent_at.tzinfo is not None for row in rows], dtype=pl.Boolean)
    seconds = pl.select(pl.when(exact).then(walls.dt.epoch("s")).otherwise(local(walls, zone, "earliest"))).to_series()
    skipped = seconds.is_null()
    if skipped.any():
        seconds = seconds.scatter(skipped.arg_true(), [after_jump(wall, zone) for wall in walls.filter(skipped)])
    return pl.select(
        pl.from_epoch(seconds, time_unit="s").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    ).to_series()


def international(numbers: pl.Series, region: str) -> pl.Series:
    """E.164 where it can be. Gateways leave out the plus: 31612345678 is a number only with it."""
    found = looked_up(numbers, region)["number"]
    bare = found.str.contains(r"^[1-9][0-9]{9,14}$")
    if not bare.any():
        return found
    known = {text: e164(f"+{text}", region) for text in found.filter(bare).unique()}
    changed = [known[text] for text in found.filter(bare)]
    return found.scatter(bare.arg_true(), changed)


def keys(frame: pl.DataFrame, rows: Sequence[sms.Row]) -> pl.Series:
    """What each SMS is known by: the digest of what its line says, and which of those it is that say the same.

    So a list read twice, in overlapping parts or while it grows brings each SMS once: of a line there are as many as
    the list has that has it most often.
    """
    seen: dict[str, int] = {}
    found = []
    epochs = frame["sent_at"].dt.epoch("s")
    columns = zip(epochs, frame["sender"], frame["recipient"], frame["account"], rows, strict=True)
    for epoch, sender, recipient, account, row in columns:
        said = (str(epoch), sender, recipient, account, row.text, str(row.parts), row.message_id)
        digest = hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:24]
        seen[digest] = number = seen.get(digest, 0) + 1
        found.append(digest if number == 1 else f"{digest}-{number}")
    return pl.Series("key", found, dtype=pl.String)
