"""Flat rates: how many minutes of work each fee pays for at what an agent hour costs now, and how many were worked."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from balie.accounts.models import Client
from balie.controlling.costs import Costs
from balie.controlling.looks import Looked, looked_at
from balie.controlling.ranking import Figures, rows_of, sums_by
from balie.controlling.watch import UNECONOMICAL
from balie.controlling.yardstick import yardstick
from balie.rules.offer import Kind, Paid, kind_of, monthly_fee, paid_minutes
from balie.rules.tariff import Version
from balie.tasks.models import Task
from balie.tasks.queries import open_tasks
from balie.web.access import office
from balie.web.office.economics.listed import listed
from balie.web.office.economics.shown import Asked, asked, fresh, month_filters
from balie.web.request import Desk, OfficeRequest, partly

SORTS = ("name", "fee", "minutes", "break_even", "share", "margin")
STATES = {
    "loss": gettext_lazy("Beyond break-even"),
    "below_target": gettext_lazy("Below the target"),
    "good": gettext_lazy("On target"),
    "unknown": gettext_lazy("No whole month yet"),
}


@dataclass(frozen=True)
class Row:
    """One flat rate with its average month, at present costs."""

    looked: Looked
    fee: Decimal  # a month
    figures: Figures  # of the whole months at this tariff
    target: Decimal  # margin in percent that the watch goes by
    paid: Paid
    task: Task | None

    @property
    def client(self) -> Client:
        return self.looked.contract.client

    @property
    def minutes(self) -> Decimal | None:
        """Worked a month."""
        return self.figures.a_month(Decimal(self.figures.handling) / 60) if self.figures.rows else None

    @property
    def break_even(self) -> Decimal | None:
        return self.paid.break_even

    @property
    def share(self) -> Decimal | None:
        """Minutes worked of those that are paid for; more than 1 is a loss."""
        if self.minutes is None or self.break_even is None:
            return None
        return self.minutes / self.break_even if self.break_even > 0 else Decimal(10)

    @property
    def margin(self) -> Decimal | None:
        return self.figures.a_month(self.figures.margin) if self.figures.rows else None

    @property
    def percent(self) -> Decimal | None:
        return self.figures.percent

    @property
    def state(self) -> str:
        if self.minutes is None or self.break_even is None or self.paid.target is None:
            return "unknown"
        if self.minutes > self.break_even:
            return "loss"
        return "below_target" if self.minutes > self.paid.target else "good"

    @property
    def bar(self) -> dict[str, str]:
        """Minutes against both marks, in hundredths of the width."""
        done, even, target = (float(one or 0) for one in (self.minutes, self.break_even, self.paid.target))
        full = max(done, even) * 1.06 or 1.0
        over = f"{(done - even) / full * 100:.1f}" if done > even else ""
        parts = {"sum": done, "even": even, "target": max(0.0, target)}
        return {name: f"{value / full * 100:.1f}" for name, value in parts.items()} | {"over": over}


@office
def flat_rates(request: OfficeRequest) -> HttpResponse:
    """Today's flat rates, those that are used up most first."""
    desk, query = request.desk, request.GET
    wanted = asked(query, desk)
    costs = Costs.of(desk.operator).on(desk.today).costs
    per_hour = Fraction(costs.get("agent_per_hour") or 0)
    _found, known = listed(query, rows(wanted, per_hour, desk), sorts=SORTS, states=STATES)
    known |= {
        "tab": "flat",
        "agent_hour": Decimal(costs.get("agent_per_hour") or 0),
        "target": desk.operator.target_margin_percent,
        **month_filters(wanted, desk),
    }
    if partly(request):
        return render(request, "balie/controlling/_flat_rows.html", known)
    return render(request, "balie/controlling/flat_rates.html", known | fresh(wanted.keys, desk))


def rows(wanted: Asked, per_hour: Fraction, desk: Desk) -> list[Row]:
    """The contracts that run today at a flat rate. Eight queries however many there are."""
    flat = [(one, version) for one in looked_at(desk.today, desk.today) if (version := flat_version(one, desk))]
    kept = rows_of(wanted.keys).filter(whole=True)
    sums = sums_by(kept, "client", "service", "tariff") if flat else {}
    tasks = {(task.client_id, task.service): task for task in open_tasks([UNECONOMICAL])} if flat else {}
    return [row_of(one, version, sums, per_hour, desk, tasks) for one, version in flat]


def flat_version(one: Looked, desk: Desk) -> Version | None:
    version = one.terms.version_in(desk.this_month)
    return version if version and kind_of(version) is Kind.FLAT_RATE and monthly_fee(version) else None


def row_of(
    one: Looked,
    version: Version,
    sums: Mapping[tuple[Any, ...], Figures],
    per_hour: Fraction,
    desk: Desk,
    tasks: Mapping[tuple[int, str], Task],
) -> Row:
    contract, fee = one.contract, monthly_fee(version)
    figures = sums.get((contract.client_id, contract.service, contract.tariff_id), Figures())
    target = yardstick(contract.tariff, desk.operator).target_percent
    network = Fraction(figures.a_month(figures.network))
    paid = paid_minutes(fee, network=network, per_hour=per_hour, target_percent=Fraction(target))
    task = tasks.get((contract.client_id, contract.service))
    return Row(one, Decimal(fee.numerator) / fee.denominator, figures, target, paid, task)
