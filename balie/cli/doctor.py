"""`balie doctor`: is everything in order, and if not, what to do. One line a check."""

import click

from balie.cli.checks import CHECKS, Found, State
from balie.cli.face import say, speaks

SIGNS = {State.OK: ("ok   ", "green"), State.WARN: ("warn ", "yellow"), State.WRONG: ("wrong", "red")}


@click.command()
@speaks
def doctor(as_json: bool) -> None:
    """Check configuration, database, mail, sources, worker and disk; exit 1 if something is wrong."""
    found: list[Found] = []
    for check in CHECKS:
        found += check(found)
    wrong = sum(one.state == State.WRONG for one in found)
    document = {
        "ok": not wrong,
        "checks": [{"check": one.check, "state": one.state, "message": one.message, "do": one.do} for one in found],
    }
    say(document, as_json=as_json, text="\n".join(line(one) for one in found))
    if wrong:
        raise SystemExit(1)


def line(found: Found) -> str:
    """wrong  database  not of this version. Run `balie init`."""
    sign, colour = SIGNS[found.state]
    do = f" {found.do}" if found.do else ""
    return f"{click.style(sign, fg=colour)}  {found.check}: {found.message}{do}"
