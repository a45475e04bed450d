"""What was found wrong with notes, how checks are set, what was last looked at, and reviews."""

from typing import Any

from django.db import models

from balie.accounts.models import Agent, Client
from balie.calls.models import Source
from balie.leases.models import Leased
from balie.notes.models import Note

CLIENT_WRONG = "client_wrong"  # what no check finds: the client says so


def no_figures() -> dict[str, Any]:
    return {}


class Finding(models.Model):
    """One thing that is wrong with a note. It closes by itself once it is right; `dismissed`: somebody said it is."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="findings")
    code = models.CharField(max_length=20)
    client = models.ForeignKey(Client, models.CASCADE, related_name="findings", db_index=False)
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="findings", db_index=False)
    month = models.PositiveIntegerField(help_text="Of the call, else of the note: 202611")
    figures = models.JSONField(default=no_figures)
    opened = models.DateTimeField()
    closed = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, blank=True, help_text="Who dismissed it; empty: it closed by itself")
    dismissed = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was dismissed")
    told = models.DateTimeField(null=True, blank=True, help_text="When its mail was queued")

    class Meta:
        ordering = ["-opened", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["note", "code"], condition=models.Q(closed=None), name="one_open_finding")
        ]
        indexes = [
            models.Index(fields=["month", "closed"], name="findings_of_month"),
            models.Index(fields=["agent", "month"], name="findings_of_agent"),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.note}"


class CheckSetting(models.Model):
    """How one check is set, where that differs from the standard."""

    code = models.CharField(max_length=20, unique=True)
    on = models.BooleanField(default=True)
    parameter = models.PositiveIntegerField(null=True, blank=True, help_text="Minutes or characters, by the check")

    def __str__(self) -> str:
        return self.code


class RecordingSettings(models.Model):
    """How recording is watched. One row, id 1."""

    tolerance = models.PositiveIntegerField(default=60, help_text="Minutes between a note and its call")
    at_once = models.BooleanField(default=True, help_text="Findings are mailed at once, else as a digest")
    most_after = models.PositiveIntegerField(default=10, help_text="Minutes after a call that count as handling it")
    aggregated = models.BooleanField(default=False, help_text="Agents are shown without names")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="only_one_recording_settings")]

    def __str__(self) -> str:
        return "recording"


class CheckedDay(Leased):
    """A local day whose notes and calls are looked at; `seen`: what was there when it was looked at last."""

    day = models.DateField(unique=True)
    seen = models.CharField(max_length=100, blank=True, help_text="A mark of what was there")
    asked = models.DateTimeField()
    done = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"recording of {self.day}"


class CountedDay(models.Model):
    """How the calls of a local day were recorded when that was counted last. Nothing is lost when rows are deleted."""

    day = models.DateField(unique=True)
    at = models.DateTimeField(help_text="When it was counted")
    calls = models.CharField(max_length=200, help_text="A mark of the calls it was counted from")
    notes = models.CharField(max_length=200, help_text="The same of the notes of this day and the next")
    agents = models.JSONField(help_text="By the agent's id: calls that need a note, those without one, notes")

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} counted"


class HandedCall(models.Model):
    """A manager asks the call's agent for its note: it stands first at the desk until there is one."""

    # By source and key, since a call that gains a leg gets another row.
    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="handed_calls")
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="call_handed_once")]

    def __str__(self) -> str:
        return f"{self.key} to {self.agent}"


class Review(models.Model):
    """A manager looked at a note: score and comment. Never shown to clients."""

    note = models.OneToOneField(Note, models.CASCADE, related_name="review")
    score = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 to 5")
    comment = models.CharField(max_length=1000, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    seen = models.DateTimeField(null=True, blank=True, help_text="When the agent opened it")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"review of {self.note}"
