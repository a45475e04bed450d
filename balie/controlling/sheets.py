"""Rows of controlling as files: JSON for programs, CSV and XLSX with one row each. Which rows, their callers say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from balie.rules.errors import Refused
from balie.statements.exports import csv, json, xlsx

FORMATS = ("json", "csv", "xlsx")
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """A kind of file: its title, and of each column the kind of its cells and its width in characters."""

    title: str
    columns: dict[str, tuple[str, int]]

    def file(self, documents: Sequence[Document], format: str, *, sums: Mapping[str, Any], whole: Any = None) -> bytes:
        """The rows in their order, as JSON has them: amounts as texts, None where there is nothing.

        sums: what stands below the rows of a sheet, by column; whole: what JSON says instead of the rows alone.
        Refused for a format there is not.
        """
        if format not in FORMATS:
            raise Refused("bad_format", f"There is no format {format!r}; there are {', '.join(FORMATS)}.", "format")
        if format == "json":
            return json.file_of(whole or documents)
        header, rows = tuple(self.columns), [self.cells(one) for one in documents]
        if format == "csv":
            return csv.file_of_rows(header, rows)
        below = {name: (self.columns[name][0], value) for name, value in sums.items()}
        return xlsx.file_of_rows(self.title, header, self.columns, rows, {"client": ("text", "total"), **below})

    def cells(self, document: Document) -> tuple[Any, ...]:
        return tuple(cell(kind, document[name]) for name, (kind, _width) in self.columns.items())


def cell(kind: str, value: Any) -> Any:
    """Amounts as numbers, so that one below nothing is no formula; yes as a word, no as an empty cell."""
    if isinstance(value, bool):
        return "true" if value else ""
    return Decimal(value) if kind == "money" and value is not None else value
