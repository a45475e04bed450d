"""The trade's words for what tables hold: directions, types, services, reasons. Translated when shown."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from balie.controlling.watch import COST_LIMIT, COST_LIMIT_EXPECTED, OFFER_FOLLOW_UP, UNECONOMICAL
from balie.rules.call import CallType, Direction, Privacy
from balie.statements.words import DIRECTIONS, SERVICES, TYPES

__all__ = ["DIRECTIONS", "FULL_TYPES", "LANGUAGES", "PRIVACIES", "SERVICES", "TYPES"]

# In a list of choices a type must say its direction too.
FULL_TYPES = {
    CallType.ACCEPTED: gettext_lazy("accepted"),
    CallType.MISSED: gettext_lazy("missed"),
    CallType.FORWARDED: gettext_lazy("passed on without an agent"),
    CallType.FORWARDED_FIXED: gettext_lazy("forwarded, fixed"),
    CallType.FORWARDED_MOBILE: gettext_lazy("forwarded, mobile"),
    CallType.FORWARDED_OTHER: gettext_lazy("forwarded, other"),
    CallType.OUTBOUND_FIXED: gettext_lazy("outbound, fixed"),
    CallType.OUTBOUND_MOBILE: gettext_lazy("outbound, mobile"),
    CallType.OUTBOUND_OTHER: gettext_lazy("outbound, other"),
}
PRIVACIES = {
    Privacy.NONE: gettext_lazy("Numbers shown in full"),
    Privacy.LAST3: gettext_lazy("Last three digits hidden"),
    Privacy.ALL: gettext_lazy("Numbers hidden"),
}
LANGUAGES = {"nl": gettext_lazy("Dutch"), "de": gettext_lazy("German"), "en": gettext_lazy("English")}

# What one task is about.
TASKS = {
    OFFER_FOLLOW_UP: gettext_lazy("No answer to an offer"),
    UNECONOMICAL: gettext_lazy("The contract does not pay"),
    COST_LIMIT: gettext_lazy("Cost limit passed"),
    COST_LIMIT_EXPECTED: gettext_lazy("Cost limit will be passed"),
}
# How an offer was accepted.
ACCEPTED_HOW = {
    "link": pgettext_lazy("accepted", "by the link"),
    "code": pgettext_lazy("accepted", "by the code"),
    "staff": pgettext_lazy("accepted", "by staff"),
}
DEEDS = {
    "booking.made": gettext_lazy("Booked"),
    "booking.changed": gettext_lazy("Booking changed"),
    "booking.cancelled": gettext_lazy("Booking cancelled"),
    "booking.reopened": gettext_lazy("Cancellation taken back"),
    "booking.deleted": gettext_lazy("Booking removed"),
    "contract.changed": gettext_lazy("Contract changed"),
    "contract.tariff_changed": gettext_lazy("Tariff changed"),
    "contract.change_undone": gettext_lazy("Change of tariff taken back"),
    "contract.ended": gettext_lazy("Contract ended"),
    "contract.reopened": gettext_lazy("Contract goes on"),
    "tariff.made": gettext_lazy("Tariff made"),
    "tariff.changed": gettext_lazy("Tariff changed"),
    "tariff.copied": gettext_lazy("Made as a copy for one client"),
    "tariff.version_made": gettext_lazy("New version"),
    "tariff.version_deleted": gettext_lazy("Version deleted"),
    "tariff.code_withdrawn": gettext_lazy("Code withdrawn"),
    "tariff.code_restored": gettext_lazy("Code opened again"),
    "task.dismissed": gettext_lazy("Task dismissed"),
    "task.reopened": gettext_lazy("Task opened again"),
    "offer.sent": gettext_lazy("Offer sent"),
    "offer.accepted": gettext_lazy("Offer accepted"),
    "offer.declined": gettext_lazy("Offer declined"),
    "offer.reopened": gettext_lazy("Acceptance of the offer taken back"),
}


def deed(value: str) -> str:
    """What was done; a deed without a word of ours is shown by its name."""
    return str(DEEDS.get(value, value))


def direction(value: str) -> str:
    return str(DIRECTIONS[Direction(value)])


def type_(value: str) -> str:
    return str(TYPES[CallType(value)])


def service(value: str) -> str:
    """The service's name; one we do not know is shown as it is called."""
    return str(SERVICES.get(value, value))


def caller(value: str) -> str:
    """What stands for a number that was not sent along."""
    return value or _("anonymous")
