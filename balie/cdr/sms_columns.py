"""What the first line of a list of SMS says: how its columns are separated, and which of them is what. Pure.

The names are sent_at, from, to, text or parts, and perhaps client and message_id; what gateways call them in English,
Dutch and German is known, and who imports may say it (`columns`).
"""

import codecs
import csv
from collections.abc import Mapping
from dataclasses import dataclass

from balie.cdr.lines import line_place
from balie.rules.errors import Phrase, Refused

NAMES: Mapping[str, tuple[str, ...]] = {
    "sent_at": ("sent_at", "sent at", "sent", "datetime", "date_sent", "timestamp", "date", "datum", "verzonden",
                "verzonden op", "gesendet", "gesendet am", "zeitpunkt"),
    "from": ("from", "sender", "originator", "van", "afzender", "von", "absender"),
    "to": ("to", "recipient", "destination", "naar", "aan", "ontvanger", "an", "empfänger"),
    "text": ("text", "message", "body", "content", "tekst", "bericht", "nachricht"),
    "parts": ("parts", "segments", "num_segments", "delen", "aantal delen", "teile", "anzahl teile"),
    "client": ("client", "client number", "klant", "klantnummer", "mandant", "mandantennummer"),
    "message_id": ("message_id",),
}  # fmt: skip
SEPARATORS = ",;\t|"
SEPARATOR_LINE = "sep="  # Excel's own first line
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Columns:
    """Which place of a line each thing stands at, in a file so separated."""

    separator: str
    places: Mapping[str, int]
    width: int


def columns_of(line: str, known: Mapping[str, str]) -> Columns:
    """Reads the first line. known: what the source calls its columns, where it is none of NAMES.

    Refused where the line does not say when, from whom, to whom and either text or parts.
    """
    found = [columns_with(separator, line, known) for separator in SEPARATORS]
    best = max(found, key=lambda one: len(one.places))
    missing = [name for name in ("sent_at", "from", "to") if name not in best.places]
    if not {"text", "parts"} & set(best.places):
        missing.append("text or parts")
    if missing:
        shown = line[:80].replace("\0", "\N{SYMBOL FOR NULL}")
        said = Phrase(
            "The first line must name the columns sent_at, from, to and text or parts; %(missing)s is missing in"
            " %(line)s.",
            missing=", ".join(missing), line=repr(shown),
        )  # fmt: skip
        raise Refused("no_columns", said, line_place(1))
    return best


def columns_with(separator: str, line: str, known: Mapping[str, str]) -> Columns:
    """Where each column stands, were this the separator. known: what the source calls its columns, where unusual."""
    try:
        header = next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        header = []
    names = [name.strip().strip("\ufeff").casefold() for name in header]
    places = {}
    for column, usual in NAMES.items():
        wanted = (known[column].strip().casefold(),) if column in known else usual
        place = next((names.index(name) for name in wanted if name in names), None)
        if place is not None:
            places[column] = place
    return Columns(separator, places, len(header))


def checked_names(known: Mapping[str, str]) -> dict[str, str]:
    """What somebody says the columns are called. Refused for a column that lists of SMS do not have."""
    for column, name in known.items():
        if column not in NAMES or not name.strip():
            said = Phrase(
                "There is no column %(column)s; there are %(known)s.", column=repr(column), known=", ".join(NAMES)
            )
            raise Refused("bad_column", said, "column")
    return dict(known)
