"""What the log says of contracts, tasks and offers beside the deed itself: from what to what, to whom, why not."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from balie.operator.models import LogEntry
from balie.web import pricelist, words, written


def told(entry: LogEntry) -> str:
    """The particulars of one entry about a contract, a task or an offer, after its deed."""
    return ", ".join(part for part in particulars(entry.details) if part)


def particulars(details: Mapping[str, Any]) -> Iterator[str]:
    yield from of_task(details)
    if meter := details.get("meter"):
        name = str(details.get("text") or pricelist.meter(meter))
        quantity = details.get("quantity", 1)
        yield name if quantity == 1 else f"{quantity} × {name}"
    if first := details.get("from"):
        yield _("from %(day)s") % {"day": day(first)}
    if last := details.get("to"):
        yield _("to %(day)s") % {"day": day(last)}
    before, after = details.get("before"), details.get("after")
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from fields(before, after)
    elif before or after:
        yield f"{one_of(before)} → {one_of(after)}"


def of_task(details: Mapping[str, Any]) -> Iterator[str]:
    """What a task was about, an offer's code, to whom it went, how it was taken; and in both why not."""
    if kind := details.get("kind"):
        yield str(words.TASKS.get(kind, kind))
    yield str(details.get("code", ""))
    yield str(details.get("recipients", ""))
    yield str(words.ACCEPTED_HOW.get(details.get("how", ""), ""))
    if reason := details.get("reason"):
        yield f"“{reason}”"


def fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Of what was changed: the fields that read without looking anything up."""
    names = {
        "end": _("end"), "last_day": _("end"), "quantity": _("number"),
        "name": _("name"), "email": _("email"), "language": _("language"), "hide_numbers": _("numbers of callers"),
    }  # fmt: skip
    for field, name in names.items():
        if field in before:
            yield f"{name}: {value_of(field, before[field])} → {value_of(field, after.get(field))}"


def value_of(field: str, value: Any) -> str:
    if field == "language":
        return str(words.LANGUAGES.get(value, value))
    if field == "hide_numbers":
        return str(words.PRIVACIES.get(value, value))
    return one_of(value) if value != "" else _("none")


def one_of(value: Any) -> str:
    """A tariff's code, a number or a day; nothing is an open end."""
    return _("open") if value is None else day(value)


def day(value: Any) -> str:
    """A day as the reader writes it; what is none stays as it is."""
    try:
        return written.day(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def about(entry: LogEntry) -> str:
    """The service of the contract, or of the client's task, an entry is about."""
    if service := entry.details.get("service"):
        return words.service(service)
    parts = entry.about.split("/")
    return words.service(parts[1]) if len(parts) > 2 else ""
