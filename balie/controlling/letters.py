"""What the mail with an offer says: the values of its variables, and whether somebody's own words still say them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from babel.numbers import format_currency
from django.utils.translation import gettext as _
from django.utils.translation import override

from balie.accounts.actions import checked_email
from balie.accounts.models import Client
from balie.controlling.models import Offer
from balie.notifications.mails import KINDS, LANGUAGES, OPERATOR
from balie.notifications.texts import check, tidy
from balie.notifications.wording import Wording, filled, variables
from balie.operator.models import Operator
from balie.operator.queries import operator as the_operator
from balie.operator.written import locale, long_day
from balie.rules.errors import Refused
from balie.rules.meter import Meter
from balie.rules.offer import Changes
from balie.rules.tariff import Cycle
from balie.tariffs.models import TariffVersion
from balie.tariffs.queries import items_of, title_in
from balie.tariffs.words import service_name

MAIL = "client_offer"
LINK, CODE = "link", "code"
MOST_RECIPIENTS = 10


def language_of(offer: Offer, operator: Operator) -> str:
    return language_for(offer.task.client, operator)


def language_for(client: Client, operator: Operator) -> str:
    """The language of the client, or the operator's where there are no texts in it."""
    return next((one for one in (client.language, operator.language) if one in LANGUAGES), "en")


def values_of(offer: Offer, version: TariffVersion, *, begin: date, link: str) -> dict[str, str]:
    """The variables of the mail in the client's language, all but the operator's name."""
    operator, client = the_operator(), offer.task.client
    language = language_of(offer, operator)
    with override(language):
        return {
            "client": client.name,
            "service": service_name(offer.task.service),
            "tariff": title_in(language, version.title, own=operator.language, otherwise=offer.tariff.code),
            "fee": fee(offer, version, operator.currency),
            CODE: offer.tariff.code,
            LINK: link,
            "from_day": long_day(begin),
        }


def fee(offer: Offer, version: TariffVersion, currency: str) -> str:
    """The figure that the offer changes, with what it is for."""
    amount = format_currency(Decimal(offer.fee), currency, locale=locale())
    if offer.changes == Changes.CALL_PRICE:
        return _("%(amount)s per accepted call") % {"amount": amount}
    if offer.changes == Changes.COST_LIMIT:
        return _("at most %(amount)s a month") % {"amount": amount}
    basic = [one for one in items_of(version) if one.meter == Meter.BASIC_FEE and one.cycle != Cycle.ONCE]
    yearly = bool(basic) and all(one.cycle == Cycle.YEARLY for one in basic)
    return (_("%(amount)s a year") if yearly else _("%(amount)s a month")) % {"amount": amount}


def opened(wording: Wording, values: Mapping[str, str]) -> Wording:
    """The words with every value in its place but the link, so that somebody can go on writing them."""
    known = {**values, OPERATOR: the_operator().name, LINK: f"{{{LINK}}}"}
    body = "\n".join(filled(line, known) for line in wording.body.splitlines())
    return Wording(filled(wording.subject, known), body, filled(wording.button, known))


def checked_words(words: Wording, *, code: str, kind: str = MAIL) -> Wording:
    """Words somebody wrote for one mail. Refused, at their field, where no mail can be made of them.

    The code may stand there as the variable or as it is: without it nobody could accept on the telephone.
    """
    said = tidy(words)
    check(replace(KINDS[kind], needed=(LINK,)), said)
    if code not in said.body and CODE not in variables(said.body):
        missing = _("The code %(code)s must stand in the text: it is how the client accepts on the telephone.")
        raise Refused("code_missing", missing % {"code": code}, "body")
    return said


def checked_recipients(typed: Sequence[str]) -> list[str]:
    """Addresses, each once. Refused, at `to`, for none, too many, or one that cannot be an address."""
    found = list(dict.fromkeys(address.strip() for address in typed if address.strip()))
    if not found:
        raise Refused("no_recipient", _("Type the address the offer goes to."), "to")
    if len(found) > MOST_RECIPIENTS:
        raise Refused("many_recipients", _("An offer goes to at most %(n)s addresses.") % {"n": MOST_RECIPIENTS}, "to")
    for address in found:
        try:
            checked_email(address)
        except Refused:
            said = _("“%(address)s” cannot be an address of a mailbox.") % {"address": address[:80]}
            raise Refused("bad_recipient", said, "to") from None
    return found
