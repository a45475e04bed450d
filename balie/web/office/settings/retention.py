"""How long personal data is kept: a time for each kind, what of it would go tonight, and what went."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from balie.operator.models import Removal
from balie.operator.retention import boundary, next_night
from balie.rules.retention import TERMS, Kept, kept_from
from balie.web import written
from balie.web.office.settings.labels import LABELS
from balie.web.office.settings.page import Ask, Field, SettingsPage, addresses
from balie.web.request import OfficeRequest
from balie.worker.retention import would_remove
from balie.world.changed import State

NAMES = tuple(f"retention.{kind}" for kind in Kept)
# What goes, and what stays of it.
SAYS: Mapping[Kept, str | Promise] = {
    Kept.NUMBERS: gettext_lazy(
        "Numbers of callers and of those called, and lines of call files that could not be read. The calls stay with "
        "their times, durations and totals. Statements made later lack the numbers; those already made keep them."
    ),
    Kept.NOTES: gettext_lazy(
        "Text, caller and address in notes, earlier versions, the mails and SMS that brought them, drafts, and who was "
        "away. That there was a note stays, and so do the figures of recording."
    ),
    Kept.SMS: gettext_lazy("Recipients and texts. The number of SMS per client and month stays."),
    Kept.MAILS: gettext_lazy("Recipient, subject and text of mails that left or were given up. Waiting ones stay."),
    Kept.OPENED: gettext_lazy("Entries of the log that say who of staff opened a client. Changes stay in the log."),
    Kept.STATEMENTS: gettext_lazy(
        "The PDF files of closed months. Tax law wants them kept for years: in the Netherlands seven, in Germany eight "
        "to ten. Ask your accountant before you set less than ten."
    ),
}


@dataclass(frozen=True)
class Row:
    """One kind. kept_from: the first day that is kept now; gone: the day up to which it was removed."""

    field: Field
    says: str | Promise
    fewest: int
    usual: int
    kept_from: date | None
    held: Removal | None


def known(request: OfficeRequest, fields: Mapping[str, Field]) -> dict[str, Any]:
    """Every kind with what happened to it, and when it happens next."""
    held = {row.kind: row for row in Removal.objects.all()}
    operator, now = request.desk.operator, request.desk.now
    rows = [
        Row(
            fields[f"retention.{kind}"], SAYS[kind], TERMS[kind].fewest, TERMS[kind].usual,
            boundary(kind, operator, now=now), held.get(kind),
        )
        for kind in Kept
    ]  # fmt: skip
    return {"rows": rows, "tonight": written.clock(next_night(now, operator), request.desk.zone)}


def asks(request: OfficeRequest, fresh: State) -> Iterator[Ask]:
    """What a shorter time removes in the coming night: it cannot be brought back."""
    desk = request.desk
    for kind in Kept:
        months, held = fresh.get(f"retention.{kind}"), desk.operator.retention.get(kind)
        if not months or (held and months >= held):
            continue
        if count := would_remove(kind, months, now=desk.now):
            day = kept_from(desk.local_now.date(), months)
            said = ngettext(
                "%(what)s: %(n)s entry from before %(day)s is removed for good.",
                "%(what)s: %(n)s entries from before %(day)s are removed for good.",
                count,
            )
            text = said % {"what": LABELS[f"retention.{kind}"], "n": written.count(count), "day": written.day(day)}
            yield Ask(f"{kind}={months}", text)


PAGE = SettingsPage(
    names=NAMES, template="balie/settings/retention.html", view="retention_settings", put="put_retention",
    undo="undo_retention", known=known, asks=asks,
)  # fmt: skip


urlpatterns = addresses(PAGE, "retention")
