"""What a month costs, byte for byte what `balie price` gives. For managers."""

from enum import StrEnum
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from balie.accounts.queries import client_by_number
from balie.api.access import MANAGER
from balie.api.reports import MONTH, Format, also_files, download
from balie.billing.queries import bill, bills_of_all
from balie.operator.queries import operator
from balie.rules.period import Period
from balie.statements.exports.prices import prices_file
from balie.worker.recording import freshen_handling

router = Router(tags=["prices"])


class PriceFormat(StrEnum):
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


class PricedLine(Schema):
    """One line of a bill: quantity in pieces, or billed seconds after included ones; amounts with two decimals."""

    item: str
    meter: str
    quantity: int
    unit: str
    price: str
    amount: str
    why: str
    vat_percent: str
    for_: Annotated[str | None, Field(alias="for", description="The month it is for")] = None
    correction_of: Annotated[str | None, Field(description="Only of a correction: the closed month")] = None


class PricedLimit(Schema):
    limit: str
    sum: str
    reached: bool
    task: bool


class PricedContract(Schema):
    service: str
    tariff: Annotated[str, Field(description="Its code")]
    lines: list[PricedLine]
    cost_limit: PricedLimit | None


class PricedMonth(Schema):
    client: str
    month: str
    currency: str
    contracts: list[PricedContract]
    net: str
    vat: str
    gross: str


class OfMonth(Schema):
    month: MONTH
    client: Annotated[str | None, Field(description="The client's number; without it all clients, as a list")] = None
    format: PriceFormat = PriceFormat.JSON


@router.get(
    "/prices",
    auth=MANAGER,
    response=PricedMonth | list[PricedMonth],
    summary="What a month costs a client, or all",
    openapi_extra=also_files(),
)
def prices(request: HttpRequest, wanted: Query[OfMonth]) -> HttpResponse:
    """Past, running or coming months; of a closed one the lines as they were frozen."""
    period = Period.parse(wanted.month, operator().timezone)
    freshen_handling(period, now=timezone.now())
    if wanted.client is None:
        content, name = prices_file(bills_of_all(period), wanted.format, one=False), f"prices-{period}"
    else:
        client = client_by_number(wanted.client)
        content, name = prices_file([bill(client, period)], wanted.format, one=True), f"prices-{client.number}-{period}"
    return download(content, Format(wanted.format), name)
