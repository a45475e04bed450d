"""How SMS leave the house: what a gateway is asked to do, and what it may answer. One module a kind beside this.

A gateway never guesses. What it surely took is Accepted, what it surely did not take is Rejected; where a text was
written to the line and no answer came, it is Unknown, and nobody sends it again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True)
class Sms:
    """One text to send. key: ours, unique, at most 36 characters; recipient: E.164; sender: E.164 or up to eleven
    letters and digits.
    """

    key: str
    sender: str
    recipient: str
    text: str


@dataclass(frozen=True)
class Accepted:
    """The gateway has it. ids: by which its receipts name it, one a part."""

    key: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Rejected:
    """The gateway said no, or never saw it. again: later may go better (throttled, queue full, no line)."""

    key: str
    why: str
    again: bool


@dataclass(frozen=True)
class Unknown:
    """It was written to the line and no answer came: it may have been sent or not."""

    key: str
    why: str


Outcome = Accepted | Rejected | Unknown


class Fate(StrEnum):
    """What a receipt says of a text, or of one part of it."""

    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"
    ON_ITS_WAY = "on_its_way"


@dataclass(frozen=True)
class Receipt:
    """What became of a part. id: the gateway's; at: when, in UTC, where the gateway says it; why: its own code."""

    id: str
    fate: Fate
    at: datetime | None
    why: str = ""


class GatewayDown(Exception):
    """There is no line to the gateway, or it does not let us in. Nothing of what was not answered for was taken."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Gateway(Protocol):
    """A line to a gateway, used by one process at a time."""

    def submit(self, texts: Iterable[Sms]) -> Iterator[Outcome | None]:
        """Sends, as many at once as the gateway allows, and yields what came of each as it comes, in any order. None:
        nothing came for a moment, in which whoever asked can store what came before.

        Takes the next text only when it may be written to the line at once, or soon: what was not taken from `texts`
        was not sent, nor was what was taken and has no outcome when the iteration has ended. Raises GatewayDown where
        the line cannot be had; once texts were written, a line that breaks makes those without an answer Unknown and
        ends the iteration.
        """
        ...

    def receipts(self) -> list[Receipt]:
        """Those that came by this line since the last look; empty where they come another way. The gateway is told
        that they arrived only when `confirm` is called, so that a receipt is not lost with this process.
        """
        ...

    def stops(self) -> list[str]:
        """Numbers that answered STOP since the last look, as they came; kept until `confirm`, like receipts."""
        ...

    def confirm(self) -> None:
        """The receipts of the last look are stored."""
        ...

    def look(self) -> str:
        """What is reached, in a line for staff; nothing is sent. Raises GatewayDown."""
        ...

    def close(self) -> None:
        """Gives the line back; may be called twice."""
        ...
