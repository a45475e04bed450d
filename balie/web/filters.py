"""The filters above lists of a month, the same in office and portal: in the address, read as far as they can be."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from balie.accounts.models import Agent
from balie.rules.period import Period
from balie.web.words import DIRECTIONS, FULL_TYPES

PER_PAGE = 50
DAY = timedelta(days=1)
DAYS = ("since", "until", "day")

Choices = list[tuple[str, Any]]


def day_field(period: Period) -> forms.DateInput:
    """A field for a day of the month, as browsers write days."""
    attrs = {"type": "date", "class": "form-control", "min": period.first_day, "max": period.last_day}
    return forms.DateInput(format="%Y-%m-%d", attrs=attrs)


class Filters(forms.Form):
    """Fields above a list. A field that cannot be read says so and filters nothing."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        if "client" in self.fields:
            self.fields["client"].widget.attrs.update({"class": "form-control", "size": "10", "list": "all-clients"})

    def offer(self, name: str, pairs: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = pairs
        field.widget.attrs["class"] = "form-select"

    def offer_agents(self) -> None:
        agents = ((agent.code, str(agent)) for agent in Agent.objects.order_by("name"))
        self.offer("agent", [("", _("All agents")), *agents])

    def read(self) -> dict[str, Any]:
        """What was asked for and could be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class MonthFilters(Filters):
    """Fields above a list of one month."""

    def __init__(self, data: Any, period: Period) -> None:
        super().__init__(data)
        self.period = period
        for name in DAYS:
            if name in self.fields:
                self.fields[name].widget = day_field(period)
        if "number" in self.fields:
            typed = {"class": "form-control", "inputmode": "tel", "autocomplete": "off", "size": "14"}
            self.fields["number"].widget.attrs.update(typed)

    def read_inside(self) -> dict[str, Any]:
        """What was asked for; days outside the month mean its edges: there are no others to show."""
        before, after = self.period.first_day - DAY, self.period.last_day + DAY
        return {name: min(max(value, before), after) if name in DAYS else value for name, value in self.read().items()}


class NumberFilters(MonthFilters):
    """Days and a part of a number."""

    since = forms.DateField(label=gettext_lazy("From day"), required=False)
    until = forms.DateField(label=gettext_lazy("To day"), required=False)
    number = forms.CharField(label=gettext_lazy("Number contains"), required=False, max_length=40)


class CallFilters(NumberFilters):
    """What calls are told apart by."""

    direction = forms.ChoiceField(label=gettext_lazy("Direction"), required=False)
    type = forms.ChoiceField(label=gettext_lazy("Type"), required=False)

    field_order = ("direction", "type", "agent", "since", "until", "number", "client")

    def __init__(self, data: Any, period: Period) -> None:
        super().__init__(data, period)
        self.offer("direction", [("", _("All directions")), *DIRECTIONS.items()])
        self.offer("type", [("", _("All types")), *FULL_TYPES.items()])
