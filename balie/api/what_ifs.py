"""What-ifs: closed months priced with another tariff. For managers."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from balie.api.access import MANAGER
from balie.api.contracts import token_name
from balie.api.paging import Page, Paged, page
from balie.api.prices import PriceFormat
from balie.api.reports import Format, also_files, download
from balie.controlling.models import WhatIf
from balie.controlling.whatif import ask_what_if
from balie.controlling.whatif_files import document, what_if_file
from balie.operator.actions import Author
from balie.rules.errors import Refused
from balie.tariffs.queries import tariff_by_code

router = Router(auth=MANAGER, tags=["what if"])


class OfClients(Schema):
    what_if: Annotated[int, Field(description="Its number, as asking for it answers")]
    format: PriceFormat = PriceFormat.JSON


@router.get("/what-ifs", response=Page, summary="What-ifs, the latest first")
def list_what_ifs(request: HttpRequest, wanted: Query[Paged]) -> dict[str, Any]:
    """`state` is waiting, done or given_up; `sums` are there once it is done."""
    rows = WhatIf.objects.select_related("tariff", "only_at")
    return page(rows, by=("-pk",), limit=wanted.limit, after=wanted.after, show=document)


@router.post("/what-ifs", summary="Price the last closed months of all clients with a tariff")
def ask(request: HttpRequest, tariff: str, months: int = 12, only_at: str = "") -> dict[str, Any]:
    """`tariff`: the code to price with; `only_at`: only contracts at this tariff (code), else all of its service.

    Answers at once; a worker works it out.
    """
    row = ask_what_if(
        tariff=tariff_by_code(tariff),
        months=months,
        only_at=tariff_by_code(only_at, where="only_at") if only_at else None,
        author=Author(token_name(request), timezone.now()),
    )
    return document(row)


@router.get("/what-ifs/clients", summary="A what-if with its clients", openapi_extra=also_files())
def clients(request: HttpRequest, wanted: Query[OfClients]) -> HttpResponse:
    """By the client's number: as billed, with the other prices, the difference, cost limits reached; each month."""
    row = WhatIf.objects.select_related("tariff", "only_at").filter(pk=wanted.what_if).first()
    if row is None:
        raise Refused("unknown_what_if", f"There is no what-if {wanted.what_if}.", "what_if")
    content = what_if_file(row, row.rows.order_by("client__number"), wanted.format)
    return download(content, Format(wanted.format), f"what-if-{row.pk}")
