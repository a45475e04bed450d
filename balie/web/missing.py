"""What keeps a bill from being made, in the reader's language, with the tariff where it is mended."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from balie.operator.phrases import told
from balie.operator.queries import operator
from balie.rules.errors import Refused
from balie.rules.holidays import no_calendar
from balie.rules.period import Period
from balie.tariffs.models import Tariff
from balie.tariffs.queries import in_force, terms_of, versions_of
from balie.web import pricelist, written

# The refusals of pricing that a manager can mend in a tariff.
UNPRICED = ("no_price", "no_version")
ITEM = re.compile(r"items\[(\d+)\]")
HOLIDAYS = "unknown_holidays"


@dataclass(frozen=True)
class Missing:
    """What is missing, what to do about it, and the first place where it was found, as the log has it (in English)."""

    text: str
    remedy: str
    found: str
    tariff: Tariff | None


def missing(refusal: Refused, period: Period) -> Missing:
    """A refusal of pricing told for pages; any other is raised again."""
    if refusal.code not in UNPRICED:
        raise refusal
    code, _comma, place = refusal.where.removeprefix("tariff ").partition(", ")
    tariff = Tariff.objects.filter(code=code).first()
    said = {"code": code, "month": written.month(period)}
    if refusal.code == "no_version":
        text = _("The tariff %(code)s has no prices in %(month)s.") % said
        remedy = _("Give it a version that holds from then on.")
    elif position := ITEM.fullmatch(place):
        text = _("“%(item)s” of the tariff %(code)s has no price, and it was used.")
        text %= {**said, "item": title_at(tariff, period, int(position[1]))}
        remedy = _("Give the item a price in a version that holds in this month; 0.00 makes it free.")
    else:
        text = _("“%(meter)s” of the tariff %(code)s was used at hours that no item has a price for.")
        text %= {**said, "meter": pricelist.meter(place)}
        remedy = _("Add an item of the same kind without hours; it takes what the others leave.")
    return Missing(text, remedy, refusal.message, tariff)


def in_words(refusal: Refused, period: Period) -> str:
    """Any refusal of pricing in the reader's language, where a row keeps what was said too."""
    if refusal.code in UNPRICED:
        return missing(refusal, period).text
    return told(no_calendar(operator().region) if refusal.code == HOLIDAYS else refusal.message)


def title_at(tariff: Tariff | None, period: Period, position: int) -> str:
    """What the item at this place is called."""
    version = in_force(versions_of([tariff]).get(tariff.pk, []), period.first_day) if tariff else None
    items = terms_of(version).items if version else ()
    titles = [pricelist.reads(item, "EUR").title for item in items if item.position == position]
    return titles[0] if titles else f"items[{position}]"
