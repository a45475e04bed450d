"""What lists of contracts share (cost limits, flat rates): found by client and state, sorted, a page at a time."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from django.core.paginator import Paginator

from balie.accounts.models import Client
from balie.web.office.economics.ranking import LOWEST, searched

PER_PAGE = 100
USUAL = "-share"


class Contracted(Protocol):
    """A row about one contract; what it can be sorted by are its properties."""

    @property
    def client(self) -> Client: ...

    @property
    def state(self) -> str: ...


Row = TypeVar("Row", bound=Contracted)


def listed(
    query: Any, every: Sequence[Row], *, sorts: Sequence[str], states: Mapping[str, Any]
) -> tuple[list[Row], dict[str, Any]]:
    """The rows asked for in order, and what a page of them is shown with; those that are most used first."""
    order, state, text = str(query.get("order", USUAL)), query.get("state", ""), searched(query)
    order = order if order.removeprefix("-") in sorts else USUAL
    found = [row for row in every if state in ("", row.state) and named(row.client, text.casefold())]
    found.sort(key=lambda row: row.client.number)
    found.sort(key=lambda row: key(row, order.removeprefix("-")), reverse=order.startswith("-"))
    known = {
        "page": Paginator(found, PER_PAGE).get_page(query.get("page")),
        "order": order,
        "q": text,
        "state": state,
        "states": [(name, said, sum(row.state == name for row in every)) for name, said in states.items()],
        "some": bool(every),
    }
    return found, known


def named(client: Client, text: str) -> bool:
    return text in client.name.casefold() or text in client.number.casefold()


def key(row: Contracted, name: str) -> tuple[Decimal, str]:
    """What is not known comes first, or last the other way round."""
    if name == "name":
        return Decimal(0), row.client.name.casefold()
    value = getattr(row, name)
    return (LOWEST if value is None else Decimal(value)), ""
