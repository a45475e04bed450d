"""The same plain dictionaries through Balie's own rules, in the form the slow pricer gives."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from balie.rules.bill import Line, Priced
from balie.rules.meter import Meter
from balie.rules.money import cents_of
from balie.rules.period import Period
from balie.rules.rating import price_bill, price_contract
from balie.rules.tariff import Item, Notice, Version
from balie.rules.terms import Booking, Terms
from balie.rules.usage import measure
from tests.billing.slow.fees import first_start, lasts, runs

Row = dict[str, Any]
CALLS = {
    "client": pl.Int64,
    "start": pl.Datetime("us", "UTC"),
    "type": pl.String,
    "talk": pl.Int64,
    "handling": pl.Int64,
    "billable": pl.Boolean,
}
MESSAGES = {"client": pl.Int64, "sent_at": pl.Datetime("us", "UTC"), "parts": pl.Int64}


def bill(world: Row, number: str, month: str, calls: list[Row], sms: list[Row], *, used_only: bool = False) -> Row:
    """What the slow pricer's `bill` gives, from balie.rules. Raises Refused where a price is missing."""
    operator = world["operator"]
    period, cents = Period.parse(month, operator["timezone"]), cents_of(operator["currency"])
    terms = [one for one in terms_of(world, number) if one.covers(period)]
    measured = measure(
        frame(calls, CALLS), terms, period=period, region=operator["region"], messages=frame(sms, MESSAGES)
    )
    parts = [price_contract(one, period, measured.get(one.contract, {}), cents=cents) for one in terms]
    totals = price_bill([line for part in parts for line in part.lines], cents=cents)
    return {
        "client": number,
        "month": month,
        "currency": operator["currency"],
        "contracts": [part_shown(part, used_only) for part in parts],
        "net": str(totals.net),
        "vat": str(totals.vat),
        "gross": str(totals.gross),
    }


def part_shown(part: Priced, used_only: bool) -> Row:
    limit = part.limit
    return {
        "service": part.service,
        "tariff": part.tariff,
        "lines": [line_shown(line) for line in part.lines if not (used_only and unused(line))],
        "cost_limit": limit
        and {
            "limit": f"{limit.limit:.2f}",
            "sum": f"{limit.sum:.2f}",
            "reached": limit.reached,
            "task": limit.task,
        },
    }


def line_shown(line: Line) -> Row:
    return {
        "item": line.position,
        "meter": str(line.meter),
        "quantity": line.quantity,
        "amount": str(line.amount),
    }


def unused(line: Line) -> bool:
    """Whether nothing was counted: such a line stands there with quantity 0."""
    return line.why.measured is not None and line.why.measured.calls == 0


def frame(rows: list[Row], schema: dict[str, Any]) -> pl.DataFrame:
    numbered = [{**row, "client": int(row["client"])} for row in rows]
    return pl.DataFrame([{name: row[name] for name in schema} for row in numbered], schema=schema)


def terms_of(world: Row, number: str) -> list[Terms]:
    client = next(one for one in world["clients"] if one["number"] == number)
    return [
        Terms(
            contract=place,
            client=int(number),
            number=number,
            versions=versions(world["tariffs"], contract["tariff"]),
            start=runs(contract)[0],
            end=date.fromisoformat(contract["end"]) if contract.get("end") else None,
            first_start=first_start(contract, client["contracts"]),
            bookings=tuple(booking(one) for one in contract.get("booked", [])),
        )
        for place, contract in enumerate(client["contracts"])
    ]


def booking(said: Row) -> Booking:
    first, last = lasts(said.get("from"), said.get("to"))
    return Booking(
        Meter(said["meter"]),
        said["quantity"],
        first if said.get("from") else None,
        last if said.get("to") else None,
    )


def versions(tariffs: list[Row], code: str) -> tuple[Version, ...]:
    own = sorted((one for one in tariffs if one["code"] == code), key=lambda one: one.get("from") or "")
    return tuple(version(one) for one in own)


def version(said: Row) -> Version:
    def amount(key: str) -> Decimal | None:
        return None if said.get(key) is None else Decimal(said[key])

    return Version(
        code=said["code"],
        service=said["service"],
        vat_percent=Decimal(said["vat_percent"]),
        items=tuple(Item.read(position, item) for position, item in enumerate(said["items"])),
        first_day=date.fromisoformat(said["from"]) if said.get("from") else None,
        notice=Notice(said.get("notice", "monthly")),
        minimum_revenue=amount("minimum_revenue"),
        cost_limit=amount("cost_limit"),
        tolerance_percent=amount("tolerance_percent"),
        prorate=said.get("prorate", False),
    )
