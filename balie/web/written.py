"""How figures, days and numbers are written on pages, in the reader's language. Text only: no HTML, no database.

What stands on paper too is written there (balie.operator.written), so that a page and its PDF never differ; days and
numbers come with signs that do not break, since these go into sentences, titles and attributes. Templates write them
with an element instead (templatetags.written), which leaves what is searched and copied as it was.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from balie.operator import written as paper
from balie.operator.written import QUIET_DASH, duration, locale, month
from balie.rules.period import Period

__all__ = ["QUIET_DASH", "duration", "month"]

NO_YEAR = {"nl": "dd-MM", "de": "dd.MM.", "en": "d MMM"}
LONG_DAY = {"nl": "EEEE d MMMM y", "de": "EEEE, d. MMMM y", "en": "EEEE d MMMM y"}


# A line ends after a hyphen, even between the figures of a day, but not after this one.
HYPHEN = "\u2011"


def unbroken(text: str) -> str:
    """A day that no narrow page breaks in the midst of its figures."""
    return text.replace("-", HYPHEN)


def day(value: date) -> str:
    """23-11-2026, 23.11.2026, 23 Nov 2026."""
    return unbroken(paper.day(value))


def phone(number: str, country: str) -> str:
    """06 12 34 56 78, on one line."""
    return paper.phone(number, country).replace(" ", "\u00a0")


def short_day(value: date) -> str:
    """A day without its year, for lists of one month."""
    return unbroken(format_date(value, NO_YEAR[locale()[:2]], locale=locale()))


def long_day(value: date) -> str:
    """Monday 23 November 2026."""
    return format_date(value, LONG_DAY[locale()[:2]], locale=locale())


def weekday(value: date) -> str:
    return format_date(value, "EEEE", locale=locale())


def weekday_short(value: date) -> str:
    """Mon, ma, Mo: as short as the language has it."""
    return format_date(value, "EEE" if locale() == "en_GB" else "EEEEEE", locale=locale()).rstrip(".")


def month_short(period: Period) -> str:
    """Three letters, for places with room for no more."""
    return format_date(period.first_day, "LLL", locale=locale()).rstrip(".")[:3]


def clock(value: datetime, zone: str) -> str:
    """09:29 local."""
    return value.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def clock_seconds(value: datetime, zone: str) -> str:
    """09:29:34 local."""
    return value.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S")


def moment(value: datetime, zone: str, today: date) -> str:
    """A time near enough to be told by its hour: 09:29 today, with its day otherwise."""
    local = value.astimezone(ZoneInfo(zone))
    if local.date() == today:
        return local.strftime("%H:%M")
    written = short_day(local.date()) if local.year == today.year else day(local.date())
    return unbroken(f"{written} {local:%H:%M}")


def spoken(seconds: float) -> str:
    """A duration within a sentence: 31 seconds, 2 min 5 s, 1 hour 5 min."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours and not minutes:
        return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": count(hours)}
    if hours:
        return ngettext("%(hours)s hour %(minutes)s min", "%(hours)s hours %(minutes)s min", hours) % {
            "hours": count(hours),
            "minutes": minutes,
        }
    if minutes:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
    return _("%(seconds)s s") % {"seconds": rest}


def stopwatch(seconds: float) -> str:
    """3.0 s: as a stopwatch shows it; from two minutes on in words."""
    return spoken(seconds) if seconds >= 120 else _("%(seconds)s s") % {"seconds": tenths(seconds)}


def count(value: float) -> str:
    """1.234 in Dutch and German, 1,234 in English; −5 below nothing."""
    text = format_decimal(abs(round(value)), locale=locale())
    return f"−{text}" if round(value) < 0 else text


def tenths(value: float) -> str:
    """12,4: a mean, where whole figures would hide a difference."""
    return format_decimal(value, "#,##0.0", locale=locale())


def percent(share: float) -> str:
    """A share of 0 to 1 as a whole percentage; never 100 % while something is missing, never 0 % while something is."""
    whole = round(share * 100)
    if whole == 100 and share < 1:
        whole = 99
    if whole == 0 and share > 0:
        whole = 1
    return percentage(whole / 100, "0")


def percentage(share: float, figures: str) -> str:
    """As rates and margins are written (money.py): 82 % in Dutch and German, 82% in English."""
    return format_percent(share, f"{figures}%" if locale()[:2] == "en" else f"{figures}\u00a0%", locale=locale())


def share_tenths(share: float) -> str:
    """1,8 %: a share where tenths of a percent matter."""
    return percentage(share, "0.0")


def change(share: float) -> str:
    """A difference with its sign: +9 %, −4 %."""
    text = percentage(abs(round(share, 2)), "#,##0")
    sign = "+" if share > 0.004 else "−" if share < -0.004 else "±"
    return f"{sign}{text}"


def size(octets: int) -> str:
    """How big a file is: 812 bytes, 14 kB, 3 MB."""
    if octets < 1000:
        return ngettext("%(n)s byte", "%(n)s bytes", octets) % {"n": octets}
    if octets < 1_000_000:
        return _("%(n)s kB") % {"n": count(octets / 1000)}
    return _("%(n)s MB") % {"n": count(octets / 1_000_000)}
