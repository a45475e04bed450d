"""The worked tables of docs/rating.md as cases: a world, a month, calls and messages, and what is expected."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
PAGE = Path(__file__).parents[2] / "docs/rating.md"
OPERATOR = {"currency": "EUR", "timezone": "Europe/Amsterdam", "region": "NL"}
CONTRACT, MONTH, CLIENT = "2025-01-01", "2026-03", "1001"
OF_TARIFF = ("prorate", "tolerance_percent", "cost_limit", "minimum_revenue")
WORDS: dict[str, Any] = {"yes": True, "no": False, "none": None}
CALL = re.compile(
    r"(?:(?P<type>[a-z_]+) )?(?P<talk>\d+)(?:/(?P<handling>\d+))?(?P<free> not billable)?(?: @ (?P<at>.+))?"
)
BOOKED = re.compile(r"(?P<meter>\w+) (?P<quantity>\d+)(?: from (?P<from>[\d-]+))?(?: to (?P<to>[\d-]+))?")


@dataclass(frozen=True)
class Table:
    """One table: the heading it stands under, the JSON above it, its columns and rows."""

    section: str
    json: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables() -> list[Table]:
    """All tables of the page in order."""
    found: list[Table] = []
    section, block, inside, rows = "", "", False, list[tuple[str, ...]]()
    for line in [*PAGE.read_text().splitlines(), ""]:
        if line.startswith("## "):
            section, block = line.removeprefix("## "), ""
        elif line.startswith("```"):
            inside, block = not inside, block if inside else ""
        elif inside:
            block += line
        elif line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
        elif rows:
            found.append(Table(section, block, rows[0], tuple(rows[2:])))
            rows = []
    return found


@dataclass(frozen=True)
class Case:
    """One row of a table of bills."""

    name: str
    world: Row
    month: str
    calls: list[Row]
    sms: list[Row]
    said: Row  # the row's cells


def bills() -> Iterator[Case]:
    """Every row of every table that begins with `case`."""
    for table in tables():
        if table.columns[0] == "case":
            for row in table.rows:
                said = dict(zip(table.columns, row, strict=True))
                yield case(f"{table.section.split('.')[0]} {said['case']}", json.loads(table.json), said)


def case(name: str, block: Row, said: Row) -> Case:
    tariffs = block.get("tariffs") or [{"code": "T", **block}]
    tariffs = [
        {"service": "telephone", "from": None, "prorate": False, **one} for one in json.loads(json.dumps(tariffs))
    ]
    contracts = block.get("contracts") or [contract(said)]
    contracts = [{"service": "telephone", "end": None, **one} for one in contracts]
    for key, value in said.items():
        if key in OF_TARIFF:
            tariffs[0][key] = WORDS.get(value, value)
        elif key in ("price", "increment", "unit", "cycle", "in_advance", "included"):
            tariffs[0]["items"][0][key] = int(value) if key == "included" else WORDS.get(value, value)
    for one in tariffs:
        one["items"] = [whole(item) for item in one["items"]]
    operator = OPERATOR | {key: said[key] for key in ("currency", "region") if key in said}
    for one in contracts:
        one["booked"] = [booking(text) for text in parts(said.get("booked", ""))]
    world = {"operator": operator, "tariffs": tariffs, "clients": [{"number": CLIENT, "contracts": contracts}]}
    month = said.get("month", MONTH)
    rows = [used(text, month) for text in parts(said.get("calls", ""))]
    calls, sms = [row for row in rows if "type" in row], [row for row in rows if "parts" in row]
    return Case(name, world, month, calls, sms, said)


def whole(item: Row) -> Row:
    """An item with the defaults of a world file that the slow pricer wants said."""
    return {"cycle": "monthly", "in_advance": False, **item}


def contract(said: Row) -> Row:
    first, _, last = (said.get("contract") or CONTRACT).partition(" to ")
    return {"tariff": "T", "start": first, "end": last or None}


def parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def booking(text: str) -> Row:
    found = BOOKED.fullmatch(text)
    assert found, text
    return {**found.groupdict(), "quantity": int(found["quantity"])}


def used(text: str, month: str) -> Row:
    """One call or message; without a time on Monday morning, the first one of March 2026, else the 2nd of the month."""
    found = CALL.fullmatch(text)
    assert found, text
    at = found["at"] or f"{month}-02 10:00:00"
    start = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(OPERATOR["timezone"]))
    if found["type"] == "sms":
        return {"client": CLIENT, "sent_at": start, "parts": int(found["talk"])}
    talk = int(found["talk"])
    handling = int(found["handling"] or talk)
    assert start.utcoffset() is not None and timedelta(0) <= timedelta(seconds=talk)
    return {
        "client": CLIENT,
        "start": start,
        "type": found["type"] or "accepted",
        "talk": talk,
        "handling": handling,
        "billable": not found["free"],
    }
