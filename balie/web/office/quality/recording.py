"""How complete a month was recorded: the team, each agent with what chance explains, the year behind it; as files."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from balie.accounts.models import Agent
from balie.quality.files import recording_file
from balie.quality.names import LEAST_TOGETHER, names
from balie.quality.queries import AgentRecording, Recording, recording
from balie.quality.stale import being_looked_at
from balie.quality.trend import Month, Trend, trend
from balie.rules.missing import LEAST_CALLS, by_chance
from balie.web import written
from balie.web.access import office
from balie.web.downloads import download
from balie.web.intervals import Chart, Interval, Mark, interval
from balie.web.months import choices
from balie.web.request import OfficeRequest


@dataclass(frozen=True)
class Row:
    """One agent of the table. team: the share of all; most: what the right edge of its drawing means."""

    of: AgentRecording
    team: float
    most: float

    @property
    def drawing(self) -> Interval:
        own = self.of.share
        return interval(own.low, own.high, own.share, team=self.team, most=self.most)

    @property
    def reason(self) -> str:
        """Why it is marked, so that it can be checked by hand."""
        low, high = by_chance(self.team, self.of.calls)
        said = _(
            "%(missing)s of %(calls)s calls without a note are %(share)s. Did this agent leave out as much as the team"
            " (%(team)s), chance would make it %(low)s to %(high)s; it is more, on at least %(least)s calls."
        )
        shares = {"share": self.of.share.share, "team": self.team, "low": low, "high": high}
        counts = {"missing": self.of.missing, "calls": self.of.calls, "least": LEAST_CALLS}
        return said % {
            **{name: written.share_tenths(value) for name, value in shares.items()},
            **{name: written.count(value) for name, value in counts.items()},
        }


@office
def month(request: OfficeRequest) -> HttpResponse:
    """The team's figures and every agent's."""
    desk = request.desk
    period = desk.month(request.GET.get("month", ""))
    found = recording(period)
    known: dict[str, Any] = {
        "period": period,
        "months": choices(period, desk),
        "found": found,
        "rows": list(rows(found)),
        "marked": sum(row.marked for row in found.agents),
        "least": LEAST_CALLS,
        "together": LEAST_TOGETHER,
        "looking": being_looked_at(period.first_day, period.last_day),
    }
    return render(request, "balie/quality/recording.html", known)


def rows(found: Recording) -> Iterator[Row]:
    """Those marked first, then by the share; agents without calls last."""
    team = found.share or 0.0
    # Intervals of few calls reach far: they are cut off rather than all others drawn tiny.
    most = max([row.share.high for row in found.agents if row.calls >= LEAST_CALLS] + [team * 2, 0.1])
    ordered = sorted(found.agents, key=lambda row: (not row.marked, not row.calls, -row.share.share, row.agent.name))
    return (Row(row, team, most) for row in ordered)


@office
def file(request: OfficeRequest, format: str) -> HttpResponse:
    """The same as a file."""
    period = request.desk.month(request.GET.get("month", ""))
    data = recording_file(period, format, now=request.desk.now)
    return download(data, f"recording-{period}.{format}", format)


@office
def year(request: OfficeRequest) -> HttpResponse:
    """Twelve months of the team with their limits."""
    period = request.desk.month(request.GET.get("month", ""))
    return render(request, "balie/quality/trend.html", of_year(request, trend(period, names())))


@office
def agent(request: OfficeRequest, code: str) -> HttpResponse:
    """Twelve months of one agent against the team. Refused where agents are not told apart."""
    known = names()
    known.demand()
    held, period = get_object_or_404(Agent, code=code), request.desk.month(request.GET.get("month", ""))
    shown = of_year(request, trend(period, known, agent=held))
    mine = next((Row(one, found.share or 0.0, 1) for found in [recording(period)] for one in found.agents
                 if one.agent == held), None)  # fmt: skip
    return render(request, "balie/quality/trend.html", shown | {"agent": held, "mine": mine, "least": LEAST_CALLS})


def of_year(request: OfficeRequest, found: Trend) -> dict[str, Any]:
    period = found.months[-1].period
    out = [month for month in found.months if month.control and month.control.side > 0]
    return {
        "period": period,
        "months": choices(period, request.desk),
        "found": found,
        "above": [month.period for month in out],
        "chart": Chart(
            _("Share of calls without a note"),
            [mark(month) for month in found.months],
            found.usual,
            _("Usual: %(share)s.") % {"share": written.share_tenths(found.usual)},
        ),
    }


def mark(month: Month) -> Mark:
    label, name, held = written.month_short(month.period), written.month(month.period), month.control
    if held is None:
        return Mark(label, name)
    return Mark(label, name, held.share, held.low, held.high, held.side)
