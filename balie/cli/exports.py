"""`balie calls export`: calls in bulk, for other engines."""

import time
from pathlib import Path

import click

from balie.cli.face import say, speaks
from balie.operator.queries import operator
from balie.rules.period import Period


@click.group()
def calls() -> None:
    """Work with calls in bulk."""


@calls.command()
@click.option("--from", "first", required=True, metavar="YYYY-MM", help="The first month.")
@click.option("--to", "last", required=True, metavar="YYYY-MM", help="The last month, included.")
@click.option(
    "--parquet",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Where to: one file a month.",
)
@speaks
def export(first: str, last: str, folder: Path, as_json: bool) -> None:
    """Write all calls as Parquet, one file a month. Numbers are hidden as each client's privacy says.

    Example: balie calls export --from 2026-01 --to 2026-12 --parquet calls/
    """
    from balie.statements.exports.parquet import months, write_months

    zone, begin = operator().timezone, time.perf_counter()
    periods = months(Period.parse(first, zone), Period.parse(last, zone))

    def tell(period: Period, written: int) -> None:
        if not as_json:
            click.echo(f"{folder / f'calls-{period}.parquet'}: {written} calls", err=True)

    total = write_months(periods, folder, tell)
    seconds = round(time.perf_counter() - begin, 2)
    document = {"from": first, "to": last, "files": len(periods), "calls": total, "seconds": seconds}
    say(document, as_json=as_json, text=f"{total} calls in {len(periods)} files, {seconds:.1f} s.")
