"""What every list of calls shares: its filters in the address, its order, its pages, its totals."""

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from balie.calls.models import Call
from balie.calls.queries import ORDERS, CallFilter, narrowed, ordered, sums, sums_kept
from balie.rules.period import Period
from balie.web.filters import PER_PAGE, CallFilters
from balie.web.paging import Pages
from balie.web.totals import Totals


class CallFilterForm(CallFilters):
    """The filters above a list of calls in the office."""

    agent = forms.ChoiceField(label=gettext_lazy("Agent"), required=False)
    client = forms.CharField(label=gettext_lazy("Client number"), required=False, max_length=40)

    def __init__(self, data: Any, period: Period, clients: bool) -> None:
        super().__init__(data, period)
        self.offer_agents()
        if not clients:
            del self.fields["client"]

    def wanted(self) -> CallFilter:
        """What was asked for and could be read."""
        return CallFilter(**self.read_inside())


@dataclass(frozen=True)
class Listing:
    """A part of a list of calls, ready to be shown."""

    form: CallFilterForm
    wanted: CallFilter
    order: str
    page: "Page[Call]"
    totals: Totals
    period: Period


def listing(
    calls: QuerySet[Call], period: Period, query: Any, *, clients: bool = False, also: Q | None = None
) -> Listing:
    """The asked-for page of these calls of a month. Two queries for the calls, one for the agents to choose from."""
    form = CallFilterForm(query, period, clients)
    wanted = replace(form.wanted(), also=also)
    order = query.get("order") or "-start"
    narrow = narrowed(calls, wanted, period.zone)
    totals = Totals(**((sums_kept(period, wanted) if clients else None) or sums(narrow)))
    rows = ordered(narrow.select_related("agent", "client"), order if is_order(order) else "-start")
    pages = Pages(rows, PER_PAGE, count=totals.rows)
    return Listing(form, wanted, order, pages.get_page(query.get("page")), totals, period)


def is_order(order: str) -> bool:
    return order.removeprefix("-") in ORDERS
