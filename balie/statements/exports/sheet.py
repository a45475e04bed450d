"""Rows of any list as files: JSON for programs, CSV and XLSX with one row each. Which rows, their callers say."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from balie.rules.errors import Refused
from balie.statements.exports import book, csv, json

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """A kind of file: its title, and of each column the kind of its cells and its width in characters.

    formats: what a refusal names; others than these three their callers write.
    """

    title: str
    columns: dict[str, tuple[str, int]]
    formats: Sequence[str] = ("json", "csv", "xlsx")

    def file(
        self, documents: Sequence[Document], format: str, *, sums: Document | None = None, whole: Any = None
    ) -> bytes:
        """The rows in their order, as JSON has them: amounts as texts, None where there is nothing.

        sums: what stands below the rows of a sheet, by column; whole: what JSON says instead of the rows alone.
        Refused for a format there is not.
        """
        if format == "json":
            return json.file_of(whole or documents)
        return self.table(map(self.cells, documents), format, sums=sums)

    def table(self, rows: Iterable[Sequence[Any]], format: str, *, sums: Document | None = None) -> bytes:
        """Rows whose cells are as the columns want them already, as CSV or XLSX."""
        self.check(format)
        if format == "csv":
            return csv.file_of_rows(tuple(self.columns), rows)
        said = {"client": "total", **sums} if sums else {}
        below = {name: (self.columns[name][0], value) for name, value in said.items() if name in self.columns}
        return b"".join(book.parts(self.title, self.columns, rows, lambda: below))

    def parts(self, rows: Iterable[Sequence[Any]], format: str) -> Iterator[bytes]:
        """A long list, sent while it is read: rows whose cells are as the columns want them already.

        Refused at once for a format there is not. How many rows a sheet holds, `check_rows` looks after.
        """
        self.check(format)
        if format == "csv":
            return csv.parts_of_rows(tuple(self.columns), rows)
        if format == "xlsx":
            return book.parts(self.title, self.columns, rows)
        return json.parts_of(dict(zip(self.columns, row, strict=True)) for row in rows)

    def check_rows(self, count: Callable[[], int], format: str) -> None:
        """Refused for a format there is not, and where a sheet does not hold so many rows (`count`)."""
        self.check(format)
        if format == "xlsx":
            book.check_rows(count())

    def check(self, format: str) -> None:
        if format not in self.formats:
            said = _("There is no format %(format)s; there are %(known)s.")
            raise Refused("bad_format", said % {"format": repr(format), "known": ", ".join(self.formats)}, "format")

    def cells(self, document: Document) -> tuple[Any, ...]:
        return tuple(cell(kind, document[name]) for name, (kind, _width) in self.columns.items())


def cell(kind: str, value: Any) -> Any:
    """Amounts as numbers, so that one below nothing is no formula; yes as a word, no as an empty cell."""
    if isinstance(value, bool):
        return "true" if value else ""
    return Decimal(value) if kind == "money" and value is not None else value
