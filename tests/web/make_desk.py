"""The desk that tests of pages look at: an agent with calls and notes of its own, a client with words and hours."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from balie.accounts.models import Agent, Client, Role, User
from balie.calls.models import Call
from balie.notes.actions import Said, take_note
from balie.notes.models import Absence, Desk, Draft, Note, OpenHours, Recipient
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.quality.models import Finding
from balie.rules.call import CallType
from tests import make

NOW = datetime(2026, 11, 23, 10, 42, tzinfo=UTC)  # a Monday, 11:42 in Amsterdam
CALLER = "+31612345678"
DID = "+31201231001"
TEXT = "Vraagt een offerte voor de dakgoot."
PAGES = ("desk", "desk_calls", "desk_clients", "desk_notes", "desk_mend", "desk_note", "desk_reviews")
DEEDS = (
    "desk_reviews_seen",
    "desk_send",
    "desk_keep",
    "desk_drop",
    "desk_absence",
    "desk_remove_absence",
    "desk_undo_absence",
)
OFFICE_PAGES = ("notes", "notes_file", "note", "correct_note", "client_desk")
OFFICE_DEEDS = {
    "put_client_desk": 302,  # nothing given: nothing changed
    "put_back_client_desk": 302,
    "enter_client_absence": 422,
    "change_client_absence": 422,
    "remove_client_absence": 302,
    "undo_client_absence": 302,
    "dismiss_finding": 422,
    "reopen_finding": 302,
}
PORTAL_PAGES = ("portal_notes", "portal_notes_file", "portal_note", "portal_absences")
PORTAL_DEEDS = {
    "portal_notes_read": 302,
    "portal_note_read": 302,
    "portal_note_wrong": 422,
    "portal_enter_absence": 422,
    "portal_change_absence": 422,
    "portal_remove_absence": 302,
    "portal_undo_absence": 302,
}


def author(who: str = "Anna de Wit", now: datetime = NOW) -> Author:
    return Author(who, now)


def house() -> tuple[Client, Agent, User]:
    """Bakker, answered by Anna, who logs in; open on weekdays from nine to half past five."""
    make.operator(timezone="Europe/Amsterdam")
    bakker = make.client("1001", name="Bakker Installaties", email="info@bakker.example")
    make.number(bakker, DID, first=date(2026, 1, 1))
    anna = make.agent("201", name="Anna de Wit")
    Desk.objects.create(
        client=bakker,
        greeting="Goedemorgen, {client}, u spreekt met {agent}.",
        in_hours="Vraag naar het adres.",
        out_of_hours="Alleen spoed doorverbinden.",
        questions="Voorrijkosten? € 39.",
        extra=["Kenteken"],
    )
    OpenHours.objects.bulk_create(
        OpenHours(client=bakker, day=day, begins=time(9), ends=time(17, 30)) for day in range(5)
    )
    return bakker, anna, login(anna)


def login(agent: Agent, email: str = "anna@example.com", **values: Any) -> User:
    return make.user(email, **{"role": Role.AGENT, "agent": agent, "name": str(agent), **values})


def call(of: Client, agent: Agent, *, ago: int = 5, **values: Any) -> Call:
    """An accepted call that began so many minutes ago."""
    wanted = {"caller": CALLER, "callee": DID, "type": CallType.ACCEPTED, "agent": agent, **values}
    return make.call(of, start=NOW - timedelta(minutes=ago), **wanted)


def note(of: Client, agent: Agent, *, text: str = TEXT, call: Call | None = None, **values: Any) -> Note:
    at = values.pop("at", NOW)
    said = Said(text=text, **{"caller": CALLER, "caller_name": "Mevr. Smit", "outcome": "message", **values})
    return take_note(client=of, agent=agent, said=said, call=call, at=at, author=author(str(agent), at))


def finding(of: Note, code: str = "short_text", **figures: str) -> Finding:
    known = {"characters": "4"} if code == "short_text" else {}
    return Finding.objects.create(
        note=of, code=code, client=of.client, agent=of.agent, month=202611, figures={**known, **figures}, opened=NOW
    )


def absence(of: Client, **values: Any) -> Absence:
    wanted = {"who": "De heer Bakker", "say": "is op vakantie", "begins": NOW - timedelta(hours=2), "made": NOW}
    return Absence.objects.create(client=of, by="Marit", **{**wanted, **values})


def recipient(of: Client, to: str = "tim@bakker.example", **values: Any) -> Recipient:
    return Recipient.objects.create(client=of, to=to, **values)


def kwargs(name: str, client: str) -> dict[str, dict[str, Any]]:
    """Arguments of the addresses of notes and desks, for the access tests: made anew where a deed takes them away.

    The office and the agent look at what client 1001 has, the portal at what `client` has.
    """
    if name not in (*PAGES, *DEEDS, *OFFICE_PAGES, *OFFICE_DEEDS, *PORTAL_PAGES, *PORTAL_DEEDS):
        return {}
    company = Client.objects.get(number=client if name.startswith("portal") else "1001")
    agent = Agent.objects.get(code="201")
    held = Note.objects.filter(client=company, agent=agent).first() or note(company, agent)
    away = {"pk": (Absence.objects.filter(client=company).first() or absence(company)).pk}
    entry = LogEntry.objects.create(
        at=NOW, who="Anna", deed="absence.removed", about=f"client:{company.number}",
        user_id=User.objects.filter(agent=agent).values_list("pk", flat=True).first(),
        details={"absence": 999_999, "before": None, "after": None},
    )  # fmt: skip
    changed = LogEntry.objects.create(
        at=NOW,
        who="Marit",
        deed="desk.changed",
        about="client:1001",
        details={"part": "exempt", "before": [], "after": []},
    )
    found = {"pk": (Finding.objects.filter(note=held).first() or finding(held)).pk}
    draft, _new = Draft.objects.get_or_create(agent=agent, place="client:1001:", defaults={"at": NOW})
    one, number = {"pk": held.pk}, {"number": "1001"}
    return {
        **dict.fromkeys(("desk_note", "note", "correct_note", "portal_note"), one),
        **dict.fromkeys(("portal_note_read", "portal_note_wrong"), one),
        **dict.fromkeys(("desk_remove_absence", "portal_change_absence", "portal_remove_absence"), away),
        **{key: {"pk": entry.pk} for key in ("desk_undo_absence", "undo_client_absence", "portal_undo_absence")},
        **dict.fromkeys(("dismiss_finding", "reopen_finding"), found),
        **{key: {**number, **away} for key in ("change_client_absence", "remove_client_absence")},
        **dict.fromkeys(("client_desk", "enter_client_absence"), number),
        **{key: {"format": "csv"} for key in ("notes_file", "portal_notes_file")},
        "desk_drop": {"pk": draft.pk},
        "put_client_desk": {**number, "part": "exempt"},
        "put_back_client_desk": {**number, "pk": changed.pk},
    }
