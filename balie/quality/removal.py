"""What notes say, taken out after its time. The notes stay, with their calls, agents and findings: figures go on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from balie.leases.faults import fault
from balie.messages.actions.remove import remove_texts as remove_sms_texts
from balie.messages.models import Outgoing
from balie.notes.actions.absences import DEED as ABSENCE
from balie.notes.models import Absence, Draft, Note, NoteVersion
from balie.notifications.models import Mail
from balie.notifications.removal import remove_texts as remove_mail_texts
from balie.operator.actions import empty_details
from balie.operator.models import LogEntry
from balie.quality.models import CLIENT_WRONG, Finding, Review

AT_ONCE = 500
WORDS = ("caller", "caller_name", "email", "reason", "text", "promised", "callback")
FINDINGS = "findings"  # the kind of mail
AWAY = tuple(f"{ABSENCE}{deed}" for deed in ("entered", "changed", "removed"))
NOTHING: dict[str, Any] = {**dict.fromkeys(WORDS, ""), "fields": {}}
# What findings quote of a note, and what they say without it.
QUOTES: dict[str, dict[str, Any]] = {"callback_number": {}, "bad_email": {"email": "…"}, CLIENT_WRONG: {"words": []}}


def old_notes(before: datetime) -> QuerySet[Note]:
    """Notes before this moment that still say something."""
    says = ~Q(fields={})
    for name in WORDS:
        says |= ~Q(**{name: ""})
    return Note.objects.filter(says, at__lt=before)


def count_notes(before: datetime) -> int:
    return old_notes(before).count()


def take_notes(before: datetime, keep: Callable[[], None]) -> int:
    """Takes out what notes before this moment say, with earlier versions, mails and SMS of them, drafts and what was
    said of who is away; how many notes. keep: called between parts."""
    pks, found = list(old_notes(before).order_by("at").values_list("pk", flat=True)), 0
    for at in range(0, len(pks), AT_ONCE):
        keep()
        with transaction.atomic():
            found += empty(pks[at : at + AT_ONCE])
            fault("notes-removed")
    # Mails of what is wrong with notes quote them.
    remove_mail_texts(Mail.objects.filter(kind=FINDINGS, created__lt=before).exclude(text=""))
    Draft.objects.filter(at__lt=before).delete()
    Absence.objects.filter(ends__lt=before).delete()
    empty_details(LogEntry.objects.filter(deed__in=AWAY, at__lt=before), ("who", "say"), keep=keep)
    return found


def empty(notes: list[int]) -> int:
    """These notes (ids) say nothing any more, and nothing says what they said."""
    remove_mail_texts(Mail.objects.filter(pk__in=Mail.objects.filter(deliveries__note__in=notes).values("pk")))
    remove_sms_texts(Outgoing.objects.filter(deliveries__note__in=notes))
    NoteVersion.objects.filter(note__in=notes).delete()
    findings = Finding.objects.filter(note__in=notes)
    for code, said in QUOTES.items():
        findings.filter(code=code).update(figures=said)
    Review.objects.filter(note__in=notes).exclude(comment="").update(comment="")
    return Note.objects.filter(pk__in=notes).update(**NOTHING)
