"""`balie price`: what a month costs a client, or all."""

from datetime import UTC, datetime
from pathlib import Path

import click

from balie.accounts.queries import client_by_number
from balie.billing.bill import Bill, BillLine
from balie.billing.queries import bill, bills_of_all
from balie.cli.face import say, speaks
from balie.cli.reports import a_file, a_month, a_period, chosen, give, refuse_terminal
from balie.rules.errors import Refused
from balie.statements.exports.prices import FORMATS, prices_file
from balie.statements.paper.printable import printable
from balie.worker.recording import freshen_handling


@click.command()
@click.option("--client", "number", metavar="NO", help="The client's number.")
@click.option(
    "--all", "everyone", is_flag=True, help="Every client; without a contract in the month nothing is to be paid."
)
@a_month
@click.option("--format", type=click.Choice(FORMATS), help="As a file of this kind; without it as text for people.")
@a_file
@speaks
def price(number: str | None, everyone: bool, month: str, format: str | None, out: Path | None, as_json: bool) -> None:
    """Price a month: past, running or coming. Of a closed month the lines as they were frozen.

    \b
    Examples:
      balie price --client 1001 --month 2026-11
      balie price --all --month 2026-11 --format csv --out bills.csv
    """
    if everyone == bool(number):
        raise click.UsageError("Say either --client NO or --all.")
    period, wanted = a_period(month), chosen(format, out, as_json)
    if wanted == "pdf":
        raise Refused("bad_format", f"Prices are written as {', '.join(FORMATS)}.", "format")
    freshen_handling(period, now=datetime.now(UTC))
    found = [bill(client_by_number(number), period)] if number else bills_of_all(period)
    if wanted == "text":
        say(None, as_json=False, text="\n\n".join(map(bill_text, found)) or "There are no clients yet.")
        return
    refuse_terminal(wanted, out)
    give(prices_file(found, wanted, one=not everyone), out=out, as_json=as_json)


def bill_text(made: Bill) -> str:
    """One line a line, and the sums, for a person at a terminal."""
    state = "closed" if made.frozen else "not closed"
    lines = [f"{made.client.number} {printable(made.client.name)}, {made.period}, {state}"]
    for part in made.contracts:
        lines.append(f"  {part.service}, tariff {part.tariff}")
        lines += map(line_text, part.lines)
    sums = (("net", made.net), ("VAT", made.vat), ("gross", made.gross))
    return "\n".join([*lines, *(f"  {name:64} {amount:>14.2f} {made.currency}" for name, amount in sums)])


def line_text(line: BillLine) -> str:
    mark = f" (corrects {line.correction_of})" if line.correction_of else ""
    quantity = f"{line.quantity} s" if line.unit != "piece" else str(line.quantity)
    return f"    {printable(line.item + mark)[:40]:40} {quantity:>10} {line.price:>10} {line.amount:>14.2f}"
