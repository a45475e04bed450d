"""What the operator's settings are called, and how their values read in a sentence."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from balie.operator.models import Operator
from balie.web import money, typed, words

SMS_COUNTS = {
    "per_160": gettext_lazy("One for every 160 characters"),
    "segments": gettext_lazy("As networks count"),
}
LABELS: Mapping[str, str | Promise] = {
    "name": gettext_lazy("Name of the company"),
    "address": gettext_lazy("Address"),
    "timezone": gettext_lazy("Time zone"),
    "region": gettext_lazy("Country, or country and state"),
    "currency": gettext_lazy("Currency"),
    "language": pgettext_lazy("of the company", "Language"),
    "base_url": gettext_lazy("Address of these pages"),
    "answer_seconds": gettext_lazy("Answered in time, seconds"),
    "sms_count": gettext_lazy("How SMS are counted"),
    "quarantine_days": gettext_lazy("Rest of a number, days"),
    "low_stock": gettext_lazy("Alarm below so many free numbers"),
    "close.day": gettext_lazy("Day of the month"),
    "close.at": gettext_lazy("Time of day"),
    "close.mail_clients": gettext_lazy("Statements by mail"),
    "target_margin_percent": gettext_lazy("Target margin, %"),
    "offer_step": gettext_lazy("Step of offers"),
    "margin_months": gettext_lazy("Months looked back on"),
    "mailboxes.orders": pgettext_lazy("mailbox", "Orders"),
    "mailboxes.registrations": pgettext_lazy("mailbox", "Registrations"),
    "mailboxes.cancellations": pgettext_lazy("mailbox", "Cancellations"),
    "mailboxes.incorrect_recording": pgettext_lazy("mailbox", "Incorrect recording"),
    "mailboxes.call_note_copy": pgettext_lazy("mailbox", "Copies of call notes"),
    "mailboxes.tasks": pgettext_lazy("mailbox", "Tasks and alarms"),
    "mailboxes.imports": pgettext_lazy("mailbox", "Call files"),
    "mail.url": gettext_lazy("Mail server"),
    "mail.from": gettext_lazy("Sender"),
    "mail.password": gettext_lazy("Password"),
    "retention.numbers": gettext_lazy("Numbers in calls"),
    "retention.notes": gettext_lazy("Texts of notes"),
    "retention.sms": gettext_lazy("Numbers and texts of SMS"),
    "retention.mails": gettext_lazy("Sent mails"),
    "retention.opened": gettext_lazy("Who opened which client"),
    "retention.statements": gettext_lazy("Statements"),
}


def value_of(name: str, value: Any, operator: Operator) -> str:
    """One value in a few words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name.startswith("retention."):
        return ngettext("%(n)s month", "%(n)s months", value) % {"n": value} if value else _("kept for good")
    if value in ("", []):
        return _("nothing")
    if name == "language":
        return str(words.LANGUAGES.get(value, value))
    if name == "sms_count":
        return str(SMS_COUNTS.get(value, value))
    if name == "offer_step":
        return money.price(value, operator.currency)
    return ", ".join(value) if isinstance(value, list) else typed.shown(str(value))
