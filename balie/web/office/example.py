"""What a client paid last month, and what the same month would have come to at a version, stored or in the editor."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.billing.bill import Bill, BillLine
from balie.billing.queries import bill, preview
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.tariffs.models import TariffVersion
from balie.tariffs.queries import terms_of
from balie.web import pricelist, why, written
from balie.web.missing import in_words
from balie.web.request import Desk

ITEM = re.compile(r"items\[(\d+)\]")


@dataclass(frozen=True)
class Example:
    """Last month as it was and at a version, net; or why that cannot be told."""

    client: Client
    period: Period
    present: Bill | None
    other: Bill | None
    problem: str = ""

    @property
    def was(self) -> Decimal | None:
        """The month as it was. Corrections of closed months belong to no tariff and are left out on both sides."""
        return net(line for line in self.present.lines if not line.correction_of) if self.present else None

    @property
    def difference(self) -> Decimal | None:
        return self.other.net - self.was if self.other and self.was is not None else None

    @property
    def lines(self) -> list[tuple[BillLine, str]]:
        """The lines at this version with their quantities as written."""
        return [(line, why.quantity(line.quantity, line.unit)) for line in self.other.lines] if self.other else []


def net(lines: Iterable[BillLine]) -> Decimal:
    return sum((line.amount for line in lines), Decimal("0.00"))


def client_named(text: str) -> Client | None:
    """The client whose number a field begins with: “1001 Bakker” is 1001."""
    number = text.strip().partition(" ")[0][:40]
    return Client.objects.filter(number=number).first() if number else None


def at_version(client: Client, version: TariffVersion, desk: Desk) -> Example:
    """The client's last month as it was, and at this version."""
    period = desk.this_month.previous()
    present = as_it_was(client, period)
    try:
        return Example(client, period, present, preview(client, period, version))
    except Refused as refusal:
        return Example(client, period, present, None, untold(refusal, client, period, version))


def as_it_was(client: Client, period: Period) -> Bill | None:
    try:
        return bill(client, period)
    except Refused:
        return None


def untold(refusal: Refused, client: Client, period: Period, version: TariffVersion) -> str:
    """Why there is no amount, in the reader's language."""
    if refusal.code == "no_contract":
        said = {"client": client.name, "month": written.month(period)}
        return _("%(client)s had no contract for this service in %(month)s.") % said
    code, _comma, place = refusal.where.removeprefix("tariff ").partition(", ")
    if refusal.code != "no_price" or code != version.tariff.code:
        return in_words(refusal, period)
    if found := ITEM.fullmatch(place):
        items = [item for item in terms_of(version).items if item.position == int(found[1])]
        title = pricelist.reads(items[0], "").title if items else place
        return _("“%(item)s” has no price, and it was used; 0.00 makes it free.") % {"item": title}
    return _("“%(meter)s” was used at hours that no item has a price for.") % {"meter": pricelist.meter(place)}
