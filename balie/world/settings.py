"""The operator's settings of a world file, named as in the table."""

from typing import Any

from balie.operator.actions import Author, change_operator
from balie.rules.merge import Counts
from balie.world.shape import Said

CLOSE = {"day": "close_day", "at": "close_at", "mail_clients": "close_mail_clients"}


def load_operator(said: Said, author: Author) -> Counts:
    """Lays the settings over the stored ones."""
    values: dict[str, Any] = {name: value for name, value in said.items() if name != "close"}
    values |= {CLOSE[name]: value for name, value in said.get("close", {}).items()}
    return change_operator(values, author=author)
