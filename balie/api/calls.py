"""Calls: listed a page at a time; pushed by a phone system as it writes them, one line or many. For managers."""

from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from balie.accounts.queries import agent_by_code, client_by_number
from balie.api.access import MANAGER
from balie.api.paging import Page, Paged, page
from balie.api.pushed import call_file
from balie.calls.actions import import_calls
from balie.calls.models import Call
from balie.calls.queries import CallFilter, in_period, narrowed, source_by_name, unassigned
from balie.operator.queries import operator
from balie.rules.call import CallType, Direction, Privacy
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.statements.queries import Fact, rows_of
from balie.tariffs.queries import local_day

router = Router(auth=MANAGER, tags=["calls"])
LARGEST = 64 * 1024 * 1024
CHUNK = 1024 * 1024
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/json": {
                "schema": {
                    "oneOf": [
                        {"type": "array", "items": {"type": "object"}},
                        {
                            "type": "object",
                            "properties": {"lines": {"type": "array", "items": {"type": "string"}}},
                        },
                    ]
                }
            },
        },
    }
}


class CallsWanted(Paged):
    """Which calls; what is left out is not asked for."""

    client: str = ""
    month: Annotated[str, Field(description="YYYY-MM, local")] = ""
    source: str = ""
    direction: Direction | None = None
    type: CallType | None = None
    agent: Annotated[str, Field(description="The agent's code")] = ""


class Imported(Schema):
    """What came of it, as `balie import calls` gives it."""

    source: str
    files: int
    lines: int
    calls: int
    inbound: int
    forwarded: int
    outbound: int
    internal: int
    duplicates: int
    rejected: int
    unassigned: int
    unread: int
    seconds: float


@router.post("/calls", response=Imported, summary="Push call lines", openapi_extra=BODY)
def push_calls(request: HttpRequest, source: str) -> dict[str, Any]:
    """Lines of a call file (text/csv), or JSON: a list of objects, or {"lines": [...]}. Repeated without harm.

    Objects are keyed by cdr column (asterisk), by header or meaning of the column (generic), by header (cucm, kamailio,
    starface), or are as the phone system writes them (freeswitch, twilio). 64 MB at most.
    """
    system = source_by_name(source)
    data = call_file(system, body_of(request), request.headers.get("Content-Type", ""))
    now = timezone.now()
    name = f"pushed {local_day(now)}"
    result = import_calls(source=system, name=name, data=data, now=now, gathers=True)
    return result.document(source=system.name)


def body_of(request: HttpRequest) -> bytes:
    """The body, taken a part at a time. Refused once it is longer than LARGEST, at once if it says so itself."""
    too_large = Refused("too_large", f"More than {LARGEST // 1024 // 1024} MB at once; send it in parts.", "body")
    length = request.headers.get("Content-Length") or "0"
    if length.isdigit() and int(length) > LARGEST:
        raise too_large
    # Django takes a body without a length for an empty one; the server's own stream knows where it ends.
    chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
    stream = request.META["wsgi.input"] if chunked else request
    body = bytearray()
    while part := stream.read(CHUNK):
        body += part
        if len(body) > LARGEST:
            raise too_large
    return bytes(body)


@router.get("/calls", response=Page, summary="Calls by start")
def list_calls(request: HttpRequest, wanted: Query[CallsWanted]) -> dict[str, Any]:
    """The rows of the call report with client and phone system; numbers as far as each client lets them be seen."""
    zone = operator().timezone
    client = client_by_number(wanted.client).number if wanted.client else ""
    agent = agent_by_code(wanted.agent).code if wanted.agent else ""
    chosen = CallFilter(direction=wanted.direction or "", type=wanted.type or "", agent=agent, client=client)
    calls = narrowed(Call.objects.all(), chosen, zone)
    if wanted.source:
        calls = calls.filter(source=source_by_name(wanted.source))
    if wanted.month:
        calls = in_period(calls, Period.parse(wanted.month, zone))
    return calls_page(calls, wanted, zone)


@router.get("/unassigned", response=Page, summary="Calls no client was found for")
def list_unassigned(request: HttpRequest, wanted: Query[Paged], month: str = "") -> dict[str, Any]:
    """By start; `account` is the client as the phone system names it."""
    zone = operator().timezone
    return calls_page(unassigned(Period.parse(month, zone) if month else None), wanted, zone)


def calls_page(calls: QuerySet[Call], wanted: Paged, zone: str) -> dict[str, Any]:
    calls = calls.select_related("client", "agent", "source")
    return page(
        calls, by=("start", "pk"), limit=wanted.limit, after=wanted.after, show=lambda call: call_item(call, zone)
    )


def call_item(call: Call, zone: str) -> dict[str, Any]:
    agent = call.agent
    fact = Fact(
        call.start, call.direction, call.type, call.caller, call.callee, agent.code if agent else "",
        agent.name if agent else "", call.talk, call.service, call.key, call.billable, call.late,
    )  # fmt: skip
    [row] = rows_of([fact], zone, call.client.hide_numbers if call.client else Privacy.NONE)
    names = ("date", "time", "direction", "caller", "agent", "duration", "type", "service", "callee", "key")
    return {
        **{name: getattr(row, name) for name in names},
        "start": call.start,
        "client": call.client.number if call.client else None,
        "source": call.source.name,
        "account": call.account,
        "ring": call.ring,
        "billable": call.billable,
        "late": call.late,
    }
