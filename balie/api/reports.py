"""The reports, byte for byte what `balie report` gives. A client's calls for every token, the rest for managers."""

from enum import StrEnum
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from balie.accounts.queries import client_by_number
from balie.api.access import AGENT, MANAGER
from balie.operator.queries import operator
from balie.rules.period import Period
from balie.statements import exports
from balie.statements.queries import month_report
from balie.statements.sms import sms_report

router = Router(tags=["reports"])


class Format(StrEnum):
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


class ReportedCall(Schema):
    """A call as reports show it: date and time local, duration in seconds, numbers E.164 where they can be."""

    date: str
    time: str
    direction: str
    caller: str
    agent: Annotated[str, Field(description="The agent's code, or empty")]
    duration: int
    type: str
    service: str
    callee: str
    key: str
    late: Annotated[bool | None, Field(description="Only where true: came after its month was closed")] = None
    billable: Annotated[bool | None, Field(description="Only where false")] = None


class ReportedSms(Schema):
    """An SMS as reports show it: date and time local, numbers E.164 where they can be; parts: how many it counts."""

    date: str
    time: str
    sender: Annotated[str, Field(alias="from")]
    to: str
    parts: int
    late: Annotated[bool | None, Field(description="Only where true: came after its month was closed")] = None


class Inbound(Schema):
    calls: int
    seconds: int
    missed: int


class Sums(Schema):
    calls: int
    seconds: int


class ReportedClient(Schema):
    client: str
    name: str
    inbound: Inbound
    forwarded: Sums
    outbound: Sums
    sms: dict[str, int]


class ReportedMonth(Schema):
    month: str
    clients: list[ReportedClient]
    unassigned: dict[str, int]


MONTH = Annotated[str, Field(description="YYYY-MM, local")]


class OfClient(Schema):
    client: Annotated[str, Field(description="The client's number")]
    month: MONTH
    format: Format = Format.JSON
    revision: Annotated[
        int | None, Field(ge=1, description="Of a closed month's statement, as pdf; the newest if left out")
    ] = None


class SmsOfClient(Schema):
    client: Annotated[str, Field(description="The client's number")]
    month: MONTH
    format: Format = Format.JSON


class OfMonth(Schema):
    month: MONTH
    format: Format = Format.JSON


def also_files() -> dict[str, Any]:
    """What the description says about the formats that are no JSON."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    kinds = (kind.partition(";")[0] for name, kind in exports.MEDIA_TYPES.items() if name != "json")
    return {"responses": {200: {"content": dict.fromkeys(kinds, binary)}}}


@router.get(
    "/reports/calls",
    auth=AGENT,
    response=list[ReportedCall],
    summary="A client's calls of a month",
    openapi_extra=also_files(),
)
def calls_report(request: HttpRequest, wanted: Query[OfClient]) -> HttpResponse:
    """In order of start. Agents' tokens may read it too: agents answer for every client."""
    client = client_by_number(wanted.client)
    period = Period.parse(wanted.month, operator().timezone)
    content = exports.calls_file(client, period, wanted.format, now=timezone.now(), revision=wanted.revision)
    return download(content, wanted.format, f"calls-{client.number}-{period}")


@router.get(
    "/reports/sms",
    auth=AGENT,
    response=list[ReportedSms],
    summary="A client's SMS of a month",
    openapi_extra=also_files(),
)
def texts_report(request: HttpRequest, wanted: Query[SmsOfClient]) -> HttpResponse:
    """In order of time, up to now where the month is running. Agents' tokens may read it too."""
    client = client_by_number(wanted.client)
    period = Period.parse(wanted.month, operator().timezone)
    content = exports.file_of(sms_report(client, period), wanted.format, now=timezone.now())
    return download(content, wanted.format, f"sms-{client.number}-{period}")


@router.get(
    "/reports/month",
    auth=MANAGER,
    response=ReportedMonth,
    summary="The month report",
    openapi_extra=also_files(),
)
def whole_month_report(request: HttpRequest, wanted: Query[OfMonth]) -> HttpResponse:
    """Every client with calls, SMS or a contract in the month, by number."""
    period = Period.parse(wanted.month, operator().timezone)
    content = exports.file_of(month_report(period), wanted.format, now=timezone.now())
    return download(content, wanted.format, f"month-{period}")


def download(content: bytes, format: Format, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=exports.MEDIA_TYPES[format], headers={"Cache-Control": "no-store"})
    if format != Format.JSON:
        plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in name)
        answer["Content-Disposition"] = f'attachment; filename="{plain}.{format}"'
    return answer
