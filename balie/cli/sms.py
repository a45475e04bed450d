"""`balie sms`: SMS sent from the command line, and what became of them."""

import click

from balie.accounts.queries import client_by_number
from balie.cli.face import say, speaks
from balie.cli.setup import author
from balie.messages.actions import send_sms
from balie.messages.models import Outgoing
from balie.messages.outbox import sms_by_id, sms_document


@click.group()
def sms() -> None:
    """Sends SMS, and says what became of them."""


@sms.command()
@click.option("--client", "number", metavar="NO", required=True, help="The client's number.")
@click.option("--to", metavar="NUMBER", required=True, help="Where the SMS goes.")
@click.option("--text", required=True, help="What it says.")
@click.option("--urgent", is_flag=True, help="In quiet hours too.")
@click.option("--key", metavar="K", default="", help="The same key again returns the same SMS.")
@speaks
def send(number: str, to: str, text: str, urgent: bool, key: str, as_json: bool) -> None:
    """Puts an SMS into the outbox; `balie work` sends it.

    What may not be sent (the number opted out, the client's limit is reached) is kept as withheld, with why.

    \b
    Example:
      balie sms send --client 1001 --to 0612345678 --text "Please call back: 020 123 45 67"
    """
    sent = send_sms(client=client_by_number(number), to=to, text=text, key=key, urgent=urgent, author=author())
    say(sms_document(sent), as_json=as_json, text=told(sent))


@sms.command()
@click.argument("sms_id", metavar="SMS", type=int)
@speaks
def state(sms_id: int, as_json: bool) -> None:
    """Says what became of an SMS.

    \b
    Example:
      balie sms state 17 --json
    """
    found = sms_by_id(sms_id)
    say(sms_document(found), as_json=as_json, text=told(found))


def told(sms: Outgoing) -> str:
    why = f" {sms.reason}" if sms.reason else ""
    return f"SMS {sms.pk} to {sms.recipient}, {sms.parts} counted: {sms.state}.{why}"
