"""The trade's words for what tables hold: directions, types, services, reasons. Translated when shown."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from balie.controlling.watch import COST_LIMIT, COST_LIMIT_EXPECTED, OFFER_FOLLOW_UP, UNECONOMICAL
from balie.rules.activation import Status
from balie.rules.call import CallType, Direction, Privacy
from balie.statements.words import DIRECTIONS, TYPES
from balie.tariffs.words import SERVICES, service_name

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
    "client.opened": gettext_lazy("Opened"),
    "client.data_taken": gettext_lazy("All data downloaded"),
    "client.changed": gettext_lazy("Client’s data changed"),
    "calls.assigned": gettext_lazy("Calls given to this client"),
    "calls.assignment_undone": gettext_lazy("Calls taken back from this client"),
    "call.corrected": gettext_lazy("Call corrected"),
    "call.correction_undone": gettext_lazy("Correction of a call taken back"),
    "sms.assigned": gettext_lazy("SMS given to this client"),
    "sms.assignment_undone": gettext_lazy("SMS taken back from this client"),
    "sms.settings": gettext_lazy("How SMS are sent changed"),
    "sms.sent_again": gettext_lazy("SMS sent again"),
    "sms.stopped": gettext_lazy("SMS taken back"),
    "client.registered": gettext_lazy("Signed up and activated"),
    "clients_user.made": gettext_lazy("User invited"),
    "clients_user.invited_again": gettext_lazy("Invitation sent again"),
    "clients_user.withdrawn": gettext_lazy("Invitation withdrawn"),
    "clients_user.joined": gettext_lazy("Invitation accepted"),
    "clients_user.owner": gettext_lazy("User made an owner"),
    "clients_user.member": gettext_lazy("User made a member"),
    "clients_user.removed": gettext_lazy("User removed"),
    "clients_user.restored": gettext_lazy("Removal of a user taken back"),
    "staff.made": gettext_lazy("Invited"),
    "staff.invited_again": gettext_lazy("Invitation sent again"),
    "staff.changed": gettext_lazy("Changed"),
    "staff.removed": gettext_lazy("Login taken away"),
    "staff.restored": gettext_lazy("Let in again"),
    "agent.made": gettext_lazy("Entered"),
    "agent.changed": gettext_lazy("Changed"),
    "agent.endpoints": gettext_lazy("Endpoints changed"),
    "token.made": gettext_lazy("Token made"),
    "token.withdrawn": gettext_lazy("Token withdrawn"),
    "factor.added": gettext_lazy("Second factor set up"),
    "factor.removed": gettext_lazy("Second factor removed"),
    "factor.reset": gettext_lazy("Second factor taken away"),
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
    "watch.changed": gettext_lazy("What the watch goes by changed"),
    "task.dismissed": gettext_lazy("Task dismissed"),
    "task.reopened": gettext_lazy("Task opened again"),
    "offer.sent": gettext_lazy("Offer sent"),
    "offer.accepted": gettext_lazy("Offer accepted"),
    "offer.declined": gettext_lazy("Offer declined"),
    "offer.reopened": gettext_lazy("Acceptance of the offer taken back"),
    "win_back.opened": gettext_lazy("Win-back case opened"),
    "win_back.sent": gettext_lazy("Offer to stay sent"),
    "win_back.declined": gettext_lazy("Offer to stay declined"),
    "win_back.won": gettext_lazy("Client won back"),
    "win_back.stayed": gettext_lazy("Client stays without an offer"),
    "win_back.lost": gettext_lazy("Client lost"),
    "win_back.dismissed": gettext_lazy("Win-back case dismissed"),
    "win_back.reopened": gettext_lazy("Win-back case opened again"),
    "numbers.added": gettext_lazy("Numbers added"),
    "number.kept_back": gettext_lazy("Kept back"),
    "number.not_kept_back": gettext_lazy("Not kept back any more"),
    "number.rest_ended": gettext_lazy("Given free before its rest was over"),
    "number.rests_again": gettext_lazy("Rests again"),
    "number.assigned": gettext_lazy("Given to a client"),
    "number.assignment_withdrawn": gettext_lazy("Assignment taken back"),
    "number.given_back": gettext_lazy("Last day set"),
    "number.kept_on": gettext_lazy("Last day taken back"),
    "number.changed": gettext_lazy("Changed by a world file"),
    "number.configure_by_hand": gettext_lazy("Set up by hand in the phone system"),
    "number.remove_by_hand": gettext_lazy("Taken out of the phone system by hand"),
    "order.placed": gettext_lazy("Order placed"),
    "order.withdrawn": gettext_lazy("Order withdrawn"),
    "order.tried_again": gettext_lazy("Order tried again"),
    "desk.changed": gettext_lazy("Desk changed"),
    "absence.entered": gettext_lazy("Exception entered"),
    "absence.changed": gettext_lazy("Exception changed"),
    "absence.removed": gettext_lazy("Exception taken away"),
    "finding.dismissed": gettext_lazy("Finding dismissed"),
    "finding.reopened": gettext_lazy("Finding opened again"),
    "finding.said_by_client": gettext_lazy("Client said that a note is wrong"),
    "recording.changed": gettext_lazy("Checks of notes set otherwise"),
    "review.made": gettext_lazy("Note reviewed"),
    "review.changed": gettext_lazy("Review changed"),
    "review.taken_back": gettext_lazy("Review taken back"),
    "contract.cancelled": gettext_lazy("Notice received"),
    "contract.cancellation_withdrawn": gettext_lazy("Notice taken back"),
    "cancellation_request.accepted": gettext_lazy("Cancellation without a login accepted"),
    "cancellation_request.rejected": gettext_lazy("Cancellation without a login rejected"),
}

# Where an order stands.
ORDER_STATUSES = {
    Status.WAITING: pgettext_lazy("order", "waiting"),
    Status.CLAIMED: pgettext_lazy("order", "reserved"),
    Status.CONFIGURED: pgettext_lazy("order", "set up"),
    Status.READY: pgettext_lazy("order", "ready"),
    Status.ACTIVE: pgettext_lazy("order", "active"),
    Status.WITHDRAWN: pgettext_lazy("order", "withdrawn"),
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
    return service_name(value)


def order_status(value: str) -> str:
    return str(ORDER_STATUSES[Status(value)])


def caller(value: str) -> str:
    """What stands for a number that was not sent along."""
    return value or _("anonymous")
