"""Lines and frames of legs for tests, written as Asterisk writes them."""

import io
from datetime import UTC, datetime, timedelta

import polars as pl

from balie.cdr import asterisk
from balie.cdr.fold import Folded, fold
from balie.cdr.groups import grouped
from balie.cdr.legs import PhoneSystem, Reading
from balie.cdr.zone import in_utc

BEGIN = datetime(2026, 11, 23, 8, 0, 0)  # noqa: DTZ001  wall clock of the phone system
SYSTEM = PhoneSystem("UTC", ("PJSIP/trunk",), "c")


def line(
    channel: str,
    dstchannel: str = "",
    *,
    at: int = 0,
    answer: int | None = None,
    talk: int | None = None,
    end: int | None = None,
    says: str = "",
    call: str = "pbx-1795420800.1",
    uniqueid: str = "",
    src: str = "0612345678",
    dst: str = "0201234501",
    app: str = "Dial",
    data: str = "",
    account: str = "",
    mark: str = "",
    sequence: int = 0,
    begin: datetime = BEGIN,
) -> str:
    """One line of cdr_csv with 21 columns; times in seconds after `begin`, answered if `answer` is given."""
    talk = 0 if talk is None else talk
    end = end if end is not None else (answer or at) + talk
    moment = [f"{begin + timedelta(seconds=s):%Y-%m-%d %H:%M:%S}" if s is not None else None for s in (at, answer, end)]
    texts = [account, src, dst, "from-trunk", f'"" <{src}>', channel, dstchannel, app, data]
    quoted = ['"' + text.replace('"', '""') + '"' for text in texts]
    times = [f'"{each}"' if each else "" for each in moment]
    result = says or ("ANSWERED" if answer is not None else "NO ANSWER")
    tail = [uniqueid or call, mark, "", call]
    numbers = [str(end - at), str(talk)]
    return ",".join(
        [*quoted, *times, *numbers, f'"{result}"', '"DOCUMENTATION"', *(f'"{each}"' for each in tail), str(sequence)]
    )


def read(*lines: str) -> Reading:
    return asterisk.read(io.BytesIO(("\n".join(lines) + "\n").encode()), tail_too=lambda _: False)


def legs(*lines: str, zone: str = "UTC") -> pl.DataFrame:
    return grouped(in_utc(read(*lines).rows, zone))


def folded(*lines: str, system: PhoneSystem = SYSTEM) -> Folded:
    return fold(legs(*lines, zone=system.zone), system)


def told(result: Folded) -> list[tuple[object, ...]]:
    """direction, type, seconds after BEGIN, called, endpoint, ring, talk of every call."""
    begin = int(BEGIN.replace(tzinfo=UTC).timestamp())
    rows = result.calls.select(
        "direction", "type", pl.col("begin") - begin, "called", "endpoint", "ring", "talk"
    ).rows()
    return list(rows)
