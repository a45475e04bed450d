"""Tariffs on top of the small office: public, by code and for one client, with items, clients and calls."""

from datetime import date
from typing import Any

from django.test import Client as Browser

from balie.contracts.models import Contract
from balie.tariffs.models import Item, Tariff, TariffVersion
from tests import make

ITEMS: tuple[dict[str, Any], ...] = (
    {"meter": "basic_fee", "price": "29.00", "title": {"en": "Basic fee", "nl": "Basisvergoeding"}},
    {"meter": "calls_accepted", "price": "0.95", "title": {"en": "Accepted call"}},
    {"meter": "talk_time", "price": "0.89", "unit": "minute", "increment": "60/1", "title": {"en": "Talk time"}},
)


def priced(
    tariff: Tariff, *, first_day: date | None = None, items: tuple[dict[str, Any], ...] = ITEMS
) -> TariffVersion:
    """A version of a tariff with these items; the one there is gets them in place of its own."""
    title = {"en": tariff.code.capitalize()}
    found, _ = TariffVersion.objects.get_or_create(
        tariff=tariff, first_day=first_day, defaults={"title": title, "vat_percent": 21}
    )
    found.items.all().delete()
    for position, item in enumerate(items):
        Item.objects.create(version=found, position=position, **item)
    return found


def tariffs() -> Tariff:
    """BASIS of the office with prices, at which all its clients are; a hidden tariff; one for client 1001."""
    basis = Tariff.objects.get(code="BASIS")
    priced(basis)
    hidden, own = make.tariff("K7RA-2MXE", items=ITEMS), make.tariff("OWN-1001", items=ITEMS)
    client = Contract.objects.get(client__number="1001").client
    Tariff.objects.filter(pk=hidden.pk).update(public=False, code_uses=1)
    Tariff.objects.filter(pk=own.pk).update(public=False, client=client)
    return basis


def form(*rows: dict[str, str], **head: str) -> dict[str, str | list[str]]:
    """What the editor posts: rows with the keys 1, 2 …, and the conditions."""
    said: dict[str, str | list[str]] = {"vat_percent": "21", "notice": "monthly", "title_en": "Basic", **head}
    said["row"] = [str(key) for key in range(1, len(rows) + 1)]
    for key, row in enumerate(rows, start=1):
        said |= {f"{key}-{name}": value for name, value in row.items()}
    return said


def shown(browser: Browser, address: str) -> str:
    """What a page says, whatever its state."""
    return str(browser.get(address).content.decode())


def prices(version: TariffVersion) -> list[tuple[str, str]]:
    """Its items in order: meter and price."""
    return list(Item.objects.filter(version=version).values_list("meter", "price"))
