"""Small bars of a few months that may go below nothing: a margin, beside its figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from balie.web.charts import Bar, units

ROOM = 18  # of the picture's height of 20


@dataclass(frozen=True)
class MarginTrend:
    """Margins of months, None where there was nothing; what was lost hangs down in the status colour."""

    values: Sequence[Decimal | None]
    said: str

    @property
    def bars(self) -> list[Bar]:
        known = [float(value or 0) for value in self.values]
        above, below = max(*known, 0.0), -min(*known, 0.0)
        scale = ROOM / ((above + below) or 1)
        base = 1 + above * scale
        return [self.bar(at, value, base, scale) for at, value in enumerate(known) if self.values[at] is not None]

    def bar(self, at: int, value: float, base: float, scale: float) -> Bar:
        height = max(abs(value) * scale, 1)
        top = base if value < 0 else base - height
        kind = "bad" if value < 0 else "value" if at == len(self.values) - 1 else "quiet"
        return Bar(kind, units(at * 9), units(top), "7", units(height))

    @property
    def width(self) -> int:
        return max(1, len(self.values) * 9 - 2)
