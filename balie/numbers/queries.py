"""Reads over the pool of telephone numbers."""

from datetime import date

from django.db.models import Q, QuerySet

from balie.accounts.models import Client
from balie.numbers.models import Assignment, Number


def assignments() -> list[tuple[str, int, date | None, date | None]]:
    """Every assignment there ever was: (number, client's id, first day, last day); None is open."""
    rows = Assignment.objects.order_by("number__number", "first_day", "pk")
    return list(rows.values_list("number__number", "client_id", "first_day", "last_day"))


def numbers_of(client: Client, day: date) -> QuerySet[Number]:
    """The numbers that are this client's on a local day."""
    return Number.objects.filter(assignments__in=in_force(day).filter(client=client)).order_by("number")


def history(number: str) -> QuerySet[Assignment]:
    """Whose a number was, the earliest first."""
    return Assignment.objects.filter(number__number=number).select_related("client", "number").order_by("first_day")


def free_numbers(day: date) -> QuerySet[Number]:
    """Numbers of the pool that are nobody's on a local day, nor later."""
    taken = Assignment.objects.filter(Q(last_day=None) | Q(last_day__gte=day))
    return Number.objects.exclude(assignments__in=taken).order_by("number")


def in_force(day: date) -> QuerySet[Assignment]:
    """Assignments on a local day."""
    begun = Q(first_day=None) | Q(first_day__lte=day)
    return Assignment.objects.filter(begun & (Q(last_day=None) | Q(last_day__gte=day)))
