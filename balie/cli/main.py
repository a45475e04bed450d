"""The command `balie`. Each group of commands is a file beside this one, imported only when it is asked for."""

import importlib
import os
import sys

import click

# Every command and where it stands, in the order `balie --help` shows them.
COMMANDS = {
    "init": "balie.cli.setup:init",
    "load": "balie.cli.setup:load",
    "import": "balie.cli.imports:imports",
    "report": "balie.cli.reports:report",
    "price": "balie.cli.prices:price",
    "close": "balie.cli.reports:close",
    "order": "balie.cli.orders:order",
    "change": "balie.cli.contracts:change",
    "cancel": "balie.cli.orders:cancel",
    "note": "balie.cli.notes:note",
    "check": "balie.cli.notes:check",
    "sms": "balie.cli.sms:sms",
    "watch": "balie.cli.controlling:watch_command",
    "calls": "balie.cli.exports:calls",
    "work": "balie.cli.run:work",
    "serve": "balie.cli.run:serve",
    "demo": "balie.cli.run:demo",
    "staff": "balie.cli.people:staff",
    "token": "balie.cli.people:token",
    "retention": "balie.cli.retention:retention",
    "backup": "balie.cli.backups:backup",
    "restore": "balie.cli.backups:restore",
    "doctor": "balie.cli.doctor:doctor",
}


class Commands(click.Group):
    """A group that imports a command when it is used: `balie --version` must not wait for polars."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found = getattr(importlib.import_module(module), name)
        assert isinstance(found, click.Command)
        return found


@click.group(cls=Commands)
@click.version_option(package_name="balie")
def balie() -> None:
    """The back office of a telephone answering service.

    Start with `balie init`, then `balie load world.json`; or see everything at once with `balie demo`.
    """


def main() -> None:
    """What the console script runs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
    if sys.argv[1:2] == ["demo"]:
        # Before the settings are read: the demo has a home of its own.
        from balie.demo.place import move_in

        move_in()
    import django

    django.setup()
    balie()
