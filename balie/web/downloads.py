"""Reports as files for a browser: their names, and whether they are opened or saved."""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from balie.accounts.models import Client
from balie.calls.queries import CallFilter
from balie.notes.models import Note
from balie.quality.exported import notes_parts
from balie.rules.period import Period
from balie.statements.exports import MEDIA_TYPES, file_name
from balie.statements.queries import CallReport

Response = TypeVar("Response", bound=HttpResponseBase)


def calls_name(client: Client, period: Period, format: str, wanted: CallFilter) -> str:
    """A part of the calls says so in its name: nobody shall take it for the whole month."""
    whole = file_name(CallReport(client, period, [], {}), format)
    return whole.replace("calls-", "calls-part-", 1) if wanted else whole


def statement_name(client: Client, period: Period, revision: int) -> str:
    """statement-1001-2026-11-2.pdf."""
    name = file_name(CallReport(client, period, [], {}), "pdf")
    return name.replace("calls-", "statement-", 1).replace(".pdf", f"-{revision}.pdf")


def notes_download(
    notes: QuerySet[Note], period: Period, format: str, *, for_client: bool, apart: bool
) -> HttpResponseBase:
    """All these notes as a file."""
    return sent(notes_parts(notes, format, for_client=for_client, apart=apart), f"notes-{period}.{format}", format)


def sent(parts: Iterator[bytes], name: str, format: str) -> HttpResponseBase:
    """A long file under its name, sent while it is made: its beginning comes at once. A PDF can only come whole."""
    if format == "pdf":
        return download(b"".join(parts), name, format)
    return named(StreamingHttpResponse(parts, content_type=MEDIA_TYPES[format]), name)


def download(data: bytes, name: str, format: str, inline: bool = False) -> HttpResponse:
    """The file under its name; a statement opens in the browser, everything else is saved."""
    return named(HttpResponse(data, content_type=MEDIA_TYPES[format]), name, inline=inline)


def named(response: Response, name: str, *, inline: bool = False) -> Response:
    response["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    return response
