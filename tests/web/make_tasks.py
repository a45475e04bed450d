"""Tasks as the watch keeps them, for pages to show."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from balie.accounts.models import Client
from balie.controlling.models import Offer
from balie.tariffs.models import Tariff
from balie.tasks.actions import open_task
from balie.tasks.models import Task
from tests import make
from tests.web import make_office

PROFIT: dict[str, Any] = {
    "months": ["2026-08", "2026-09", "2026-10"],
    "tariff": "BASIS",
    "watched_as": "flat_rate",
    "revenue": "100.00",
    "cost": "250.00",
    "margin": "-150.00",
    "margin_percent": "-150.00",
    "target_percent": "20",
    "wanted_revenue": "312.50",
}
LIMIT: dict[str, Any] = {
    "month": "2026-11",
    "tariff": "BASIS",
    "limit": "100.00",
    "tolerance_percent": "20",
    "sum": "126.00",
    "reached": True,
}
EXPECTED: dict[str, Any] = {**LIMIT, "sum": "63.00", "reached": False}
FORECAST = {"expected": "131.00", "low": "118.00", "high": "144.00"}


def unprofitable(client: Client, *, month: int = 202610, now: datetime = make_office.NOW, **figures: Any) -> Task:
    """A flat rate of 100.00 that costs 250.00 a month."""
    said = {**PROFIT, **figures}
    return open_task(client=client, service="telephone", kind="uneconomical", month=month, figures=said, now=now)[0]


def beyond(client: Client, *, now: datetime = make_office.NOW, **figures: Any) -> Task:
    """126.00 against a limit of 100.00 and 20 %."""
    said = {**LIMIT, **figures}
    return open_task(client=client, service="telephone", kind="cost_limit", month=202611, figures=said, now=now)[0]


def expected(client: Client, *, now: datetime = make_office.NOW, **figures: Any) -> Task:
    """63.00 so far, 131.00 expected, against the same limit."""
    said = {**EXPECTED, **FORECAST, **figures}
    kind = "cost_limit_expected"
    return open_task(client=client, service="telephone", kind=kind, month=202611, figures=said, now=now)[0]


def offered(task: Task, price: str = "315.00", *, code: str = "K7RA-2MXE-94UW") -> Tariff:
    """An individual tariff with another basic fee, from December."""
    tariff = make.tariff(code)
    Tariff.objects.filter(pk=tariff.pk).update(public=False, client=task.client)
    tariff.versions.update(first_day="2026-12-01")
    tariff.versions.get().items.create(position=0, meter="basic_fee", price=price)
    now = make_office.NOW
    Offer.objects.create(task=task, tariff=tariff, changes="basic_fee", fee=Decimal(price), made=now)
    return tariff
