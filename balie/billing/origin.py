"""Which calls a usage line of a bill was measured from, as a condition on calls: for lists that show them.

The same rules as balie.rules.usage measures by; a test compares both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, ExtractMinute, TruncDate
from django.db.models.lookups import GreaterThanOrEqual, In, LessThan

from balie.accounts.models import Client
from balie.billing.past import as_they_were
from balie.operator.queries import operator
from balie.rules.holidays import public_holidays
from balie.rules.meter import TAKES, Meter
from balie.rules.period import Period, day_begin
from balie.rules.tariff import HolidayRule, Item, Window
from balie.rules.terms import Terms

DAY = timedelta(days=1)
NOWHERE = Q(pk__in=())


@dataclass(frozen=True)
class Origin:
    """The item a line was billed by, the code of its tariff, and which calls of the client count for it."""

    tariff: str
    item: Item
    calls: Q


def origin(client: Client, period: Period, contract: int, position: int) -> Origin | None:
    """The calls behind a contract's item (by its position) in a month, of a closed one by the terms that were frozen.

    None where there is no such contract or item, and for what is not measured from calls.
    """
    terms = next((one.terms for one in as_they_were(period, client=client) if one.terms.contract == contract), None)
    version = terms.version_in(period) if terms else None
    item = next((one for one in version.items if one.position == position), None) if version else None
    if terms is None or version is None or item is None or item.meter not in TAKES:
        return None
    rivals = [one for one in version.items if one.meter is item.meter and one.position < item.position]
    return Origin(version.code, item, counted(item, terms, period) & fits(item, rivals, period))


def counted(item: Item, terms: Terms, period: Period) -> Q:
    """Calls of the item's meter within the contract's days, long enough to count."""
    begin = day_begin(max(terms.start, period.first_day), period.zone)
    end = day_begin(min(terms.last, period.last_day) + DAY, period.zone)
    seconds = "handling" if item.meter is Meter.HANDLING_TIME else "talk"
    kinds = [str(kind) for kind in TAKES[item.meter]]
    long_enough = Q(**{f"{seconds}__gte": item.min_seconds})
    return long_enough & Q(type__in=kinds, billable=True, talk__gt=0, start__gte=begin, start__lt=end)


def fits(item: Item, rivals: Sequence[Item], period: Period) -> Q:
    """Within the item's own window and in none of those before it, which come first (rating.md 2)."""
    if any(rival.window is None for rival in rivals):
        return NOWHERE
    region = operator().region
    holidays = sorted(public_holidays(region, [period.year]))
    found = within(item.window, period.zone, holidays) if item.window else Q()
    for rival in rivals:
        assert rival.window is not None
        found &= ~within(rival.window, period.zone, holidays)
    return found


def within(window: Window, zone: str, holidays: Sequence[date]) -> Q:
    """`Window.contains` of the local start."""
    local = ZoneInfo(zone)
    found = Q(In(ExtractIsoWeekDay("start", tzinfo=local), [day + 1 for day in window.days]))
    if not window.whole_day:
        minute = ExtractHour(F("start"), tzinfo=local) * 60 + ExtractMinute(F("start"), tzinfo=local)
        begun, before_end = Q(GreaterThanOrEqual(minute, window.begin)), Q(LessThan(minute, window.end))
        found &= begun & before_end if window.begin < window.end else begun | before_end
    if window.holidays is HolidayRule.ANY:
        return found
    holiday = Q(In(TruncDate("start", tzinfo=local), holidays)) if holidays else NOWHERE
    return found & (holiday if window.holidays is HolidayRule.ONLY else ~holiday)
