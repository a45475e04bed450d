"""Which fees stand on the bill of a month, for which days, and how many: the slow pricer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tests.billing.slow.calendar_days import (
    FOREVER,
    ONE,
    Month,
    Span,
    contract_years,
    length,
    month_of,
    next_month,
    shared,
    whole_month,
)

Row = dict[str, Any]
FEES = {"basic_fee", "user_module", "own_caller_number", "additional_option", "other_service"}


@dataclass(frozen=True)
class Fee:
    """One line of a fee: the whole month or year it is for, how many, and how many whole times of it are paid."""

    span: Span
    quantity: int
    times: Fraction


def runs(contract: Row) -> Span:
    """The days of a contract."""
    return lasts(contract["start"], contract.get("end"))


def lasts(begin: str | None, end: str | None) -> Span:
    return date.fromisoformat(begin) if begin else date.min, date.fromisoformat(end) if end else FOREVER


def first_start(contract: Row, contracts: list[Row]) -> date:
    """Where the chain of contracts of one service, each following the day after the other, begins."""
    start = runs(contract)[0]
    for other in contracts:
        if other["service"] == contract["service"] and runs(other)[1] + ONE == start:
            return first_start(other, contracts)
    return start


def fees_on_bill(item: Row, contract: Row, chain: date, month: Month, prorate: bool) -> list[Fee]:
    """The lines of a fee item on a month's bill, the earliest time first. Nothing booked: no line."""
    if item["cycle"] == "once":
        found = [once(item, contract, chain, month)]
    elif item["cycle"] == "monthly":
        wanted = months_on_bill(item, contract, month)
        found = [for_time(item, contract, whole_month(one), prorate, whole_month(one)) for one in wanted]
    else:
        years = years_on_bill(item, contract, chain, month)
        found = [for_time(item, contract, year, prorate, whole_month(month)) for year in years]
    return [fee for fee in found if fee.quantity]


def once(item: Row, contract: Row, chain: date, month: Month) -> Fee:
    """What is paid once: the basic fee on the first bill, what is booked in the month it is booked."""
    begin, end = runs(contract)
    quantity = 0
    if item["meter"] == "basic_fee":
        quantity = int(begin == chain and month_of(begin) == month)
    for booking in booked(item, contract):
        days = shared(held_days(booking, contract), (begin, end))
        if days and month_of(days[0]) == month and (days[0] > begin or begin == chain):
            quantity += booking["quantity"]
    return Fee(whole_month(month), quantity, Fraction(quantity))


def months_on_bill(item: Row, contract: Row, month: Month) -> list[Month]:
    """The months a monthly fee on this bill is for."""
    begin, end = runs(contract)
    wanted = [month]
    if item["in_advance"]:
        wanted = [month, next_month(month)] if month_of(begin) == month else [next_month(month)]
    return [one for one in wanted if shared(whole_month(one), (begin, end))]


def years_on_bill(item: Row, contract: Row, chain: date, month: Month) -> Iterator[Span]:
    """The contract years a yearly fee on this bill is for."""
    begin, end = runs(contract)
    for _, year in contract_years(chain, whole_month(next_month(month))[1]):
        paid = shared(year, (begin, end))
        if not paid:
            continue
        stands_on = month_of(paid[1])
        if item["in_advance"]:
            stands_on = year_in_advance_on(year, contract, chain)
        if stands_on == month:
            yield year


def year_in_advance_on(year: Span, contract: Row, chain: date) -> Month:
    """The month on whose bill a fee for a contract year stands when it is paid in advance."""
    begin = runs(contract)[0]
    if year[0] <= begin:
        return month_of(begin)
    # A year from 29 February begins on 1 March at times; its bill is that of the start's calendar month.
    count = next(count for count, one in contract_years(chain, year[0]) if one == year)
    return chain.year + count, chain.month


def for_time(item: Row, contract: Row, whole: Span, prorate: bool, active: Span) -> Fee:
    """The fee for a month or year: how many are booked in the active month, how much of the time is paid."""
    paid = shared(whole, runs(contract))
    assert paid
    if item["meter"] == "basic_fee":
        return Fee(whole, 1, Fraction(length(paid), length(whole)) if prorate else Fraction(1))
    counted = shared(active, runs(contract))
    if counted and item["meter"] == "user_module":
        counted = (counted[1], counted[1])
    held = []
    for booking in booked(item, contract):
        days = shared(held_days(booking, contract), paid)
        if days and counted and shared(days, counted):
            held.append((days, booking["quantity"], booking.get("text", "")))
    if prorate and item["meter"] != "other_service":
        return Fee(
            whole,
            at_once(held),
            sum((many * Fraction(length(days), length(whole)) for days, many, _ in held), Fraction(0)),
        )
    return Fee(whole, at_once(held), Fraction(at_once(held)))


def held_days(booking: Row, contract: Row) -> Span:
    """The days of a booking. What is entered by hand for a day, without an end, was done: it counts in that month."""
    begin, end = lasts(booking.get("from"), booking.get("to"))
    if booking["meter"] == "other_service" and booking.get("from") and not booking.get("to"):
        end = whole_month(month_of(max(begin, runs(contract)[0])))[1]
    return begin, end


def at_once(held: list[tuple[Span, int, str]]) -> int:
    """How many a begun month counts: all, but where one goes on the day after another ended, the larger of both."""
    total, free = sum(many for _, many, _ in held), list(held)
    for days, many, text in held:
        for other in free:
            if other[0][1] + ONE == days[0] and other[2] == text:
                free.remove(other)
                total -= min(other[1], many)
                break
    return total


def booked(item: Row, contract: Row) -> list[Row]:
    return [booking for booking in contract.get("booked", []) if booking["meter"] == item["meter"]]
