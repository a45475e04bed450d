"""SMS: lists pushed by a gateway as it writes them, one SMS or many. For managers."""

import csv
import io
import json
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from balie.api.access import MANAGER
from balie.api.calls import BODY, body_of
from balie.api.pushed import encoded, given_lines, known_only
from balie.cdr.sms_columns import NAMES
from balie.messages.actions import ListFile, import_messages
from balie.rules.errors import Refused
from balie.tariffs.queries import local_day

router = Router(auth=MANAGER, tags=["sms"])
NEEDED = ("sent_at", "from", "to")


class SmsImported(Schema):
    """What came of it, as `balie import sms` gives it."""

    source: str
    lines: int
    messages: int
    parts: int
    duplicates: int
    rejected: int
    unassigned: int
    seconds: float


@router.post("/sms", response=SmsImported, summary="Push a list of SMS", openapi_extra=BODY)
def push_sms(request: HttpRequest, source: str) -> dict[str, Any]:
    """CSV with its first line naming the columns, or JSON: a list of objects, or {"lines": [...]}. Repeated without
    harm. The source is any name, made if unknown. Objects have sent_at, from, to, text or parts, and perhaps client
    and message_id. 64 MB at most.
    """
    data = list_file(body_of(request), request.headers.get("Content-Type", ""))
    now = timezone.now()
    file = ListFile(f"pushed {local_day(now)}", data, gathers=True)
    return import_messages(source=source, file=file, now=now).document(source=source.strip())


def list_file(body: bytes, kind: str) -> bytes:
    """The body as a list. What is pushed is complete, whether or not a newline ends it."""
    lines = from_json(body) if kind.partition(";")[0].strip().lower() == "application/json" else body
    if not lines.strip():
        raise Refused("no_lines", "There are no SMS in this request.", "body")
    return lines if lines.endswith(b"\n") else lines + b"\n"


def from_json(body: bytes) -> bytes:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise Refused("bad_json", f"The body is no JSON: {problem}.", "body") from problem
    if isinstance(document, dict) and "lines" in document:
        return encoded(given_lines(document), "utf-8")
    given = [document] if isinstance(document, dict) else document
    if not isinstance(given, list):
        raise Refused("bad_json", "The body is neither a list of SMS nor an object with `lines`.", "body")
    rows = [values_of(one, f"[{at}]") for at, one in enumerate(given)]
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(NAMES)
    writer.writerows([row.get(name, "") for name in NAMES] for row in rows)
    return encoded(text.getvalue(), "utf-8")


def values_of(one: object, where: str) -> dict[str, str]:
    """One SMS's values as text. Refused for what is missing, or would be lost."""
    if not isinstance(one, dict):
        raise Refused("bad_json", "An SMS is an object of column names and values.", where)
    values = {name: "" if value is None else value for name, value in one.items()}
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise Refused("bad_value", "A value is a text or a whole number.", f"{where}.{name}"[:200])
    known_only(values, list(NAMES), where)
    missing = [name for name in NEEDED if name not in one]
    if "text" not in one and "parts" not in one:
        missing.append("text or parts")
    if missing:
        raise Refused("no_value", f"An SMS says {', '.join(missing)}.", where)
    return {name: str(value) for name, value in values.items()}
