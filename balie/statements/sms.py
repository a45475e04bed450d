"""A client's SMS of a month as every report shows them: local times, numbers as far as they may be seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from balie.accounts.models import Client
from balie.messages.queries import SmsFilter, clients_messages, digits, narrowed
from balie.rules.call import Privacy, veil
from balie.rules.period import Period

COLUMNS = ("sent_at", "sender", "recipient", "parts", "late", "status")


class SmsRow(NamedTuple):
    """An SMS as a report shows it; `parts`: how many it counts."""

    sent_at: datetime  # local
    sender: str
    recipient: str
    parts: int
    late: bool
    status: str = "sent"  # or delivered, failed: of those we sent

    @property
    def date(self) -> str:
        return self.sent_at.date().isoformat()

    @property
    def time(self) -> str:
        return self.sent_at.time().isoformat("seconds")


@dataclass(frozen=True)
class SmsReport:
    """One client's SMS of a month. `part`: somebody filtered them, the sums are those of the rows shown."""

    client: Client
    period: Period
    rows: list[SmsRow]
    part: bool = False

    @property
    def parts(self) -> int:
        return sum(row.parts for row in self.rows)


def sms_report(client: Client, period: Period, *, wanted: SmsFilter | None = None, full: bool = False) -> SmsReport:
    """A client's SMS of a local month, in order of time, in one query.

    full: for office pages, which show every number whatever the client's privacy. Otherwise the other party's number is
    hidden as the client wants, and a filter by number looks only at what may be seen.
    """
    rows = list(sms_rows(client, period, wanted=wanted, full=full))
    return SmsReport(client, period, rows, bool(wanted))


def sms_rows(
    client: Client, period: Period, *, wanted: SmsFilter | None = None, full: bool = False, at_once: int = 0
) -> Iterator[SmsRow]:
    """The rows alone. at_once: so many are read at a time, for who passes them on; else all with the first."""
    wanted = wanted or SmsFilter()
    privacy = Privacy.NONE if full else Privacy(client.hide_numbers)
    in_database = wanted if privacy == Privacy.NONE else SmsFilter(since=wanted.since, until=wanted.until)
    found = narrowed(clients_messages(client, period), in_database, period.zone)
    local, values = ZoneInfo(period.zone), found.values_list(*COLUMNS)
    rows = (
        SmsRow(sent_at.astimezone(local), sender, veil(recipient, privacy), parts, late, status)
        for sent_at, sender, recipient, parts, late, status in (values.iterator(at_once) if at_once else values)
    )
    return rows if in_database == wanted else (row for row in rows if shows(row, wanted.number))


def shows(row: SmsRow, text: str) -> bool:
    """Whether a person sees this part of a number in the row."""
    part = digits(text) or text.strip()
    return part in row.sender or part in row.recipient
