"""How the items of a tariff read: the price and, in words, what it is counted by. For clients and for staff.

Texts only; the rules themselves are in balie.rules.tariff.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from balie.operator.written import locale
from balie.rules.meter import Meter
from balie.rules.tariff import Cycle, HolidayRule, Increment, Item, Notice, Unit, Version, Window
from balie.web import money, written

METERS = {
    Meter.BASIC_FEE: gettext_lazy("Basic fee"),
    Meter.USER_MODULE: gettext_lazy("User module"),
    Meter.OWN_CALLER_NUMBER: gettext_lazy("Own caller number"),
    Meter.ADDITIONAL_OPTION: gettext_lazy("Additional option"),
    Meter.OTHER_SERVICE: gettext_lazy("Other service"),
    Meter.SMS: gettext_lazy("SMS"),
    Meter.CALLS_ACCEPTED: gettext_lazy("Accepted calls"),
    Meter.TALK_TIME: gettext_lazy("Talk time"),
    Meter.HANDLING_TIME: gettext_lazy("Handling time"),
    Meter.FORWARDED_FIXED: gettext_lazy("Forwarded to fixed lines"),
    Meter.FORWARDED_MOBILE: gettext_lazy("Forwarded to mobiles"),
    Meter.FORWARDED_OTHER: gettext_lazy("Forwarded to other numbers"),
    Meter.CALLS_FORWARDED: gettext_lazy("Forwarded calls"),
    Meter.CALLS_OUTBOUND: gettext_lazy("Calls on behalf"),
    Meter.OUTBOUND_TIME: gettext_lazy("Time of calls on behalf"),
    Meter.OUTBOUND_FIXED: gettext_lazy("On behalf to fixed lines"),
    Meter.OUTBOUND_MOBILE: gettext_lazy("On behalf to mobiles"),
    Meter.OUTBOUND_OTHER: gettext_lazy("On behalf to other numbers"),
}
EXTRA = {"cost_limit": gettext_lazy("Cost limit"), "minimum_revenue": gettext_lazy("Minimum revenue")}
NOTICES = {
    Notice.NONE: gettext_lazy("any day"),
    Notice.MONTHLY: gettext_lazy("one month to the end of a month"),
    Notice.YEARLY: gettext_lazy("one year, then three months to its end"),
}
PER = {
    (False, Cycle.MONTHLY): gettext_lazy("a month"),
    (False, Cycle.YEARLY): gettext_lazy("a year"),
    (False, Cycle.ONCE): gettext_lazy("once"),
    (True, Cycle.MONTHLY): gettext_lazy("each a month"),
    (True, Cycle.YEARLY): gettext_lazy("each a year"),
    (True, Cycle.ONCE): gettext_lazy("each, once"),
}
UNITS = {
    Unit.MINUTE: gettext_lazy("a minute"),
    Unit.SECOND: gettext_lazy("a second"),
    Unit.PIECE: gettext_lazy("each"),
}


def meter(name: str) -> str:
    """What a meter, or one of a bill's extra lines, is called."""
    if name in EXTRA:
        return str(EXTRA[name])
    return str(METERS[Meter(name)]) if name in set(Meter) else name


@dataclass(frozen=True)
class Read:
    """One item as it is read: its title, its price, what the price is for, and everything else worth knowing."""

    title: str
    price: str  # empty: none is set
    per: str
    details: tuple[str, ...]
    item: Item


def reads(item: Item, currency: str, language: str = "", own: str = "nl") -> Read:
    """An item in words, in the active language; its title in `language`, else the operator's `own`."""
    titles = item.title
    title = titles.get(language or locale()[:2]) or titles.get(own) or next(iter(titles.values()), "")
    price = money.price(item.shown_price, currency)
    if len(item.steps) > 1:
        price = _("from %(price)s") % {"price": lowest(item, currency)}
    return Read(title or meter(item.meter), price, per(item), tuple(details(item, currency)), item)


def lowest(item: Item, currency: str) -> str:
    return money.price(min((step.price for step in item.steps), key=float), currency)


def per(item: Item) -> str:
    """What one price is for: a minute, each, a month."""
    if item.meter is Meter.OTHER_SERVICE:
        return str(UNITS[Unit.PIECE])
    if item.fee:
        return str(PER[item.meter is not Meter.BASIC_FEE, item.cycle])
    return str(UNITS[item.unit])


def details(item: Item, currency: str) -> Iterator[str]:
    """Everything beside the price, each in a few words."""
    if item.window:
        yield window(item.window)
    if item.included:
        yield included(item)
    yield from steps(item, currency)
    if item.timed:
        yield increment(item.increment)
    if item.min_seconds:
        yield _("from %(n)s seconds on") % {"n": item.min_seconds}
    if item.fee and item.in_advance:
        yield _("in advance")
    if item.cost_limit:
        yield _("counts to the cost limit")
    if item.minimum_revenue:
        yield _("counts to the minimum revenue")


def included(item: Item) -> str:
    if item.unit is Unit.MINUTE:
        said = ngettext("%(n)s minute included a month", "%(n)s minutes included a month", item.included)
    elif item.unit is Unit.SECOND:
        said = ngettext("%(n)s second included a month", "%(n)s seconds included a month", item.included)
    else:
        said = ngettext("%(n)s included a month", "%(n)s included a month", item.included)
    return said % {"n": written.count(item.included)}


def steps(item: Item, currency: str) -> Iterator[str]:
    begin = 0
    for step in item.steps:
        price = money.price(step.price, currency)
        if step.up_to is None:
            yield _("from %(begin)s on: %(price)s") % {"begin": written.count(begin + 1), "price": price}
        else:
            span = {"begin": written.count(begin + 1), "end": written.count(step.up_to), "price": price}
            yield _("%(begin)s to %(end)s: %(price)s") % span
            begin = step.up_to


def increment(value: Increment) -> str:
    """How a call's seconds are rounded."""
    if (value.first, value.then) == (60, 60):
        return _("every started minute")
    if value.first == value.then == 1:
        return _("by the second")
    if value.then == 1:
        return _("by the second after %(first)s seconds") % {"first": value.first}
    if value.first == value.then:
        return _("every started %(first)s seconds") % {"first": value.first}
    return _("%(first)s seconds, then every started %(then)s") % {"first": value.first, "then": value.then}


def window(value: Window) -> str:
    """ma–vr 18:00–08:00, not on public holidays."""
    parts = [weekdays(value), value.hours.replace("-", "–")]
    if value.holidays is HolidayRule.ONLY:
        parts.append(_("public holidays only"))
    if value.holidays is HolidayRule.EXCEPT:
        parts.append(_("not on public holidays"))
    return " ".join(part for part in parts if part) or _("always")


def weekdays(value: Window) -> str:
    days = value.days
    if len(days) == 7:
        return _("every day") if not value.whole_day else ""
    names = [day_name(day) for day in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{names[0]}–{names[-1]}"
    return ", ".join(names)


def day_name(day: int) -> str:
    """Mon, ma, Mo."""
    monday = date(2026, 11, 23)
    return written.weekday_short(monday + timedelta(days=day))


def notice(value: str) -> str:
    return str(NOTICES[Notice(value)])


def conditions(version: Version, currency: str) -> Iterator[tuple[str, str]]:
    """What holds for the tariff as a whole: name and value."""
    yield _("Notice"), notice(version.notice)
    yield _("VAT"), money.percent(version.vat_percent)
    if version.minimum_revenue:
        yield _("Minimum revenue"), money.money(version.minimum_revenue, currency)
    if version.cost_limit is not None:
        text = money.money(version.cost_limit, currency)
        if version.tolerance_percent:
            text = _("%(limit)s, tolerance %(percent)s") % {
                "limit": text,
                "percent": money.percent(version.tolerance_percent),
            }
        yield _("Cost limit"), text
    yield _("Begun months"), _("by calendar days") if version.prorate else _("count whole")


def month_from(value: date | None) -> str:
    """januari 2026; since ever where a version has no first day."""
    return format_date(value, "LLLL y", locale=locale()) if value else _("the beginning")
