"""What every list of calls shares: its filters in the address, its order, its pages, its totals."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from balie.accounts.models import Agent
from balie.calls.models import Call
from balie.calls.queries import ORDERS, CallFilter, Sums, narrowed, ordered, sums
from balie.rules.period import Period
from balie.web.words import DIRECTIONS, FULL_TYPES

PER_PAGE = 50
DAY = timedelta(days=1)


def day_field(period: Period) -> forms.DateInput:
    """A field for a day of the month, as browsers write days."""
    attrs = {"type": "date", "class": "form-control", "min": period.first_day, "max": period.last_day}
    return forms.DateInput(format="%Y-%m-%d", attrs=attrs)


class CallFilterForm(forms.Form):
    """The filters above a list of calls. A field that cannot be read says so and filters nothing."""

    direction = forms.ChoiceField(label=gettext_lazy("Direction"), required=False)
    type = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    agent = forms.ChoiceField(label=gettext_lazy("Agent"), required=False)
    since = forms.DateField(label=gettext_lazy("From day"), required=False)
    until = forms.DateField(label=gettext_lazy("To day"), required=False)
    number = forms.CharField(label=gettext_lazy("Number contains"), required=False, max_length=40)
    client = forms.CharField(label=gettext_lazy("Client number"), required=False, max_length=40)

    def __init__(self, data: Any, period: Period, clients: bool) -> None:
        super().__init__(data)
        self.period = period
        choices: dict[str, list[tuple[str, Any]]] = {
            "direction": [("", _("All directions")), *DIRECTIONS.items()],
            "type": [("", _("All types")), *FULL_TYPES.items()],
            "agent": [("", _("All agents")), *((agent.code, str(agent)) for agent in Agent.objects.order_by("name"))],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = offered
            field.widget.attrs["class"] = "form-select"
        for name in ("since", "until"):
            self.fields[name].widget = day_field(period)
        typed = {"class": "form-control", "inputmode": "tel", "autocomplete": "off", "size": "14"}
        self.fields["number"].widget.attrs.update(typed)
        self.fields["client"].widget.attrs.update({"class": "form-control", "size": "10", "list": "all-clients"})
        if not clients:
            del self.fields["client"]

    def wanted(self) -> CallFilter:
        """What was asked for and could be read. Days outside the month mean its edges: there are no others to show."""
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        before, after = self.period.first_day - DAY, self.period.last_day + DAY
        for name in ("since", "until"):
            if name in found:
                found[name] = min(max(found[name], before), after)
        return CallFilter(**found)


@dataclass(frozen=True)
class Totals:
    """The sums of a list, for its last row: every direction and all together."""

    inbound: Sums
    forwarded: Sums
    outbound: Sums

    @property
    def all(self) -> Sums:
        return self.inbound + self.forwarded + self.outbound

    @property
    def rows(self) -> int:
        return self.all.calls + self.all.missed


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
    totals = Totals(**sums(narrow))
    rows = ordered(narrow.select_related("agent", "client"), order if is_order(order) else "-start")
    pages = Paginator(rows, PER_PAGE)
    # The sums know already how many rows there are; Django would ask the database once more.
    pages.__dict__["count"] = totals.rows
    return Listing(form, wanted, order, pages.get_page(query.get("page")), totals, period)


def is_order(order: str) -> bool:
    return order.removeprefix("-") in ORDERS
