"""A client with a contract, prices of every kind and calls whose sums one can count on one's fingers."""

from datetime import UTC, date, datetime
from typing import Any

from balie.accounts.models import Client
from balie.contracts.models import Contract
from balie.rules.period import Period
from balie.tariffs.models import Tariff
from tests import make

ZONE = "Europe/Amsterdam"
NOVEMBER, OCTOBER = Period(2026, 11, ZONE), Period(2026, 10, ZONE)
FEE: dict[str, Any] = {"meter": "basic_fee", "price": "49.00", "in_advance": True, "title": {"nl": "Basisbedrag"}}
EVENING: dict[str, Any] = {
    "meter": "talk_time",
    "unit": "minute",
    "price": "1.10",
    "increment": "60/1",
    "min_seconds": 10,
    "title": {"nl": "Gesprekstijd 's avonds"},
    "window": {"days": "mon-fri", "from": "17:30", "to": "08:30", "holidays": "except"},
}
DAYTIME: dict[str, Any] = {
    "meter": "talk_time",
    "unit": "minute",
    "price": "0.7999",
    "increment": "60/1",
    "included": 2,
    "min_seconds": 10,
    "title": {"nl": "Gesprekstijd"},
}
BOTH_WAYS: dict[str, Any] = {"meter": "handling_time", "unit": "minute", "price": "0.10", "increment": "1/1"}
OPTION: dict[str, Any] = {"meter": "additional_option", "price": "4.50", "notice": "none", "title": {"nl": "Postvak"}}
MODULE: dict[str, Any] = {"meter": "user_module", "price": "6.50", "title": {"nl": "Gebruikersmodule"}}
BY_HAND: dict[str, Any] = {"meter": "other_service", "price": "15.00", "title": {"nl": "Overige dienst"}}
ITEMS = (FEE, EVENING, DAYTIME, BOTH_WAYS, OPTION, MODULE, BY_HAND)


def contract(number: str = "1001", *, tariff: Tariff | None = None, **values: Any) -> Contract:
    """A Dutch client since the first of the year at RUIM."""
    found = tariff or Tariff.objects.filter(code="RUIM").first() or make.tariff("RUIM", items=ITEMS)
    client = Client.objects.filter(number=number).first() or make.client(number, language="nl")
    return make.contract(client, start=date(2026, 1, 1), tariff=found, **values)


def calls(client: Client) -> None:
    """Eleven calls of November: in the day, in the evening, one over midnight of a weekend, some that cost nothing."""
    make.operator(timezone=ZONE, region="NL")
    for day, hour, talk in ((3, 9, 61), (3, 12, 5), (4, 16, 200), (7, 22, 90), (30, 8, 45)):
        make.call(client, start=at(day, hour), talk=talk)
    for day, hour, talk in ((3, 18, 30), (4, 6, 125), (5, 23, 9)):
        make.call(client, start=at(day, hour), talk=talk)
    make.call(client, start=at(9, 10), talk=600, billable=False)
    make.call(client, start=at(9, 10), talk=0, type="missed")
    make.call(client, start=at(10, 11), talk=40, direction="outbound")


def at(day: int, hour: int) -> datetime:
    """So many hours local time: Amsterdam is an hour ahead in November."""
    return datetime(2026, 11, day, hour - 1, 15, tzinfo=UTC)
