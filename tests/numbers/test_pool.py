"""The pool: whose a number is on a day."""

from datetime import date

import pytest

from balie.numbers.actions import assign_number, withdraw_assignment
from balie.numbers.queries import assignments, free_numbers, history, numbers_of
from balie.rules.errors import Refused
from tests import make

pytestmark = pytest.mark.django_db
JAN, JUNE, JULY = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)
NUMBER = "+31201234501"


def test_assignments_are_rows_by_number_and_time() -> None:
    make.operator()
    first, second = make.client("1001"), make.client("1002")
    make.number(second, NUMBER, first=JULY)
    make.number(first, NUMBER, first=JAN, last=JUNE)
    make.number(None, "+31201234599")
    assert assignments() == [(NUMBER, first.pk, JAN, JUNE), (NUMBER, second.pk, JULY, None)]
    assert [row.client for row in history(NUMBER)] == [first, second]
    assert [number.number for number in numbers_of(first, JUNE)] == [NUMBER]
    assert list(numbers_of(first, JULY)) == []
    assert [number.number for number in free_numbers(JULY)] == ["+31201234599"]


def test_number_is_given_until_its_next_assignment() -> None:
    first, second = make.client("1001"), make.client("1002")
    make.number(second, NUMBER, first=JULY)
    made = assign_number(number=NUMBER, client=first, first_day=JAN)
    assert (made.first_day, made.last_day) == (JAN, JUNE)
    withdraw_assignment(assignment=made.pk)
    made = assign_number(number=NUMBER, client=first, first_day=None)
    assert (made.first_day, made.last_day) == (None, JUNE)


def test_number_outside_the_pool_joins_it() -> None:
    client = make.client()
    made = assign_number(number="+31209999999", client=client, first_day=JAN)
    assert (made.number.number, made.last_day) == ("+31209999999", None)


def test_number_somebody_has_is_refused() -> None:
    first, second = make.client("1001"), make.client("1002")
    make.number(first, NUMBER, first=JAN)
    with pytest.raises(Refused, match="assigned to 1001"):
        assign_number(number=NUMBER, client=second, first_day=JULY)
    with pytest.raises(Refused, match="taken back already"):
        withdraw_assignment(assignment=0)
