"""SMS of ours: queued once an event, taken back while they wait, sent again by staff. The worker sends them."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from balie.accounts.models import Client
from balie.leases.faults import fault
from balie.messages.actions.line import the_line
from balie.messages.limits import limit_reached
from balie.messages.models import OptOut, Outgoing, State
from balie.messages.settings import quiet_end, sender_for
from balie.operator.actions import Author, write_log
from balie.operator.models import Operator
from balie.operator.queries import operator as the_operator
from balie.rules.errors import Refused
from balie.rules.phone import can_be_called, e164
from balie.rules.sms import count, segments
from balie.rules.text import storable

MOST_PARTS = 10  # networks put no more together
LONGEST_KEY = 200
AGAIN = (State.FAILED, State.UNKNOWN, State.WITHHELD)  # what staff may send again


@transaction.atomic
def queue_sms(
    *, client: Client, to: str, text: str, key: str = "", about: str = "", urgent: bool = False, author: Author
) -> Outgoing:
    """Puts an SMS into the outbox, in the caller's transaction; nothing is sent here.

    key: of the event it tells, and of the recipient where there are several: the same key again gives the SMS there
    is. What must not be sent (impossible number, opted out, limit reached) stands there as withheld, with why.
    """
    keyed = Outgoing.objects.exclude(key="")  # said too: only then does SQLite look into the index of keys
    if key and (held := keyed.filter(key=key).order_by().first()):
        return held
    the_line()  # there is somebody to send it from now on
    operator = the_operator()
    recipient = e164(" ".join(to.split()), operator.country)
    parts, now = count(text, operator.sms_count), author.now
    with override(operator.language):  # staff read it
        reason = withheld(recipient, operator) or limit_reached(client, parts, now=now)
    fields = {
        "mark": uuid4().hex, "client": client, "sender": sender_for(client, operator), "recipient": recipient[:80],
        "text": text, "parts": parts, "urgent": urgent, "about": about, "by": author.who, "created": now,
        "due": now if urgent else quiet_end(now, operator) or now,
        "state": State.WITHHELD if reason else State.WAITING, "reason": reason,
    }  # fmt: skip
    made = keyed.get_or_create(key=key, defaults=fields)[0] if key else Outgoing.objects.create(**fields)
    fault("sms-queued")
    return made


def withheld(recipient: str, operator: Operator) -> str:
    """Why nothing may be sent to this number; empty where it may."""
    if not can_be_called(recipient, operator.country):
        return _("This is no number that could get an SMS.")
    if OptOut.objects.filter(number=recipient).exists():
        return _("This number asked for no more SMS.")
    return ""


@transaction.atomic
def send_sms(*, client: Client, to: str, text: str, key: str = "", urgent: bool = False, author: Author) -> Outgoing:
    """An SMS that somebody wrote. Refused, at its field, for what is no text or no number; else as `queue_sms`."""
    said = as_sent(text)
    if not said:
        raise Refused("no_text", _("Write what the SMS should say."), "text")
    if said != storable(said):  # half an emoji, cut off by a program
        raise Refused("bad_text", _("This text has half a sign in it that cannot be sent."), "text")
    if (parts := segments(said).parts) > MOST_PARTS:
        too_long = _("This would be %(parts)s SMS in a row; %(most)s are sent at most. Say it shorter.")
        raise Refused("too_long", too_long % {"parts": parts, "most": MOST_PARTS}, "text")
    region = the_operator().country
    if not can_be_called(e164(" ".join(to.split()), region), region):
        raise Refused("bad_number", _("“%(to)s” is no number that could get an SMS.") % {"to": storable(to)[:40]}, "to")
    if len(key) > LONGEST_KEY:
        raise Refused("long_key", _("A key has at most %(most)s characters.") % {"most": LONGEST_KEY}, "key")
    return queue_sms(client=client, to=to, text=said, key=key, urgent=urgent, author=author)


def as_sent(text: str) -> str:
    """A text as somebody typed it, as it is sent and counted: no space around it, lines as networks end them."""
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


@transaction.atomic
def stop_sms(*, sms: int, author: Author) -> Outgoing:
    """Takes an SMS (id) back that waits still. Said twice: nothing happens. Refused once it is on its way."""
    with override(the_operator().language):
        reason = _("Taken back by %(who)s.") % {"who": author.who}
    stopped = Outgoing.objects.filter(pk=sms, state=State.WAITING).update(state=State.WITHHELD, reason=reason)
    found = Outgoing.objects.select_related("client").get(pk=sms)
    if stopped:
        log(found, "sms.stopped", author)
    elif found.state != State.WITHHELD:
        raise Refused("on_its_way", _("This SMS is on its way already; it cannot be taken back any more."), "sms")
    return found


@transaction.atomic
def send_again(*, sms: int, author: Author) -> Outgoing:
    """Sends an SMS (id) again that failed, or whose fate is unknown: then it may arrive twice. What was held back is
    sent after all, once what stood against it does no longer.

    What may have arrived goes out under the same mark, so that a gateway which knows it need not send it a second
    time; what failed gets a new one. Refused where nothing is to be sent again, or must not be.
    """
    found = Outgoing.objects.select_for_update().select_related("client").filter(pk=sms).first()
    if found is None or found.state not in AGAIN:
        raise Refused("nothing_to_send", _("This SMS did not fail; there is nothing to send again."), "sms")
    if not (found.recipient and found.text):
        raise Refused("removed", _("What this SMS said was removed after its time; it cannot be sent again."), "sms")
    operator = the_operator()
    if why := withheld(found.recipient, operator) or beyond_limit(found, author.now):
        raise Refused("withheld", why, "sms")
    if found.state == State.FAILED:
        found.mark = uuid4().hex
    found.state, found.reason, found.began = State.WAITING, "", None
    found.due, found.resent = due(found, operator, author.now), found.resent + 1
    found.save(update_fields=["mark", "state", "reason", "began", "due", "resent"])
    log(found, "sms.sent_again", author)
    return found


def beyond_limit(sms: Outgoing, now: datetime) -> str:
    """Why its client's limit does not allow it; empty where it does, or where it counts towards that already."""
    return "" if counts(sms) else limit_reached(sms.client, sms.parts, now=now)


def counts(sms: Outgoing) -> bool:
    """Whether it counts towards a month already: the gateway took it once, or may have."""
    return sms.accepted is not None or sms.state == State.UNKNOWN


def due(sms: Outgoing, operator: Operator, now: datetime) -> datetime:
    """When it may be sent: now, or once the quiet hours are over."""
    return now if sms.urgent else quiet_end(now, operator) or now


def log(sms: Outgoing, deed: str, author: Author) -> None:
    write_log(
        author=author, deed=deed, about=f"client:{sms.client.number}",
        details={"sms": sms.pk, "to": sms.recipient},
    )  # fmt: skip
