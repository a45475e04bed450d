"""What one value of a world file may be. Each kind gives the value as the tables want it, or says what is wrong."""

import re
from collections.abc import Callable, Collection, Sequence
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

from balie.rules.errors import Phrase, Refused
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
NO_HOST = Phrase("this address has no possible host and port")
NO_WHOLE_PATH = Phrase("a file's address has three slashes and the whole path: file:///var/log/calls.csv")
PASSWORD_IN_ADDRESS = Phrase(
    'a password does not belong in an address; write it as "password": "env:NAME" or "file:PATH"'
)


def text(most: int, *, empty: bool = False) -> Text:
    """One line of text without spaces around it, not empty unless it may be."""

    def check(value: Any, where: str) -> str:
        if not isinstance(value, str):
            hint = f'text in quotes ("{value}")' if isinstance(value, int) and not isinstance(value, bool) else "text"
            raise wrong(value, hint, where)
        if UNPRINTABLE.search(value):
            raise bad(Phrase("signs that cannot be printed stand in this text"), where)
        line = value.strip()
        if not line and not empty:
            raise bad(Phrase("this is empty"), where)
        if len(line) > most:
            raise bad(too_long(len(line), most), where)
        return line

    return check


def lines(most: int) -> Text:
    """Text of one or more lines."""

    def check(value: Any, where: str) -> str:
        if not isinstance(value, str) or not value.strip():
            return text(most)(value, where)
        joined = "\n".join(text(most, empty=True)(line, where) for line in value.splitlines()).strip()
        if len(joined) > most:
            raise bad(too_long(len(joined), most), where)
        return joined

    return check


def too_long(count: int, most: int) -> str:
    return Phrase("this text is too long: %(count)s signs where %(most)s fit", count=count, most=most)


def or_null(kind: Kind, nothing: Any = None) -> Kind:
    """The same, or null, which stands for `nothing`."""
    return lambda value, where: nothing if value is None else kind(value, where)


def choice(*words: str) -> Kind:
    """One of these words."""

    def check(value: Any, where: str) -> str:
        word = text(200)(value, where)
        if word not in words:
            said = Phrase("%(word)s is not known; %(hint)s", word=quoted(word), hint=nearest(word, words))
            raise bad(said, where)
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
            said = Phrase("this should be a whole number from %(least)s to %(most)s, not %(value)s",
                          least=least, most=most, value=value)  # fmt: skip
            raise bad(said, where)
        return value

    return check


def amount(*, digits: int = 10, places: int = 4) -> Text:
    """An amount as text, exactly as it is written: "0.89"."""

    def check(value: Any, where: str) -> str:
        if not isinstance(value, str):
            raise wrong(value, 'an amount in quotes, such as "0.89"', where)
        found = AMOUNT.fullmatch(value)
        if not found:
            raise bad(no_amount(value), where)
        if len(found[1].lstrip("0")) > digits or len(found[1]) > 2 * digits or len(found[2] or "") > places:
            said = Phrase("an amount has at most %(digits)s digits before the point and %(places)s behind it",
                          digits=digits, places=places)  # fmt: skip
            raise bad(said, where)
        return value

    return check


def no_amount(value: str) -> str:
    if "," in value and "." not in value:
        return Phrase('%(value)s is no amount; write it as "0.89", with a point and not a comma', value=quoted(value))
    return Phrase('%(value)s is no amount; write it as "0.89"', value=quoted(value))


def decimal(*, zero: bool = True) -> Kind:
    """An amount that is calculated with and kept as a number."""

    def check(value: Any, where: str) -> Decimal:
        number = Decimal(amount()(value, where))
        if not (number or zero):
            raise bad(Phrase("this should be more than 0"), where)
        return number

    return check


def percent(most: str) -> Kind:
    """A percentage that is calculated with and kept as a number."""

    def check(value: Any, where: str) -> Decimal:
        if not isinstance(value, str):
            raise wrong(value, 'a percentage in quotes, such as "12.5"', where)
        if not checks.PERCENTAGE.fullmatch(value):
            said = Phrase('%(value)s is no percentage; write it as "12.5", with at most three decimals',
                          value=quoted(value))  # fmt: skip
            raise bad(said, where)
        number = Decimal(value)
        if number > Decimal(most):
            raise bad(Phrase("this should be at most %(most)s, not %(value)s", most=most, value=value), where)
        return number

    return check


def day(value: Any, where: str) -> date:
    """A calendar day, YYYY-MM-DD."""
    written = text(40)(value, where)
    found = DAY.fullmatch(written)
    if not found:
        raise bad(Phrase("%(text)s is no day; write it as 2026-11-23", text=quoted(written)), where)
    year, month, number = (int(part) for part in found.groups())
    if year not in YEARS:
        said = Phrase("%(day)s lies outside the years %(first)s to %(last)s; for no end leave it out",
                      day=written, first=YEARS[0], last=YEARS[-1])  # fmt: skip
        raise bad(said, where)
    try:
        return date(year, month, number)
    except ValueError:
        raise bad(Phrase("there is no day %(day)s", day=written), where) from None


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
        raise bad(Phrase("%(text)s is no time of day; write it as 05:30", text=quoted(written)), where)
    return time(int(found[1]), int(found[2]))


def zone(value: Any, where: str) -> str:
    name = text(64)(value, where)
    if name not in zones():
        raise bad(Phrase("there is no time zone %(name)s; write it as Europe/Amsterdam", name=quoted(name)), where)
    return name


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


def region(value: Any, where: str) -> str:
    """A country (and state) as the library `holidays` names it: NL, DE-NW."""
    name = text(12)(value, where)
    country, dash, state = name.partition("-")
    if country not in countries():
        raise bad(Phrase("there is no country %(name)s; write it as NL or DE-NW", name=quoted(name)), where)
    known = states().get(country, ())
    if dash and state not in known:
        raise bad(no_state(country, quoted(state), known), where)
    return name


def countries() -> frozenset[str]:
    """Those whose telephone numbers can be read, by their two letters."""
    return frozenset(phonenumbers.SUPPORTED_REGIONS)


def no_state(country: str, state: str, known: Collection[str]) -> str:
    if not known:
        return Phrase("%(country)s has no state %(state)s; write %(country)s alone", country=country, state=state)
    said = Phrase("known are %(words)s", words=", ".join(known))
    return Phrase("%(country)s has no state %(state)s; %(hint)s", country=country, state=state, hint=said)


def currency(value: Any, where: str) -> str:
    """A currency somebody pays with today, by ISO 4217."""
    name = text(20)(value, where)
    if name not in currencies():
        raise bad(Phrase("there is no currency %(name)s; write it as EUR", name=quoted(name)), where)
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
        raise bad(Phrase("%(address)s is no email address", address=quoted(address)), where) from None
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
            said = Phrase("%(text)s is no address for this; it begins with %(schemes)s",
                          text=quoted(written), schemes=beginnings(schemes))  # fmt: skip
            raise bad(said, where)
        check_host(written, where)
        return written

    return check


def beginnings(schemes: Sequence[str]) -> str:
    """https:// or http://"""
    *others, last = (f"{one}://" for one in schemes)
    found: str = last
    for one in reversed(others):
        found = Phrase("%(one)s or %(other)s", one=one, other=found)
    return found


def check_host(url: str, where: str) -> None:
    """Refused for a URL with an impossible host or port, or with a password in it."""
    try:
        parts = urlsplit(url)
        host, port, password = parts.hostname, parts.port, parts.password
    except ValueError:
        raise bad(NO_HOST, where) from None
    if password is not None:
        raise bad(PASSWORD_IN_ADDRESS, where)
    if parts.scheme == "file":
        if host or not parts.path.startswith("/"):
            raise bad(NO_WHOLE_PATH, where)
    elif not host or not HOST.fullmatch(host) or port == 0:
        raise bad(NO_HOST, where)


def web_address(value: Any, where: str) -> str:
    """Where the pages are reached, without a slash at the end."""
    written: str = address("https", "http")(text(300)(value, where), where)
    if any(sign in written for sign in "?# <>\"'\\"):
        said = Phrase("%(text)s is more than an address; write it as https://balie.example.nl", text=quoted(written))
        raise bad(said, where)
    return written.rstrip("/")


def secret(value: Any, where: str) -> str:
    """Where a secret lies: env:NAME or file:PATH. The secret itself is taken too; it is never shown, not even here."""
    if not isinstance(value, str):
        raise Refused("wrong_type", 'this should be text such as "env:NAME" or "file:/path"', where)
    kind, colon, place = value.partition(":")
    if not value or "\x00" in value or len(value) > 10_000 or not value.isprintable():
        raise bad(Phrase('this is no secret; write where it lies: "env:NAME" or "file:/path"'), where)
    if colon and kind in ("env", "file"):
        possible = place.isidentifier() if kind == "env" else place.startswith("/")
        if not possible:
            variable, path = (
                Phrase("a secret lies at env: and the name of a variable"),
                Phrase("a secret lies at file: and the whole path, from /"),
            )
            raise bad(variable if kind == "env" else path, where)
    return value
