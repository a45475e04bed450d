"""The call files as they lie on the phone systems' disks: one for each month that is over, and Master.csv."""

from datetime import date, datetime, timedelta
from pathlib import Path

from balie.demo.files import Records, days_between, records
from balie.demo.operator import PBX_ZONES, ZONE
from balie.rules.period import Period

FOLDER = "phone-systems"


class Tape:
    """Everything the phone systems have written from a month on. Earlier records are not made again."""

    def __init__(self, *, first: date, since: Period, now: datetime) -> None:
        self.now, self.since = now, since
        today = now.date()
        # The day before: its last calls may end after midnight.
        begin = max(first, since.first_day - timedelta(days=1))
        self.records: dict[str, Records] = records(days_between(begin, today + timedelta(days=2)), first)

    def month(self, pbx: str, period: Period, *, until: datetime | None = None) -> bytes:
        """The file of a month, as a whole or as far as it was written by then, the last line perhaps half."""
        begin, end = period.begin.timestamp(), min(period.end, self.now).timestamp()
        if until is None or until.timestamp() >= end:
            return self.records[pbx].between(begin, end)
        return self.records[pbx].cut(begin, until.timestamp())

    def lay_out(self, home: Path) -> None:
        """Writes the files where the operator's settings look for them."""
        for pbx in PBX_ZONES:
            folder = home / FOLDER / pbx
            folder.mkdir(parents=True, exist_ok=True)
            running, period = Period.of(self.now, ZONE), self.since
            while period < running:
                (folder / archive(period)).write_bytes(self.month(pbx, period))
                period = period.next()
            (folder / "Master.csv").write_bytes(self.month(pbx, running))


def archive(period: Period) -> str:
    """The name of a month's file once the month is over."""
    return f"Master-{period}.csv"
