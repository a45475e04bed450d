"""A client's SMS of a month on paper, in the client's language."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, groupby

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from balie.operator import written
from balie.operator.queries import operator as the_operator
from balie.statements.exports.pdf import Edition, facts_of, packed, sender_line, shortened
from balie.statements.paper.press import printed
from balie.statements.paper.printable import foldable, printable
from balie.statements.sms import SmsReport, SmsRow

SMS = "sms.typ"


def sms(report: SmsReport, *, now: datetime) -> bytes:
    """The SMS of a month, up to now where it is running, or a part of them."""
    return printed(SMS, sms_data(report, Edition(the_operator(), now))).pdf


def sms_data(report: SmsReport, edition: Edition) -> str:
    """The data of `sms.typ`, as JSON."""
    client = report.client
    with translation.override(client.language):
        name, month = printable(client.name), written.month(report.period)
        return packed(
            edition,
            title=f"{_('SMS')} {month}, {shortened(name)}",
            heading=_("SMS"),
            month=month,
            sender=sender_line(edition.operator),
            address=[foldable(name, 36)],
            facts=facts_of(report, edition),
            notes=notes(report, edition),
            columns=[_("Date and time"), pgettext("sms", "From"), pgettext("sms", "To"), _("Number of SMS")],
            days=list(days(report, edition.operator.country)),
            sum=total(report),
            empty=_("There were no SMS in %(month)s.") % {"month": month},
            foot=foot(report, edition, shortened(name)),
        )


def notes(report: SmsReport, edition: Edition) -> list[str]:
    said = [_("A part of the month's SMS.")] if report.part else []
    now = edition.local(edition.created)
    if now < edition.local(report.period.end):
        said.append(_("State of %(moment)s; the month is not over yet.") % {"moment": written.moment(now)})
    return said


def days(report: SmsReport, country: str) -> Iterator[list[str]]:
    """The cells of each day's SMS."""
    for _day, rows in groupby(report.rows, key=lambda row: row.sent_at.date()):
        yield list(chain.from_iterable(cells(row, country) for row in rows))


def cells(row: SmsRow, country: str) -> tuple[str, ...]:
    when = f"{written.day(row.sent_at.date())} {row.time}"
    return (
        f"{when}\n{_('added later')}" if row.late else when,
        foldable(printable(written.phone(row.sender, country)), 24) or written.QUIET_DASH,
        foldable(printable(written.phone(row.recipient, country)), 24) or written.QUIET_DASH,
        written.count(row.parts),
    )


def total(report: SmsReport) -> list[str]:
    sent = ngettext("%(n)s message", "%(n)s messages", len(report.rows)) % {"n": written.count(len(report.rows))}
    return [_("Total"), sent, "", written.count(report.parts)]


def foot(report: SmsReport, edition: Edition, name: str) -> str:
    known = {
        "client": name,
        "number": printable(report.client.number),
        "month": written.month(report.period),
        "day": written.long_day(edition.local(edition.created).date()),
    }
    return _("%(client)s · client %(number)s · %(month)s · made on %(day)s") % known
