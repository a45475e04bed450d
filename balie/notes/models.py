"""Notes with their versions and deliveries; and per client what agents should know and say, and who gets the notes."""

from typing import Any

from django.db import models

from balie.accounts.models import Agent, Client
from balie.calls.models import Call
from balie.messages.models import Outgoing
from balie.notifications.models import Mail
from balie.rules.recording import Outcome

LONGEST_TEXT = 131_072  # as much as Linux hands to a command in one word: `balie note` refuses no text


def no_fields() -> dict[str, Any]:
    return {}


class Urgency(models.TextChoices):
    """How soon the client should do something."""

    NORMAL = "normal"
    URGENT = "urgent"


class Note(models.Model):
    """What an agent wrote down about a call. A correction changes it; what stood there before is a NoteVersion.

    `at` stays that of the first submission: handling time and lateness are measured by it. `given`: the agent, or the
    phone, named the call; else it is matched.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="notes", db_index=False)
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="notes", db_index=False)
    call = models.ForeignKey(Call, models.SET_NULL, null=True, blank=True, related_name="notes")
    given = models.CharField(max_length=200, blank=True, help_text="Key of the call that was named; empty: matched")
    at = models.DateTimeField(help_text="First submission, as the agent's program says")
    received = models.DateTimeField(help_text="When Balie got it")
    caller = models.CharField(max_length=80, blank=True, help_text="Number, E.164 where it can be")
    caller_name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True, help_text="The caller's")
    reason = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    promised = models.CharField(max_length=500, blank=True)
    urgency = models.CharField(max_length=6, default=Urgency.NORMAL, choices=Urgency.choices)
    outcome = models.CharField(max_length=9, default=Outcome.NONE, choices=[(one, one) for one in Outcome])
    callback = models.CharField(max_length=80, blank=True)
    fields = models.JSONField(default=no_fields, help_text="The client's own fields by name")
    key = models.CharField(max_length=200, null=True, blank=True, help_text="Of who may send it twice")
    version = models.PositiveIntegerField(default=1)
    changed = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=200)
    read = models.DateTimeField(null=True, blank=True, help_text="When somebody of the client opened it")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["client", "at"], name="notes_of_client"),
            models.Index(fields=["agent", "at"], name="notes_of_agent"),
            models.Index(fields=["client", "caller", "at"], name="notes_of_caller"),
            models.Index(fields=["at", "version"], name="notes_by_time"),
        ]
        # Only of notes that have one, and no other index of it: every index is written to when a note gets its call.
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=models.Q(key__isnull=False), name="note_known_by_key")
        ]

    def __str__(self) -> str:
        return f"note {self.pk} of {self.agent} for {self.client}"


class NoteVersion(models.Model):
    """What a note said before it was corrected."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    said = models.JSONField(help_text="The fields that a correction changes, as they were")
    until = models.DateTimeField()
    by = models.CharField(max_length=200, help_text="Who corrected it")

    class Meta:
        ordering = ["note", "version"]
        constraints = [models.UniqueConstraint(fields=["note", "version"], name="note_version_kept_once")]

    def __str__(self) -> str:
        return f"{self.note} as of version {self.version}"


class Delivery(models.Model):
    """One version of a note on its way to one recipient."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="deliveries")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=4, help_text="mail or sms")
    to = models.CharField(max_length=254)
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, blank=True, related_name="deliveries")
    sms = models.ForeignKey(Outgoing, models.SET_NULL, null=True, blank=True, related_name="deliveries")
    copy = models.BooleanField(default=False, help_text="To the operator's quality address")

    class Meta:
        ordering = ["note", "version", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["note", "version", "kind", "to", "copy"], name="delivered_once_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.note} to {self.to}"


class When(models.TextChoices):
    """During which hours a recipient gets notes."""

    ALWAYS = "always"
    OPEN = "open"
    CLOSED = "closed"


class Recipient(models.Model):
    """Who gets a client's notes beside its own address, or instead of it."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="recipients")
    kind = models.CharField(max_length=4, default="mail", help_text="mail or sms")
    to = models.CharField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    when = models.CharField(max_length=6, default=When.ALWAYS, choices=When.choices)

    class Meta:
        ordering = ["client", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["client", "kind", "to", "when"], name="one_recipient_an_address")
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.name or self.to}"


class Desk(models.Model):
    """What agents see and say for a client."""

    client = models.OneToOneField(Client, models.CASCADE, related_name="desk")
    greeting = models.CharField(max_length=500, blank=True)
    in_hours = models.TextField(blank=True, help_text="Instructions while the client is open")
    out_of_hours = models.TextField(blank=True)
    questions = models.TextField(blank=True, help_text="What callers often ask, and the answer")
    region = models.CharField(max_length=12, blank=True, help_text="Whose public holidays hold; empty: the operator's")
    required = models.JSONField(default=list, help_text="Names of fields that may not be empty")
    extra = models.JSONField(default=list, help_text="Names of fields of its own, in order")
    changed = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"desk of {self.client}"


class OpenHours(models.Model):
    """When a client is open: local times of one weekday (0 Monday … 6 Sunday, 7 public holidays), end not included."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="open_hours")
    day = models.PositiveSmallIntegerField()
    begins = models.TimeField()
    ends = models.TimeField(help_text="00:00: until midnight")

    class Meta:
        ordering = ["client", "day", "begins"]

    def __str__(self) -> str:
        return f"{self.client} {self.day} {self.begins:%H:%M}–{self.ends:%H:%M}"


class Absence(models.Model):
    """Who is away until when, and what to say: the current exception."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="absences")
    who = models.CharField(max_length=200)
    begins = models.DateTimeField()
    ends = models.DateTimeField(null=True, blank=True)
    say = models.CharField(max_length=500)
    by = models.CharField(max_length=200)
    made = models.DateTimeField()

    class Meta:
        ordering = ["client", "begins"]

    def __str__(self) -> str:
        return f"{self.client}: {self.who}"


class ExemptCaller(models.Model):
    """A number whose calls need no note: a supplier's alarm line, the client itself."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="exempt_callers")
    number = models.CharField(max_length=80, help_text="E.164 where it can be")
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["client", "number"]
        constraints = [models.UniqueConstraint(fields=["client", "number"], name="exempt_once")]

    def __str__(self) -> str:
        return f"{self.client}: {self.number}"


class Draft(models.Model):
    """What an agent has typed and not sent: a lost connection loses nothing."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="drafts")
    place = models.CharField(max_length=200, help_text="The call's key, or a mark of the form")
    said = models.JSONField(default=no_fields)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "place"], name="one_draft_a_place")]

    def __str__(self) -> str:
        return f"draft of {self.agent}"
