"""The contracts, tariffs and calls a test of pricing does not care about."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from balie.rules.bill import Line, Priced
from balie.rules.period import Period
from balie.rules.rating import price_contract
from balie.rules.tariff import Item, Version
from balie.rules.terms import Booking, Quantity, Terms
from balie.rules.usage import measure

ZONE = "Europe/Amsterdam"
NOVEMBER = Period(2026, 11, ZONE)
Call = tuple[str, str, int]  # local start, type, talk
SCHEMA: dict[str, Any] = {
    "client": pl.Int64,
    "start": pl.Datetime("us", "UTC"),
    "type": pl.String,
    "talk": pl.Int64,
    "handling": pl.Int64,
    "billable": pl.Boolean,
}


def version(*items: Mapping[str, Any], code: str = "BASIS", **values: Any) -> Version:
    """A version with these items, written as in a world file."""
    read = tuple(Item.read(position, item) for position, item in enumerate(items))
    for name in ("minimum_revenue", "cost_limit", "tolerance_percent", "vat_percent"):
        if isinstance(values.get(name), str):
            values[name] = Decimal(values[name])
    return Version(code=code, service="telephone", items=read, **({"vat_percent": Decimal(21)} | values))


def terms(*versions: Version, start: str = "2026-01-01", end: str | None = None, **values: Any) -> Terms:
    known: dict[str, Any] = {"contract": 1, "client": 7, "number": "1001", "versions": versions}
    days = {"start": date.fromisoformat(start), "end": date.fromisoformat(end) if end else None}
    return Terms(**(known | days | values))


def booking(
    meter: Any, quantity: int = 1, first: str | None = None, last: str | None = None, text: str = ""
) -> Booking:
    begin, end = (date.fromisoformat(day) if day else None for day in (first, last))
    return Booking(meter, quantity, begin, end, text)


def at(local: str, zone: str = ZONE) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def calls(*rows: Call, client: int = 7, handling: int = 0, billable: bool = True) -> pl.DataFrame:
    """Calls of one client; `handling`: seconds more than talk."""
    found = [(client, at(start), kind, talk, talk + handling, billable) for start, kind, talk in rows]
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


def used(*rows: Call, of: Version | Terms, period: Period = NOVEMBER, region: str = "NL") -> dict[int, Quantity]:
    """What one contract uses of its items."""
    contract = of if isinstance(of, Terms) else terms(of)
    return dict(measure(calls(*rows), [contract], period=period, region=region).get(contract.contract, {}))


def priced(contract: Terms | Version, month: str = "2026-11", *rows: Call, cents: int = 2) -> Priced:
    contract = contract if isinstance(contract, Terms) else terms(contract)
    period = Period.parse(month, ZONE)
    quantities = measure(calls(*rows), [contract], period=period, region="NL") if rows else {}
    return price_contract(contract, period, quantities.get(contract.contract, {}), cents=cents)


def amounts(bill: Priced) -> list[tuple[str, str]]:
    """Meter and amount of each line."""
    return [(str(line.meter), str(line.amount)) for line in bill.lines]


def of(bill: Priced, meter: str) -> Line:
    """The only line of a meter."""
    (line,) = (line for line in bill.lines if line.meter == meter)
    return line


def fees(contract: Terms, *months: str) -> list[list[str]]:
    """The amounts on the bills of these months."""
    return [[str(line.amount) for line in priced(contract, month).lines] for month in months]


def months(first: str, number: int) -> Sequence[str]:
    period = Period.parse(first)
    found = []
    for _ in range(number):
        found.append(str(period))
        period = period.next()
    return found
