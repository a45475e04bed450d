"""Bills as they are kept once their month is closed, and back. A line is kept as the mapping `line_said` gives."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from balie.billing.bill import Bill, BilledContract, BillLine, LimitState, VatRate
from balie.billing.models import FrozenBill, FrozenPart
from balie.rules.meter import Meter
from balie.rules.period import Period
from balie.rules.tariff import Version
from balie.rules.terms import Booking, Terms

Said = dict[str, Any]


def bill_row(bill: Bill, now: datetime) -> FrozenBill:
    rates = [[str(rate.percent), str(rate.net), str(rate.vat)] for rate in bill.rates]
    sums = {"net": bill.net, "vat": bill.vat, "gross": bill.gross}
    return FrozenBill(
        client=bill.client, month=bill.period.key, currency=bill.currency, rates=rates, created=now, **sums
    )


def part_rows(row: FrozenBill, bill: Bill) -> list[FrozenPart]:
    return [
        FrozenPart(
            bill=row,
            contract_id=part.contract,
            position=position,
            service=part.service,
            tariff=part.tariff,
            net=part.net,
            lines=[line_said(line) for line in part.lines],
            terms={**part.terms, "first_day": part.first_day and part.first_day.isoformat()},
            cost_limit=part.cost_limit and limit_said(part.cost_limit),
        )
        for position, part in enumerate(bill.contracts)
    ]


def line_said(line: BillLine) -> Said:
    said: Said = {
        "item": line.item,
        "titles": dict(line.titles),
        "meter": line.meter,
        "position": line.position,
        "quantity": line.quantity,
        "unit": line.unit,
        "price": line.price,
        "amount": str(line.amount),
        "vat_percent": str(line.vat_percent),
        "for": str(line.for_month) if line.for_month else None,
        "why": line.why,
        "because": dict(line.because),
    }
    return said | ({"correction_of": str(line.correction_of)} if line.correction_of else {})


def limit_said(state: LimitState) -> Said:
    return {"limit": str(state.limit), "sum": str(state.sum), "reached": state.reached, "task": state.task}


def terms_said(terms: Terms) -> Said:
    """What a contract was priced by, so that its month can be priced anew exactly as it was."""
    return {
        "start": terms.start.isoformat(),
        "end": terms.end and terms.end.isoformat(),
        "first_start": terms.since.isoformat(),
        "users": terms.users,
        "bookings": [
            [str(one.meter), one.quantity, day_said(one.first_day), day_said(one.last_day), one.text]
            for one in terms.bookings
        ],
    }


def day_said(day: date | None) -> str | None:
    return day.isoformat() if day else None


def terms_read(part: FrozenPart, versions: tuple[Version, ...]) -> Terms:
    """The terms of a frozen part again."""
    assert part.contract_id is not None
    client = part.bill.client
    return terms_kept(part.terms, contract=part.contract_id, client=client.pk, number=client.number, versions=versions)


def terms_kept(said: Said, *, contract: int, client: int, number: str, versions: tuple[Version, ...]) -> Terms:
    """Terms from what is kept of them (`terms_said`), of a contract and client known by their ids."""
    return Terms(
        contract=contract,
        client=client,
        number=number,
        versions=versions,
        start=date.fromisoformat(said["start"]),
        end=day_read(said["end"]),
        first_start=date.fromisoformat(said["first_start"]),
        users=said["users"],
        bookings=tuple(
            Booking(Meter(meter), quantity, day_read(first), day_read(last), text)
            for meter, quantity, first, last, text in said["bookings"]
        ),
    )


def day_read(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def bill_read(row: FrozenBill, parts: Iterable[FrozenPart], zone: str) -> Bill:
    """A kept bill as it was."""
    rates = tuple(VatRate(*map(Decimal, rate)) for rate in row.rates)
    read = tuple(part_read(part, zone) for part in parts)
    period = Period.from_key(row.month, zone)
    return Bill(row.client, period, row.currency, read, row.net, row.vat, row.gross, rates, row.created)


def part_read(part: FrozenPart, zone: str) -> BilledContract:
    said, limit = part.terms, part.cost_limit
    state = limit and LimitState(Decimal(limit["limit"]), Decimal(limit["sum"]), limit["reached"], limit["task"])
    return BilledContract(
        service=part.service,
        tariff=part.tariff,
        lines=tuple(line_read(line, zone) for line in part.lines),
        cost_limit=state or None,
        contract=part.contract_id,
        first_day=day_read(said.get("first_day")),
        start=day_read(said.get("start")),
        end=day_read(said.get("end")),
        terms=said,
    )


def line_read(said: Mapping[str, Any], zone: str) -> BillLine:
    corrects = said.get("correction_of")
    return BillLine(
        item=said["item"],
        titles=said["titles"],
        meter=said["meter"],
        position=said["position"],
        quantity=said["quantity"],
        unit=said["unit"],
        price=said["price"],
        amount=Decimal(said["amount"]),
        vat_percent=Decimal(said["vat_percent"]),
        for_month=Period.parse(said["for"], zone) if said["for"] else None,
        said=said["why"],
        told=said["because"],
        correction_of=Period.parse(corrects, zone) if corrects else None,
    )
