"""Reads over the pool of telephone numbers."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from balie.accounts.models import Client
from balie.numbers.models import Assignment, Number
from balie.operator.queries import operator


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
    """Numbers that can be given out on a local day: nobody's then nor later, rested, and not kept back; in order."""
    held = Assignment.objects.filter(hinders(day), number=OuterRef("pk"))
    return Number.objects.filter(~Exists(held), kept_back="").order_by("number")


def hinders(day: date) -> Q:
    """Assignments because of which a number cannot be given out on a local day."""
    return held_from(day) | makes_rest(day)


def held_from(day: date) -> Q:
    """Assignments on a local day, or after it."""
    return Q(last_day=None) | Q(last_day__gte=day)


def makes_rest(day: date) -> Q:
    """Assignments that ended so lately that their number rests on a local day, unless somebody ended its rest."""
    still = Q(number__rest_ended=None) | Q(last_day__gte=F("number__rest_ended"))
    return Q(last_day__gte=rested_since(day), last_day__lt=day) & still


def rested_since(day: date) -> date:
    """A number given back before this day has rested enough by `day`: as many whole days as the operator says."""
    return day - timedelta(days=operator().quarantine_days)


def given_on(assignments: Iterable[int], last_day: date) -> Assignment | None:
    """Where numbers go after these assignments (ids) that end on that day: the first that is planned already."""
    numbers = Assignment.objects.filter(pk__in=list(assignments), last_day=last_day).values("number")
    after = Assignment.objects.filter(number__in=numbers, first_day__gt=last_day)
    return after.select_related("number").order_by("first_day").first()


def in_force(day: date) -> QuerySet[Assignment]:
    """Assignments on a local day."""
    begun = Q(first_day=None) | Q(first_day__lte=day)
    return Assignment.objects.filter(begun & (Q(last_day=None) | Q(last_day__gte=day)))
