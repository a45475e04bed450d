"""A note as pages show it: what it says, what became of its mails, what is wrong with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from balie.notes.models import Delivery, Note, NoteVersion, Urgency, When
from balie.quality.models import CLIENT_WRONG, Finding
from balie.quality.words import check_name, explained
from balie.rules.call import veil
from balie.rules.recording import Outcome

OUTCOMES = {
    Outcome.CALLBACK: gettext_lazy("Call back"),
    Outcome.FORWARDED: gettext_lazy("Put through"),
    Outcome.MESSAGE: gettext_lazy("Message only"),
    Outcome.NONE: gettext_lazy("Nothing"),
}
WHENS = {
    When.ALWAYS: pgettext_lazy("recipient", "always"),
    When.OPEN: pgettext_lazy("recipient", "in business hours"),
    When.CLOSED: pgettext_lazy("recipient", "out of hours"),
}
LABELS = {
    "caller": gettext_lazy("Number"),
    "caller_name": gettext_lazy("Name"),
    "email": gettext_lazy("Email"),
    "reason": gettext_lazy("About"),
    "text": pgettext_lazy("call", "Note"),
    "promised": gettext_lazy("Promised"),
    "urgency": gettext_lazy("Urgency"),
    "outcome": gettext_lazy("Outcome"),
    "callback": gettext_lazy("Call back on"),
}
# What the scores of a review say.
SCORES = {
    1: pgettext_lazy("score", "must not happen again"),
    2: pgettext_lazy("score", "poor"),
    3: pgettext_lazy("score", "in order"),
    4: pgettext_lazy("score", "good"),
    5: pgettext_lazy("score", "excellent"),
}
# How each finding is mended, said to whoever can.
MENDS = {
    "no_call": gettext_lazy("Choose the call it is about, or dismiss the finding if there was none."),
    "other_client": gettext_lazy(
        "Choose the right client; if the call went to the wrong one, a manager corrects the call."
    ),
    "other_agent": gettext_lazy("Choose the right call, or dismiss it if a colleague wrote the note for you."),
    "outcome": gettext_lazy("Choose what really came of the call."),
    "callback_number": gettext_lazy("Fill in a number that can be called."),
    "bad_email": gettext_lazy("Correct the caller's address; a recipient's is corrected at the client."),
    "empty_text": gettext_lazy("Write down what the caller wanted."),
    "short_text": gettext_lazy("Write down what the client must know to act."),
    "copied_text": gettext_lazy("Write what this caller said, not the one before."),
    "late_note": gettext_lazy("Nothing to correct any more; a manager can dismiss it with the reason."),
    "two_notes": gettext_lazy("Choose the call it is about, if it is about another one."),
    "missing_field": gettext_lazy("Fill in the field, or write why it is not known."),
    "undelivered": gettext_lazy("Give the client a recipient, or send the mail again; then correct the note."),
    "impossible_times": gettext_lazy("Choose the call it is about."),
    CLIENT_WRONG: gettext_lazy("Correct the note, then dismiss the finding and say what was done."),
}


@dataclass(frozen=True)
class Wrong:
    """A finding, in words; apart: with agents' codes."""

    finding: Finding
    apart: bool = True

    @property
    def name(self) -> str:
        return check_name(self.finding.code)

    @property
    def text(self) -> str:
        said = explained(self.finding, apart=self.apart)
        return said[:1].upper() + said[1:]

    @property
    def mend(self) -> str:
        return str(MENDS.get(self.finding.code, ""))


def wrongs(findings: Iterable[Finding], apart: bool = True) -> list[Wrong]:
    return [Wrong(one, apart) for one in findings]


def outcome(note: Note) -> str:
    return str(OUTCOMES.get(Outcome(note.outcome), note.outcome))


# What became of an SMS, in the words for mails.
SMS_STATES = {"waiting": "waiting", "sending": "waiting", "sent": "sent", "delivered": "sent"} | dict.fromkeys(
    ("failed", "unknown", "withheld"), "failed"
)


@dataclass(frozen=True)
class Sent:
    """One delivery and the state of its mail or SMS: sent, waiting, failed, or gone (it was removed since)."""

    delivery: Delivery

    @property
    def state(self) -> str:
        mail, sms = self.delivery.mail, self.delivery.sms
        if sms is not None:
            return SMS_STATES.get(sms.state, sms.state)
        if mail is None:
            return "gone"
        return "sent" if mail.sent else "failed" if mail.parked else "waiting"


def deliveries(note: Note) -> list[Sent]:
    """Of every version, the newest first. One query."""
    rows = Delivery.objects.filter(note=note).select_related("mail", "sms").defer("mail__text", "mail__html")
    return [Sent(one) for one in rows.order_by("-version", "copy", "pk")]


def state_of(sent: Sequence[Sent], version: int) -> str:
    """What became of this version: failed as soon as one mail was given up; nobody where there was no recipient."""
    states = [one.state for one in sent if one.delivery.version == version and not one.delivery.copy]
    for state in ("failed", "waiting"):
        if state in states:
            return state
    return "sent" if states else "nobody"


@dataclass(frozen=True)
class Before:
    """A version as it was, and which fields the next one changed."""

    version: NoteVersion
    changes: Sequence[tuple[str, str, str]]  # name, what it said, what it said next


def history(note: Note) -> list[Before]:
    """The versions before the present one, the newest first. One query."""
    rows = list(note.versions.order_by("version"))
    after = [row.said for row in rows[1:]] + [as_said(note)] * bool(rows)
    return [Before(row, differences(row.said, new)) for row, new in zip(rows, after, strict=True)][::-1]


def as_said(note: Note) -> dict[str, Any]:
    return {name: getattr(note, name) for name in (*LABELS, "fields")}


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Fields that say something else: label, before, after."""
    found = []
    for name, label in LABELS.items():
        if name in old and old[name] != new.get(name):
            found.append((str(label), in_words(name, old[name]), in_words(name, new.get(name, ""))))
    before, after = old.get("fields") or {}, new.get("fields") or {}
    for name in dict.fromkeys((*before, *after)):
        if before.get(name, "") != after.get(name, ""):
            found.append((str(name), str(before.get(name, "")), str(after.get(name, ""))))
    return found


def in_words(name: str, value: Any) -> str:
    if name == "outcome":
        return str(OUTCOMES.get(value, value))
    if name == "urgency":
        return _("urgent") if value == Urgency.URGENT else _("normal")
    return str(value or "")


def veiled(note: Note) -> str:
    """The caller's number as far as the client's privacy lets it be seen."""
    return veil(note.caller, note.client.hide_numbers)
