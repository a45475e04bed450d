"""What the middle of the desk is about: a call, a telephone that rings, or a client; and where its draft lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from balie.accounts.models import Agent, Client
from balie.calls.models import Call
from balie.notes.actions.drafts import LONGEST_PLACE
from balie.notes.known import client_of_number
from balie.web.notes.fields import number_typed
from balie.web.request import Desk


@dataclass(frozen=True)
class Place:
    """name: under which a draft is kept; query: the address of the desk that leads here again."""

    name: str
    query: str
    client: Client | None = None
    call: Call | None = None
    caller: str = ""
    did: str = ""


def call_query(call: Call) -> str:
    """The client stands there too: should the call be another agent's meanwhile, the note is not lost."""
    number = call.client.number if call.client else ""
    return urlencode({"call": f"{call.source_id}:{call.key}", "client": number})


def of_call(call: Call) -> Place:
    return Place(f"call:{call.source_id}:{call.key}"[:LONGEST_PLACE], call_query(call), call.client, call, call.caller)


def asked(query: Mapping[str, str], agent: Agent, desk: Desk) -> Place | None:
    """The place an address speaks of; None where it speaks of none, or of nothing of this agent's."""
    if call := own_call(query.get("call", ""), agent):
        return of_call(call)
    client = Client.objects.filter(number=query.get("client", "")[:40]).first() if query.get("client") else None
    country = desk.operator.country
    did, caller = (number_typed(query.get(name, ""), country) for name in ("did", "caller"))
    if did:
        client = client or client_of_number(did, desk.today)
        kept = {"did": did, "caller": caller, **({"client": client.number} if client else {})}
        return Place(f"ring:{did}:{caller}"[:LONGEST_PLACE], urlencode(kept), client, None, caller, did)
    if client is None:
        return None
    kept = {"client": client.number, **({"caller": caller} if caller else {})}
    return Place(f"client:{client.number}:{caller}"[:LONGEST_PLACE], urlencode(kept), client, None, caller)


def own_call(text: str, agent: Agent) -> Call | None:
    """A call of this agent by the phone system's id and the call's key; None for anything else."""
    source, _colon, key = text.partition(":")
    if not (key and source.isascii() and source.isdigit() and len(source) < 10):
        return None
    found = Call.objects.filter(source=int(source), key=key[:200], agent=agent).exclude(client=None)
    return found.select_related("client").first()


def query_of(name: str) -> str:
    """The address of the desk for the place of a draft; empty for places elsewhere."""
    kind, _colon, rest = name.partition(":")
    if kind == "call":
        return urlencode({"call": rest})
    if kind in ("ring", "client"):
        first, _colon, caller = rest.partition(":")
        return urlencode({"did" if kind == "ring" else "client": first, "caller": caller})
    return ""
