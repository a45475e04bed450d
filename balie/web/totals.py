"""The sums below a list of calls."""

from dataclasses import dataclass

from balie.calls.queries import Sums


@dataclass(frozen=True)
class Totals:
    """The sums of a list, for its last row: every direction and all together."""

    inbound: Sums
    forwarded: Sums
    outbound: Sums

    @property
    def all(self) -> Sums:
        return self.inbound + self.forwarded + self.outbound

    @property
    def rows(self) -> int:
        return self.all.calls + self.all.missed
