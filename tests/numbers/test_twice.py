"""A number that would be two clients' on one day: PostgreSQL refuses what no verb of the pool would ask for."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from balie.numbers.models import Assignment
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
JAN, JUNE, JULY = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)


def assign_all(*days: tuple[date | None, date | None]) -> None:
    """One number for a client each, behind the back of the actions, in one transaction."""
    number = make.number()
    with transaction.atomic():
        for place, (first, last) in enumerate(days):
            client = make.client(str(1001 + place))
            Assignment.objects.create(number=number, client=client, first_day=first, last_day=last)
        connection.check_constraints()  # as when the transaction ends


@pytest.mark.parametrize(
    "days",
    [
        ((JAN, None), (JULY, None)),
        ((JAN, JULY), (JULY, None)),
        ((None, JULY), (JUNE, None)),
        ((JAN, JULY), (JUNE, JUNE)),
        ((None, None), (JULY, JULY)),
    ],
)
def test_database_refuses_two_clients_of_a_number_on_one_day(days: tuple[tuple[date | None, date | None], ...]) -> None:
    with pytest.raises(IntegrityError, match="no_number_twice"):
        assign_all(*days)


def test_number_may_go_from_hand_to_hand() -> None:
    assign_all((None, JAN), (date(2026, 1, 2), JUNE), (JULY, JULY), (date(2026, 7, 2), None))
    assert Assignment.objects.count() == 4


def test_two_clients_may_swap_their_days_in_one_transaction() -> None:
    assign_all((JAN, JUNE), (JULY, None))
    earlier, later = Assignment.objects.order_by("first_day")
    with transaction.atomic():
        Assignment.objects.filter(pk=earlier.pk).update(first_day=date(2026, 8, 1), last_day=None)
        Assignment.objects.filter(pk=later.pk).update(first_day=JAN, last_day=date(2026, 7, 31))
        connection.check_constraints()
    assert Assignment.objects.get(pk=earlier.pk).first_day == date(2026, 8, 1)
