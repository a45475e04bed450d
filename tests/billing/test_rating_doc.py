"""Every worked row of docs/rating.md, through the pricing that bills and through the slow one."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from balie.rules.errors import Refused
from balie.rules.money import rounded
from balie.rules.notice import end_of_notice
from balie.rules.tariff import Increment
from tests.billing.slow import fast, pricer
from tests.billing.slow.usage import Unpriced
from tests.billing.tables import Case, bills, tables

Row = dict[str, Any]
CASES = {case.name: case for case in bills()}
OTHERS = {table.columns[0]: table for table in tables() if table.columns[0] != "case"}


def test_every_row_has_a_name_of_its_own() -> None:
    assert len(CASES) == len(list(bills()))
    assert len(CASES) > 190


def told(made: Row) -> str:
    """A bill's lines as the page writes them; what was not used at all is left out."""
    lines = [line for part in made["contracts"] for line in part["lines"]]
    shown = [f"{line['meter']} {line['quantity']}: {line['amount']}" for line in lines]
    return "; ".join(shown) or "-"


def limits(made: Row) -> str:
    state = next(part["cost_limit"] for part in made["contracts"] if part["cost_limit"])
    words = [f"sum {state['sum']}", *(word for word in ("reached", "task") if state[word])]
    return ", ".join(words)


def by(case: Case, way: Any, **options: bool) -> Row:
    try:
        made: Row = way.bill(case.world, "1001", case.month, case.calls, case.sms, **options)
    except (Refused, Unpriced):
        return {"lines": "refused"}
    return made


@pytest.mark.parametrize("name", CASES)
def test_bill_is_as_worked_out(name: str) -> None:
    case = CASES[name]
    made = by(case, fast, used_only=True)
    wanted = case.said["lines"]
    if wanted == "refused":
        assert made == {"lines": "refused"}
        return
    assert told(made) == wanted
    if "limit" in case.said:
        assert limits(made) == case.said["limit"]
    for sum_ in ("net", "vat", "gross"):
        if sum_ in case.said:
            assert made[sum_] == case.said[sum_]


@pytest.mark.parametrize("name", CASES)
def test_slow_pricer_says_the_same(name: str) -> None:
    case = CASES[name]
    assert by(case, fast) == by(case, pricer)


@pytest.mark.parametrize("row", OTHERS["seconds"].rows, ids=lambda row: row[0])
def test_billed_seconds_are_as_worked_out(row: tuple[str, ...]) -> None:
    seconds, *billed = map(int, row)
    increments = [Increment.read(text) for text in OTHERS["seconds"].columns[1:]]
    assert [increment.billed(seconds) for increment in increments] == billed


@pytest.mark.parametrize("row", OTHERS["notice"].rows, ids=" ".join)
def test_notice_ends_as_worked_out(row: tuple[str, ...]) -> None:
    rule, first, start, given, ends = row
    day = date.fromisoformat
    assert end_of_notice(rule, day(given), day(first), day(start)) == day(ends)


@pytest.mark.parametrize("row", OTHERS["net at 9 %"].rows, ids=lambda row: row[0])
def test_vat_is_as_worked_out(row: tuple[str, ...]) -> None:
    net = sum((Decimal(part) for part in row[0].split()), Decimal(0))
    vat = rounded(Fraction(net) * 9 / 100)
    assert (f"{vat:.2f}", f"{net + vat:.2f}") == row[1:]
