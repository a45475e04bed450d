"""What each check looks for, and what a finding says, in words that an agent can act on."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from balie.notes.parts import STANDARD
from balie.quality.models import CLIENT_WRONG, Finding

NAMES: Mapping[str, str | Promise] = {
    "no_call": gettext_lazy("note without a call"),
    "other_client": gettext_lazy("other client than the call's"),
    "other_agent": gettext_lazy("other agent than the call's"),
    "outcome": gettext_lazy("says put through, was not"),
    "callback_number": gettext_lazy("no number to call back"),
    "bad_email": gettext_lazy("impossible email address"),
    "empty_text": gettext_lazy("empty text"),
    "short_text": gettext_lazy("text too short"),
    "copied_text": gettext_lazy("copied text"),
    "late_note": gettext_lazy("late note"),
    "two_notes": gettext_lazy("two notes for one call"),
    "missing_field": gettext_lazy("required field is empty"),
    "undelivered": gettext_lazy("not delivered"),
    "impossible_times": gettext_lazy("impossible times"),
    CLIENT_WRONG: gettext_lazy("the client says it is wrong"),
}
TELLS: Mapping[str, str | Promise] = {
    "no_call": gettext_lazy("note without a call: none of this agent and client at that time"),
    "other_client": gettext_lazy("the call was for client %(call)s, the note says %(note)s"),
    "other_agent": gettext_lazy("agent %(call)s had the call, the note is of %(note)s"),
    "outcome": gettext_lazy("the note says put through, but the call was not"),
    "callback_number": gettext_lazy("should be called back, but “%(number)s” is no number"),
    "bad_email": gettext_lazy("“%(email)s” cannot be an email address"),
    "empty_text": gettext_lazy("the text is empty"),
    "short_text": gettext_lazy("the text has only %(characters)s characters"),
    "copied_text": gettext_lazy("the same text as an earlier note of that day"),
    "late_note": gettext_lazy("written %(minutes)s minutes after the call"),
    "two_notes": gettext_lazy("another note of this call came before"),
    "missing_field": gettext_lazy("the field “%(field)s” is empty, and the client requires it"),
    "undelivered": gettext_lazy("reached nobody: the client has no recipient at that hour, or the mail was given up"),
    "impossible_times": gettext_lazy("submitted before its call began, or in the future"),
}


def check_name(code: str) -> str:
    """The check in a few words."""
    return str(NAMES.get(code, code))


def explained(finding: Finding, *, apart: bool = True) -> str:
    """What is wrong, with its figures; without agents' codes where they are not told apart."""
    if not apart and finding.code == "other_agent":
        return check_name(finding.code)
    if finding.code == CLIENT_WRONG:
        said = " / ".join(one["said"] for one in finding.figures.get("words", ()))
        if not said:  # removed after its time
            return check_name(finding.code)
        return _("the client says: “%(said)s”") % {"said": " ".join(said.split())}
    if finding.code == "callback_number" and not finding.figures.get("number"):
        return _("should be called back, but there is no number")
    if fields := finding.figures.get("fields"):
        names = ", ".join(_("“%(field)s”") % {"field": field_said(name)} for name in fields)
        return _("the fields %(fields)s are empty, and the client requires them") % {"fields": names}
    text, field = TELLS.get(finding.code), finding.figures.get("field")
    named = {"field": field_said(field)} if field else {}
    return str(text) % {**finding.figures, **named} if text else finding.code


def field_said(name: str) -> str:
    """A field as forms call it; one of the client's own has the name the client gave it."""
    return pgettext("call", "Note") if name == "text" else str(STANDARD.get(name, name))
