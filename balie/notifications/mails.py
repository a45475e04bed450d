"""Every kind of mail there is. One more is one more entry in a file of `kinds/`, and its name here."""

from collections.abc import Mapping

from balie.notifications.kind import LANGUAGES, OPERATOR, Kind
from balie.notifications.kinds.offers import CLIENT_OFFER
from balie.notifications.kinds.tasks import DIGEST, TASK_OPENED

__all__ = ["KINDS", "LANGUAGES", "OPERATOR"]

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        CLIENT_OFFER,
        DIGEST,
        TASK_OPENED,
    )
}
