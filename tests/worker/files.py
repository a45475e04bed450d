"""Call files as an Asterisk writes them, and a worker's turn at a source, for the tests beside this file."""

from datetime import UTC, datetime, timedelta
from typing import Any

from balie.calls.models import Source
from balie.leases import actions as leases
from balie.worker import sources
from balie.worker.turn import Turn

BEGIN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def line(number: int, *, dst: str = "31201234501") -> str:
    """An inbound call of 30 seconds, answered by the agent at PJSIP/201; one every ten minutes."""
    start = BEGIN + timedelta(minutes=10 * number)
    uniqueid = f"pbx-{int(start.timestamp())}.{number}"
    answer, end = (f"{start + timedelta(seconds=after):%Y-%m-%d %H:%M:%S}" for after in (5, 35))
    fields = ["", "31612345678", dst, "did", '""31612345678"" <31612345678>', f"PJSIP/trunk-{number:08x}",
              f"PJSIP/201-{number:08x}", "Dial", "PJSIP/201,20", f"{start:%Y-%m-%d %H:%M:%S}", answer, end, "35", "30",
              "ANSWERED", "DOCUMENTATION", uniqueid, "", "", uniqueid, str(number)]  # fmt: skip
    return ",".join(f'"{field}"' for field in fields) + "\n"


def lines(first: int, last: int) -> str:
    return "".join(line(number) for number in range(first, last + 1))


def look(source: Source, *, now: datetime | None = None) -> Source:
    """Has a worker look at the source's files once, due or not."""
    held = leases.claim(Source.objects.filter(pk=source.pk), now=now or datetime.now(UTC), length=sources.LEASE)
    assert held is not None
    sources.look(held, Turn(held, sources.LEASE))
    return Source.objects.get(pk=source.pk)


def reads(url: str, **settings: Any) -> dict[str, Any]:
    """Fields of a source whose files lie there, looked at every five minutes."""
    return {"files": {"url": url, **settings}, "look_every": 5}
