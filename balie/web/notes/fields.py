"""The form of a note: its fields with what stands in them, what it says, and what is worth a second look."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from balie.notes.actions import Said
from balie.notes.models import Desk, Note, Urgency
from balie.quality.looking import limits
from balie.rules.phone import can_be_called, e164
from balie.rules.recording import CODES, Outcome, is_email, written

NAMES = ("caller_name", "caller", "email", "reason", "text", "promised", "outcome", "callback")
OWN = "own:"  # before the names of the client's own fields
MOST_OWN = 40


@dataclass(frozen=True)
class Own:
    """One of the client's own fields."""

    name: str
    value: str
    required: bool
    key: str  # an id for the page

    @property
    def field(self) -> str:
        return OWN + self.name


@dataclass(frozen=True)
class Form:
    """A note as it stands in the form. problems: by field; may_anyway: it may be sent all the same; earlier: the note
    there is already, of this form or of its call.
    """

    values: Mapping[str, Any]
    own: Sequence[Own]
    required: Sequence[str] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    may_anyway: bool = False
    earlier: Note | None = None
    urgent: bool = False

    @property
    def of_own(self) -> Iterator[tuple[Own, str]]:
        """The client's fields with what is wrong with each."""
        return ((one, self.problems.get(one.field, "")) for one in self.own)

    @property
    def elsewhere(self) -> list[str]:
        """What is wrong and stands at no field that is shown."""
        shown = {*NAMES, "client", *(one.field for one in self.own)} - {"outcome"}
        return [text for name, text in self.problems.items() if name not in shown]

    @property
    def first_wrong(self) -> str:
        return next(iter(self.problems), "")


def form_of(said: Mapping[str, Any], desk: Desk, fields: Mapping[str, str], **more: Any) -> Form:
    """said: by names of fields; fields: the client's own that are filled in, those it has no more included."""
    names = dict.fromkeys((*desk.extra, *(name for name, value in fields.items() if value)))
    own = [
        Own(name, fields.get(name, ""), name in desk.required, f"own-{at}") for at, name in enumerate(names, start=1)
    ]
    return Form(said, own, tuple(desk.required), urgent=said.get("urgency") == Urgency.URGENT, **more)


def of_note(note: Note, desk: Desk) -> Form:
    """The form with what a note says."""
    values = {name: getattr(note, name) for name in (*NAMES, "urgency")}
    return form_of(values, desk, {str(name): str(text) for name, text in note.fields.items()})


def of_post(post: Mapping[str, str], desk: Desk, **more: Any) -> Form:
    """The form with what was typed."""
    return form_of({name: post.get(name, "") for name in (*NAMES, "urgency")}, desk, own_of(post), **more)


def own_of(post: Mapping[str, str]) -> dict[str, str]:
    found = [(name.removeprefix(OWN), post[name]) for name in post if name.startswith(OWN)]
    return dict(found[:MOST_OWN])


def said_in(post: Mapping[str, str], country: str) -> Said:
    """What the form says. Whoever wants to be called back and names no number means the one he calls from."""
    outcome = post.get("outcome") or Outcome.MESSAGE
    fields = {name: text for name, text in own_of(post).items() if text.strip()}
    urgency = Urgency.URGENT if post.get("urgency") else Urgency.NORMAL
    plain = {name: post.get(name, "") for name in NAMES if name != "outcome"}
    said = Said(outcome=outcome, urgency=urgency, fields=fields, **plain)
    if outcome == Outcome.CALLBACK and not said.callback.strip() and can_be_called(said.caller.strip(), country):
        return replace(said, callback=said.caller)
    return said


def doubts(said: Said, desk: Desk, country: str) -> dict[str, str]:
    """What a check would find, by field, while the caller is still in mind; not what no check looks at any more. None
    of it keeps a note from being sent."""
    found, set_as = {}, limits()
    words, on = len(written(said.text)), set(CODES) - set_as.off
    if not words and "empty_text" in on:
        found["text"] = _("Write down what the caller wanted.")
    elif 0 < words < set_as.shortest and "short_text" in on:
        found["text"] = _("That is hardly anything: who reads it must know what to do.")
    callback = said.outcome == Outcome.CALLBACK and "callback_number" in on
    if callback and not can_be_called(said.callback.strip(), country):
        found["callback"] = _("Which number shall be called back?")
    if said.email.strip() and not is_email(said.email) and "bad_email" in on:
        found["email"] = _("This cannot be an email address.")
    for name in desk.required if "missing_field" in on else ():
        own = name in desk.extra
        text = said.fields.get(name, "") if own else str(getattr(said, name, ""))
        if not text.strip():
            found.setdefault(OWN + name if own else name, _("This client wants to know this."))
    return found


def number_typed(text: str, country: str) -> str:
    """A number from an address, where a plus has become a blank: as calls have it."""
    plain = text.strip()
    if text.startswith(" ") and plain[:1].isdigit():
        plain = f"+{plain}"
    return "" if plain == "anonymous" else e164(plain[:80], country)
