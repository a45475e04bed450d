"""The operator's settings of a world file, named as in the table."""

from typing import Any

from balie.calls.queries import closed_months
from balie.operator.actions import Author, change_operator
from balie.rules.errors import Phrase
from balie.rules.merge import Counts
from balie.world.shape import Said, bad

CLOSE = {"day": "close_day", "at": "close_at", "mail_clients": "close_mail_clients"}


def load_operator(said: Said, author: Author) -> Counts:
    """Lays the settings over the stored ones."""
    values: dict[str, Any] = {name: value for name, value in said.items() if name != "close"}
    values |= {CLOSE[name]: value for name, value in said.get("close", {}).items()}
    return change_operator(values, author=author)


def refuse_other_zone(zone: str, other: str, where: str) -> None:
    """Refused once a month is closed: its calls would be others, and its statements say what they say."""
    if other != zone and closed_months():
        raise bad(Phrase("months are closed by the days of %(zone)s; the time zone stays", zone=zone), where)
