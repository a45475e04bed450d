"""The phone systems' files: the records of any span of days as bytes, with a few lines that went wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from balie.demo.asterisk import CSV, CUSTOM, Exchange
from balie.demo.operator import PBX_ZONES, TRUNKS
from balie.demo.stories import Meant
from balie.demo.traffic import calls_of

LAYOUTS = {"pbx-1": CSV, "pbx-2": CUSTOM}
COUNTED_FROM = date(2019, 5, 13)  # when the phone systems' counters last stood at nought
# Days (by their number modulo 31) on which a line goes wrong, and how.
ACCIDENTS = {4: "torn", 13: "no such date", 22: "null bytes"}


class Record(NamedTuple):
    """The lines of one channel, and the moment they appeared in the file."""

    at: float
    text: str


@dataclass
class Records:
    """What a phone system wrote, in order, and what it meant."""

    written: list[Record] = field(default_factory=list)
    meant: list[Meant] = field(default_factory=list)
    accidents: int = 0

    def between(self, begin: float, end: float) -> bytes:
        """The file as it held what appeared from one moment up to before another."""
        return "".join(record.text for record in self.written if begin <= record.at < end).encode()

    def cut(self, begin: float, end: float) -> bytes:
        """The same, with the next line half written."""
        coming = next((record.text for record in self.written if record.at >= end), "")
        return self.between(begin, end) + coming[:150].encode()


def exchanges() -> dict[str, Exchange]:
    """The operator's two phone systems."""
    return {
        name: Exchange(name, zone=zone, layout=LAYOUTS[name], trunk=TRUNKS[name]) for name, zone in PBX_ZONES.items()
    }


def records(days: list[date], first: date) -> dict[str, Records]:
    """Everything both phone systems write about calls beginning on these days. `first`: the demo's first day."""
    found = {name: Records() for name in PBX_ZONES}
    switches = exchanges()
    for day in days:
        for switch in switches.values():
            switch.begin_day((day - COUNTED_FROM).days)
        for told in calls_of(day, first):
            found[told.pbx].meant += told.story(switches[told.pbx], told.plan)
        for name, switch in switches.items():
            for record in accidents(switch, day, name):
                switch.chains.append([*record])
                found[name].accidents += 1
    for name, switch in switches.items():
        found[name].written = [Record(*chain) for chain in switch.take()]
    return found


def accidents(switch: Exchange, day: date, name: str) -> Iterator[Record]:
    """Lines that went wrong: a disk that was full, a clock that was not set, a crash."""
    place = (day.toordinal() + (11 if name == "pbx-2" else 0)) % 31
    if place not in ACCIDENTS or not switch.chains:
        return
    moment, text = switch.chains[-1]
    line = text[: text.index("\n") + 1]
    kind, date_written = ACCIDENTS[place], switch.clock.text(moment)[:10]
    if kind == "torn":
        yield Record(moment + 0.5, line[:71].rstrip('"') + "\n")
    elif kind == "no such date":
        yield Record(moment + 0.5, line.replace(date_written, "1970-00-00"))
    else:
        yield Record(moment + 0.5, line[:140] + "\0" * 48 + "\n")


def days_between(begin: date, end: date) -> list[date]:
    """All days from the first up to before the last."""
    return [begin + timedelta(days=n) for n in range((end - begin).days)]
