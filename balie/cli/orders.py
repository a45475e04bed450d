"""`balie order` and `balie cancel`: a service from the command line."""

from datetime import date

import click

from balie.accounts.models import Client, User
from balie.accounts.queries import client_by_number, user_by_email
from balie.cli.face import say, speaks
from balie.cli.setup import author
from balie.contracts.actions import Wish, cancel_service, place_order
from balie.contracts.models import Order
from balie.contracts.queries import cancel_document, order_document
from balie.rules.errors import Refused
from balie.tariffs.queries import local_day, opened_by


@click.command()
@click.option("--client", "number", metavar="NO", required=True, help="The client's number.")
@click.option("--tariff", "code", metavar="CODE", required=True, help="A public tariff's code, or one the client got.")
@click.option("--by", "email", metavar="EMAIL", default="", help="A user who orders and gets the mails too.")
@speaks
def order(number: str, code: str, email: str, as_json: bool) -> None:
    """Orders a service for a client: its number is claimed at once and works within seconds.

    An order under way for that service is returned instead of a second one. `balie work` makes it work.

    \b
    Example:
      balie order --client 1001 --tariff BASIS --by info@bakker.example
    """
    by = author()
    client = client_by_number(number)
    user = orderer(email, client) if email else None
    tariff = opened_by(code, client=client, day=local_day(by.now))
    placed = place_order(client=client, tariff=tariff, wish=Wish(user=user), author=by)
    say(order_document(placed), as_json=as_json, text=told(placed))


def orderer(email: str, client: Client) -> User:
    """A user of the client, or of staff. Refused, in the same words as an unknown one, for everybody else."""
    user = user_by_email(email)
    if user is None or not (user.role or user.client_id == client.pk):
        raise Refused("unknown_user", f'{client} has no user "{email[:80]}".', "by")
    return user


def told(placed: Order) -> str:
    number = f" with the number {placed.number}" if placed.number else ", no number is free yet"
    return (
        f"Order {placed.reference} of {placed.client}: {placed.service} at {placed.tariff}{number} ({placed.status})."
    )


@click.command()
@click.option("--client", "number", metavar="NO", required=True, help="The client's number.")
@click.option("--service", required=True, help="The service that is cancelled: telephone, sms …")
@click.option("--on", metavar="YYYY-MM-DD", help="The day the notice was received; today if not given.")
@click.option("--reason", default="", help="Why, as the client says it.")
@speaks
def cancel(number: str, service: str, on: str | None, reason: str, as_json: bool) -> None:
    """Cancels a service by the notice rule of its tariff, and says its last day.

    Asked for again, it says what stands.

    \b
    Example:
      balie cancel --client 1001 --service telephone --on 2026-11-20
    """
    by, client = author(), client_by_number(number)
    received = None if on is None else day(on)  # an empty one is a script's mistake
    contract = cancel_service(client=client, service=service.strip(), received=received, reason=reason, author=by)
    text = f"{client} has {contract.service} until {contract.end}."
    say(cancel_document(contract), as_json=as_json, text=text)


def day(text: str) -> date:
    """A day as written. Refused for what is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused("bad_day", f'"{text[:40]}" is no day; write it like 2026-11-20.', "on") from None
