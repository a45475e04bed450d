"""Whether what a page lacks was removed after its time. Asked only where something is missing."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import template
from django.template.context import Context

from balie.rules.period import Period
from balie.rules.retention import TERMS, Kept

register = template.Library()


@register.simple_tag(takes_context=True)
def gone(context: Context, kind: str, moment: datetime) -> bool:
    """Whether this data of that moment is removed by now."""
    desk = context["request"].desk
    before = desk.gone.get(Kept(kind))
    return before is not None and moment.astimezone(ZoneInfo(desk.zone)).date() < before


@register.simple_tag(takes_context=True)
def gone_in(context: Context, kind: str, period: Period) -> date | None:
    """The day before which this data is removed, where some of this month is."""
    desk = context["request"].desk
    if period > months_before(desk.this_month, TERMS[Kept(kind)].fewest):
        return None  # too new for any time there can be: no need to ask
    before: date | None = desk.gone.get(Kept(kind))
    return before if before and period.first_day < before else None


def months_before(period: Period, months: int) -> Period:
    for _month in range(months):
        period = period.previous()
    return period
