"""Tariffs and contracts as other programs see them, and the change of a tariff."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from balie.contracts.models import Contract
from balie.operator.models import LogEntry
from balie.tariffs.models import Tariff, TariffVersion
from tests import make
from tests.api.ask import error_of, program

pytestmark = pytest.mark.django_db
FEE: dict[str, Any] = {"meter": "basic_fee", "price": "39.00"}


@pytest.fixture
def office() -> Client:
    """A manager's program; client 1001 at BASIS, PLUS and the secret KEY beside it."""
    make.operator()
    tariffs = [make.tariff(code, items=(FEE,)) for code in ("BASIS", "KEY", "PLUS")]
    Tariff.objects.filter(code="KEY").update(public=False)
    Tariff.objects.filter(code="BASIS").update(target_margin_percent=25)
    TariffVersion.objects.create(tariff=tariffs[0], first_day=date(2027, 1, 1), vat_percent=21, cost_limit="150.00")
    make.contract(make.client("1001"), tariff=tariffs[0])
    return program("manager")


def test_tariffs_are_listed_with_versions_and_items(office: Client) -> None:
    document = office.get("/api/v1/tariffs?limit=2").json()
    assert [item["code"] for item in document["items"]] == ["BASIS", "KEY"] and document["next"]
    basis = document["items"][0]
    assert (basis["public"], basis["client"], basis["code_state"]) == (True, None, "open")
    assert basis["watch"] == {"target_margin_percent": "25", "margin_months": None, "offer_step": None}
    assert [(one["from"], one["vat_percent"], one["cost_limit"]) for one in basis["versions"]] == [
        (None, "21", None),
        ("2027-01-01", "21", "150"),
    ]
    assert [(item["meter"], item["price"]) for item in basis["versions"][0]["items"]] == [("basic_fee", "39.00")]
    assert office.get("/api/v1/tariffs?service=sms").json()["items"] == []


def test_change_answers_what_stands_and_contracts_show_it(office: Client) -> None:
    address = "/api/v1/contracts/change?client=1001&service=telephone&tariff="
    first, again = office.post(address + "key").json(), office.post(address + "KEY").json()
    assert first == again and first["tariff"] == "KEY"
    rows = office.get("/api/v1/contracts?client=1001").json()["items"]
    assert [(row["contract"], row["tariff"], row["end"]) for row in rows][1:] == [(first["contract"], "KEY", None)]
    assert LogEntry.objects.get(deed="contract.tariff_changed").who == "test manager (API)"
    refused = office.post(address + "NO-SUCH")
    assert (refused.status_code, error_of(refused)["code"]) == (404, "unknown_code")
    assert Contract.objects.count() == 2
