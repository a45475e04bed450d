"""Priced contracts put together as bills. The arithmetic is balie.rules; titles are in the client's language."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import override

from balie.accounts.models import Client
from balie.billing.bill import Bill, BilledContract, BillLine, LimitState, Used, VatRate
from balie.billing.frozen import terms_said
from balie.billing.terms import Priceable
from balie.billing.usage import NO_CALLS, calls_of, messages_of, some_calls
from balie.operator.models import Operator
from balie.rules import bill as rules
from balie.rules.bill import COST_LIMIT, MINIMUM_REVENUE
from balie.rules.candidates import Candidates
from balie.rules.errors import Refused
from balie.rules.lines import Known
from balie.rules.meter import Meter
from balie.rules.money import cents_of
from balie.rules.period import Period
from balie.rules.rating import price_bill, price_contract
from balie.rules.terms import Quantities, Quantity, Terms
from balie.rules.usage import Measuring, by_contract, measure, tally
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
    """What these contracts used in the month. clients: read only their calls and SMS."""
    here = Measuring(terms, Candidates.of(terms, period), period, house.region)
    owners = None if clients is None else set(clients)
    sent = messages_of(period, owners) if Meter.SMS in here.candidates.meters else None
    try:
        # A part is counted in another thread while the database writes the next.
        with ThreadPoolExecutor(1) as other:
            tallies = [other.submit(tally, calls, here) for calls in some_calls(period, owners)]
            if sent is not None:
                tallies.append(other.submit(tally, NO_CALLS, here, messages=sent))
            return by_contract([each.result() for each in tallies], here)
    except Refused:
        # Again at once: a refusal counts the whole month.
        return measure(calls_of(period, owners), terms, period=period, region=house.region, messages=sent)


def priced_parts(
    wanted: Sequence[Priceable], period: Period, house: House, quantities: Quantities
) -> dict[Client, list[BilledContract]]:
    """Each client's parts of a bill. A contract that has nothing to say in the month is left out."""
    found: dict[Client, list[BilledContract]] = defaultdict(list)
    lines = Lines(period, house)
    for one in wanted:
        client = one.contract.client
        part = part_of(one, lines, quantities.get(one.terms.contract, {}))
        if part.lines or one.terms.covers(period):
            found[client].append(part)
    return found


@dataclass(frozen=True)
class Lines:
    """The lines of one month's bills. Contracts of one tariff share those they have alike."""

    period: Period
    house: House
    known: Known = field(default_factory=dict)
    billed: dict[tuple[int, str], tuple[rules.Line, BillLine]] = field(default_factory=dict)
    titles: dict[tuple[int, str, str], str] = field(default_factory=dict)

    def bill_line(self, line: rules.Line, language: str) -> BillLine:
        key = id(line), language
        if (found := self.billed.get(key)) is None:
            # With the line itself, so that no other can come to its id.
            found = self.billed[key] = line, named_line(line, self.title(line, language), self.period)
        return found[1]

    def title(self, line: rules.Line, language: str) -> str:
        """What the line is called in this language; of the lines of one item asked once."""
        key = id(line.item), line.meter, language
        if (found := self.titles.get(key)) is None:
            found = self.titles[key] = title_of(line.title, str(line.meter), language, self.house.language)
        return found


def priced_part(one: Priceable, period: Period, house: House, quantities: Quantities) -> BilledContract:
    return part_of(one, Lines(period, house), quantities.get(one.terms.contract, {}))


def part_of(one: Priceable, lines: Lines, quantities: Mapping[int, Quantity]) -> BilledContract:
    priced = price_contract(one.terms, lines.period, quantities, cents=lines.house.cents, known=lines.known)
    limit, language, version = priced.limit, one.contract.client.language, one.terms.version_in(lines.period)
    state = LimitState(limit.limit, limit.sum, limit.reached, limit.task) if limit else None
    return BilledContract(
        service=priced.service,
        tariff=priced.tariff,
        lines=tuple(lines.bill_line(line, language) for line in priced.lines),
        cost_limit=state,
        contract=one.terms.contract,
        first_day=priced.since,
        start=one.terms.start,
        end=one.terms.end,
        terms=terms_said(one.terms),
        used=Used(version, quantities) if version and one.terms.covers(lines.period) else None,
    )


def bill_line(line: rules.Line, language: str, period: Period, house: House) -> BillLine:
    return Lines(period, house).bill_line(line, language)


def named_line(line: rules.Line, title: str, period: Period) -> BillLine:
    month = line.for_month
    return BillLine(
        item=title,
        meter=str(line.meter),
        quantity=line.quantity,
        unit=str(line.unit),
        price=line.price,
        amount=line.amount,
        vat_percent=line.vat_percent,
        reason=line.why,
        titles=line.title,
        position=line.position,
        for_month=period if month == period.first_day else Period(month.year, month.month, period.zone),
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
