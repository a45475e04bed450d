"""One number: where it stands, whose it was from when to when, its orders, and what can be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from balie.accounts.models import Client
from balie.contracts.models import Order
from balie.contracts.pipeline import orders_of
from balie.numbers.keep import made_by_staff
from balie.numbers.models import Assignment, Number
from balie.numbers.queries import history
from balie.numbers.stock import State, free_again, last_given_back, state_on
from balie.operator.models import LogEntry
from balie.rules.activation import UNFINISHED
from balie.web.access import office
from balie.web.office.numbers.pool import NAMES
from balie.web.request import Desk, OfficeRequest

LOGGED = 30


@dataclass(frozen=True)
class Held:
    """One client that has, had or will have the number."""

    assignment: Assignment
    when: str  # now, past or coming
    may_end: bool  # its end can be set
    may_go: bool  # it can be taken back as if it had never been


@dataclass(frozen=True)
class Trouble:
    """What was refused: in which form, and why."""

    form: str = ""
    text: str = ""


@office
def number(request: OfficeRequest, pk: int) -> HttpResponse:
    """One number of the pool."""
    return number_page(request, get_object_or_404(Number, pk=pk))


def number_page(request: OfficeRequest, one: Number, trouble: Trouble | None = None) -> HttpResponse:
    """The page, with what was refused beside the form it came from."""
    desk = request.desk
    state, orders = state_on(one, desk.today), list(orders_of(one))
    rows = held(list(history(one.number)), orders, desk.today)
    now = next((row for row in rows if row.when == "now"), None)
    entries = LogEntry.objects.filter(about=f"number:{one.number}").order_by("-at", "-pk")
    known: dict[str, Any] = {
        "one": one,
        "state": state,
        "state_name": NAMES[state],
        "history": list(reversed(rows)),
        "now": now,
        "coming": next((row for row in rows if row.when == "coming"), None),
        "again": again(one, state, desk),
        "orders": orders,
        "log": entries[:LOGGED],
        "clients": Client.objects.order_by("number") if now is None or now.assignment.last_day else (),
        "first_day": first_assignable(now, desk),
        "trouble": trouble or Trouble(),
        "given": request.POST,
    }
    return render(request, "balie/numbers/number.html", known, status=422 if trouble else 200)


def held(assignments: Sequence[Assignment], orders: Sequence[Order], today: date) -> list[Held]:
    """Every assignment, the earliest first. An order that is under way is withdrawn instead of its number's end set."""
    busy = {order.client_id for order in orders if order.status in UNFINISHED}
    staff = made_by_staff(assignments)
    found = []
    for row in assignments:
        over = row.last_day is not None and row.last_day < today
        coming = row.first_day is not None and row.first_day > today
        when = "past" if over else "coming" if coming else "now"
        may_end = not over and not coming and row.client_id not in busy
        found.append(Held(row, when, may_end, may_go=coming and row.pk in staff))
    return found


def again(one: Number, state: State, desk: Desk) -> date | None:
    """From which day a number that rests can be given out."""
    last = last_given_back(one, desk.today) if state == State.RESTING else None
    return free_again(last, desk.operator) if last else None


def first_assignable(now: Held | None, desk: Desk) -> date:
    """The day that the form to give it to a client proposes."""
    last = now.assignment.last_day if now else None
    return date.fromordinal(last.toordinal() + 1) if last else desk.today
