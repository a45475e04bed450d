"""Reports on paper: what stands on them, in the reader's language, as the data of a typst template."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, groupby
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from balie.calls.queries import MonthLine, Sums
from balie.operator import written
from balie.operator.models import Operator
from balie.operator.queries import operator as the_operator
from balie.rules.call import CallType, Direction, is_extension
from balie.statements import words
from balie.statements.paper.press import drawn, printed
from balie.statements.paper.printable import foldable, printable
from balie.statements.paper.widths import SPARE, fits, width
from balie.statements.queries import CallReport, MonthReport, Row, direction_of
from balie.statements.sms import SmsReport

STATEMENT, MONTH, LETTERHEAD = "statement.typ", "month.typ", "letterhead.typ"
PAGE = 179.0  # millimetres between the margins of letter.typ
# The gaps behind the columns of the table of calls.
GAPS = (1.5, 1.5, 1.5, 1.5, 1.5, 2.4, 1.5, 0.0)
LONGEST_NAME = 44  # in the foot, which has one line


@dataclass(frozen=True)
class Edition:
    """Which paper: of whom, made when (aware), which revision of a statement and which earlier one it replaces.

    Without a revision it is no statement: the calls of a month up to now, or a part of them.
    """

    operator: Operator
    created: datetime
    revision: int | None = None
    replaces: tuple[int, datetime] | None = None

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.operator.timezone))


def calls(report: CallReport, *, now: datetime) -> bytes:
    """A client's calls of a running month, or a part of them, in the client's language."""
    return printed(STATEMENT, calls_data(report, Edition(the_operator(), now))).pdf


def month(report: MonthReport, *, now: datetime, language: str | None = None) -> bytes:
    """The month report, in the operator's language unless told which."""
    edition = Edition(the_operator(), now)
    return printed(MONTH, month_data(report, edition, language or edition.operator.language)).pdf


def letterhead(operator: Operator, *, now: datetime) -> bytes:
    """The head of a letter of this operator as an SVG picture, in the active language."""
    edition = Edition(operator, now)
    client = [_("Name of the client")]
    return drawn(LETTERHEAD, packed(edition, sender=sender_line(operator), address=client, facts=[]))


def calls_data(report: CallReport, edition: Edition) -> str:
    """The data of `statement.typ`, as JSON."""
    client = report.client
    long: dict[tuple[int, str], int] = {}
    with translation.override(client.language):
        name, month = printable(client.name), written.month(report.period)
        heading = _("Itemised statement") if edition.revision else _("Calls")
        return packed(
            edition,
            title=f"{heading} {month}, {shortened(name)}",
            heading=heading,
            month=month,
            sender=sender_line(edition.operator),
            address=[foldable(name, 36)],
            facts=facts_of(report, edition),
            notes=_notes(report, edition),
            totals=_totals(report),
            columns=_columns(),
            widths=column_widths(),
            gaps=GAPS,
            days=list(_days(report, edition.operator.country, long)),
            long=list(long),
            empty=_("There were no calls in %(month)s.") % {"month": month},
            foot=_foot(report, edition, shortened(name)),
        )


def packed(edition: Edition, **data: Any) -> str:
    """What every document says, and the data of this one."""
    operator = edition.operator
    made = edition.created.astimezone(UTC)
    common = {
        "language": translation.get_language() or "en",
        "author": printable(operator.name),
        "operator": printable(operator.name),
        "letterhead": _letterhead(operator),
        "created": {name: getattr(made, name) for name in ("year", "month", "day", "hour", "minute", "second")},
        "page": _("page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
    }
    return json.dumps(common | data)


def sender_line(operator: Operator) -> str:
    """One small line above the address, seen through the envelope's window."""
    return " · ".join(printable(line) for line in [operator.name, *operator.address])


def _letterhead(operator: Operator) -> list[dict[str, str]]:
    """Where the operator can be reached: its address, mail and site, as far as they are set."""
    mail, site = str(operator.mail.get("from", "")), operator.base_url
    lines = [{"text": printable(line), "url": ""} for line in operator.address if line]
    if mail:
        lines.append({"text": printable(mail), "url": f"mailto:{mail}"})
    if host := _host(site):
        lines.append({"text": printable(host), "url": site})
    return lines


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def facts_of(report: CallReport | SmsReport, edition: Edition) -> list[tuple[str, str]]:
    """Beside the address: what a person quotes on the telephone."""
    facts = [
        (pgettext("on paper", "Client number"), printable(report.client.number)),
        (_("Period"), written.days(report.period)),
        (_("Date"), written.long_day(edition.local(edition.created).date())),
    ]
    return [*facts, (_("Revision"), str(edition.revision))] if edition.revision else facts


def _notes(report: CallReport, edition: Edition) -> list[str]:
    if edition.replaces:
        revision, when = edition.replaces
        day = written.long_day(edition.local(when).date())
        known = {"revision": revision, "day": day}
        return [_("This revision replaces revision %(revision)s of %(day)s: calls were added or corrected.") % known]
    if edition.revision:
        return []
    notes = [_("A part of the month's calls.")] if report.part else []
    now = edition.local(edition.created)
    if now < edition.local(report.period.end):
        notes.append(_("State of %(moment)s; the month is not over yet.") % {"moment": written.moment(now)})
    return notes


def _foot(report: CallReport, edition: Edition, name: str) -> str:
    known = {
        "client": name,
        "number": printable(report.client.number),
        "month": written.month(report.period),
        "revision": edition.revision,
        "day": written.long_day(edition.local(edition.created).date()),
    }
    if edition.revision:
        return _("%(client)s · client %(number)s · %(month)s · revision %(revision)s of %(day)s") % known
    return _("%(client)s · client %(number)s · %(month)s · made on %(day)s") % known


def shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _totals(report: CallReport) -> dict[str, Any]:
    """Sums per direction, under each its types where it has several; missed calls in a column of their own."""
    rows = []
    for direction in Direction:
        rows.append(_line(str(words.PARTS[direction]), report.direction(direction)))
        parts = [type for type in report.types if type in words.OF_WHICH and direction_of(type) == direction]
        if len(parts) > 1:
            for type in (each for each in words.OF_WHICH if each in parts):
                rows.append(_line(str(words.OF_WHICH[type]), report.types[type]) | {"part": True})
    return {
        "header": [_("Direction"), _("calls"), _("missed"), _("duration")],
        "rows": rows,
        "sum": _line(_("Total"), report.total)["cells"],
    }


def _line(name: str, sums: Sums) -> dict[str, Any]:
    duration = written.duration(sums.seconds) if sums.seconds else written.QUIET_DASH
    return {"part": False, "cells": [name, written.count(sums.calls), written.count(sums.missed), duration]}


def _columns() -> list[str]:
    return [
        _("Date and time"),
        _("Direction"),
        _("Caller"),
        _("Called"),
        _("Agent"),
        _("Duration"),
        _("Type"),
        _("Service"),
    ]


def column_widths() -> tuple[float, ...]:
    """Millimetres of each column of calls: the words of the language have room, the agents get what is left."""
    said = (words.DIRECTIONS, words.TYPES, words.SERVICES)
    direction, type, service = (max(width(str(text)) for text in known.values()) + 2 * SPARE for known in said)
    when, caller, called, duration = 33.5, 29.0, 26.9, 13.5
    direction, type = direction + GAPS[1], type + GAPS[6]
    agent = PAGE - when - direction - caller - called - duration - type - service
    return when, direction, caller, called, agent, duration, type, service


def _days(report: CallReport, country: str, long: dict[tuple[int, str], int]) -> Iterator[dict[str, list[Any]]]:
    """Each day's rows; all as one heap when they are sorted by something else than their start.

    `long` gets what may need several lines of its column, by column and text; each row says which of them it has.
    """
    said = _said()
    room = [width - gap for width, gap in zip(column_widths(), GAPS, strict=True)]
    for _day, rows in groupby(report.rows, key=lambda row: row.start.date() if report.by_start else None):
        cells = [_cells(row, country, said) for row in rows]
        found = [
            [long.setdefault((place, text), len(long)) for place, text in enumerate(row) if not fits(text, room[place])]
            for row in cells
        ]
        yield {"cells": list(chain.from_iterable(cells)), "long": found}


def _said() -> dict[str, str]:
    """The words of the active language for what rows hold: looking each up anew would take longer than the page."""
    plain = [*words.DIRECTIONS.items(), *words.SERVICES.items()]
    said = {str(name): str(text) for name, text in plain}
    said |= {"anonymous": _("anonymous"), "late": _("added later"), "not billable": _("not charged")}
    return said | {f"type:{type}": str(text) for type, text in words.TYPES.items()}


def _cells(row: Row, country: str, said: dict[str, str]) -> tuple[str, ...]:
    kind = said.get(f"type:{row.type}", row.type)
    if row.late:
        kind = f"{kind}\n{said['late']}"
    if not row.billable:
        kind = f"{kind}\n{said['not billable']}"
    return (
        f"{written.day(row.start.date())} {row.time}",
        said.get(row.direction, row.direction),
        foldable(printable(_caller(row, country)), 17) or said["anonymous"],
        foldable(printable(written.phone(row.callee, country)), 17),
        foldable(printable(row.agent_name), 12) or written.QUIET_DASH,
        written.duration(row.duration) if row.type != CallType.MISSED else written.QUIET_DASH,
        kind,
        said.get(row.service, printable(row.service)),
    )


def _caller(row: Row, country: str) -> str:
    """Agents by name, also where the file has the extension they called from."""
    by_name = row.agent_name and is_extension(row.direction, row.caller)
    return row.agent_name if by_name else written.phone(row.caller, country)


def month_data(report: MonthReport, edition: Edition, language: str) -> str:
    """The data of `month.typ`, as JSON."""
    with translation.override(language):
        month = written.month(report.period)
        made = written.moment(edition.local(edition.created))
        return packed(
            edition,
            title=f"{_('Month report')} {month}",
            heading=_("Month report"),
            month=month,
            notes=_month_notes(report, made, edition),
            groups=[_("Client"), _("Inbound"), _("Forwarded"), _("Outbound"), _("SMS")],
            columns=[
                *(_("Number"), _("Name")),
                *(_("calls"), _("missed"), _("duration")),
                *(_("calls"), _("duration"), _("calls"), _("duration"), _("parts")),
            ],
            rows=list(chain.from_iterable(map(_month_cells, report.lines))),
            sum=_month_sums(report),
            empty=_("There are no clients with calls or a contract in %(month)s.") % {"month": month},
            foot=_("%(operator)s · month report %(month)s · made on %(moment)s")
            % {"operator": shortened(printable(edition.operator.name)), "month": month, "moment": made},
        )


def _month_notes(report: MonthReport, made: str, edition: Edition) -> list[str]:
    notes = []
    if edition.created < report.period.end:
        notes.append(_("State of %(moment)s; the month is not over yet.") % {"moment": made})
    if report.unassigned:
        text = ngettext(
            "%(n)s call of the month has no client and is not in these sums.",
            "%(n)s calls of the month have no client and are not in these sums.",
            report.unassigned,
        )
        notes.append(text % {"n": written.count(report.unassigned)})
    return notes


def _month_sums(report: MonthReport) -> list[str]:
    if not report.lines:
        return []
    return ["", _("Total"), *_figures(MonthLine(report.lines[0].client, **report.totals, sms=report.sms))]


def _month_cells(line: MonthLine) -> list[str]:
    number, name = printable(line.client.number), printable(line.client.name)
    return [foldable(number, 8), foldable(name, 22), *_figures(line)]


def _figures(line: MonthLine) -> list[str]:
    def duration(sums: Sums) -> str:
        return written.duration(sums.seconds) if sums.seconds else written.QUIET_DASH

    inbound, forwarded, outbound = line.inbound, line.forwarded, line.outbound
    return [
        *(written.count(inbound.calls), written.count(inbound.missed), duration(inbound)),
        *(written.count(forwarded.calls), duration(forwarded)),
        *(written.count(outbound.calls), duration(outbound)),
        written.count(line.sms),
    ]
