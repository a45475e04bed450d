"""The command `balie` run in the process and database of the test: what it prints, without waiting for a process.

For tests of what commands answer. Whether they can be killed is shown by real processes (installation.py).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from django.db import connection

from balie.cli.main import balie
from tests.installation import Answer


@dataclass(frozen=True)
class Inside:
    """Commands on the test's database; `home` is a folder for their files. As after `balie init`."""

    home: Path

    def __post_init__(self) -> None:
        from balie.operator.actions import set_up_operator  # conftest.py imports us before Django is set up

        set_up_operator()

    def run(self, *arguments: str | Path) -> Answer:
        """Runs `balie` with these arguments; a bug crashes the test as it would the command."""
        done = CliRunner().invoke(balie, [str(argument) for argument in arguments], prog_name="balie")
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Answer(done.exit_code, done.stdout, done.stderr)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a SELECT gives."""
        with connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())
