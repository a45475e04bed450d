"""How amounts and prices are written on pages: in the operator's currency, as the reader's language writes it."""

from decimal import Decimal, InvalidOperation

from babel.numbers import format_currency, format_decimal

from balie.operator.written import QUIET_DASH, locale
from balie.rules.money import cents_of

NO_BREAK = "\u00a0"


def money(amount: Decimal, currency: str) -> str:
    """€ 1.234,50, 1.234,50 €, €1,234.50; a minus before the sign of the currency, where it is read first."""
    text = format_currency(abs(amount), currency, locale=locale())
    return f"−{text}" if amount < 0 else text


def signed(amount: Decimal, currency: str) -> str:
    """A difference: +€ 12,00, −€ 3,10, ±€ 0,00."""
    sign = "+" if amount > 0 else "" if amount < 0 else "±"
    return sign + money(amount, currency)


def price(text: str, currency: str) -> str:
    """A price with as many decimals as it was given, at least those of the currency: € 0,0125."""
    if not text:
        return ""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    decimals = max(cents_of(currency), len(text.partition(".")[2].rstrip("0")))
    pattern = {"nl": f"¤{NO_BREAK}#,##0", "de": "#,##0", "en": "¤#,##0"}[locale()[:2]]
    pattern += f".{'0' * decimals}" if decimals else ""
    pattern += f"{NO_BREAK}¤" if locale() == "de" else ""
    return format_currency(value, currency, pattern, locale=locale(), currency_digits=False)


def plain(amount: Decimal, currency: str) -> str:
    """The figures alone, for tables whose head names the currency."""
    decimals = cents_of(currency)
    pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    text = format_decimal(abs(amount), pattern, locale=locale())
    return f"−{text}" if amount < 0 else text


def signed_plain(amount: Decimal, currency: str) -> str:
    """A difference in a table: +12,00, −3,10."""
    return f"+{plain(amount, currency)}" if amount > 0 else plain(amount, currency)


def percent(value: Decimal) -> str:
    """21 %, 5,5 %: of a rate, as exact as it is."""
    text = format_decimal(value.normalize(), locale=locale())
    return f"{text}%" if locale() == "en_GB" else f"{text}{NO_BREAK}%"


def percent_tenths(value: Decimal | None) -> str:
    """44,0 %, −0,7 %: of a margin, so exact that a target can be compared; a dash where there is none."""
    if value is None:
        return QUIET_DASH
    text = format_decimal(abs(value), "#,##0.0", locale=locale())
    sign = "−" if value < 0 else ""
    return f"{sign}{text}%" if locale() == "en_GB" else f"{sign}{text}{NO_BREAK}%"
