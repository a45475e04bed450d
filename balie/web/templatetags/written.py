"""How figures, days and numbers are written, for templates: `balie.web.written` with the page's zone and country."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from balie.calls.models import Call
from balie.operator import written as operator_written
from balie.rules.call import is_extension
from balie.rules.period import Period
from balie.statements.queries import Row
from balie.web import money as amounts
from balie.web import pricelist, words, written
from balie.web.request import Desk

register = template.Library()

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


def one_line(text: str) -> SafeString:
    """A value that stays on one line. Within an attribute or a page's title `|striptags` leaves the text alone."""
    plain = conditional_escape(text.replace(written.HYPHEN, "-"))
    return format_html('<span class="one-line">{}</span>', plain) if "-" in plain or " " in plain else plain


@register.filter
def day(value: date) -> SafeString:
    return one_line(written.day(value))


@register.filter
def short_day(value: date) -> SafeString:
    return one_line(written.short_day(value))


@register.filter
def local_day(value: datetime, at: Desk) -> SafeString:
    """The local day of a stored moment."""
    from zoneinfo import ZoneInfo

    return day(value.astimezone(ZoneInfo(at.zone)).date())


@register.filter
def clock(value: datetime, at: Desk) -> str:
    return written.clock(value, at.zone)


@register.filter
def clock_seconds(value: datetime, at: Desk) -> str:
    return written.clock_seconds(value, at.zone)


@register.filter
def moment(value: datetime, at: Desk) -> SafeString:
    return one_line(written.moment(value, at.zone, at.today))


@register.filter
def moment_seconds(value: datetime, at: Desk) -> SafeString:
    """To the second, for what takes seconds: 09:29:34 today, with its day otherwise."""
    day = "" if written.moment(value, at.zone, at.today)[2:3] == ":" else written.moment(value, at.zone, at.today)[:-5]
    return one_line(day + written.clock_seconds(value, at.zone))


@register.filter
def local_moment(value: datetime, at: Desk) -> str:
    """Day and time in full: 23 november 2026 09:29."""
    from zoneinfo import ZoneInfo

    return operator_written.moment(value.astimezone(ZoneInfo(at.zone)))


@register.filter
def phone(value: str, at: Desk) -> SafeString | str:
    """A number as people write it; one that was not sent along is called anonymous."""
    return (
        words.caller("") if value in ("", "anonymous") else one_line(operator_written.phone(value, at.operator.country))
    )


@register.filter
def caller(call: Call | Row, at: Desk) -> SafeString | str:
    """Who called: the number, or the agent who called out from an extension of the house."""
    name = call.agent_name if isinstance(call, Row) else str(call.agent or "")
    if not is_extension(call.direction, call.caller):
        return phone(call.caller, at)
    if name or call.caller in ("", "anonymous"):
        return conditional_escape(name) if name else quiet()
    return _("extension %(number)s") % {"number": call.caller}


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
