"""Reports as files for a browser: their names, and whether they are opened or saved."""

from django.http import HttpResponse

from balie.accounts.models import Client
from balie.calls.queries import CallFilter
from balie.rules.period import Period
from balie.statements.exports import MEDIA_TYPES, file_name
from balie.statements.queries import CallReport


def calls_name(client: Client, period: Period, format: str, wanted: CallFilter) -> str:
    """A part of the calls says so in its name: nobody shall take it for the whole month."""
    whole = file_name(CallReport(client, period, [], {}), format)
    return whole.replace("calls-", "calls-part-", 1) if wanted else whole


def statement_name(client: Client, period: Period, revision: int) -> str:
    """statement-1001-2026-11-2.pdf."""
    name = file_name(CallReport(client, period, [], {}), "pdf")
    return name.replace("calls-", "statement-", 1).replace(".pdf", f"-{revision}.pdf")


def download(data: bytes, name: str, format: str, inline: bool = False) -> HttpResponse:
    """The file under its name; a statement opens in the browser, everything else is saved."""
    response = HttpResponse(data, content_type=MEDIA_TYPES[format])
    response["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    return response
