"""Call notes, read and taken: with agents' tokens too."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Header, Query, Router, Schema

from balie.accounts.queries import agent_by_code, client_by_number
from balie.api.access import AGENT
from balie.api.contracts import token_name
from balie.api.paging import Page, Paged, page
from balie.notes.actions import Said, take_note
from balie.notes.models import LONGEST_TEXT, Note
from balie.notes.queries import call_by_key, note_document, notes
from balie.operator.actions import Author
from balie.operator.queries import operator
from balie.quality.names import names
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.rules.recording import Outcome

router = Router(tags=["notes"])
LONGEST_KEY = 150


class NotesWanted(Paged):
    """Which notes; what is left out is not asked for."""

    client: str = ""
    agent: Annotated[str, Field(description="The agent's code")] = ""
    month: Annotated[str, Field(description="YYYY-MM, local, of the submission")] = ""


class Words(Schema):
    """What a note may say beside its text; all may be left out."""

    outcome: Outcome = Outcome.NONE
    callback: Annotated[str, Field(description="The number to call back")] = ""
    caller: Annotated[str, Field(description="The caller's number")] = ""
    caller_name: str = ""
    email: Annotated[str, Field(description="The caller's")] = ""
    reason: str = ""
    promised: str = ""
    urgency: Annotated[str, Field(description="normal or urgent")] = "normal"
    fields: Annotated[dict[str, str], Field(description="The client's own fields by name")] = {}


class NoteTaken(Words):
    """A note as an agent submits it."""

    client: Annotated[str, Field(description="The client's number")]
    agent: Annotated[str, Field(description="The agent's code")]
    text: Annotated[str, Field(max_length=LONGEST_TEXT)]
    call: Annotated[str, Field(description="Key of the call it is about; else it is matched")] = ""
    at: Annotated[datetime | None, Field(description="When it was submitted; now if left out")] = None


@router.get("/notes", auth=AGENT, response=Page, summary="Call notes, the latest first")
def list_notes(request: HttpRequest, wanted: Query[NotesWanted]) -> dict[str, Any]:
    """Agents' tokens may read them too: agents answer for every client.

    Where the operator looks at all agents together, `agent` and `call` are null, and asking for one agent is refused.
    """
    rows, known = notes(), names()
    if wanted.client:
        rows = rows.filter(client=client_by_number(wanted.client))
    if wanted.agent:
        known.demand()
        rows = rows.filter(agent=agent_by_code(wanted.agent))
    if wanted.month:
        period = Period.parse(wanted.month, operator().timezone)
        rows = rows.filter(at__gte=period.begin, at__lt=period.end)
    show = note_document if known.apart else unnamed
    return page(rows, by=("-at", "-pk"), limit=wanted.limit, after=wanted.after, show=show)


def unnamed(note: Note) -> dict[str, Any]:
    """A note that does not say whose it is. Its call would; and no token is one agent's own."""
    return note_document(note) | {"agent": None, "call": None}


@router.post("/notes", auth=AGENT, summary="Take a call note and queue it to the client")
def post_note(
    request: HttpRequest, note: NoteTaken, key: Annotated[str, Header(alias="Idempotency-Key")] = ""
) -> dict[str, Any]:
    """As `balie note`: what looks wrong is stored all the same. The same `Idempotency-Key` again: the same note."""
    by = Author(token_name(request), timezone.now())
    if len(key) > LONGEST_KEY:
        raise Refused("long_key", f"An Idempotency-Key has at most {LONGEST_KEY} characters.", "Idempotency-Key")
    client, agent = client_by_number(note.client), agent_by_code(note.agent)
    words = {name: getattr(note, name) for name in Words.model_fields}
    taken = take_note(
        client=client,
        agent=agent,
        said=Said(text=note.text, **words),
        call=call_by_key(note.call, client=client) if note.call else None,
        at=local(note.at),
        # Keys are a program's own: two programs may well count from one.
        key=f"{by.who}:{key}" if key else "",
        author=by,
    )
    return note_document(taken)


def local(moment: datetime | None) -> datetime | None:
    """By the operator's clock unless it says another."""
    return moment.replace(tzinfo=ZoneInfo(operator().timezone)) if moment and not moment.tzinfo else moment
