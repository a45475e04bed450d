"""What the values about call files may be: columns, encodings, date formats; and hours of windows."""

import re
from datetime import UTC, datetime
from typing import Any

from balie.cdr.readers import READERS
from balie.rules.errors import Phrase
from balie.tariffs import checks
from balie.world.kinds import Text, text
from balie.world.shape import bad, quoted, wrong

FORMATS = tuple(READERS)
A_TIME = datetime(2026, 11, 23, 9, 29, 34)  # noqa: DTZ001 -- wall clock, as files write it
DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)
EXAMPLE = "%Y-%m-%d %H:%M:%S"
DIRECTIVES = set("aAbBcdfHIjmMpSxXyYzZ%")


def call_format(value: Any, where: str) -> str:
    """A format of call files that can be read."""
    name = text(40)(value, where)
    if name not in FORMATS:
        known = ", ".join(FORMATS)
        said = Phrase("the format %(name)s is not known; known are %(known)s", name=quoted(name), known=known)
        raise bad(said, where)
    return name


def column(value: Any, where: str) -> str | int:
    """A column by the name in the first line, or by its index from 0."""
    if isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value <= 9999:
            raise bad(Phrase("columns are counted from 0 to 9999"), where)
        return value
    if not isinstance(value, str):
        raise wrong(value, "a column's name, or its index counted from 0", where)
    return text(100)(value, where)


def sign(what: str) -> Text:
    """One printable sign or a tab, as a CSV file may be cut by."""

    def check(value: Any, where: str) -> str:
        if not isinstance(value, str):
            raise wrong(value, f"{what}, one sign", where)
        if len(value) != 1 or not (value == "\t" or (value.isascii() and value.isprintable())):
            raise bad(Phrase("%(value)s is no %(what)s; it is one sign", value=quoted(value), what=what), where)
        return value

    return check


separator = sign(Phrase("separator"))


def quoting(value: Any, where: str) -> str:
    """The sign around texts, or none."""
    return "none" if value == "none" else sign(Phrase("quoting sign"))(value, where)


def encoding(value: Any, where: str) -> str:
    """An encoding Python knows in which lines still end where they end in ASCII."""
    name = text(40)(value, where)
    plain = "0123456789,;\n"
    try:
        kept = plain.encode(name) == plain.encode("ascii") and plain.encode("ascii").decode(name) == plain
    except (LookupError, ValueError):
        said = Phrase("there is no encoding %(name)s; write it as utf-8 or cp1252", name=quoted(name))
        raise bad(said, where) from None
    if not kept:
        said = Phrase("files in %(name)s cannot be read line by line; save them as utf-8", name=quoted(name))
        raise bad(said, where)
    return name


def date_format(value: Any, where: str) -> str:
    """How a start is written, as strptime has it: day and time of day; or `epoch`."""
    written = text(60)(value, where)
    if written == "epoch":
        return written
    if any(found not in DIRECTIVES for found in DIRECTIVE.findall(written)):
        said = Phrase("%(text)s is no date format; write it as %(example)s", text=quoted(written), example=EXAMPLE)
        raise bad(said, where)
    try:
        again = datetime.strptime(A_TIME.replace(tzinfo=UTC).strftime(written), written)  # noqa: DTZ007
    except ValueError:
        again = None
    if again is None or again.replace(second=34, microsecond=0, tzinfo=None) != A_TIME:
        said = Phrase("%(text)s does not say day and time of a call; write it as %(example)s",
                      text=quoted(written), example=EXAMPLE)  # fmt: skip
        raise bad(said, where)
    return written


def hour(value: Any, where: str) -> str:
    """A time of day where a window begins or ends, HH:MM; 24:00 is the midnight after."""
    return checks.hour(text(40)(value, where), where)
