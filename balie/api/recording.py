"""How calls were recorded: the report of a month, and what is wrong with its notes. For managers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema

from balie.api.access import MANAGER
from balie.api.reports import MONTH, OfMonth, also_files, download
from balie.operator.queries import operator
from balie.quality.files import recording_file
from balie.quality.queries import findings_document
from balie.rules.period import Period
from balie.worker.recording import freshen

router = Router(auth=MANAGER, tags=["recording"])


class OfTeam(Schema):
    """missing and share are null where agents are looked at together and there are fewer than five."""

    calls: int
    missing: int | None
    share: float | None


class OfAgent(Schema):
    """share: of accepted calls without a note, as a fraction; low, high: its 95 % interval; marked: it lies above the
    team's share, on 30 calls or more; incorrect: notes with an open finding."""

    agent: str
    calls: int
    notes: int
    missing: int
    share: float
    low: float
    high: float
    marked: bool
    incorrect: int


class Recorded(Schema):
    month: str
    team: OfTeam
    agents: list[OfAgent]


class Found(Schema):
    code: str
    client: str
    agent: str
    call: str | None
    note: int


class FoundInMonth(Schema):
    month: str
    findings: list[Found]


@router.get("/reports/recording", response=Recorded, summary="Data recording per agent", openapi_extra=also_files())
def recording_report(request: HttpRequest, wanted: Query[OfMonth]) -> HttpResponse:
    """Every agent with calls or notes in the month, by code; calls and notes are looked at again where they changed.

    Nobody where the operator looks at all agents together.
    """
    period, now = Period.parse(wanted.month, operator().timezone), timezone.now()
    freshen(period, now=now)
    return download(recording_file(period, wanted.format, now=now), wanted.format, f"recording-{period}")


@router.get("/findings", response=FoundInMonth, summary="What is wrong with a month's notes")
def list_findings(request: HttpRequest, month: MONTH) -> dict[str, Any]:
    """As `balie check recording` prints them: open ones, by the month of the call, without one of the note."""
    period = Period.parse(month, operator().timezone)
    freshen(period, now=timezone.now())
    return findings_document(period)
