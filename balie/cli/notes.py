"""`balie note` and `balie check recording`: call notes from the command line."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
from django.utils import timezone

from balie.accounts.queries import agent_by_code, client_by_number
from balie.cli.face import say, speaks
from balie.cli.setup import author
from balie.notes.actions import LONGEST_NUMBER, Said, take_note
from balie.notes.queries import call_by_key, note_document
from balie.operator.queries import operator
from balie.quality.queries import findings_document
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.rules.recording import Outcome
from balie.worker.recording import check_month


@click.command()
@click.option("--client", "number", metavar="NO", required=True, help="The client's number.")
@click.option("--agent", "code", metavar="CODE", required=True, help="The agent's code.")
@click.option("--text", required=True, help="What the agent writes down.")
@click.option("--call", "call_key", metavar="KEY", default="", help="Key of the call it is about; else it is matched.")
@click.option(
    "--outcome",
    type=click.Choice([str(one) for one in Outcome]),
    default=str(Outcome.NONE),
    help="What came of the call.",
)
@click.option("--callback", metavar="NUMBER", default="", help="The number to call back.")
@click.option("--at", metavar="ISO-TIME", default="", help="When it was submitted; now if not given.")
@click.option("--key", metavar="K", default="", help="The same key again returns the same note.")
@speaks
def note(number: str, code: str, call_key: str, at: str, key: str, as_json: bool, **words: Any) -> None:
    """Takes a call note and queues it to the client.

    What looks wrong is stored all the same and found by `balie check recording`.

    \b
    Example:
      balie note --client 1001 --agent 201 --text "Would like a quote for a bathroom" --outcome message
    """
    by = author()
    client, agent = client_by_number(number), agent_by_code(code)
    call = call_by_key(call_key, client=client) if call_key else None
    # Longer than any number: found by the checks, like one that is none.
    said = Said(**words | {"callback": words["callback"][:LONGEST_NUMBER]})
    taken = take_note(client=client, agent=agent, said=said, call=call, at=moment(at), key=key, author=by)
    say(note_document(taken), as_json=as_json, text=f"Note {taken.pk} of {taken.agent} for {taken.client}.")


def moment(text: str) -> datetime | None:
    """A moment as written, by the operator's clock unless it says another. Refused for what is none."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused("bad_time", f'"{text[:40]}" is no time; write it like 2026-11-23T09:31.', "at") from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(operator().timezone))


@click.group()
def check() -> None:
    """Looks at what was recorded."""


@check.command("recording")
@click.option("--month", metavar="YYYY-MM", default="", help="Which month; without it the running one.")
@speaks
def check_recording(month: str, as_json: bool) -> None:
    """Finds what is wrong with call notes: open findings of the month.

    What has been put right closes by itself. Missing notes are counted by `balie report recording`.

    \b
    Example:
      balie check recording --month 2026-11 --json
    """
    zone, now = operator().timezone, timezone.now()
    period = Period.parse(month, zone) if month else Period.of(now, zone)
    check_month(period, now=now)
    document = findings_document(period)
    lines = [f"{row['code']}: note {row['note']}, client {row['client']}" + (row["agent"] and f", agent {row['agent']}")
             for row in document["findings"]]  # fmt: skip
    say(document, as_json=as_json, text="\n".join([*lines, f"{len(lines)} open in {period}"]))
