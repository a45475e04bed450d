"""Long lists, a page at a time: each page names the place where the next begins, so that new rows shift nothing."""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from ninja import Field, Schema

from balie.rules.errors import Refused

Row = TypeVar("Row", bound=Model)
MOST = 1000
USUAL = 100


class Paged(Schema):
    """Which page: at most `limit` items, after the one at which the page before ended."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = USUAL
    after: Annotated[str, Field(max_length=1000)] = ""


class Page(Schema):
    """A page of a list. `total` counts all pages; `next` is the `after` of the next one, null on the last."""

    items: list[dict[str, Any]]
    total: int
    next: str | None


def page(
    rows: QuerySet[Row], *, by: tuple[str, ...], limit: int, after: str, show: Callable[[Row], dict[str, Any]]
) -> dict[str, Any]:
    """{"items", "total", "next"}: rows in the order of the columns `by`, the last of them unique, a minus for falling.

    after: the `next` of the page before; `next` is null on the last page.
    """
    total = rows.count()
    if after:
        rows = rows.filter(beyond(by, values(rows.model, by, after)))
    found = list(rows.order_by(*by)[: limit + 1])
    more = len(found) > limit
    return {
        "items": [show(row) for row in found[:limit]],
        "total": total,
        "next": mark(found[limit - 1], by) if more else None,
    }


def mark(row: Model, by: tuple[str, ...]) -> str:
    """Where a row stands, as a word that fits in an address."""
    place = [getattr(row, column.removeprefix("-")) for column in by]
    text = json.dumps([value.isoformat() if isinstance(value, datetime) else value for value in place])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def values(model: type[Model], by: tuple[str, ...], after: str) -> list[Any]:
    """The values of a mark. Refused when it is not one of ours."""
    try:
        place = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        if not isinstance(place, list) or len(place) != len(by):
            raise ValueError
        return [column_of(model, column).to_python(value) for column, value in zip(by, place, strict=True)]
    except (ValueError, binascii.Error, RecursionError, TypeError, ValidationError, OverflowError) as problem:
        raise Refused(
            "bad_page", "There is no such page; `after` is the `next` of the page before.", "after"
        ) from problem


def column_of(model: type[Model], column: str) -> Any:
    name = column.removeprefix("-")
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def beyond(by: tuple[str, ...], place: list[Any]) -> Q:
    """Rows after that place: greater in the first column, or equal there and greater in the next, and so on."""
    found, equal = Q(pk__in=[]), Q()
    for column, value in zip(by, place, strict=True):
        name = column.removeprefix("-")
        found |= equal & Q(**{f"{name}__{'lt' if column.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    return found
