"""A client that gave notice, as the tests of win-back have it: what it paid, what other tariffs would have been."""

from datetime import UTC, datetime

from balie.accounts.models import Client
from balie.contracts.actions import cancel_service
from balie.contracts.models import Cancellation
from balie.controlling.models import WinBack
from balie.controlling.winning import look_after
from balie.operator.actions import Author
from balie.tariffs.models import Tariff
from tests import make

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def bakkers() -> Client:
    """At 120.00 a month for work that costs 25.00: LIGHT would be 60.00, TINY 29.00, which does not pay.

    Ten calls of five minutes a month at 30.00 an hour are 25.00; a fifth of the revenue must be left.
    """
    make.operator(timezone="Europe/Amsterdam", costs={"agent_per_hour": "30.00"}, target_margin_percent="20")
    made = make.client("1001", email="info@bakker.example", language="en")
    make.contract(made, tariff=make.tariff("BIG", items=({"meter": "basic_fee", "price": "120.00"},)))
    make.tariff("LIGHT", items=({"meter": "basic_fee", "price": "60.00"},))
    make.tariff("TINY", items=({"meter": "basic_fee", "price": "29.00"},))
    make.tariff("LARGE", items=({"meter": "basic_fee", "price": "150.00"},))
    make.tariff("UNPRICED", items=({"meter": "calls_accepted"},))
    for month in (8, 9, 10):
        for day in range(1, 11):
            make.call(made, start=datetime(2026, month, day, 9, tzinfo=UTC), talk=300)
    return made


def cancel(client: Client, *, now: datetime = NOW, reason: str = "Too dear") -> Cancellation:
    cancel_service(client=client, service="telephone", reason=reason, author=Author(client.name, now))
    return Cancellation.objects.get(client=client, withdrawn=None)


def opened(client: Client) -> WinBack:
    """Notice came on 26 November; the service ends on 31 December."""
    cancel(client)
    assert look(NOW) == 1
    return WinBack.objects.select_related("cancellation__contract", "client").get()


def look(now: datetime = NOW) -> int:
    return look_after(author=Author("worker", now))


def tariff(code: str = "LIGHT") -> Tariff:
    return Tariff.objects.get(code=code)
