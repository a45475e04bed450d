"""What a client pays first when it orders a tariff: the fees on the first bill, before anything is used."""

from dataclasses import replace
from datetime import date

from balie.accounts.models import Client
from balie.accounts.queries import can_log_in
from balie.billing.bill import BilledContract
from balie.billing.pricing import House, priced_part
from balie.billing.terms import Priceable
from balie.contracts.models import Contract
from balie.operator.queries import operator
from balie.rules.period import Period
from balie.rules.terms import Terms
from balie.rules.why import Reason
from balie.tariffs.models import Tariff
from balie.tariffs.queries import terms_by_tariff

FEES = (Reason.FEE,)


def first_fees(client: Client, tariff: Tariff, day: date) -> BilledContract:
    """The fees on the bill of the month in which a contract at this tariff begins on a day. Nothing is written.

    client: need not be stored; its language names the lines. Refused where a fee has no price, and before the tariff's
    first version.
    """
    settings = operator()
    contract = Contract(client=client, service=tariff.service, tariff=tariff, start=day)
    users = can_log_in().filter(client=client).count() if client.pk else 1  # whoever signs up to order it
    terms = Terms(
        contract=0,
        client=client.pk or 0,
        number=client.number,
        versions=terms_by_tariff([tariff]).get(tariff.pk, ()),
        start=day,
        first_start=day,
        users=users,
    )
    period = Period(day.year, day.month, settings.timezone)
    priced = priced_part(Priceable(contract, terms), period, House.of(settings), {})
    fees = tuple(line for line in priced.lines if line.because.get("reason") in FEES)
    return replace(priced, lines=fees)
