"""The same month, priced by whoever asks: bill, preview, bulk preview, command and API give the same bytes."""

import json

from balie.accounts.models import Client
from balie.billing.queries import bill, preview
from balie.billing.repriced import repriced
from balie.rules.period import Period
from balie.tariffs.models import Tariff, TariffVersion
from tests.api.ask import program
from tests.billing.test_closed_months import ITEMS, calls, close, load, world
from tests.inside import Inside

STEPS = [{"up_to": 2, "price": "0.333"}, {"price": "0.111"}]
TARIFF = {
    "cost_limit": "41.00",
    "tolerance_percent": "10",
    "minimum_revenue": "45.50",
    "items": [
        {**ITEMS[0], "in_advance": True, "minimum_revenue": True},
        {"meter": "talk_time", "steps": STEPS, "increment": "30/6", "included": 1, "cost_limit": True},
        {"meter": "calls_accepted", "price": "0.0555", "vat_percent": "9", "minimum_revenue": True},
    ],
}
JUNE = Period(2026, 6, "Europe/Amsterdam")


def document(made: object) -> bytes:
    return json.dumps(made, ensure_ascii=False).encode()


def test_bill_preview_command_and_api_agree_byte_for_byte(inside: Inside) -> None:
    load(inside, world(tariff=TARIFF))
    calls(inside, "june.csv", [(f"2026-06-{day:02d} 10:00:00", 17 * day, f"k{day}") for day in range(1, 29)])
    client, tariff = Client.objects.get(number="1001"), Tariff.objects.get(code="T")
    wanted = document(bill(client, JUNE).document)
    assert document(preview(client, JUNE, tariff).document) == wanted
    assert document(preview(client, JUNE, TariffVersion.objects.get()).document) == wanted
    said = inside.run("price", "--client", "1001", "--month", "2026-06", "--format", "json").out
    assert document(json.loads(said)) == wanted
    answer = program().get("/api/v1/prices?client=1001&month=2026-06")
    assert answer.content.decode() == said
    [found] = repriced(JUNE, {tariff.pk: TariffVersion.objects.get()}).found
    assert f"{found.old:.2f}" == f"{found.new:.2f}" == json.loads(said)["net"]
    close(inside, "2026-06")
    assert inside.run("price", "--client", "1001", "--month", "2026-06", "--format", "json").out == said
    assert document(preview(client, JUNE, tariff).document) == wanted
