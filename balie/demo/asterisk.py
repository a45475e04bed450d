"""Writes call detail records as an Asterisk 16 writes them: channels, counters, columns, quoting. Not what happens in
a call: that is balie.demo.stories."""

from bisect import bisect
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

ANSWERED, NO_ANSWER, BUSY = "ANSWERED", "NO ANSWER", "BUSY"
CSV, CUSTOM = "cdr_csv", "cdr_custom"
DAY = 86400
CLOCK = [f" {s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(DAY)]

Times = tuple[float, float | None, float]  # start, answer, end: epoch with fractions


@dataclass(slots=True)
class Channel:
    """One end of a connection, with what a record says about it when it is the first of the two."""

    name: str
    uniqueid: str
    linkedid: str
    src: str = ""
    dst: str = ""
    context: str = "from-trunk"
    clid: str = ""
    account: str = ""
    userfield: str = ""
    peer: str = ""
    chain: list[Any] | None = None  # [end of its last record, text of its records]: written at once when all are over


class LocalClock:
    """Turns an epoch into the text of the server's zone, cut to seconds as Asterisk does."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.days: dict[int, str] = {}
        self.offsets: dict[int, int] = {}

    def offset(self, hour: int) -> int:
        """Seconds east of Greenwich in this hour since 1970, UTC."""
        if hour not in self.offsets:
            away = datetime.fromtimestamp(hour * 3600, UTC).astimezone(self.zone).utcoffset()
            assert away is not None
            self.offsets[hour] = int(away.total_seconds())
        return self.offsets[hour]

    def text(self, moment: float) -> str:
        seconds = int(moment)
        seconds += self.offset(seconds // 3600)
        day = seconds // DAY
        if day not in self.days:
            self.days[day] = datetime.fromtimestamp(day * DAY, UTC).strftime("%Y-%m-%d")
        return self.days[day] + CLOCK[seconds % DAY]


class Exchange:
    """One phone system: hands out channels and keeps what it has written, with the moment it appeared."""

    def __init__(self, name: str, *, zone: str = "UTC", layout: str = CSV, trunk: str = "PJSIP/trunk") -> None:
        self.name, self.layout, self.trunk = name, layout, trunk
        self.clock = LocalClock(zone)
        self.chains: list[list[Any]] = []
        self.written = 0
        self.rng = Random(0)
        self.begin_day(0)

    def begin_day(self, day: int) -> None:
        """Sets the counters to where they stand on a day, so that any day can be written without the days before."""
        self.channels, self.identities, self.sequence, self.pairs = day * 0x1800, day * 20_000, day * 15_000, day * 400
        self.rng = Random(f"{self.name} {day}")

    def channel(self, endpoint: str, at: float, linkedid: str = "") -> Channel:
        """A new channel of an endpoint; the first of a call links the others to itself."""
        self.channels += 1
        self.identities += 2
        unique = f"{self.name}-{int(at)}.{self.identities}"
        return Channel(f"{endpoint}-{self.channels & 0xFFFFFFFF:08x}", unique, linkedid or unique)

    def local_pair(self, at: float, *, extension: str, linkedid: str) -> tuple[Channel, Channel]:
        """Both ends of a Local channel to an extension."""
        self.pairs += 1
        self.identities += 2
        name = f"Local/{extension}@from-internal-{self.pairs:08x}"
        one = Channel(f"{name};1", f"{self.name}-{int(at)}.{self.identities}", linkedid)
        two = Channel(f"{name};2", f"{self.name}-{int(at)}.{self.identities + 1}", linkedid)
        return one, two

    def write(self, party: Channel, other: str, app: tuple[str, str], times: Times, how: str = ANSWERED) -> int:
        """One record. Gives its billsec."""
        start, answer, end = times
        text = self.clock.text
        self.sequence += 2
        self.written += 1
        begun, answered, ended = text(start), text(answer) if answer is not None else "", text(end)
        duration = int(end - start)
        billed = int(end - answer) if answer is not None else 0
        p = party
        clid = p.clid.replace('"', '""')
        if self.layout == CSV:
            said = f'"{answered}"' if answered else ""
            line = (
                f'"{p.account}","{p.src}","{p.dst}","{p.context}","{clid}","{p.name}","{other}","{app[0]}","{app[1]}",'
                f'"{begun}",{said},"{ended}",{duration},{billed},"{how}","DOCUMENTATION","{p.uniqueid}",'
                f'"{p.userfield}","{p.peer}","{p.linkedid}",{self.sequence}\n'
            )
        else:
            line = (
                f'"{clid}","{p.src}","{p.dst}","{p.context}","{p.name}","{other}","{app[0]}","{app[1]}","{begun}",'
                f'"{answered}","{ended}","{duration}","{billed}","{how}","DOCUMENTATION","{p.account}",'
                f'"{p.uniqueid}","{p.userfield}",{self.sequence}\n'
            )
        if p.chain is None:
            p.chain = [end, line]
            self.chains.append(p.chain)
        else:
            p.chain[0] = max(p.chain[0], end)
            p.chain[1] += line
        return billed

    def take(self, until: float = float("inf")) -> list[tuple[float, str]]:
        """What had appeared by a moment, in order: Asterisk writes a channel's records together when it is gone."""
        self.chains.sort(key=itemgetter(0))
        index = bisect(self.chains, until, key=itemgetter(0))
        taken, self.chains = self.chains[:index], self.chains[index:]
        return [(end, text) for end, text in taken]
