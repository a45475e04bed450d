"""Findings of a month as managers look through them: narrowed, in order, counted by kind, as a file. Reads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from balie.operator.queries import operator
from balie.quality.models import Finding
from balie.quality.names import Names
from balie.statements.exports.cells import ROWS
from balie.statements.exports.sheet import Sheet


class State(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    RIGHT = "right"  # it closed by itself
    DISMISSED = "dismissed"


STATES = {
    State.OPEN: Q(closed=None),
    State.RIGHT: Q(closed__isnull=False, dismissed=False),
    State.DISMISSED: Q(closed__isnull=False, dismissed=True),
}
ORDERS = {
    "at": ("note__at", "note_id", "pk"),
    "code": ("code", "note__at", "pk"),
    "client": ("client__name", "note__at", "pk"),
    "agent": ("agent__name", "note__at", "pk"),
    "opened": ("opened", "pk"),
}
COLUMNS = {
    "finding": ("text", 9),
    "code": ("text", 17),
    "state": ("text", 10),
    "date": ("date", 11),
    "time": ("time", 9),
    "client": ("text", 9),
    "agent": ("text", 8),
    "note": ("text", 9),
    "call": ("text", 22),
    "opened": ("text", 17),
    "closed": ("text", 17),
    "closed_by": ("text", 20),
    "reason": ("text", 40),
}
SHEET = Sheet("findings", COLUMNS)
Wanted = Mapping[str, str]


def of_month(month: int, wanted: Wanted) -> QuerySet[Finding]:
    """Findings of a month (202611) of the client (number) and agent (code) asked for, whatever they are about."""
    found = Finding.objects.filter(month=month)
    for name, lookup in (("client", "client__number"), ("agent", "agent__code")):
        if wanted.get(name):
            found = found.filter(**{lookup: wanted[name]})
    return found


def listed(month: int, wanted: Wanted, order: str) -> QuerySet[Finding]:
    """Those in the state and of the kind asked for; order: a key of ORDERS, with a minus the other way round."""
    found = of_month(month, wanted).select_related("client", "agent", "note__call")
    if state := wanted.get("state"):
        found = found.filter(STATES[State(state)])
    if code := wanted.get("code"):
        found = found.filter(code=code)
    names = ORDERS[order.removeprefix("-")]
    return found.order_by(*(f"-{name}" if order.startswith("-") else name for name in names))


@dataclass(frozen=True)
class Kind:
    """How many findings of one kind there are, by where they stand."""

    code: str
    open: int
    right: int
    dismissed: int


@dataclass(frozen=True)
class Counted:
    """A month's findings by kind, those with the most open first."""

    kinds: Sequence[Kind]

    @property
    def open(self) -> int:
        return sum(one.open for one in self.kinds)

    @property
    def right(self) -> int:
        return sum(one.right for one in self.kinds)

    @property
    def dismissed(self) -> int:
        return sum(one.dismissed for one in self.kinds)

    @property
    def all(self) -> int:
        return self.open + self.right + self.dismissed


def counted(month: int, wanted: Wanted) -> Counted:
    """Of the client and agent asked for. One query."""
    n_open, n_right, n_dismissed = (Count("pk", filter=STATES[state]) for state in State)
    grouped = of_month(month, wanted).order_by().values_list("code")
    rows = grouped.annotate(n_open=n_open, n_right=n_right, n_dismissed=n_dismissed)
    kinds = [Kind(*row) for row in rows]
    return Counted(sorted(kinds, key=lambda one: (-one.open, -one.right - one.dismissed, one.code)))


def open_by_month() -> dict[int, int]:
    """How many are open, by month (202611), the newest first. One query."""
    rows = Finding.objects.filter(closed=None).order_by("-month").values_list("month").annotate(Count("pk"))
    return dict(rows)


def state_of(finding: Finding) -> State:
    return state(finding.closed, finding.dismissed)


def state(closed: datetime | None, dismissed: bool) -> State:
    if closed is None:
        return State.OPEN
    return State.DISMISSED if dismissed else State.RIGHT


class Facts(NamedTuple):
    """A finding as the database has it. For READ, in their order."""

    finding: int
    code: str
    closed: datetime | None
    dismissed: bool
    at: datetime
    client: str
    agent: str
    note: int
    call: str | None
    given: str
    opened: datetime
    closed_by: str
    reason: str


READ = (
    "pk", "code", "closed", "dismissed", "note__at", "client__number", "agent__code", "note_id", "note__call__key",
    "note__given", "opened", "closed_by", "reason",
)  # fmt: skip


def findings_parts(findings: QuerySet[Finding], format: str, known: Names) -> Iterator[bytes]:
    """One row a finding, part by part while they are read in one query; times local.

    Refused at once for a format there is not, and as XLSX for more findings than a sheet holds.
    """
    SHEET.check_rows(findings.count, format)
    zone, is_sheet = ZoneInfo(operator().timezone), format == "xlsx"
    found = findings.values_list(*READ).iterator(ROWS)
    return SHEET.parts((cells(Facts(*one), zone, known, whole=is_sheet) for one in found), format)


def cells(one: Facts, zone: ZoneInfo, known: Names, *, whole: bool) -> tuple[Any, ...]:
    """whole: for a sheet, with day and time as it counts them and ids as text."""
    at = one.at.astimezone(zone)
    when: tuple[Any, Any] = (at, at.time()) if whole else (f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}")
    closed = f"{one.closed.astimezone(zone):%Y-%m-%d %H:%M}" if one.closed else ""
    ids: tuple[Any, Any] = (str(one.finding), str(one.note)) if whole else (one.finding, one.note)
    agent, call = (one.agent, one.call or one.given) if known.apart else ("", "")
    return (
        ids[0], one.code, str(state(one.closed, one.dismissed)), *when, one.client, agent, ids[1], call,
        f"{one.opened.astimezone(zone):%Y-%m-%d %H:%M}", closed, one.closed_by, one.reason,
    )  # fmt: skip
