"""What the mail says that offers another tariff to a client that gave notice. How it is checked: letters.py."""

from datetime import date
from decimal import Decimal

from babel.numbers import format_currency
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from balie.controlling.letters import CODE, LINK, language_for
from balie.controlling.models import WinBack
from balie.operator.queries import operator as the_operator
from balie.operator.written import locale, long_day
from balie.rules.meter import Meter
from balie.rules.money import quotient
from balie.rules.tariff import Cycle
from balie.tariffs.models import TariffVersion
from balie.tariffs.queries import items_of, title_in
from balie.tariffs.words import service_name

MAIL = "winback_offer"


def values_of(
    case: WinBack, version: TariffVersion, *, begin: date, link: str, revenue: Decimal | None
) -> dict[str, str]:
    """The variables of the mail in the client's language, all but the operator's name.

    revenue: what the case's months would have come to at the tariff, net; None where that cannot be told.
    """
    operator, client, code = the_operator(), case.client, version.tariff.code
    language = language_for(client, operator)
    with override(language):
        return {
            "client": client.name,
            "service": service_name(case.service),
            "ends": long_day(case.cancellation.ends),
            "tariff": title_in(language, version.title, own=operator.language, otherwise=code),
            "price": price(case, version, revenue, operator.currency),
            CODE: code,
            LINK: link,
            "from_day": long_day(begin),
        }


def price(case: WinBack, version: TariffVersion, revenue: Decimal | None, currency: str) -> str:
    """What an average month would have cost, and did; where nobody can tell, the basic fee."""
    months = len(case.months)
    if revenue is None or case.revenue is None or not months:
        return basic_fee(version, currency)
    said = ngettext(
        "%(new)s instead of %(old)s, going by your last month, without VAT",
        "%(new)s a month instead of %(old)s, going by your last %(n)s months, without VAT",
        months,
    )
    return said % {
        "new": average(revenue, months, currency),
        "old": average(case.revenue, months, currency),
        "n": months,
    }


def average(amount: Decimal, months: int, currency: str) -> str:
    return format_currency(quotient(int(amount * 100), 100 * months), currency, locale=locale())


def basic_fee(version: TariffVersion, currency: str) -> str:
    for item in items_of(version):
        if item.meter == Meter.BASIC_FEE and item.cycle != Cycle.ONCE and item.price:
            amount = format_currency(Decimal(item.price), currency, locale=locale())
            said = _("%(amount)s a year") if item.cycle == Cycle.YEARLY else _("%(amount)s a month")
            return said % {"amount": amount}
    return _("as the page says")
