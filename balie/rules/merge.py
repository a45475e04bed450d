"""What somebody says of rows, laid over the rows there are: what is not mentioned stays as it is. Pure."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Said:
    """What is said of one row: only the fields in `values` are mentioned. `where` is its path, for refusals."""

    where: str
    key: Hashable
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Counts:
    """How many rows a load made, changed, and found as they should be."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.new + other.new, self.changed + other.changed, self.unchanged + other.unchanged)

    def __bool__(self) -> bool:
        """Whether anything is different from before."""
        return bool(self.new or self.changed)


@dataclass
class Merged(Generic[Row]):
    """The rows to make and to change. `fields` are those that change in any row, `before` what they held, per row."""

    new: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    before: list[dict[str, Any]] = field(default_factory=list)
    unchanged: int = 0

    def lay(self, row: Row, values: Mapping[str, Any], *, said: bool = True) -> None:
        """Lays the values over a stored row; it counts as unchanged only if something was said of it."""
        if before := lay_over(row, values):
            self.changed.append(row)
            self.before.append(before)
        else:
            self.unchanged += said

    @property
    def fields(self) -> list[str]:
        return sorted({name for row in self.before for name in row})

    @property
    def counts(self) -> Counts:
        return Counts(len(self.new), len(self.changed), self.unchanged)


def merge(stored: Mapping[Any, Row], said: Iterable[Said], make: Callable[[Said], Row]) -> Merged[Row]:
    """Lays what is said over the stored rows (by key); a key that is not there makes a new row."""
    merged = Merged[Row]()
    for one in said:
        row = stored.get(one.key)
        if row is None:
            merged.new.append(make(one))
        else:
            merged.lay(row, one.values)
    return merged


def lay_over(row: object, values: Mapping[str, Any]) -> dict[str, Any]:
    """Sets what differs on the row; what the fields that changed held before."""
    before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    for name in before:
        setattr(row, name, values[name])
    return before


def laid_over(stored: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """One mapping over another: a None takes the key away."""
    return {name: value for name, value in {**stored, **said}.items() if value is not None}
