"""To whom a note goes, and its mails. One delivery a version and recipient; the worker sends what is queued."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override

from balie.accounts.models import Client
from balie.messages.actions import queue_sms
from balie.messages.short import filled, template_for
from balie.notes.hours import is_open
from balie.notes.models import Delivery, Note, Recipient, Urgency, When
from balie.notifications.actions import queue_mail
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.operator.queries import operator as the_operator
from balie.operator.queries import pages
from balie.operator.written import moment, phone
from balie.rules.call import veil
from balie.rules.phone import e164
from balie.rules.recording import Outcome, is_email

MAIL, SMS = "mail", "sms"


def deliver(note: Note, *, now: datetime) -> None:
    """Queues this version of the note to its recipients, and its copy to the operator's quality address."""
    operator = the_operator()
    for number in numbers(note, now):
        send_short(note, number, operator, now=now)
    for address in addresses(note, now):
        send(note, address, operator, kind="call_note", language=note.client.language, copy=False, now=now)
    box = operator.mailboxes.get("call_note_copy") or ""
    if box and note.agent.copy_notes:
        send(note, box, operator, kind="call_note_copy", language=operator.language, copy=True, now=now)


def addresses(note: Note, now: datetime) -> Iterator[str]:
    """Addresses that can be some, each once: those of recipients of this hour, else the client's own."""
    rows = Recipient.objects.filter(client=note.client)
    return addresses_among(rows, note.client, lambda: is_open(note.client, now))


def addresses_among(rows: Iterable[Recipient], client: Client, open_now: Callable[[], bool]) -> Iterator[str]:
    """The same of recipients that were read already. open_now: asked only where it matters."""
    mails = of_hour([one for one in rows if one.kind == MAIL], open_now)
    found = [one.to for one in mails] or [client.email]
    for address in dict.fromkeys(one.strip() for one in found):
        if is_email(address):
            yield address


def of_hour(rows: list[Recipient], open_now: Callable[[], bool]) -> list[Recipient]:
    """Those who get notes at this hour."""
    if all(one.when == When.ALWAYS for one in rows):
        return rows
    hour = When.OPEN if open_now() else When.CLOSED
    return [one for one in rows if one.when in (When.ALWAYS, hour)]


def numbers(note: Note, now: datetime) -> list[str]:
    """Telephones that get an SMS at this hour, each once."""
    rows = of_hour(list(Recipient.objects.filter(client=note.client, kind=SMS)), lambda: is_open(note.client, now))
    return list(dict.fromkeys(one.to for one in rows))


def send_short(note: Note, to: str, operator: Operator, *, now: datetime) -> None:
    """The note as a short text; of one version once to each number."""
    said = values(note, operator, note.client.language, copy=False)
    with override(note.client.language):
        urgent = _("URGENT") if note.urgency == Urgency.URGENT else ""
        short = {
            "client": said["client"], "urgent": urgent, "caller": note.caller_name,
            "number": number_said(note, operator),
            "reason": note.reason, "text": note.text, "callback": said["outcome"], "promised": note.promised,
            "agent": said["agent"], "time": f"{note.at.astimezone(ZoneInfo(operator.timezone)):%H:%M}",
        }  # fmt: skip
    sms = queue_sms(
        client=note.client, to=to, text=filled(template_for(note.client), short), about=f"note:{note.pk}",
        key=f"note:{note.pk}:{note.version}:sms:{to}", urgent=note.urgency == Urgency.URGENT,
        author=Author(note.by, now),
    )  # fmt: skip
    Delivery.objects.get_or_create(note=note, version=note.version, kind=SMS, to=to, copy=False, defaults={"sms": sms})


def number_said(note: Note, operator: Operator) -> str:
    """The caller's number as far as the client's privacy lets it out."""
    number = veil(note.caller, note.client.hide_numbers) if note.caller else ""
    return phone(number, operator.country)


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
        caller = " ".join(filter(None, (note.caller_name, phone(number, operator.country))))
        said = {
            "client": note.client.name,
            "agent": str(note.agent),
            "at": moment(note.at.astimezone(ZoneInfo(operator.timezone))),
            "caller": caller or _("unknown caller"),
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
    return f"[{', '.join(found)}]" if found else ""
