"""All numbers of the pool: how many are free, where each stands and whose it is; as a page and as a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from balie.numbers import alarm
from balie.numbers.stock import ORDERS, State, Stock, free_again, listed, stock
from balie.operator.models import Operator
from balie.statements.exports.cells import ROWS
from balie.statements.exports.sheet import Sheet
from balie.web import written
from balie.web.access import office
from balie.web.downloads import sent
from balie.web.office.alerts import Alert
from balie.web.request import Desk, OfficeRequest, partly

PER_PAGE = 50
NAMES = {
    State.FREE: pgettext_lazy("number", "free"),
    State.ASSIGNED: pgettext_lazy("number", "assigned"),
    State.RESTING: pgettext_lazy("number", "resting"),
    State.KEPT_BACK: pgettext_lazy("number", "kept back"),
}
MEANINGS = {
    State.FREE: gettext_lazy("can be given out"),
    State.ASSIGNED: gettext_lazy("a client has them"),
    State.RESTING: gettext_lazy("given back lately"),
    State.KEPT_BACK: gettext_lazy("not given out"),
}
SHEET = Sheet(
    "numbers",
    {
        "number": ("text", 17),
        "state": ("text", 10),
        "client": ("text", 10),
        "name": ("text", 34),
        "from": ("text", 11),
        "to": ("text", 11),
        "free_again": ("text", 11),
        "kept_back": ("text", 40),
    },
)


@dataclass(frozen=True)
class Row:
    """One number as the list shows it."""

    number: Any  # with what balie.numbers.stock says of it
    operator: Operator

    @property
    def state(self) -> State:
        return State(self.number.state)

    @property
    def name(self) -> str:
        return str(NAMES[self.state])

    @property
    def free_again(self) -> date | None:
        """Of one that rests: from which day it can be given out."""
        return free_again(self.number.until, self.operator) if self.state == State.RESTING else None

    def document(self) -> Mapping[str, Any]:
        one = self.number
        return {
            "number": one.number,
            "state": str(self.state),
            "client": one.holder_number,
            "name": one.holder,
            "from": day(one.since),
            "to": day(one.until),
            "free_again": day(self.free_again),
            "kept_back": one.kept_back,
        }


def day(value: date | None) -> str | None:
    return value.isoformat() if value else None


@office
def numbers(request: OfficeRequest) -> HttpResponse:
    """The numbers asked for, sorted, under how many there are of each kind."""
    desk, query = request.desk, request.GET
    asked = wanted(query)
    page = Paginator(listed(desk.today, **asked), PER_PAGE).get_page(query.get("page"))
    counted = stock(desk.today, desk.operator)
    known = {
        "page": page,
        "rows": [Row(one, desk.operator) for one in page],
        "q": asked["search"],
        "order": asked["order"],
        "state": asked["state"],
        "stock": counted,
        "alarm": alarm.standing() if counted.low else None,
        "figures": [(state, NAMES[state], MEANINGS[state], count_of(counted, state)) for state in State],
        "today": desk.today,
        "download": "/numbers",
    }
    return render(request, "balie/numbers/_rows.html" if partly(request) else "balie/numbers/list.html", known)


def wanted(query: Mapping[str, str]) -> dict[str, str]:
    """What of the address the list goes by."""
    order, state = query.get("order", "number"), query.get("state", "")
    return {
        "search": query.get("q", "").strip()[:80],
        "state": state if state in set(State) else "",
        "order": order if order.removeprefix("-") in ORDERS else "number",
    }


def count_of(counted: Stock, state: State) -> int:
    return int(getattr(counted, state.value))


@office
def file(request: OfficeRequest, format: str) -> HttpResponseBase:
    """The numbers of the page as a file, all of them, in its order."""
    desk = request.desk
    found = listed(desk.today, **wanted(request.GET))
    SHEET.check_rows(found.count, format)
    rows = (SHEET.cells(Row(one, desk.operator).document()) for one in found.iterator(ROWS))
    return sent(SHEET.parts(rows, format), f"numbers-{desk.today}.{format}", format)


def too_few(desk: Desk) -> Iterator[Alert]:
    """The row of the start page: fewer numbers are free than the operator wants."""
    counted = stock(desk.today, desk.operator)
    if counted.low:
        said = ngettext("%(n)s number is free.", "%(n)s numbers are free.", counted.free)
        if not counted.free:
            said = _("No number is free.")
        rest = _("You want %(wanted)s at least; without one, orders wait.") % {"wanted": written.count(counted.wanted)}
        yield Alert("bad", said % {"n": written.count(counted.free)}, rest, reverse("numbers"), _("See the numbers"))
