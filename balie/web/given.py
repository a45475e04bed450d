"""Days and whole numbers as the fields of small forms send them."""

from datetime import date

from django.utils.translation import gettext as _

from balie.rules.errors import Refused


def day_of(text: str, otherwise: date, where: str = "day") -> date:
    """A day as browsers send it; nothing given is `otherwise`. Refused for anything else."""
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        said = _("“%(text)s” is not a day; write it as %(example)s.")
        raise Refused("bad_day", said % {"text": text[:20], "example": otherwise.isoformat()}, where) from None


def whole_of(text: str, where: str = "quantity") -> int:
    """A number of pieces, one where nothing is given. Refused for anything else."""
    plain = text.strip() or "1"
    if not (plain.isascii() and plain.isdigit() and 0 < len(plain) < 8):
        said = _("“%(text)s” is not a whole number from 1 on.")
        raise Refused("bad_quantity", said % {"text": text[:20]}, where)
    return int(plain)
