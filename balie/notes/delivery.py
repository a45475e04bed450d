"""To whom a note goes, and its mails. One delivery a version and recipient; the worker sends what is queued."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override

from balie.notes.hours import is_open
from balie.notes.models import Delivery, Note, Recipient, Urgency, When
from balie.notifications.actions import queue_mail
from balie.notifications.models import Mail
from balie.operator.models import Operator
from balie.operator.queries import operator as the_operator
from balie.operator.queries import pages
from balie.operator.written import moment, phone
from balie.rules.call import veil
from balie.rules.phone import e164
from balie.rules.recording import Outcome, is_email

MAIL = "mail"


def deliver(note: Note, *, now: datetime) -> None:
    """Queues this version of the note to its recipients, and its copy to the operator's quality address."""
    operator = the_operator()
    for address in addresses(note, now):
        send(note, address, operator, kind="call_note", language=note.client.language, copy=False, now=now)
    box = operator.mailboxes.get("call_note_copy") or ""
    if box and note.agent.copy_notes:
        send(note, box, operator, kind="call_note_copy", language=operator.language, copy=True, now=now)


def addresses(note: Note, now: datetime) -> Iterator[str]:
    """Addresses that can be some, each once: those of recipients of this hour, else the client's own."""
    found = [one.to for one in recipients(note, now)] or [note.client.email]
    for address in dict.fromkeys(one.strip() for one in found):
        if is_email(address):
            yield address


def recipients(note: Note, now: datetime) -> list[Recipient]:
    """Who gets notes by mail at this hour."""
    rows = [one for one in Recipient.objects.filter(client=note.client) if one.kind == MAIL]
    if all(one.when == When.ALWAYS for one in rows):
        return rows
    hour = When.OPEN if is_open(note.client, now) else When.CLOSED
    return [one for one in rows if one.when in (When.ALWAYS, hour)]


def send(note: Note, to: str, operator: Operator, *, kind: str, language: str, copy: bool, now: datetime) -> None:
    mail = queue_mail(
        kind=kind, to=to, language=language, values=values(note, operator, language, copy=copy),
        key=f"note:{note.pk}:{note.version}:{kind}:{to.lower()}", about=f"client:{note.client.number}", now=now,
    )  # fmt: skip
    Delivery.objects.get_or_create(
        note=note, version=note.version, kind=MAIL, to=to, copy=copy, defaults={"mail": mail}
    )


def values(note: Note, operator: Operator, language: str, *, copy: bool) -> dict[str, str]:
    """The variables of the mail, in the language of who reads it."""
    # What leaves the office follows the client's privacy; the number to call back stays whole, since that was asked.
    number = veil(note.caller, note.client.hide_numbers) if note.caller and not copy else note.caller
    with override(language):
        said = {
            "client": note.client.name,
            "agent": str(note.agent),
            "at": moment(note.at.astimezone(ZoneInfo(operator.timezone))),
            "caller": " ".join(filter(None, (note.caller_name, phone(number, operator.country)))),
            "reason": note.reason,
            "text": note.text,
            "promised": note.promised,
            "outcome": outcome_said(note, operator),
            "fields": "\n".join(f"{name}: {value}" for name, value in note.fields.items() if value),
            "mark": marks(note),
            "link": f"{pages(operator)}/{'notes' if copy else 'portal/notes'}/{note.pk}/",
        }
    return said | ({"client_number": note.client.number} if copy else {})


def outcome_said(note: Note, operator: Operator) -> str:
    """What came of the call, in words; empty for nothing."""
    number = phone(e164(note.callback, operator.country), operator.country)
    said = {
        Outcome.FORWARDED: _("put through"),
        Outcome.CALLBACK: _("please call back: %(number)s") % {"number": number},
        Outcome.MESSAGE: _("message taken"),
    }
    return said.get(Outcome(note.outcome), "")


def marks(note: Note) -> str:
    """What the subject begins with: urgent, corrected."""
    found = [_("urgent")] if note.urgency == Urgency.URGENT else []
    found += [_("corrected")] if note.version > 1 else []
    return f"[{', '.join(found)}] " if found else ""


def delivered(note: Note) -> bool | None:
    """Whether the note reached its recipients: None while it is on its way; False where a mail was given up."""
    mails = Mail.objects.filter(deliveries__note=note, deliveries__version=note.version, deliveries__copy=False)
    states = list(mails.values_list("sent", "parked"))
    if any(parked for sent, parked in states if sent is None):
        return False
    return True if states and all(sent for sent, _parked in states) else None
