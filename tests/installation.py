"""An installation of its own for a test: a folder, a database and the real command `balie` in processes of their own.

`Installation.run` waits for a command, `Installation.start` does not (kill tests). Fixtures are in conftest.py.
"""

import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.nursery import Nursling

COMMAND = Path(sys.executable).with_name("balie")
NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Answer:
    """What a command said: exit status, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document of `--json`. A test that reads it wants to see what came instead when it is none."""
        try:
            return json.loads(self.out)
        except ValueError:
            raise AssertionError(f"no JSON (exit {self.code})\n{self.out}\n{self.err}") from None


@dataclass(frozen=True)
class Installation:
    """One BALIE_HOME with its database; no other test sees it."""

    home: Path
    database_url: str

    def environment(self, **more: str) -> dict[str, str]:
        """What a process of this installation gets; nothing of the test run's own settings goes in."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BALIE_", "DJANGO_"))}
        return kept | {"BALIE_HOME": str(self.home), "BALIE_DATABASE_URL": self.database_url} | more

    def run(self, *arguments: str | Path, timeout: float = 120, stdin: str = "", **more: str) -> Answer:
        """Runs `balie` with these arguments to its end; `more` goes into its environment (BALIE_FAULT=…)."""
        pipe = subprocess.PIPE
        with Nursling(
            [COMMAND, *arguments], env=self.environment(**more), stdin=pipe, stdout=pipe, stderr=pipe, text=True,
            cwd=self.home,
        ) as process:  # fmt: skip
            try:
                out, err = process.communicate(stdin, timeout=timeout)
            except BaseException:
                process.kill()
                raise
        return Answer(process.returncode, out, err)

    def start(self, *arguments: str | Path, **more: str) -> subprocess.Popen[str]:
        """Starts `balie` and returns at once. Who starts it ends it; it has a process group of its own."""
        return Nursling(
            [COMMAND, *arguments],
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.home,
            start_new_session=True,
        )

    def code(self, lines: str, *arguments: str | Path, **more: str) -> subprocess.Popen[str]:
        """Starts these lines as `python -c` would, in the environment of a command, and returns at once."""
        environment = self.environment(DJANGO_SETTINGS_MODULE="balie.config.settings", **more)
        return Nursling(["-c", lines, *arguments], env=environment, stdin=subprocess.DEVNULL, text=True)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a SELECT gives, read around Django: only what is committed counts."""
        if self.database_url.startswith("sqlite"):
            with closing(sqlite3.connect(urlsplit(self.database_url).path[1:])) as file:
                return file.execute(query).fetchall()
        with psycopg.connect(self.database_url) as server:
            return server.execute(query.encode()).fetchall()


class Installations:
    """Makes installations: `balie init` runs once, the others are copies of what it left."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self.folder = folder
        self.server = server  # postgresql://… of any database there, or None for SQLite
        self.made: list[str] = []
        self.first: Installation | None = None

    def bare(self) -> Installation:
        """One on which nothing ran yet, not even `balie init`."""
        return self.new(template=None)

    def ready(self) -> Installation:
        """One after `balie init`."""
        if self.first is None:
            self.first = self.bare()
            answer = self.first.run("init")
            assert answer.code == 0, answer
        return self.new(template=self.first)

    def new(self, template: Installation | None) -> Installation:
        name = f"balie_test_{os.getpid()}_{next(NUMBERS)}"
        home = self.folder / name
        if template:
            shutil.copytree(template.home, home)
        else:
            home.mkdir(parents=True)
        if self.server is None:
            return Installation(home, f"sqlite:///{home / 'balie.sqlite3'}")
        origin = sql.Identifier(name_of(template) if template else "template1")
        self.order(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), origin))
        self.made.append(name)
        return Installation(home, urlunsplit(urlsplit(self.server)._replace(path=f"/{name}")))

    def remove(self) -> None:
        """Drops every database made here; the folders go with pytest's own."""
        for name in self.made:
            self.order(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def order(self, statement: sql.Composed) -> None:
        assert self.server
        with psycopg.connect(urlunsplit(urlsplit(self.server)._replace(path="/postgres")), autocommit=True) as server:
            server.execute(statement)


def name_of(installation: Installation) -> str:
    return urlsplit(installation.database_url).path.lstrip("/")
