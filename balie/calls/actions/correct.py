"""A manager corrects one call: other client, or not billable; with a reason, logged, undoable."""

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.calls import store
from balie.calls.models import Call, CallCorrection
from balie.calls.queries import closed_months
from balie.operator.actions import Author, write_log
from balie.operator.queries import operator
from balie.rules.errors import Refused
from balie.rules.period import Period


@transaction.atomic
def correct_call(
    *, call: Call, reason: str, author: Author, client: Client | None = None, billable: bool = True
) -> CallCorrection:
    """Corrects a call; a second correction of it replaces the first. In a closed month the call counts as late.

    client: another client, None to leave it where it is. Refused without a reason or without a change.
    """
    if not reason.strip():
        raise Refused("no_reason", _("Say why: the reason is kept with the call."), "reason")
    standing = CallCorrection.objects.filter(source=call.source, key=call.key, undone=None)
    if (client is None or client == call.client) and billable == call.billable:
        raise Refused("no_change", _("The call is like that already."), "client")
    first = standing.order_by("at").first()
    before = first.before_client if first else call.client
    standing.update(undone=author.now)
    correction = CallCorrection.objects.create(
        source=call.source,
        key=call.key,
        client=client or (first.client if first else None),
        billable=billable,
        before_client=before,
        reason=reason.strip()[:300],
        by=author.who,
        at=author.now,
    )
    _become(call, client or call.client, billable)
    details = {
        "key": call.key,
        "client": str(client.number) if client else None,
        "billable": billable,
        "reason": reason,
    }
    write_log(author=author, deed="call.corrected", about=f"call:{call.pk}", details=details)
    return correction


@transaction.atomic
def undo_correction(*, correction: CallCorrection, author: Author) -> None:
    """Takes a correction back: the call is again as the phone system's record said."""
    if not CallCorrection.objects.filter(pk=correction.pk, undone=None).update(undone=author.now):
        raise Refused("nothing_to_undo", _("This correction was taken back already."), "correction")
    call = Call.objects.get(source=correction.source, key=correction.key)
    _become(call, correction.before_client if correction.client else call.client, True)
    write_log(author=author, deed="call.correction_undone", about=f"call:{call.pk}", details={"key": call.key})


def _become(call: Call, client: Client | None, billable: bool) -> None:
    """Changes a call in step with the sums."""
    settings = operator()
    late = call.late or Period.of(call.start, settings.timezone).key in closed_months()
    one = Call.objects.filter(pk=call.pk)
    store.count(store.framed(one, settings.timezone).drop("pk"), -1, settings)
    one.update(client=client, billable=billable, late=late)
    store.count(store.framed(one, settings.timezone).drop("pk"), 1, settings)
    call.refresh_from_db()
