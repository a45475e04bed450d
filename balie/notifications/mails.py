"""Every kind of mail there is. One more is one more entry in a file of `kinds/`, and its name here."""

from collections.abc import Mapping

from balie.notifications.kind import LANGUAGES, OPERATOR, Kind
from balie.notifications.kinds import cancel_requests, cancellations, notes, numbers, orders, sms, sources, statements
from balie.notifications.kinds.factors import FACTOR_ADDED, FACTOR_REMOVED
from balie.notifications.kinds.login import INVITATION, INVITATION_KNOWN, PASSWORD_RESET
from balie.notifications.kinds.offers import CLIENT_OFFER
from balie.notifications.kinds.registration import REGISTRATION_KNOWN, REGISTRATION_LINK, REGISTRATION_NEW
from balie.notifications.kinds.staff import STAFF_INVITATION
from balie.notifications.kinds.tasks import DIGEST, TASK_OPENED
from balie.notifications.kinds.win_back import WINBACK_OFFER

__all__ = ["KINDS", "LANGUAGES", "OPERATOR"]

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        CLIENT_OFFER,
        WINBACK_OFFER,
        *orders.KINDS,
        *cancellations.KINDS,
        *notes.KINDS,
        *cancel_requests.KINDS,
        REGISTRATION_LINK,
        REGISTRATION_KNOWN,
        REGISTRATION_NEW,
        INVITATION,
        INVITATION_KNOWN,
        STAFF_INVITATION,
        PASSWORD_RESET,
        FACTOR_ADDED,
        FACTOR_REMOVED,
        DIGEST,
        TASK_OPENED,
        *numbers.KINDS,
        *sms.KINDS,
        *statements.KINDS,
        *sources.KINDS,
    )
}
