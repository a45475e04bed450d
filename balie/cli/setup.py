"""`balie init` and `balie load`: a database, and what is in it."""

import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from balie.cli.face import say, speaks
from balie.operator.actions import Author, set_up_operator
from balie.operator.models import Operator
from balie.rules.errors import Refused


@click.command()
@speaks
def init(as_json: bool) -> None:
    """Creates the database, or brings it up to this version.

    Says what it did. Repeated without harm: what is there stays there.

    \b
    Example:
      balie init
    """
    steps = len(open_steps())
    call_command("migrate", verbosity=0, interactive=False)
    new = not Operator.objects.exists()
    operator = set_up_operator()
    document = {"database": place(), "steps": steps, "operator": operator.name, "new": new}
    say(document, as_json=as_json, text=told(document))


def open_steps() -> list[Any]:
    """The migrations that have not run on this database."""
    connection.ensure_connection()
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def place() -> str:
    """Where the database is, without a password."""
    database = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{database['HOST'] or 'localhost'}{port}/{database['NAME']}"


def told(document: dict[str, Any]) -> str:
    database, steps = document["database"], document["steps"]
    if document["new"]:
        following = "`balie load FILE.json`, then `balie staff EMAIL --role administrator`"
        return f"Made the database {database}.\nNext: {following}."
    if steps:
        return f"Brought the database {database} up to this version ({steps} steps)."
    return f"The database {database} is up to date; nothing to do."


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@speaks
def load(file: Path, as_json: bool) -> None:
    """Loads a world file: operator, phone systems, agents, clients, numbers, tariffs.

    All or nothing; what is wrong is said in one line with its path. Loading a file again changes nothing, loading a
    changed one updates; what it does not mention stays as it is. A dash as FILE reads standard input.

    \b
    Example:
      balie load world.json
    """
    from balie.world.loading import load_world

    loaded = load_world(content(file), name=file.name, author=author())
    say(loaded.document(), as_json=as_json, text=summary(loaded.document()))


def content(file: Path) -> bytes:
    """The file's bytes, one more than a world file may have at most."""
    from balie.world.reading import LARGEST

    if str(file) == "-":
        return sys.stdin.buffer.read(LARGEST + 1)
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "this is no possible name of a file"
        raise Refused("no_file", f"this file cannot be read: {why}", str(file)) from None


def author() -> Author:
    """Whoever uses the command line, as the machine knows him."""
    try:
        who = getpass.getuser()
    except (KeyError, OSError):  # a container without an entry for its user
        who = "somebody"
    return Author(f"{who} (command line)", datetime.now(UTC))


def summary(document: dict[str, Any]) -> str:
    """The counts as people read them, codes that were made, calls that changed owner."""
    lines = [
        f"{part.replace('_', ' ').capitalize():<15}{counts(numbers)}" for part, numbers in document["parts"].items()
    ]
    lines += [f"Made the code {code} for a tariff without one; write it into the file to keep it in sight."
              for code in document["codes"]]  # fmt: skip
    if document["moved_calls"]:
        lines.append(f"{document['moved_calls']} stored calls changed client or agent.")
    lines += document["notices"]
    if not any(numbers["new"] or numbers["changed"] for numbers in document["parts"].values()):
        lines.append("Nothing changed.")
    return "\n".join(lines)


def counts(numbers: dict[str, int]) -> str:
    found = [f"{count:,} {word}" for word, count in numbers.items() if count]
    return ", ".join(found)
