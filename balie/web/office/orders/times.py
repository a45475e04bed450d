"""How long orders take from step to step: half of them, nine in ten, the slowest; of the last ninety days."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from balie.contracts.pipeline import times
from balie.rules.stopwatch import BOUNDS, Leg, Spread, grouped, spread
from balie.web import written
from balie.web.access import office
from balie.web.charts import Chart, Column
from balie.web.request import OfficeRequest

DAYS = 90
NAMES = {
    Leg.CLAIMED: gettext_lazy("Order to reserved number"),
    Leg.CONFIGURED: gettext_lazy("Reserved to set up"),
    Leg.PROVEN: gettext_lazy("Set up to ready, shown by a test"),
    Leg.WHOLE: gettext_lazy("Order to ready, in all"),
    Leg.FIRST_CALL: gettext_lazy("Ready to the first call"),
}


@dataclass(frozen=True)
class Line:
    """One part of the way, and how long it took."""

    name: str
    whole: bool
    spread: Spread


@office
def order_times(request: OfficeRequest) -> HttpResponse:
    """The table of all parts and the chart of the whole."""
    found = times(request.desk.now - timedelta(days=DAYS))
    lines = [Line(str(NAMES[leg]), leg == Leg.WHOLE, one) for leg in Leg if (one := spread(found[leg]))]
    known = {
        "lines": lines,
        "whole": spread(found[Leg.WHOLE]),
        "chart": chart(found[Leg.WHOLE]) if found[Leg.WHOLE] else None,
        "days": DAYS,
    }
    return render(request, "balie/orders/times.html", known)


def chart(seconds: list[float]) -> Chart:
    """How many orders were ready within a second, two, five …"""
    number, said = grouped(seconds), [short(bound) for bound in BOUNDS]
    names = [_("at most %(time)s") % {"time": written.spoken(bound)} for bound in BOUNDS]
    labels = [*said, f"> {said[-1]}"]
    names.append(_("longer than %(time)s") % {"time": written.spoken(BOUNDS[-1])})
    shown = enumerate(zip(labels, number, names, strict=True))
    columns = [Column(label, n, name=name, tick=at % 2 == 0) for at, (label, n, name) in shown]
    most = max(range(len(number)), key=lambda at: number[at])
    return Chart(
        key="times",
        title=_("From order to ready"),
        heading=_("Time"),
        columns=columns,
        value_name=_("Orders"),
        noted=most,
        note=written.count(number[most]),
        summary=_("How many orders of the last %(days)s days were ready after how long.") % {"days": DAYS},
    )


def short(seconds: int) -> str:
    """5 s, 10 min, 1 h: for the axis."""
    if seconds < 60:
        return _("%(n)s s") % {"n": seconds}
    return _("%(n)s min") % {"n": seconds // 60} if seconds < 3600 else _("%(n)s h") % {"n": seconds // 3600}
