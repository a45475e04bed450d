"""How figures, days and numbers are written, for templates: `balie.web.written` with the page's zone and country."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from balie.operator import written as operator_written
from balie.rules.period import Period
from balie.web import money as amounts
from balie.web import pricelist, words, written
from balie.web.request import Desk

register = template.Library()

register.filter("day", written.day)
register.filter("short_day", written.short_day)
register.filter("long_day", written.long_day)
register.filter("long_date", operator_written.long_day)
register.filter("weekday", written.weekday)
register.filter("month", written.month)
register.filter("month_short", written.month_short)
register.filter("duration", written.duration)
register.filter("spoken", written.spoken)
register.filter("stopwatch", written.stopwatch)
register.filter("percent", written.percent)
register.filter("tenths", written.tenths)
register.filter("share_tenths", written.share_tenths)
register.filter("change", written.change)
register.filter("size", written.size)
register.filter("direction", words.direction)
register.filter("type", words.type_)
register.filter("service", words.service)
register.filter("deed", words.deed)
register.filter("order_status", words.order_status)
register.filter("meter", pricelist.meter)
register.filter("notice", pricelist.notice)
register.filter("month_from", pricelist.month_from)
register.filter("rate", amounts.percent)
register.filter("percent_tenths", amounts.percent_tenths)


@register.filter
def local_day(value: datetime, at: Desk) -> str:
    """The local day of a stored moment."""
    from zoneinfo import ZoneInfo

    return written.day(value.astimezone(ZoneInfo(at.zone)).date())


@register.filter
def clock(value: datetime, at: Desk) -> str:
    return written.clock(value, at.zone)


@register.filter
def clock_seconds(value: datetime, at: Desk) -> str:
    return written.clock_seconds(value, at.zone)


@register.filter
def moment(value: datetime, at: Desk) -> str:
    return written.moment(value, at.zone, at.today)


@register.filter
def moment_seconds(value: datetime, at: Desk) -> str:
    """To the second, for what takes seconds: 09:29:34 today, with its day otherwise."""
    day = "" if written.moment(value, at.zone, at.today)[2:3] == ":" else written.moment(value, at.zone, at.today)[:-5]
    return day + written.clock_seconds(value, at.zone)


@register.filter
def local_moment(value: datetime, at: Desk) -> str:
    """Day and time in full: 23 november 2026 09:29."""
    from zoneinfo import ZoneInfo

    return operator_written.moment(value.astimezone(ZoneInfo(at.zone)))


@register.filter
def phone(value: str, at: Desk) -> str:
    """A number as people write it; one that was not sent along is called anonymous."""
    return words.caller("") if value in ("", "anonymous") else written.phone(value, at.operator.country)


@register.filter
def money(value: Decimal, at: Desk) -> str:
    """An amount in the operator's currency."""
    return amounts.money(value, at.operator.currency)


@register.filter
def amount(value: Decimal, at: Desk) -> SafeString | str:
    """An amount in a table: without the currency, nothing is a quiet dash."""
    return amounts.plain(value, at.operator.currency) if value else quiet()


@register.filter
def signed_money(value: Decimal, at: Desk) -> str:
    """A difference with its sign."""
    return amounts.signed(value, at.operator.currency)


@register.filter
def signed_amount(value: Decimal, at: Desk) -> SafeString | str:
    """A difference in a table: without the currency, none is a quiet dash."""
    return amounts.signed_plain(value, at.operator.currency) if value else quiet()


@register.filter
def price(value: str, at: Desk) -> str:
    """A price as exact as it was given."""
    return amounts.price(value, at.operator.currency)


def quiet(text: str = written.QUIET_DASH) -> SafeString:
    return format_html('<span class="none">{}</span>', text)


@register.filter
def figure(value: int) -> SafeString | str:
    """A count in a table: zero is a quiet dash."""
    return written.count(value) if value else quiet()


@register.filter
def count(value: float) -> str:
    """A count in a sentence or a big figure: zero is 0."""
    return written.count(value)


@register.filter
def talk(value: int) -> SafeString | str:
    """A duration in a table: none is a quiet dash."""
    return written.duration(value) if value else quiet()


@register.filter
def or_dash(value: Any) -> Any:
    """What is not there is a quiet dash."""
    return value if value not in ("", None) else quiet()


@register.filter
def month_of(key: int, at: Desk) -> Period:
    """The month of a stored key such as 202611."""
    return Period.from_key(key, at.zone)


@register.filter
def iso(value: date) -> str:
    return value.isoformat()


@register.filter
def without_secret(url: str) -> str:
    """An address of files without a password somebody wrote into it."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return url.replace(f":{parts.password}@", ":…@") if parts.password else url
