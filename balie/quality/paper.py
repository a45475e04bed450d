"""The recording of a month on paper: what stands there, as the data of `recording.typ`."""

from datetime import datetime
from itertools import chain

from babel import Locale
from babel.numbers import format_percent
from django.utils import translation
from django.utils.translation import gettext as _

from balie.operator import written
from balie.operator.queries import operator
from balie.quality.queries import AgentRecording, Recording, recording
from balie.rules.period import Period
from balie.statements.exports.pdf import Edition, packed, shortened
from balie.statements.paper.press import printed
from balie.statements.paper.printable import foldable, printable

TEMPLATE = "recording.typ"


def recording_pdf(period: Period, *, now: datetime) -> bytes:
    """One row an agent, in the operator's language; a tagged PDF/A."""
    edition = Edition(operator(), now)
    return printed(TEMPLATE, recording_data(recording(period), period, edition)).pdf


def recording_data(report: Recording, period: Period, edition: Edition) -> str:
    """As JSON."""
    with translation.override(edition.operator.language):
        month, made = written.month(period), written.moment(edition.local(edition.created))
        return packed(
            edition,
            title=f"{_('Data recording')} {month}",
            heading=_("Data recording"),
            month=month,
            notes=notes_of(report, period, edition),
            columns=[
                *(_("Code"), _("Name"), _("calls"), _("notes"), _("missing"), _("share")),
                *(_("95 % interval"), _("incorrect")),
            ],
            rows=list(chain.from_iterable(map(cells, report.agents))),
            sum=["", _("Total"), *sums(report)] if report.agents or report.calls else [],
            empty=_("Nobody had calls or wrote notes in %(month)s.") % {"month": month},
            foot=_("%(operator)s · data recording %(month)s · made on %(moment)s")
            % {"operator": shortened(printable(edition.operator.name)), "month": month, "moment": made},
        )


def notes_of(report: Recording, period: Period, edition: Edition) -> list[str]:
    """What a reader must know to read the table."""
    notes = []
    if edition.created < period.end:
        made = written.moment(edition.local(edition.created))
        notes.append(_("State of %(moment)s; the month is not over yet.") % {"moment": made})
    if not report.apart:
        notes.append(_("All agents together: this operator does not look at single ones."))
    if any(row.marked for row in report.agents):
        notes.append(_("* More calls without a note than the team, on at least 30 calls: more than chance explains."))
    return notes


def cells(row: AgentRecording) -> list[str]:
    low, high = percent(row.share.low), percent(row.share.high)
    known = bool(row.calls)
    return [
        foldable(printable(row.agent.code), 8),
        foldable(printable(row.agent.name), 24) + (" *" if row.marked else ""),
        *(written.count(row.calls), written.count(row.notes), written.count(row.missing)),
        percent(row.share.share) if known else written.QUIET_DASH,
        f"{low} – {high}" if known else written.QUIET_DASH,
        written.count(row.incorrect),
    ]


def sums(report: Recording) -> list[str]:
    missing, share = written.QUIET_DASH, written.QUIET_DASH
    if report.missing is not None and report.share is not None:
        missing, share = written.count(report.missing), percent(report.share)
    counts = (written.count(report.calls), written.count(report.notes))
    return [*counts, missing, share, "", written.count(report.incorrect)]


def percent(share: float) -> str:
    """12.3% as the language writes it, with one place."""
    usual = Locale.parse(written.locale()).percent_formats[None].pattern
    return str(format_percent(share, usual.replace("#,##0", "#,##0.0"), locale=written.locale()))
