"""The pages of recording and missing notes for the access tests: who gets what, and arguments of their addresses."""

from typing import Any

from balie.accounts.models import Agent, Client
from balie.calls.models import Call
from balie.operator.models import LogEntry
from tests.web import make_desk
from tests.web.make_desk import NOW

PAGES = ("recording", "recording_file", "recording_year", "recording_of_agent", "missing_notes")
DEEDS = ("take_calls_back", "exempt_caller")
POST: dict[str, tuple[int, int, int, int, int]] = {
    "missing_notes": (302, 403, 403, 422, 422),  # nothing is marked
    **dict.fromkeys(DEEDS, (302, 403, 403, 302, 302)),
}
NAMES = (*PAGES, *DEEDS)


def kwargs() -> dict[str, dict[str, Any]]:
    company, agent = Client.objects.get(number="1001"), Agent.objects.get(code="201")
    call = Call.objects.filter(client=company, agent=agent).first() or make_desk.call(company, agent)
    handed = LogEntry.objects.create(
        at=NOW, who="Marit", deed="recording.handed", about="recording", details={"calls": [[call.source_id, call.key]]}
    )
    return {
        "recording_file": {"format": "csv"},
        "recording_of_agent": {"code": agent.code},
        "take_calls_back": {"pk": handed.pk},
        "exempt_caller": {"pk": call.pk},
    }
