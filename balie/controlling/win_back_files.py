"""Win-back cases as files: JSON for programs, CSV and XLSX with one row a case."""

from collections.abc import Sequence

from balie.controlling.win_backs import Seen, counted
from balie.statements.exports.sheet import Sheet

SHEET = Sheet(
    "win-back",
    {
        "client": ("text", 10),
        "name": ("text", 34),
        "service": ("text", 11),
        "received": ("text", 11),
        "ends": ("text", 11),
        "reason": ("text", 40),
        "state": ("text", 11),
        "calls": ("count", 8),
        "talk_seconds": ("duration", 12),
        "forwarded": ("count", 10),
        "revenue_a_year": ("money", 15),
        "best_tariff": ("text", 16),
        "saving_a_year": ("money", 14),
        "margin_a_year": ("money", 14),
        "offered": ("text", 16),
        "sent": ("text", 26),
        "accepted": ("text", 26),
        "how": ("text", 6),
        "closed": ("text", 26),
        "dismissed_for": ("text", 40),
        "kept_a_year": ("money", 13),
    },
)


def win_backs_file(found: Sequence[Seen], format: str) -> bytes:
    """The cases in their order; below them, in a sheet, what was kept. Refused for a format there is not."""
    return SHEET.file([one.document() for one in found], format, sums={"kept_a_year": counted(found).kept})
