"""`balie watch`: cost limits and contracts that do not pay."""

import click

from balie.cli.face import say, speaks
from balie.cli.setup import author
from balie.controlling.actions import Watched, watch
from balie.operator.queries import operator
from balie.rules.period import Period
from balie.statements.paper.printable import printable
from balie.worker.recording import freshen_back


@click.command("watch")
@click.option(
    "--month", metavar="YYYY-MM", help="Which month's limits, and profit up to it; without it the running one."
)
@speaks
def watch_command(month: str | None, as_json: bool) -> None:
    """Looks for cost limits gone beyond and contracts that do not pay; makes the tasks and their offers.

    Run again, each task is there once; it closes by itself when its cause is gone.

    \b
    Examples:
      balie watch
      balie watch --month 2026-10 --json
    """
    settings, by = operator(), author()
    period = Period.parse(month, settings.timezone) if month else None
    freshen_back(period or Period.of(by.now, settings.timezone), months=settings.margin_months, now=by.now)
    found = watch(period=period, author=by)
    for problem in found.problems:
        click.echo(f"Note: {problem}", err=True)
    say(found.document(), as_json=as_json, text=watched_text(found))


def watched_text(found: Watched) -> str:
    """One line a task, for a person at a terminal."""
    lines = [f"{found.month}: {found.checked} contracts looked at, {len(found.tasks)} open tasks."]
    for task in found.document()["tasks"]:
        offer = task["offer"]
        made = f", offer {offer['code']}: {offer['changes']} {offer['fee']}" if offer else ""
        mark = "new " if task["new"] else ""
        figures = ", ".join(f"{name} {said(value)}" for name, value in task["figures"].items())
        lines.append(f"  {mark}{task['kind']}: client {task['client']}, {printable(figures)}{made}")
    return "\n".join(lines)


def said(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
