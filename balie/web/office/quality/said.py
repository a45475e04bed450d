"""The checks explained to whoever sets them: what each finds, and an example. balie.quality.words has their names."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Words = Mapping[str, str | Promise]

FINDS: Words = {
    "no_call": gettext_lazy("There is no call of this agent and client near the time of the note."),
    "other_client": gettext_lazy("The agent named a call that was for another client."),
    "other_agent": gettext_lazy("The agent named a call that another agent had."),
    "outcome": gettext_lazy("The note says that the caller was put through, but the phone system connected nobody."),
    "callback_number": gettext_lazy("The caller wants to be called back, and the number is missing or cannot be one."),
    "bad_email": gettext_lazy("An address of the caller or of a recipient cannot be an email address."),
    "empty_text": gettext_lazy("Nothing was written down."),
    "short_text": gettext_lazy("Hardly anything was written down: fewer characters than this."),
    "copied_text": gettext_lazy("The same words as in an earlier note of this agent on that day."),
    "late_note": gettext_lazy("The note was written more than so many minutes after the call."),
    "two_notes": gettext_lazy("Another note of the same call came before."),
    "missing_field": gettext_lazy("A field that the client requires is empty."),
    "undelivered": gettext_lazy("Nobody got the note: the client has no recipient, or its mail was given up."),
    "impossible_times": gettext_lazy("The note was submitted before its call began, or in the future."),
}
EXAMPLES: Words = {
    "no_call": gettext_lazy("A note for Bakker at 11:42, but Anna had no call for Bakker between 10:42 and 12:42."),
    "other_client": gettext_lazy("The call was for client 1001, the note is for 1002."),
    "other_agent": gettext_lazy("Agent 202 had the call, the note is by agent 201."),
    "outcome": gettext_lazy("“Put through”, but no line to the client was opened during the call."),
    "callback_number": gettext_lazy("“Call back on 06 12”: that is no whole number."),
    "bad_email": gettext_lazy("“jan@bakker” lacks the end of its domain."),
    "empty_text": gettext_lazy("Only the caller's name was filled in."),
    "short_text": gettext_lazy("“Please call back”: the client does not know what about."),
    "copied_text": gettext_lazy("Two callers, and twice “Asks for an offer for the roof.”"),
    "late_note": gettext_lazy("The call ended at 10:05, the note came at 11:20."),
    "two_notes": gettext_lazy("The note was sent again instead of being corrected."),
    "missing_field": gettext_lazy("The dentist requires a date of birth, and it is not there."),
    "undelivered": gettext_lazy("The recipient's mailbox does not exist any more."),
    "impossible_times": gettext_lazy("The call began at 11:00, the note was submitted at 10:40."),
}
UNITS: Words = {"short_text": gettext_lazy("characters"), "late_note": gettext_lazy("minutes")}
# What the settings of all checks are called in the history.
SETTINGS: Words = {
    "tolerance": gettext_lazy("minutes between a note and its call"),
    "most_after": gettext_lazy("minutes after a call that count as handling it"),
    "at_once": gettext_lazy("mail at once"),
    "aggregated": gettext_lazy("all agents together"),
}
