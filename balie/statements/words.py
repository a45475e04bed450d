"""The trade's words on documents, in the language that is active."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from balie.rules.call import CallType, Direction
from balie.tariffs.words import SERVICES

__all__ = ["DIRECTIONS", "SERVICES", "TYPES"]

DIRECTIONS = {
    Direction.INBOUND: gettext_lazy("inbound"),
    Direction.FORWARDED: gettext_lazy("forwarded"),
    Direction.OUTBOUND: gettext_lazy("outbound"),
}
# As a client reads them above its sums.
PARTS = {
    Direction.INBOUND: gettext_lazy("Inbound"),
    Direction.FORWARDED: gettext_lazy("Forwarded"),
    Direction.OUTBOUND: gettext_lazy("On your behalf"),
}
TYPES = {
    CallType.ACCEPTED: gettext_lazy("accepted"),
    CallType.MISSED: gettext_lazy("missed"),
    CallType.FORWARDED: gettext_lazy("passed on"),
    CallType.FORWARDED_FIXED: pgettext_lazy("network", "fixed"),
    CallType.FORWARDED_MOBILE: pgettext_lazy("network", "mobile"),
    CallType.FORWARDED_OTHER: pgettext_lazy("network", "other"),
    CallType.OUTBOUND_FIXED: pgettext_lazy("network", "fixed"),
    CallType.OUTBOUND_MOBILE: pgettext_lazy("network", "mobile"),
    CallType.OUTBOUND_OTHER: pgettext_lazy("network", "other"),
}
# Within the sums of a direction.
OF_WHICH = {
    CallType.ACCEPTED: gettext_lazy("accepted"),
    CallType.FORWARDED: gettext_lazy("passed on without an agent"),
    CallType.FORWARDED_FIXED: gettext_lazy("to fixed lines"),
    CallType.FORWARDED_MOBILE: gettext_lazy("to mobile telephones"),
    CallType.FORWARDED_OTHER: gettext_lazy("to other numbers"),
    CallType.OUTBOUND_FIXED: gettext_lazy("to fixed lines"),
    CallType.OUTBOUND_MOBILE: gettext_lazy("to mobile telephones"),
    CallType.OUTBOUND_OTHER: gettext_lazy("to other numbers"),
}
