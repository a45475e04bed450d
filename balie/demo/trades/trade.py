"""How a trade is written down: what people call about, and the words of the desk."""

from typing import NamedTuple

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


def back(reason: str, text: str, promised: str = "", urgent: float = 0.0, weight: int = 2) -> Topic:
    """A topic after which the caller shall be called back."""
    return Topic(reason, text, promised, Outcome.CALLBACK, urgent, weight)


def told(reason: str, text: str, promised: str = "", urgent: float = 0.0, weight: int = 2) -> Topic:
    """A topic of which the client is told."""
    return Topic(reason, text, promised, Outcome.MESSAGE, urgent, weight)


def settled(reason: str, text: str, weight: int = 1) -> Topic:
    """A topic that the agent settled alone."""
    return Topic(reason, text, "", Outcome.NONE, 0.0, weight)
