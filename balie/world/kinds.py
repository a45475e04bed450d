"""What one value of a world file may be. Each kind gives the value as the tables want it, or says what is wrong."""

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from email.utils import parseaddr
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import phonenumbers
from babel.core import get_global
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from balie.rules.errors import Refused
from balie.rules.holidays import states
from balie.rules.phone import DIALLABLE
from balie.tariffs import checks
from balie.world.shape import Kind, bad, nearest, quoted, wrong

Text = Callable[[Any, str], str]

UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
CLOCK = re.compile(r"(\d{2}):(\d{2})", re.ASCII)
AMOUNT = re.compile(r"(\d+)(?:\.(\d+))?", re.ASCII)
HOST = re.compile(r"[A-Za-z0-9_.:-]+", re.ASCII)
YEARS = range(1900, 3000)
LARGEST = 2_147_483_647  # of an integer column
LANGUAGES = ("nl", "de", "en")


def text(most: int, *, empty: bool = False) -> Text:
    """One line of text without spaces around it, not empty unless it may be."""

    def check(value: Any, where: str) -> str:
        if not isinstance(value, str):
            hint = f'text in quotes ("{value}")' if isinstance(value, int) and not isinstance(value, bool) else "text"
            raise wrong(value, hint, where)
        if UNPRINTABLE.search(value):
            raise bad("signs that cannot be printed stand in this text", where)
        line = value.strip()
        if not line and not empty:
            raise bad("this is empty", where)
        if len(line) > most:
            raise bad(f"this text is too long: {len(line)} signs where {most} fit", where)
        return line

    return check


def lines(most: int) -> Text:
    """Text of one or more lines."""

    def check(value: Any, where: str) -> str:
        if not isinstance(value, str) or not value.strip():
            return text(most)(value, where)
        joined = "\n".join(text(most, empty=True)(line, where) for line in value.splitlines()).strip()
        if len(joined) > most:
            raise bad(f"this text is too long: {len(joined)} signs where {most} fit", where)
        return joined

    return check


def or_null(kind: Kind, nothing: Any = None) -> Kind:
    """The same, or null, which stands for `nothing`."""
    return lambda value, where: nothing if value is None else kind(value, where)


def choice(*words: str) -> Kind:
    """One of these words."""

    def check(value: Any, where: str) -> str:
        word = text(200)(value, where)
        if word not in words:
            raise bad(f"{quoted(word)} is not known; {nearest(word, words)}", where)
        return word

    return check


def yes_or_no(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise wrong(value, "true or false", where)
    return value


def whole(least: int, most: int = LARGEST) -> Kind:
    """A whole number, a JSON number without a point."""

    def check(value: Any, where: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong(value, "a whole number", where)
        if not least <= value <= most:
            raise bad(f"this should be a whole number from {least} to {most}, not {value}", where)
        return value

    return check


def amount(*, digits: int = 10, places: int = 4) -> Text:
    """An amount as text, exactly as it is written: "0.89"."""

    def check(value: Any, where: str) -> str:
        if not isinstance(value, str):
            raise wrong(value, 'an amount in quotes, such as "0.89"', where)
        found = AMOUNT.fullmatch(value)
        if not found:
            hint = ", with a point and not a comma" if "," in value and "." not in value else ""
            raise bad(f'{quoted(value)} is no amount; write it as "0.89"{hint}', where)
        if len(found[1].lstrip("0")) > digits or len(found[1]) > 2 * digits or len(found[2] or "") > places:
            raise bad(f"an amount has at most {digits} digits before the point and {places} behind it", where)
        return value

    return check


def decimal(*, digits: int = 10, places: int = 4, most: str = "", zero: bool = True) -> Kind:
    """An amount or a percentage that is calculated with and kept as a number."""

    def check(value: Any, where: str) -> Decimal:
        number = Decimal(amount(digits=digits, places=places)(value, where))
        if most and number > Decimal(most):
            raise bad(f"this should be at most {most}, not {value}", where)
        if not (number or zero):
            raise bad("this should be more than 0", where)
        return number

    return check


def percent(most: str) -> Kind:
    return decimal(digits=4, places=3, most=most)


def day(value: Any, where: str) -> date:
    """A calendar day, YYYY-MM-DD."""
    written = text(40)(value, where)
    found = DAY.fullmatch(written)
    if not found:
        raise bad(f"{quoted(written)} is no day; write it as 2026-11-23", where)
    year, month, number = (int(part) for part in found.groups())
    if year not in YEARS:
        raise bad(f"{written} lies outside the years {YEARS[0]} to {YEARS[-1]}; for no end leave it out", where)
    try:
        return date(year, month, number)
    except ValueError:
        raise bad(f"there is no day {written}", where) from None


def first_of_month(value: Any, where: str) -> date:
    found = day(value, where)
    if found.day != 1:
        raise bad(f"prices change on the first of a month; {found} is not", where)
    return found


def clock(value: Any, where: str) -> time:
    """A time of day, HH:MM."""
    written = text(40)(value, where)
    found = CLOCK.fullmatch(written)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise bad(f"{quoted(written)} is no time of day; write it as 05:30", where)
    return time(int(found[1]), int(found[2]))


def zone(value: Any, where: str) -> str:
    name = text(64)(value, where)
    if name not in zones():
        raise bad(f"there is no time zone {quoted(name)}; write it as Europe/Amsterdam", where)
    return name


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


def region(value: Any, where: str) -> str:
    """A country (and state) as the library `holidays` names it: NL, DE-NW."""
    name = text(12)(value, where)
    country, dash, state = name.partition("-")
    if country not in phonenumbers.SUPPORTED_REGIONS:
        raise bad(f"there is no country {quoted(name)}; write it as NL or DE-NW", where)
    known = states().get(country, ())
    if dash and state not in known:
        hint = f"; known are {', '.join(known)}" if known else f"; write {country} alone"
        raise bad(f"{country} has no state {quoted(state)}{hint}", where)
    return name


def currency(value: Any, where: str) -> str:
    """A currency somebody pays with today, by ISO 4217."""
    name = text(20)(value, where)
    if name not in currencies():
        raise bad(f"there is no currency {quoted(name)}; write it as EUR", where)
    return name


@cache
def currencies() -> frozenset[str]:
    rows = (row for rows in get_global("territory_currencies").values() for row in rows)
    return frozenset(code for code, _, end, tender in rows if end is None and tender)


language = choice(*LANGUAGES)


def email(value: Any, where: str) -> str:
    address = text(254)(value, where)
    try:
        validate_email(address)
    except ValidationError:
        raise bad(f"{quoted(address)} is no email address", where) from None
    return address


def sender(value: Any, where: str) -> str:
    """An email address, with or without a name: De Linde <info@linde.example>."""
    written = text(254)(value, where)
    email(parseaddr(written)[1] if "<" in written else written, where)
    return written


def phone_number(value: Any, where: str) -> str:
    """A telephone number: digits, with a + and spaces and dashes as people write them; an internal one may be short."""
    written = text(40)(value, where)
    if not DIALLABLE.match(written) or sum(sign.isdigit() for sign in written) < 3:
        raise bad(f"{quoted(written)} is no telephone number; write it as +31201234501 or 020 123 45 01", where)
    return written


def increment(value: Any, where: str) -> str:
    """Seconds that are billed at least and then each time: 60/1."""
    return checks.increment(text(20)(value, where), where)


def days_of_week(value: Any, where: str) -> str:
    """Weekdays: mon-fri, sat or mon,wed,fri."""
    return checks.days_of_week(text(60)(value, where), where)


def address(*schemes: str) -> Kind:
    """A URL with one of these schemes, and no password in it."""

    def check(value: Any, where: str) -> str:
        written = text(500)(value, where)
        scheme, _, rest = written.partition("://")
        if scheme not in schemes or not rest:
            known = " or ".join(f"{one}://" for one in schemes)
            raise bad(f"{quoted(written)} is no address for this; it begins with {known}", where)
        check_host(written, where)
        return written

    return check


def check_host(url: str, where: str) -> None:
    """Refused for a URL with an impossible host or port, or with a password in it."""
    try:
        parts = urlsplit(url)
        host, port, password = parts.hostname, parts.port, parts.password
    except ValueError:
        raise bad("this address has no possible host and port", where) from None
    if password is not None:
        raise bad('a password does not belong in an address; write it as "password": "env:NAME" or "file:PATH"', where)
    if parts.scheme == "file":
        if host or not parts.path.startswith("/"):
            raise bad("a file's address has three slashes and the whole path: file:///var/log/calls.csv", where)
    elif not host or not HOST.fullmatch(host) or port == 0:
        raise bad("this address has no possible host and port", where)


def web_address(value: Any, where: str) -> str:
    """Where the pages are reached, without a slash at the end."""
    written: str = address("https", "http")(value, where)
    if "?" in written or "#" in written or " " in written:
        raise bad(f"{quoted(written)} is more than an address; write it as https://balie.example.nl", where)
    return written.rstrip("/")


def secret(value: Any, where: str) -> str:
    """Where a secret lies: env:NAME or file:PATH. The secret itself is taken too; it is never shown, not even here."""
    if not isinstance(value, str):
        raise Refused("wrong_type", 'this should be text such as "env:NAME" or "file:/path"', where)
    kind, colon, place = value.partition(":")
    if not value or "\x00" in value or len(value) > 10_000 or not value.isprintable():
        raise bad('this is no secret; write where it lies: "env:NAME" or "file:/path"', where)
    if colon and kind in ("env", "file"):
        possible = place.isidentifier() if kind == "env" else place.startswith("/")
        if not possible:
            wanted = "env: and the name of a variable" if kind == "env" else "file: and the whole path, from /"
            raise bad(f"a secret lies at {wanted}", where)
    return value
