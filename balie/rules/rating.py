"""What a contract costs in a month: measured quantities and a tariff's version become lines with a reason each. Pure.

The order of things (product.md 4): usage and fees item by item, each rounded once; the cost limit; what frozen bills
charged too much or too little; the minimum revenue; VAT per rate over all contracts of a client. The version that holds
in a month prices all of its bill, fees in advance for the next month too: a later version never changes it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from balie.rules.bill import Line, Priced, Totals, VatPart
from balie.rules.errors import Phrase, Refused
from balie.rules.limits import lifted, limited
from balie.rules.lines import Known, Pricing, lines_of
from balie.rules.money import quotient
from balie.rules.period import Period
from balie.rules.settle import settlements
from balie.rules.tariff import Version
from balie.rules.terms import NOTHING, Quantity, Terms

ZERO = Decimal("0.00")


def price_contract(
    terms: Terms, period: Period, quantities: Mapping[int, Quantity], *, cents: int = 2, known: Known | None = None
) -> Priced:
    """The lines of one contract in a month; `quantities` by the position of the item (usage.measure).

    known: where contracts that are priced together keep the lines they share; of one month, while their terms live.

    Raises Refused, naming client, tariff and item, for usage or a fee without a price, for steps that do not cover the
    quantity, and for a month before the tariff's first version.
    """
    version = terms.version_in(period)
    if version is None or not terms.covers(period):
        return without_days(terms, period, version, cents)
    here = Pricing(terms, version, period, cents, {} if known is None else known)
    lines: list[Line] = []
    for item in version.items:
        lines += lines_of(here, item, quantities.get(item.position, NOTHING))
    capped, state = limited(here, lines)
    settled = list(settlements(terms, period, cents))
    extra = lifted(here, lines, state)
    return Priced(terms.contract, version.service, version.code, version.first_day, (*capped, *settled, *extra), state)


def without_days(terms: Terms, period: Period, version: Version | None, cents: int) -> Priced:
    """A month in which the contract has no day, but frozen bills to set right."""
    if terms.covers(period):
        code = terms.versions[0].code if terms.versions else ""
        message = Phrase(
            "Client %(client)s: the tariff %(tariff)s has no version that holds in %(month)s.",
            client=terms.number, tariff=code, month=str(period),
        )  # fmt: skip
        raise Refused("no_version", message, f"tariff {code}")
    last = version or terms.versions[0]
    return Priced(
        terms.contract, last.service, last.code, last.first_day, tuple(settlements(terms, period, cents)), None
    )


def price_bill(lines: Iterable[Line], *, cents: int = 2) -> Totals:
    """The sums of a client's bill: net, VAT rounded once per rate over all contracts, and both."""
    nets: defaultdict[Decimal, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        nets[line.vat_percent] += line.amount
    rates = tuple(vat_part(percent, nets[percent], cents) for percent in sorted(nets))
    net = sum((rate.net for rate in rates), ZERO)
    vat = sum((rate.vat for rate in rates), ZERO)
    return Totals(net, vat, net + vat, rates)


def vat_part(percent: Decimal, net: Decimal, cents: int) -> VatPart:
    (net_parts, of_net), (rate_parts, of_rate) = net.as_integer_ratio(), percent.as_integer_ratio()
    return VatPart(percent, net, quotient(net_parts * rate_parts, of_net * of_rate * 100, cents))
