"""SMS on bills: as the slow pricer counts them, the same wherever priced, and no query where nobody bills them."""

import json
import random
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from balie.accounts.models import Client
from balie.billing.actions import freeze_bills
from balie.billing.measured import Month, Wanted
from balie.billing.pricing import House
from balie.billing.queries import bill, expected, fresh_bills, preview
from balie.billing.repriced import repriced
from balie.calls.actions import mark_closed
from balie.messages.models import Message
from balie.operator.queries import operator
from balie.rules.period import Period
from balie.rules.terms import Quantity
from balie.tariffs.models import Tariff, TariffVersion
from balie.web import why
from tests import make
from tests.billing.slow import pricer
from tests.inside import Inside
from tests.messages.lists import take
from tests.rules.make import version

ZONE = "Europe/Amsterdam"
OCTOBER = Period(2026, 10, ZONE)
SMS = {"meter": "sms", "price": "0.10"}
ITEMS: list[dict[str, Any]] = [
    {"meter": "basic_fee", "price": "9.00", "cycle": "monthly", "in_advance": False},
    {"meter": "sms", "price": "0.25", "window": {"days": "sat-sun"}, "cost_limit": True},
    {"meter": "sms", "price": "0.15", "window": {"from": "20:00", "to": "07:00"}, "included": 5},
    {"meter": "sms", "steps": [{"up_to": 20, "price": "0.11"}, {"price": "0.07"}], "cost_limit": True},
]
CLIENT = {
    "number": "1001",
    "name": "Bakker",
    "language": "en",
    "contracts": [{"service": "sms", "tariff": "S", "start": "2026-10-03", "end": "2026-10-28", "booked": []}],
}
WORLD: dict[str, Any] = {
    "operator": {"name": "De Linde", "timezone": ZONE, "region": "NL", "currency": "EUR"},
    "clients": [CLIENT],
    "tariffs": [
        {
            "code": "S",
            "service": "sms",
            "from": "2026-01-01",
            "prorate": False,
            "vat_percent": "21",
            "cost_limit": "12.00",
            "tolerance_percent": None,
            "minimum_revenue": None,
            "items": ITEMS,
        }
    ],
    "numbers": [{"number": "+31201234501", "client": "1001"}],
}


@pytest.mark.parametrize("seed", range(4))
def test_month_of_sms_costs_what_the_slow_pricer_says(inside: Inside, seed: int) -> None:
    chance = random.Random(seed)
    moments = [datetime(2026, 10, 1 + chance.randrange(31), chance.randrange(24), 30, tzinfo=UTC) for _ in range(120)]
    sent = [{"client": "1001", "sent_at": moment, "parts": chance.randrange(1, 4)} for moment in moments]
    lines = (f"{one['sent_at']:%Y-%m-%dT%H:%M:%SZ},0201234501,0612345678,{one['parts']}\n" for one in sent)
    (inside.home / "world.json").write_text(json.dumps(WORLD))
    (inside.home / "list.csv").write_text("sent_at,from,to,parts\n" + "".join(lines))
    assert inside.run("load", inside.home / "world.json").code == 0
    assert inside.run("import", "sms", inside.home / "list.csv", "--source", "gateway").code == 0
    found = inside.run("price", "--client", "1001", "--month", "2026-10", "--json").json
    slow = pricer.bill(WORLD, "1001", "2026-10", [], sent)
    assert [found[name] for name in ("net", "vat", "gross")] == [slow[name] for name in ("net", "vat", "gross")]
    amounts = [[(line["quantity"], line["amount"]) for line in one["contracts"][0]["lines"]] for one in (found, slow)]
    assert amounts[0] == amounts[1]


@pytest.fixture
def client(db: None) -> Client:
    """A client at a tariff with SMS, that sent three SMS of four parts in October."""
    make.operator(timezone=ZONE)
    found = make.client("1001")
    make.number(found, "+31201234501")
    make.contract(found, tariff=make.tariff("T", items=({"meter": "basic_fee", "price": "20.00"}, SMS)))
    take([f"2026-10-0{day} 10:00:00,0201234501,0612345678,{'x' * 60 * (day - 4)}" for day in (5, 6, 7)])
    return found


def net(made: Any) -> str:
    return f"{made.net:.2f}"


def test_bill_preview_and_what_is_expected_agree(client: Client) -> None:
    tariff = Tariff.objects.get()
    assert net(bill(client, OCTOBER)) == net(preview(client, OCTOBER, tariff)) == "20.40"
    assert f"{expected(client, OCTOBER, make.NOW).usage:.2f}" == "0.40"
    [found] = repriced(OCTOBER, {tariff.pk: TariffVersion.objects.get()}).found
    assert (f"{found.old:.2f}", f"{found.new:.2f}") == ("20.40", "20.40")


@pytest.mark.parametrize("items", [SMS, {**SMS, "included": 3}, {**SMS, "cost_limit": True}])
def test_why_tells_messages_from_the_parts_that_are_billed(client: Client, items: dict[str, Any]) -> None:
    tariff = make.tariff("W", items=(items,), cost_limit=Decimal("0.30"))
    line = preview(client, OCTOBER, tariff).lines[0]
    assert "; 3 SMS in 4 parts;" in line.why
    [said] = [text for what, text in why.rows(line, "EUR") if what == "Measured"]
    assert said == "3 messages, 4 message parts"
    del line.because["measured"]["parts"]  # as bills have it that were frozen before
    assert ("Measured", said) in why.rows(line, "EUR")


def test_closed_month_keeps_what_was_measured_and_late_sms_measure_it_anew(client: Client) -> None:
    freeze_bills(bills=fresh_bills(OCTOBER), now=make.NOW)
    mark_closed(month=202610, now=make.NOW)
    month = Month.of(OCTOBER, House.of(operator()))
    wanted = Wanted((client.pk, 1, 31), version({**SMS, "price": "0.05"}), "1001")
    with CaptureQueriesContext(connection) as asked:
        assert month.quantities(wanted, month.read([wanted], month.changes())) == {0: Quantity(3, 0, 4, 0)}
    assert not reads_sms(asked)
    take(["2026-10-20 10:00:00,0201234501,0612345678,late"])
    assert month.quantities(wanted, month.read([wanted], month.changes())) == {0: Quantity(4, 0, 5, 0)}
    assert net(bill(client, OCTOBER)) == "20.40"
    assert net(bill(client, Period(2026, 11, ZONE))) == "20.10"


def test_tariffs_without_sms_ask_for_none(client: Client) -> None:
    make.contract(make.client("1002"), tariff=make.tariff("U", items=({"meter": "basic_fee", "price": "1.00"},)))
    other = Client.objects.get(number="1002")
    with CaptureQueriesContext(connection) as asked:
        assert net(bill(other, OCTOBER)) == "1.00"
    assert not reads_sms(asked)


def reads_sms(asked: CaptureQueriesContext) -> bool:
    return any(f'FROM "{Message._meta.db_table}"' in one["sql"] for one in asked.captured_queries)
