"""What a file of calls with one line a call may mean: guessed from its first lines, for a person to look over. Pure."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

SEPARATORS = ",;\t|"
ENCODINGS = ("utf-8", "cp1252")
DATE_FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%Y%m%d%H%M%S",
)  # fmt: skip
# What columns are called by programs of Dutch, German and English makers; small letters, without signs between words.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "start": ("start", "starttime", "startdate", "begin", "beginn", "begintijd", "starttijd", "startzeit", "datum",
              "date", "datetime", "datumtijd", "datumzeit", "time", "calldate", "zeitpunkt", "tijdstip"),
    "direction": ("direction", "richtung", "richting", "calldirection"),
    "caller": ("caller", "from", "src", "source", "anrufer", "beller", "van", "von", "callerid", "clid", "calling",
               "nummerbeller", "rufnummeranrufer", "callingnumber"),
    "callee": ("callee", "to", "dst", "destination", "called", "ziel", "naar", "nach", "gebeld", "gebeldnummer",
               "angerufen", "bestemming", "callednumber", "zielrufnummer", "did"),
    "agent": ("agent", "platz", "medewerker", "mitarbeiter", "toestel", "nebenstelle", "extension", "user", "benutzer"),
    "talk": ("talk", "talktime", "billsec", "duration", "dauer", "duur", "gesprächsdauer", "gespreksduur",
             "gesprächszeit", "gesprekstijd", "seconds", "seconden", "sekunden"),
    "ring": ("ring", "ringtime", "wait", "waittime", "wachttijd", "wartezeit", "klingelzeit", "rinkeltijd"),
    "key": ("key", "id", "uniqueid", "callid", "uuid", "recordid", "gesprächsid", "gespreksid"),
    "client": ("client", "customer", "klant", "mandant", "kunde", "klantnummer", "kundennummer", "account",
               "accountcode", "clientnumber"),
}  # fmt: skip
WAYS: Mapping[str, tuple[str, ...]] = {
    "inbound": ("inbound", "in", "incoming", "ein", "eingehend", "inkomend", "ankommend"),
    "outbound": ("outbound", "out", "outgoing", "aus", "ausgehend", "uitgaand", "abgehend", "uit"),
    "forwarded": ("forwarded", "weiter", "weitergeleitet", "doorgeschakeld", "door", "transfer", "transferred"),
}
LONGEST_HEADING, MOST_COLUMNS = 100, 200


def encoding_of(data: bytes) -> str:
    """The first that the bytes can be; a sign that is cut off at their end does not matter."""
    return next((name for name in ENCODINGS if decodes(data, name)), "cp1252")


def decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as problem:
        return problem.reason == "unexpected end of data"
    return True


def separator_of(line: str) -> str:
    """The sign that stands in the line most often of those that separate."""
    found = Counter({sign: line.count(sign) for sign in SEPARATORS}).most_common(1)[0]
    return found[0] if found[1] else ","


def rows(data: bytes, options: Mapping[str, Any], most: int) -> list[list[str]]:
    """The first lines cut into fields as the options of a generic source have it, as well as that can be done."""
    try:
        text = data.decode(str(options.get("encoding") or "utf-8"), "replace").removeprefix("\ufeff")
    except LookupError:  # no such encoding: said where the options are checked
        return []
    sign = options.get("quoting") or '"'
    quotes: dict[str, Any] = {"quotechar": sign} if sign != "none" else {"quoting": csv.QUOTE_NONE}
    lines = [line for line in text.splitlines() if line.strip("\t ;,")][:most]
    found = []
    for line in lines:
        try:
            fields = next(csv.reader([line], delimiter=str(options.get("separator") or ","), **quotes))
        except (csv.Error, StopIteration, TypeError):  # TypeError: these are no signs that could separate or quote
            fields = [line]
        found.append([field.strip()[:LONGEST_HEADING] for field in fields[:MOST_COLUMNS]])
    return found


def columns_of(header: Sequence[str]) -> dict[str, str]:
    """Which column is what, by usual headings; each column once."""
    named = {plain(heading): heading for heading in reversed(header) if heading}
    found: dict[str, str] = {}
    for column, headings in HEADINGS.items():
        fits = (named[one] for one in headings if one in named and named[one] not in found.values())
        if heading := next(fits, None):
            found[column] = heading
    return found


def plain(heading: str) -> str:
    return re.sub(r"[\W_]+", "", heading.lower())


def date_format_of(texts: Iterable[str]) -> str | None:
    """The format in which most of these are times; seconds since 1970 are `epoch`. None where no format fits half."""
    given = [text for text in texts if text]
    fitting = {format: sum(fits(text, format) for text in given) for format in ("epoch", *DATE_FORMATS)}
    best = max(fitting, key=lambda format: fitting[format])
    return best if 2 * fitting[best] > len(given) else None


def fits(text: str, format: str) -> bool:
    if format == "epoch":
        return re.fullmatch(r"1[0-9]{9}", text, re.ASCII) is not None
    try:
        datetime.strptime(text, format)  # noqa: DTZ007
    except ValueError:
        return False
    return True


def way_of(word: str) -> str:
    """The direction a word means; empty where nobody knows."""
    return next((way for way, words in WAYS.items() if plain(word) in words), "")


def guessed(data: bytes) -> dict[str, Any]:
    """Options of the generic format that may fit the file; only those that could be told from it."""
    found: dict[str, Any] = {"encoding": encoding_of(data)}
    text = data.decode(found["encoding"], "replace").removeprefix("\ufeff")
    found["separator"] = separator_of(next((line for line in text.splitlines() if line.strip()), ""))
    head, *body = rows(data, found, 20) or [[]]
    found["columns"] = columns_of(head)
    starts = values(head, body, found["columns"].get("start"))
    if format := date_format_of(starts):
        found["date_format"] = format
    ways = {word: way_of(word) for word in values(head, body, found["columns"].get("direction")) if word}
    if any(ways.values()) and set(ways) - set(WAYS):
        found["directions"] = {word: way for word, way in ways.items() if way}
    return found


def values(head: Sequence[str], body: Iterable[Sequence[str]], column: str | int | None) -> list[str]:
    """What stands in a column, by its heading or its place, in the lines that have it; no column: nothing."""
    place = column if isinstance(column, int) else head.index(column) if column in head else None
    return [row[place] for row in body if place < len(row)] if place is not None else []
