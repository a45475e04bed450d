"""Priced contracts put together as bills. The arithmetic is balie.rules; titles are in the client's language."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from balie.accounts.models import Client
from balie.billing.bill import Bill, BilledContract, BillLine, LimitState, VatRate
from balie.billing.frozen import terms_said
from balie.billing.terms import Priceable
from balie.billing.usage import calls_of
from balie.operator.models import Operator
from balie.rules import bill as rules
from balie.rules.bill import COST_LIMIT, MINIMUM_REVENUE
from balie.rules.money import cents_of
from balie.rules.period import Period
from balie.rules.rating import price_bill, price_contract
from balie.rules.terms import Quantities, Terms
from balie.rules.usage import measure
from balie.tariffs.queries import title_in


@dataclass(frozen=True)
class House:
    """What of the operator's settings every price hangs on."""

    currency: str
    language: str
    region: str

    @classmethod
    def of(cls, operator: Operator) -> "House":
        return cls(operator.currency, operator.language, operator.region)

    @property
    def cents(self) -> int:
        return cents_of(self.currency)


def measured(terms: Sequence[Terms], period: Period, house: House, clients: Iterable[int] | None = None) -> Quantities:
    """What these contracts used in the month. clients: read only their calls."""
    calls = calls_of(period, set(clients) if clients is not None else None)
    return measure(calls, terms, period=period, region=house.region)


def priced_parts(
    wanted: Sequence[Priceable], period: Period, house: House, quantities: Quantities
) -> dict[Client, list[BilledContract]]:
    """Each client's parts of a bill. A contract that has nothing to say in the month is left out."""
    found: dict[Client, list[BilledContract]] = defaultdict(list)
    for one in wanted:
        client = one.contract.client
        part = priced_part(one, period, house, quantities)
        if part.lines or one.terms.covers(period):
            found[client].append(part)
    return found


def priced_part(one: Priceable, period: Period, house: House, quantities: Quantities) -> BilledContract:
    priced = price_contract(one.terms, period, quantities.get(one.terms.contract, {}), cents=house.cents)
    limit = priced.limit
    state = LimitState(limit.limit, limit.sum, limit.reached, limit.task) if limit else None
    return BilledContract(
        service=priced.service,
        tariff=priced.tariff,
        lines=tuple(bill_line(line, one.contract.client.language, period, house) for line in priced.lines),
        cost_limit=state,
        contract=one.terms.contract,
        first_day=priced.since,
        start=one.terms.start,
        end=one.terms.end,
        terms=terms_said(one.terms),
    )


def bill_line(line: rules.Line, language: str, period: Period, house: House) -> BillLine:
    return BillLine(
        item=title_of(line.title, str(line.meter), language, house.language),
        meter=str(line.meter),
        quantity=line.quantity,
        unit=str(line.unit),
        price=line.price,
        amount=line.amount,
        vat_percent=line.vat_percent,
        reason=line.why,
        titles=line.title,
        position=line.position,
        for_month=Period(line.for_month.year, line.for_month.month, period.zone),
    )


def title_of(titles: Mapping[str, str], meter: str, language: str, own: str) -> str:
    """What a line is called: the item's title; limit and minimum by their names in the client's language."""
    if meter in (COST_LIMIT, MINIMUM_REVENUE):
        with override(language):
            return _("Cost limit") if meter == COST_LIMIT else _("Minimum revenue")
    return title_in(language, titles, own=own, otherwise=meter)


def put_together(client: Client, period: Period, parts: Sequence[BilledContract], house: House) -> Bill:
    """The bill of these parts: net, VAT rounded once per rate over all of them."""
    totals = price_bill([line for part in parts for line in part.lines], cents=house.cents)  # type: ignore[misc]
    rates = tuple(VatRate(rate.percent, rate.net, rate.vat) for rate in totals.rates)
    return Bill(client, period, house.currency, tuple(parts), totals.net, totals.vat, totals.gross, rates)
