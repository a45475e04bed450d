"""`balie change`: contracts from the command line."""

import click

from balie.accounts.queries import client_by_number
from balie.cli.face import say, speaks
from balie.cli.setup import author
from balie.contracts.queries import change_document, tariff_wanted
from balie.controlling.offers import CODE, take_tariff
from balie.tariffs.queries import local_day


@click.command()
@click.option("--client", "number", metavar="NO", required=True, help="The client's number.")
@click.option("--service", required=True, help="The service whose tariff changes: telephone, sms …")
@click.option("--tariff", "code", metavar="CODE", required=True, help="A public tariff's code, or one the client got.")
@speaks
def change(number: str, service: str, code: str, as_json: bool) -> None:
    """Changes a client's tariff from the first of next month.

    What is booked goes along. Asked for again, it says what stands. The tariff of today takes a coming change back.

    \b
    Example:
      balie change --client 1001 --service telephone --tariff K7RA-2MXE-94UW
    """
    by = author()
    client = client_by_number(number)
    tariff = tariff_wanted(client, service.strip(), code, day=local_day(by.now))
    contract = take_tariff(client=client, service=service.strip(), tariff=tariff, how=CODE, author=by)
    text = f"{client} has {contract.service} at {contract.tariff} from {contract.start}."
    say(change_document(contract), as_json=as_json, text=text)
