"""How days, durations and numbers stand on paper, in mails and on pages, in the language that is active. Text only."""

from datetime import date, datetime
from functools import lru_cache

import phonenumbers
from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import get_language

from balie.rules.period import Period

SHORT_DAY = {"nl": "dd-MM-y", "de": "dd.MM.y", "en": "dd MMM y"}
LONG_DAY = {"nl": "d MMMM y", "de": "d. MMMM y", "en": "d MMMM y"}
QUIET_DASH = "–"
VEILED = "xxx"


def locale() -> str:
    """The active language as Babel knows it; British English, for its days before months."""
    return {"nl": "nl", "de": "de"}.get((get_language() or "en")[:2], "en_GB")


@lru_cache(maxsize=4096)
def _day(value: date, form: str, locale: str) -> str:
    return format_date(value, form, locale=locale)


def day(value: date) -> str:
    """23-11-2026, 23.11.2026, 23 Nov 2026; all days of a language equally wide, or nearly."""
    known = locale()
    return _day(value, SHORT_DAY[known[:2]], known)


def long_day(value: date) -> str:
    """23 november 2026."""
    return _day(value, LONG_DAY[locale()[:2]], locale())


def month(period: Period) -> str:
    """november 2026; small in Dutch."""
    return _day(period.first_day, "LLLL y", locale())


def days(period: Period) -> str:
    """1–30 november 2026."""
    dot = "." if locale() == "de" else ""
    return f"1{dot}–{period.last_day.day}{dot} {month(period)}"


def moment(value: datetime) -> str:
    """23 november 2026 09:29."""
    return f"{long_day(value.date())} {value:%H:%M}"


def duration(seconds: int) -> str:
    """1:05:09; under an hour 1:01."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def count(value: int) -> str:
    """1.234 in Dutch and German, 1,234 in English; a quiet dash for nothing."""
    return format_decimal(value, locale=locale()) if value else QUIET_DASH


@lru_cache(maxsize=16384)
def phone(number: str, country: str) -> str:
    """A number as people of `country` write it: 06 12 34 56 78 at home, +49 30 123456 abroad; else as it came.

    Digits that are hidden stay so: 06 12 34 5x xx.
    """
    if not number.startswith("+"):
        return number
    hidden = number.endswith(VEILED)
    digits = number[: -len(VEILED)] + "000" if hidden else number
    if not (digits[1:].isascii() and digits[1:].isdigit()):
        return number
    # Most callers have a Dutch mobile: those need not go through the library, which takes twenty times as long.
    is_mobile = country == "NL" and len(digits) == len("+31612345678") and digits.startswith("+316")
    text = _grouped(f"0{digits[3:]}", country) if is_mobile else _known(digits, country)
    if not text:
        return number
    return _veiled(text) if hidden else text


def _known(digits: str, country: str) -> str:
    """The number as the library writes it; nothing where it cannot be one."""
    try:
        parsed = phonenumbers.parse(digits, None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    at_home = parsed.country_code == phonenumbers.country_code_for_region(country)
    form = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return _grouped(phonenumbers.format_number(parsed, form), country if at_home else "")


def _grouped(text: str, country: str) -> str:
    """Dutch mobile numbers in pairs, as they are dictated; all else as the library writes it."""
    digits = text.replace(" ", "").replace("-", "")
    if country == "NL" and len(digits) == 10 and digits.startswith("06"):
        return f"06 {digits[2:4]} {digits[4:6]} {digits[6:8]} {digits[8:]}"
    return text.replace("-", " ") if country == "NL" else text


def _veiled(text: str) -> str:
    """The last three digits as x, wherever blanks stand between them."""
    last = [place for place, sign in enumerate(text) if sign.isdigit()][-len(VEILED) :]
    return "".join("x" if place in last else sign for place, sign in enumerate(text))
