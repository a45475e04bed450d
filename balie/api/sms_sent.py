"""SMS that we send: sent by a manager's program, their states, receipts of the gateway, numbers that want none.

`Idempotency-Key` on an SMS: the same key again answers with the same SMS. Receipts carry no token: the gateway signs
them with the password of `sms_gateway`, as its requests are signed.
"""

import json
from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Header, Query, Router, Schema

from balie.accounts.queries import client_by_number
from balie.api.access import MANAGER
from balie.api.contracts import token_name
from balie.api.paging import Page, Paged, page
from balie.messages.actions import hear, opt_in, opt_out, send_again, send_sms, stop_sms
from balie.messages.gateways import Fate, Receipt
from balie.messages.models import OptOut, State
from balie.messages.outbox import parts_of, sms_by_id, sms_document, sms_outbox
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.operator.outside import is_signed, key_of
from balie.rules.errors import Refused
from balie.rules.text import storable

router = Router(auth=MANAGER, tags=["sms"])
LONGEST_KEY = 150
MOST_RECEIPTS = 1000


class SmsWish(Schema):
    """An SMS to be sent."""

    client: Annotated[str, Field(description="The client's number")]
    to: Annotated[str, Field(description="Where it goes")]
    text: str
    urgent: Annotated[bool, Field(description="In quiet hours too")] = False


class SmsWanted(Paged):
    """Which SMS; what is left out is not asked for."""

    client: str = ""
    state: Annotated[str, Field(description=", ".join(State.values))] = ""


class NumberOut(Schema):
    """A number that wants no SMS."""

    number: str
    why: str = ""


def one_item(sms: Any) -> dict[str, Any]:
    """With what the gateway says of each part."""
    parts = [{"id": one.gateway_id, "state": one.fate or "sent", "at": one.at} for one in parts_of(sms)]
    return {**sms_document(sms), "receipts": parts}


@router.post("/sms/send", summary="Send an SMS for a client")
def post_sms(
    request: HttpRequest, sms: SmsWish, key: Annotated[str, Header(alias="Idempotency-Key")] = ""
) -> dict[str, Any]:
    """Queued at once, sent by the worker. What may not be sent (opted out, limit reached) is `withheld`, with why."""
    by = Author(token_name(request), timezone.now())
    if len(key) > LONGEST_KEY:
        raise Refused("long_key", f"An Idempotency-Key has at most {LONGEST_KEY} characters.", "Idempotency-Key")
    # Keys are a program's own: two programs may well count from one.
    mark = f"{by.who}:{key}"[:200] if key else ""
    found = client_by_number(sms.client)
    return one_item(send_sms(client=found, to=sms.to, text=sms.text, key=mark, urgent=sms.urgent, author=by))


@router.get("/sms/sent", response=Page, summary="SMS that we send, the latest first")
def list_sent(request: HttpRequest, wanted: Query[SmsWanted]) -> dict[str, Any]:
    """`client`: a number; `state`: waiting, sending, sent, delivered, failed, unknown or withheld."""
    if wanted.state and wanted.state not in State.values:
        raise Refused("bad_value", f"The state is one of {', '.join(State.values)}.", "state")
    client = client_by_number(wanted.client) if wanted.client else None
    rows = sms_outbox(client=client, state=wanted.state)
    return page(rows, by=("-created", "-pk"), limit=wanted.limit, after=wanted.after, show=sms_document)


@router.get("/sms/sent/{sms}", summary="One SMS, with what its receipts say")
def one_sent(request: HttpRequest, sms: int) -> dict[str, Any]:
    """Ask again to see how it goes on."""
    return one_item(sms_by_id(sms))


@router.post("/sms/sent/{sms}/again", summary="Send an SMS again that failed, was withheld, or of unknown fate")
def post_again(request: HttpRequest, sms: int) -> dict[str, Any]:
    """It may arrive twice where nobody knows what became of it. Refused while what withheld it still stands."""
    sms_by_id(sms)
    return one_item(send_again(sms=sms, author=Author(token_name(request), timezone.now())))


@router.post("/sms/sent/{sms}/stop", summary="Take back an SMS that still waits")
def post_stop(request: HttpRequest, sms: int) -> dict[str, Any]:
    sms_by_id(sms)
    return one_item(stop_sms(sms=sms, author=Author(token_name(request), timezone.now())))


@router.get("/sms/opt-outs", response=Page, summary="Numbers that want no SMS, the latest first")
def list_opt_outs(request: HttpRequest, wanted: Query[Paged]) -> dict[str, Any]:
    return page(OptOut.objects.all(), by=("-since", "-pk"), limit=wanted.limit, after=wanted.after, show=out_item)


def out_item(out: OptOut) -> dict[str, Any]:
    return {"number": out.number, "since": out.since, "by": out.by, "why": out.why}


@router.post("/sms/opt-outs", summary="No SMS to this number any more")
def post_opt_out(request: HttpRequest, out: NumberOut) -> dict[str, Any]:
    by = Author(token_name(request), timezone.now())
    return out_item(opt_out(number=out.number, why=out.why, author=by))


@router.post("/sms/opt-outs/{number}/allow", summary="SMS may go to this number again")
def allow_again(request: HttpRequest, number: str) -> dict[str, Any]:
    return {"gone": opt_in(number=number, author=Author(token_name(request), timezone.now()))}


@router.post("/sms/receipts", auth=None, summary="Receipts of an HTTP gateway, signed by it")
def post_receipts(request: HttpRequest) -> dict[str, Any]:
    """One receipt, or a list of them: {"id", "state", "at", "why"}; state: delivered, failed, expired or on_its_way;
    in place of `id`, `key` names an SMS as our request did. Repeated without harm; unknown ids are kept."""
    now = timezone.now()
    check_signature(request, now)
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError) as problem:
        raise Refused("bad_json", f"The body is no JSON: {problem}.", "body") from problem
    given = said if isinstance(said, list) else [said]
    if len(given) > MOST_RECEIPTS:
        raise Refused("too_many", f"At most {MOST_RECEIPTS} receipts at once.", "body")
    receipts = [receipt_of(one, f"[{at}]") for at, one in enumerate(given)]
    # An id that no database stores is none of ours; the others must not wait for it.
    possible = [one for one in receipts if storable(one.id) == one.id]
    return {"receipts": len(receipts), "known": hear(possible, now=now)}


def check_signature(request: HttpRequest, now: datetime) -> None:
    """Refused as a request without a token is. A missing secret lets nobody in."""
    operator = Operator.objects.first()
    settings = operator.sms_gateway if operator else {}
    secret = str(settings.get("password") or "") if settings.get("kind") == "http" else ""
    headers = {name.lower(): value for name, value in request.headers.items()}
    if not secret or not is_signed(request.body, headers, now=int(now.timestamp()), key=key_of(secret)):
        raise Refused("unauthorized", "Receipts are signed with the password of `sms_gateway`.", "webhook-signature")


def receipt_of(one: object, where: str) -> Receipt:
    """A receipt as it was pushed. Refused for what cannot be one."""
    if not isinstance(one, dict):
        raise Refused("bad_json", "A receipt is an object.", where)
    name, state = one.get("id", one.get("key")), one.get("state")
    if isinstance(name, bool) or not isinstance(name, str | int) or not str(name):
        raise Refused("no_value", "A receipt says id or key.", f"{where}.id")
    if state not in list(Fate):
        raise Refused("bad_value", f"The state is one of {', '.join(Fate)}.", f"{where}.state")
    return Receipt(str(name), Fate(state), moment_of(one.get("at"), where), storable(str(one.get("why") or "")))


def moment_of(text: object, where: str) -> datetime | None:
    """In UTC, as a moment without an offset is."""
    if text in (None, ""):
        return None
    try:
        found = datetime.fromisoformat(str(text))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused("bad_time", "A moment looks like 2026-11-26T09:31:00Z.", f"{where}.at") from None
