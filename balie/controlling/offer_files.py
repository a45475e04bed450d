"""Offers and what became of them as files: JSON for programs, CSV and XLSX with one row an offer."""

from collections.abc import Sequence
from decimal import Decimal

from balie.controlling.outcomes import Outcome
from balie.statements.exports.sheet import Sheet

SHEET = Sheet(
    "offers",
    {
        "client": ("text", 10),
        "name": ("text", 34),
        "service": ("text", 11),
        "changes": ("text", 11),
        "fee": ("money", 10),
        "code": ("text", 18),
        "state": ("text", 10),
        "made": ("text", 26),
        "sent": ("text", 26),
        "to": ("text", 30),
        "accepted": ("text", 26),
        "how": ("text", 6),
        "declined": ("text", 26),
        "reason": ("text", 40),
        "margin_before": ("money", 14),
        "months": ("count", 8),
        "margin_after": ("money", 13),
        "gained": ("money", 12),
    },
)


def offers_file(found: Sequence[Outcome], format: str) -> bytes:
    """The offers in their order; below them, in a sheet, what was gained in all. Refused for a format there is not."""
    every = sum((one.gained.total for one in found if one.gained), Decimal(0))
    return SHEET.file([one.document() for one in found], format, sums={"gained": every})
