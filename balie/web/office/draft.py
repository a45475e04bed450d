"""A version of a tariff while it is edited: rows of texts as they were typed, moved about, and read at last.

It lives in the form alone: every button posts all of it, so the page works without JavaScript and nothing half-done is
stored. What it may say is checked by balie.tariffs.checks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from balie.rules.meter import BOOKED, FEES, TIMES, Meter
from balie.rules.tariff import WEEKDAYS, days_of, days_text
from balie.tariffs.models import Item, TariffVersion
from balie.tariffs.queries import items_of
from balie.web.typed import point, shown

LANGUAGES = ("nl", "de", "en")
TEXTS = (
    "meter", "price", "cycle", "unit", "increment", "included", "min_seconds", "steps", "from", "to", "holidays",
    "vat_percent", "notice", *(f"title_{language}" for language in LANGUAGES),
)  # fmt: skip
TICKS = ("in_advance", "cost_limit", "minimum_revenue", "removed")
HEAD = ("notice", "vat_percent", "minimum_revenue", "cost_limit", "tolerance_percent")
WORDS = tuple(f"{what}_{language}" for what in ("title", "description") for language in LANGUAGES)
DEFAULTS = {"cycle": "monthly", "unit": "minute", "increment": "60/60", "included": "0", "min_seconds": "0"}
PLACE = re.compile(r"items\[(\d+)\](?:\.(\w+))?")
IN_SIGHT = ("meter", "price", "cycle", "unit", "increment", "in_advance")
MOST_ROWS = 500


@dataclass(frozen=True)
class Row:
    """One item as it stands in the form; `key` stays with it wherever it is moved. wrong: the field of `problem`."""

    key: str
    said: Mapping[str, str]
    ticks: frozenset[str]
    days: tuple[str, ...]
    problem: str = ""
    wrong: str = ""

    @property
    def removed(self) -> bool:
        return "removed" in self.ticks

    @property
    def fee(self) -> bool:
        return self.said.get("meter") in FEES

    @property
    def basic(self) -> bool:
        return self.said.get("meter") == Meter.BASIC_FEE

    @property
    def timed(self) -> bool:
        return self.said.get("meter") in TIMES

    @property
    def bookable(self) -> bool:
        return self.said.get("meter") in BOOKED

    @property
    def opened(self) -> bool:
        """Whether what is wrong stands among the fields that are folded away."""
        return bool(self.problem) and self.wrong not in IN_SIGHT

    @property
    def item(self) -> dict[str, Any]:
        """As the actions take it; what its meter knows nothing of is left out."""
        said = self.said
        found: dict[str, Any] = {
            "meter": said.get("meter", ""),
            "title": {language: said.get(f"title_{language}", "") for language in LANGUAGES},
            "price": point(said.get("price", "")),
            "cost_limit": "cost_limit" in self.ticks,
            "minimum_revenue": "minimum_revenue" in self.ticks,
            "vat_percent": point(said.get("vat_percent", "")) or None,
        }
        if not self.basic:
            found |= {"included": said.get("included", ""), "steps": steps_read(said.get("steps", ""))}
        if self.fee:
            return found | {
                "cycle": said.get("cycle") or "monthly",
                "in_advance": "in_advance" in self.ticks,
                "notice": said.get("notice", "") if self.bookable else "",
            }
        found |= {"min_seconds": said.get("min_seconds", ""), "window": self.window}
        if self.timed:
            timed = said.get("unit") if said.get("unit") in ("minute", "second") else "minute"
            found |= {"unit": timed, "increment": said.get("increment") or "60/60"}
        return found

    @property
    def window(self) -> dict[str, str] | None:
        days = days_text(sorted(WEEKDAYS.index(day) for day in self.days)) if self.days else ""
        said = {"days": days, "from": self.said.get("from", ""), "to": self.said.get("to", "")}
        said["holidays"] = self.said.get("holidays", "") if self.said.get("holidays") != "any" else ""
        return {key: value for key, value in said.items() if value} or None


@dataclass(frozen=True)
class Draft:
    """The whole version: its conditions, and its rows in order. wrong: the condition `problem` is about, if it is."""

    head: Mapping[str, str]
    prorate: bool
    rows: tuple[Row, ...]
    problem: str = ""
    wrong: str = ""

    @property
    def version(self) -> dict[str, Any]:
        """The conditions as the actions take them."""
        found: dict[str, Any] = {name: point(self.head.get(name, "")) for name in HEAD}
        return {
            **found,
            "title": self.words("title"),
            "description": self.words("description"),
            "prorate": self.prorate,
        }

    def words(self, what: str) -> dict[str, str]:
        """The title or the description by language."""
        return {language: self.head.get(f"{what}_{language}", "") for language in LANGUAGES}

    @property
    def kept(self) -> list[Row]:
        return [row for row in self.rows if not row.removed]

    @property
    def items(self) -> list[dict[str, Any]]:
        return [row.item for row in self.kept]

    def refused(self, message: str, where: str) -> "Draft":
        """With what is wrong said beside the row it concerns, or beside the condition, or above all."""
        found = PLACE.match(where)
        if not found or int(found[1]) >= len(self.kept):
            return replace(self, problem=message, wrong=where.partition(".")[0])
        key, wrong = self.kept[int(found[1])].key, found[2] or ""
        rows = tuple(replace(row, problem=message, wrong=wrong) if row.key == key else row for row in self.rows)
        return replace(self, rows=rows, problem=message, wrong="items")

    def done(self, deed: str) -> "Draft":
        """After one of the buttons: add, up-3, down-3, copy-3, remove-3, keep-3."""
        name, _, key = deed.partition("-")
        rows = list(self.rows)
        if name == "add" and len(rows) < MOST_ROWS:
            rows.append(Row(fresh(rows), {**DEFAULTS, "meter": Meter.TALK_TIME}, frozenset(), ()))
        place = next((at for at, row in enumerate(rows) if row.key == key), None)
        if place is None:
            return replace(self, rows=tuple(rows))
        if name in ("up", "down"):
            other = place + (-1 if name == "up" else 1)
            if 0 <= other < len(rows):
                rows[place], rows[other] = rows[other], rows[place]
        elif name == "copy" and len(rows) < MOST_ROWS:
            rows.insert(place + 1, replace(rows[place], key=fresh(rows), problem=""))
        elif name == "remove":
            rows[place] = replace(rows[place], ticks=rows[place].ticks | {"removed"})
        elif name == "keep":
            rows[place] = replace(rows[place], ticks=rows[place].ticks - {"removed"})
        return replace(self, rows=tuple(rows))


def fresh(rows: Sequence[Row]) -> str:
    """A key no row has."""
    return str(max((int(row.key) for row in rows if row.key.isdigit()), default=0) + 1)


def steps_read(text: str) -> list[dict[str, Any]]:
    """Steps written as 300: 0.82; 0.68."""
    found: list[dict[str, Any]] = []
    for part in text.split(";"):
        end, colon, price = part.rpartition(":")
        if part.strip():
            found.append({"price": point(price), **({"up_to": end.strip()} if colon else {})})
    return found


def steps_written(steps: Sequence[Mapping[str, Any]]) -> str:
    said = [(step.get("up_to"), shown(step["price"])) for step in steps]
    return "; ".join(f"{end}: {price}" if end else price for end, price in said)


def posted(given: QueryDict) -> Draft:
    """What stands in the form."""
    keys = [key for key in given.getlist("row") if key.isascii() and key.isdigit() and len(key) < 10][:MOST_ROWS]
    head = {name: given.get(name, "") for name in (*HEAD, *WORDS)}
    return Draft(head, bool(given.get("prorate")), tuple(row_posted(given, key) for key in dict.fromkeys(keys)))


def row_posted(given: QueryDict, key: str) -> Row:
    said = {name: given.get(f"{key}-{name}", DEFAULTS.get(name, "")) for name in TEXTS}
    ticks = frozenset(name for name in TICKS if given.get(f"{key}-{name}"))
    days = tuple(day for day in given.getlist(f"{key}-day") if day in WEEKDAYS)
    return Row(key, said, ticks, days)


def stored(version: TariffVersion) -> Draft:
    """A version as it stands in the tables."""
    head = {name: number(getattr(version, name)) for name in HEAD}
    for language in LANGUAGES:
        head[f"title_{language}"] = version.title.get(language, "")
        head[f"description_{language}"] = version.description.get(language, "")
    rows = tuple(row_stored(item, str(place)) for place, item in enumerate(items_of(version), start=1))
    return Draft(head, version.prorate, rows)


def number(value: Any) -> str:
    """A decimal without the zeros its column adds."""
    return "" if value is None else value if isinstance(value, str) else shown(f"{value.normalize():f}")


def row_stored(item: Item, key: str) -> Row:
    window = item.window or {}
    said = {name: str(getattr(item, name)) for name in ("meter", "cycle", "unit", "increment", "notice")}
    said |= {"price": shown(item.price), "steps": steps_written(item.steps), "vat_percent": number(item.vat_percent)}
    said |= {"included": str(item.included), "min_seconds": str(item.min_seconds)}
    said |= {"from": window.get("from", ""), "to": window.get("to", ""), "holidays": window.get("holidays", "any")}
    said |= {f"title_{language}": item.title.get(language, "") for language in LANGUAGES}
    ticks = frozenset(name for name in TICKS[:3] if getattr(item, name))
    days = tuple(WEEKDAYS[day] for day in days_of(window["days"])) if window.get("days") else ()
    return Row(key, said, ticks, days)
