"""Pages of long lists out of the database: the last ones are as quick as the first."""

from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

if TYPE_CHECKING:
    Base = Paginator[Any]
else:
    Base = Paginator  # Django's own takes no types


class Pages(Base):
    """Reads what lies behind the middle from the end: a database counts off all rows before those of a page.

    count: how many rows there are, where that is known already.
    """

    def __init__(self, rows: QuerySet[Any], per_page: int, *, count: int | None = None) -> None:
        super().__init__(rows, per_page)
        self.rows = rows
        if count is not None:
            self.__dict__["count"] = count

    def page(self, number: int | str) -> "Page[Any]":
        wanted = self.validate_number(number)
        first = (wanted - 1) * self.per_page
        end = min(first + self.per_page, self.count)
        if 2 * first <= self.count:
            found = list(self.rows[first:end])
        else:
            found = list(self.rows.reverse()[self.count - end : self.count - first])[::-1]
        return Page(found, wanted, self)
