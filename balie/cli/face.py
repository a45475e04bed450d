"""How every command speaks: text for people, one JSON document with --json, one line and exit 1 when refused."""

import functools
import json
import sys
from collections.abc import Callable
from typing import Any

import click
from django.db import DatabaseError, OperationalError, ProgrammingError

from balie.rules.errors import Refused

Command = Callable[..., Any]
# What databases say that is about where they are, and no fault of ours.
NO_DATABASE = ("unable to open", "connection", "resolve host", "locked", "readonly", "is full", "disk i/o")


def speaks(command: Command) -> Command:
    """Gives a command `--json` (passed on as `as_json`) and turns a Refused into one line and exit 1.

    Put it directly above the function, below the other click decorators.
    """

    @functools.wraps(command)
    def spoken(*args: Any, **kwargs: Any) -> Any:
        as_json = kwargs.get("as_json", False)
        try:
            return command(*args, **kwargs)
        except Refused as refusal:
            refuse(refusal, as_json)
        except (OperationalError, ProgrammingError) as error:
            refuse(not_ready(error), as_json)

    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(spoken)


def not_ready(error: DatabaseError) -> Refused:
    """A database that cannot be reached or has no tables yet, in words; anything else is a bug and crashes."""
    text = str(error).strip().splitlines()[0]
    # First, since a server that has no such database "does not exist" too, and `balie init` makes none there.
    if any(sign in text.lower() for sign in NO_DATABASE):
        return Refused("no_database", f"The database cannot be used: {text}.", "BALIE_DATABASE_URL")
    if "no such table" in text or "does not exist" in text or "no such column" in text:
        return Refused(
            "not_set_up", f"The database is not set up for this version ({text}); run `balie init`.", "database"
        )
    raise error


def refuse(refusal: Refused, as_json: bool) -> None:
    """One line on standard error, or the JSON of the contract on standard output; exit 1."""
    if as_json:
        error = {"code": refusal.code, "message": refusal.message, "where": refusal.where}
        click.echo(json.dumps({"error": error}, ensure_ascii=False))
    else:
        click.echo(f"balie: {' '.join(str(refusal).split())}", err=True)
    sys.exit(1)


def say(document: Any, *, as_json: bool, text: str) -> None:
    """The answer of a command: the JSON document, or the same thing in words."""
    click.echo(json.dumps(document, ensure_ascii=False) if as_json else text)
