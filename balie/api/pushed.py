"""What a phone system pushes, as the bytes of a call file: lines as they are, or JSON turned into such lines."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

from balie.calls.models import Source
from balie.cdr.asterisk import CDR_CSV, CSV_TAILS
from balie.cdr.generic import Mapping
from balie.rules.errors import Refused

ASTERISK = (*CDR_CSV, *CSV_TAILS[21])
JSON_FORMATS = ("freeswitch", "twilio")  # whose own files are JSON: a body is such a file
NAMED_FORMATS = ("cucm", "kamailio", "starface")  # whose first line names the columns


def call_file(source: Source, body: bytes, kind: str) -> bytes:
    """The body as a file of the source's format. A pushed line is complete, whether or not a newline ends it.

    kind: the request's content type; `application/json` is a list of objects, one object, or {"lines": [text, …]}.
    """
    lines = from_json(source, body) if kind.partition(";")[0].strip().lower() == "application/json" else body
    if not lines.strip():
        raise Refused("no_lines", "There are no call lines in this request.", "body")
    return lines if lines.endswith(b"\n") else lines + b"\n"


def from_json(source: Source, body: bytes) -> bytes:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise Refused("bad_json", f"The body is no JSON: {problem}.", "body") from problem
    encoding = Mapping.of(source.options).encoding if source.format == "generic" else "utf-8"
    if isinstance(document, dict) and "lines" in document:
        return encoded(given_lines(document), encoding)
    if source.format in JSON_FORMATS:
        return body
    calls = [document] if isinstance(document, dict) else document
    if not isinstance(calls, list):
        raise Refused("bad_json", "The body is neither a list of calls nor an object with `lines`.", "body")
    write = WRITERS.get(source.format)
    if write is None:
        raise Refused("no_json", f"Calls of the format {source.format} are taken as lines only.", "Content-Type")
    return encoded(write(source, [checked(call, f"[{n}]") for n, call in enumerate(calls)]), encoding)


def given_lines(document: dict[str, Any]) -> str:
    """The lines of {"lines": [...]}, each complete."""
    lines = document["lines"]
    if set(document) != {"lines"} or not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise Refused("bad_json", "`lines` must be a list of texts and stand alone.", "lines")
    return "".join(line.rstrip("\r\n") + "\n" for line in lines)


def encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as problem:
        raise Refused("bad_text", f"The phone system's encoding {encoding} has no such character.", "body") from problem


def checked(call: object, where: str) -> dict[str, str]:
    """One call's values as text. Refused for what could not stand in a line."""
    if not isinstance(call, dict):
        raise Refused("bad_json", "A call is an object of column names and values.", where)
    values = {}
    for name, value in call.items():
        if value is not None and not isinstance(value, str | int | float):
            raise Refused("bad_value", "A value is a text or a number.", f"{where}.{name}"[:200])
        text = "" if value is None else str(value)
        if any(sign in text for sign in "\r\n\0"):
            raise Refused("bad_value", "A value stands on one line.", f"{where}.{name}"[:200])
        values[name] = text
    return values


def known_only(call: dict[str, str], names: Sequence[str], where: str) -> None:
    """Refused for a column that would be lost: nothing is dropped silently."""
    unknown = sorted(set(call) - set(names))
    if unknown:
        message = f"There is no column {unknown[0][:60]!r}; known are {', '.join(names)}."
        raise Refused("bad_column", message, f"{where}.{unknown[0]}"[:200])


def asterisk_lines(source: Source, calls: list[dict[str, str]]) -> str:
    """Lines of cdr_csv with all 21 columns."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for number, call in enumerate(calls):
        known_only(call, ASTERISK, f"[{number}]")
        writer.writerow([call.get(name, "") for name in ASTERISK])
    return text.getvalue()


def named_lines(source: Source, calls: list[dict[str, str]]) -> str:
    """Lines with the names of all columns before them; the reader says which it needs."""
    names = list(dict.fromkeys(name for call in calls for name in call))
    if source.format == "cucm":  # whose first line is known by this
        names.sort(key=lambda name: name.casefold() != "cdrrecordtype")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([call.get(name, "") for name in names] for call in calls)
    return text.getvalue()


def generic_lines(source: Source, calls: list[dict[str, str]]) -> str:
    """Lines as the source's options describe them; values are named as in the header, or by what they mean."""
    mapping = Mapping.of(source.options)
    places = positions(mapping)
    headers = {str(mapping.columns[name]): name for name in places}
    quoting = "" if mapping.quoting == "none" else mapping.quoting
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=mapping.separator,
        quotechar=quoting or None,
        quoting=csv.QUOTE_MINIMAL if quoting else csv.QUOTE_NONE,
        lineterminator="\n",
    )
    rows = []
    if mapping.has_header:
        rows.append({name: str(mapping.columns[name]) for name in places})
    for number, call in enumerate(calls):
        known_only(call, [*places, *(header for header in headers if header not in places)], f"[{number}]")
        rows.append({headers.get(name, name): value for name, value in call.items()})
    width = max(places.values()) + 1
    for number, row in enumerate(rows):
        line = [""] * width
        for name, place in places.items():
            line[place] = row.get(name, "")
        try:
            writer.writerow(line)
        except csv.Error as problem:
            where = f"[{number - mapping.has_header}]"
            raise Refused(
                "bad_value", f"This cannot stand in the phone system's format: {problem}.", where
            ) from problem
    return text.getvalue()


def positions(mapping: Mapping) -> dict[str, int]:
    """Where each mapped column stands: at its index, or at the next free place."""
    taken = {place for place in mapping.columns.values() if isinstance(place, int)}
    free = (number for number in range(len(mapping.columns) + max(taken, default=0) + 1) if number not in taken)
    return {name: place if isinstance(place, int) else next(free) for name, place in mapping.columns.items()}


WRITERS: dict[str, Callable[[Source, list[dict[str, str]]], str]] = {
    "asterisk": asterisk_lines,
    "generic": generic_lines,
    **dict.fromkeys(NAMED_FORMATS, named_lines),
}
