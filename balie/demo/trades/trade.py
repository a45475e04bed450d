"""How a trade is written down, in the TOML files beside this one: what people call about, and the words of the desk."""

import tomllib
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

from balie.rules.recording import Outcome


class Topic(NamedTuple):
    """One thing people call about. outcome: where the caller is not put through; urgent: share of such calls."""

    reason: str
    text: str
    promised: str = ""
    outcome: str = Outcome.MESSAGE
    urgent: float = 0.0
    weight: int = 2


class Field(NamedTuple):
    """A field of the client's own: its name, whether it is required, and the word in braces it is filled with."""

    name: str
    required: bool
    filled: str


class Trade(NamedTuple):
    """What people call about, and what agents are told. people: first who decides, then who plans."""

    people: tuple[str, str]
    in_hours: str
    out_of_hours: str
    questions: str
    topics: tuple[Topic, ...]
    fields: tuple[Field, ...] = ()


# What comes of a topic, by the word its line begins with in a file of trades.
OUTCOMES = {"back": Outcome.CALLBACK, "told": Outcome.MESSAGE, "settled": Outcome.NONE}


def trades_in(file: Traversable) -> dict[str, Trade]:
    """The trades of a file, by client number. Above them stand their topics, one line each."""
    said = tomllib.loads(file.read_text("utf-8"))
    topics = {name: tuple(map(topic_of, rows)) for name, rows in said.items() if isinstance(rows, list)}
    return {name: trade_of(row, topics) for name, row in said.items() if isinstance(row, dict)}


def topic_of(row: dict[str, Any]) -> Topic:
    [word] = OUTCOMES.keys() & row.keys()
    rest = {name: value for name, value in row.items() if name != word}
    usual = {"weight": 1} if word == "settled" else {}
    return Topic(reason=row[word], outcome=OUTCOMES[word], **(usual | rest))


def trade_of(row: dict[str, Any], topics: dict[str, tuple[Topic, ...]]) -> Trade:
    fields = tuple(Field(*one) for one in row.get("fields", ()))
    return Trade(**{**row, "people": tuple(row["people"]), "topics": topics[row["topics"]], "fields": fields})
