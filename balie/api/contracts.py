"""Tariffs and contracts: what is offered, who has what, and the change of a tariff. For managers."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from balie.accounts.models import Token
from balie.accounts.queries import client_by_number
from balie.api.access import MANAGER
from balie.api.paging import Page, Paged, page
from balie.contracts.models import Contract
from balie.contracts.queries import change_document, tariff_wanted
from balie.controlling.offers import CODE, take_tariff
from balie.operator.actions import Author
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import ITEM_FIELDS, VERSION_FIELDS, code_state, local_day, versions_of

router = Router(auth=MANAGER, tags=["tariffs and contracts"])
OF_OFFER = ("code", "service", "public", "orderable_from", "orderable_until", "code_expires", "code_uses")
NUMBERS = ("vat_percent", "minimum_revenue", "cost_limit", "tolerance_percent")


@router.get("/tariffs", response=Page, summary="Tariffs by code, with all their versions")
def list_tariffs(request: HttpRequest, wanted: Query[Paged], service: str = "") -> dict[str, Any]:
    """The items of a version read as in a world file; `code_state` is open, withdrawn, expired or used_up."""
    rows = Tariff.objects.select_related("client")
    if service:
        rows = rows.filter(service=service)
    found = page(rows, by=("code",), limit=wanted.limit, after=wanted.after, show=lambda row: {"tariff": row})
    versions = versions_of([item["tariff"] for item in found["items"]])
    day = local_day(timezone.now())
    items = [
        tariff_item(row, versions.get(row.pk, [])) | {"code_state": code_state(row, day)}
        for row in (item["tariff"] for item in found["items"])
    ]
    return {**found, "items": items}


def tariff_item(tariff: Tariff, versions: list[TariffVersion]) -> dict[str, Any]:
    return {
        **{name: getattr(tariff, name) for name in OF_OFFER},
        "client": tariff.client.number if tariff.client else None,
        "watch": {
            "target_margin_percent": written_number(tariff.target_margin_percent),
            "margin_months": tariff.margin_months,
            "offer_step": written_number(tariff.offer_step),
        },
        "versions": [version_item(version) for version in versions],
    }


def version_item(version: TariffVersion) -> dict[str, Any]:
    values = {name: getattr(version, name) for name in VERSION_FIELDS}
    written = {name: written_number(values[name]) for name in NUMBERS}
    items = [
        {name: getattr(item, name) for name in ITEM_FIELDS} | {"vat_percent": written_number(item.vat_percent)}
        for item in version.items.all()
    ]
    return {"from": version.first_day, "frozen": version.frozen, **values, **written, "items": items}


def written_number(number: Any) -> str | None:
    """An amount as text, as everywhere in the JSON."""
    return None if number is None else f"{number.normalize():f}"


@router.get("/contracts", response=Page, summary="Contracts in the order they were made")
def list_contracts(request: HttpRequest, wanted: Query[Paged], client: str = "") -> dict[str, Any]:
    """`client`: a number. With what is booked on each."""
    rows = Contract.objects.select_related("client", "tariff").prefetch_related("booked")
    if client:
        rows = rows.filter(client=client_by_number(client))
    return page(rows, by=("pk",), limit=wanted.limit, after=wanted.after, show=contract_item)


def contract_item(contract: Contract) -> dict[str, Any]:
    booked = [
        {"meter": row.meter, "quantity": row.quantity, "from": row.first_day, "to": row.last_day, "text": row.text}
        for row in contract.booked.all()
    ]
    return {
        "contract": contract.pk,
        "client": contract.client.number,
        "service": contract.service,
        "tariff": contract.tariff.code,
        "start": contract.start,
        "end": contract.end,
        "booked": booked,
    }


@router.post("/contracts/change", summary="Change a client's tariff from the first of next month")
def change(request: HttpRequest, client: str, service: str, tariff: str) -> dict[str, Any]:
    """As `balie change`: the same again says what stands."""
    by = Author(token_name(request), timezone.now())
    found = client_by_number(client)
    wanted = tariff_wanted(found, service, tariff, day=local_day(by.now))
    return change_document(take_tariff(client=found, service=service, tariff=wanted, how=CODE, author=by))


def token_name(request: HttpRequest) -> str:
    """Who did it, for the log."""
    token = request.auth  # type: ignore[attr-defined]
    assert isinstance(token, Token)
    return f"{token.name} (API)"
