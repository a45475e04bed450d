"""SMS and where they came from. Sums per client and month are kept beside them, changed in step with the SMS."""

from django.db import models

from balie.accounts.models import Client


class SmsSource(models.Model):
    """Where lists of SMS come from: a gateway, a provider. Any name; made by the first import that says it."""

    name = models.CharField(max_length=100, unique=True)
    columns = models.JSONField(default=dict, blank=True, help_text="What its lists call the columns, where unusual")
    cut = models.BinaryField(default=b"", help_text="The last line read, where the file had no end behind it")
    cut_keys = models.JSONField(default=list, help_text="What came of it: keys of SMS, digests of bad lines")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SmsImport(models.Model):
    """One list read once. Its counts are those of `balie import sms`."""

    source = models.ForeignKey(SmsSource, models.CASCADE, related_name="imports")
    name = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField(default=0, help_text="Bytes")
    started = models.DateTimeField(db_index=True)
    finished = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    lines = models.PositiveIntegerField(default=0)
    messages = models.PositiveIntegerField(default=0)
    parts = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    unassigned = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-started"]

    def __str__(self) -> str:
        return f"{self.source}: {self.name}"


class SmsBadLine(models.Model):
    """A line that could not be read: kept with why, where and what."""

    source = models.ForeignKey(SmsSource, models.CASCADE, related_name="bad_lines")
    imported = models.ForeignKey(SmsImport, models.CASCADE, related_name="bad_lines")
    line = models.PositiveIntegerField(help_text="Line number in the file, from 1")
    reason = models.CharField(max_length=300)
    text = models.TextField(help_text="The first 4,000 characters")
    digest = models.CharField(max_length=32, help_text="Of the whole line, so that it is kept once")

    class Meta:
        ordering = ["-imported", "line"]
        constraints = [models.UniqueConstraint(fields=["source", "digest"], name="sms_bad_line_kept_once")]

    def __str__(self) -> str:
        return f"{self.imported} line {self.line}: {self.reason}"


class Message(models.Model):
    """One SMS, of so many parts. Its moment in UTC, numbers E.164 where they can be.

    `key` says what the line says and, where a list has the same line several times, which of them it is.
    """

    source = models.ForeignKey(SmsSource, models.PROTECT, related_name="messages", db_index=False)
    key = models.CharField(max_length=40)
    sent_at = models.DateTimeField()
    sender = models.CharField(max_length=80, blank=True)
    recipient = models.CharField(max_length=80, blank=True)
    text = models.TextField(blank=True, help_text="Empty where only the parts are known")
    parts = models.PositiveIntegerField()
    account = models.CharField(max_length=240, blank=True, help_text="The client as the list names it")
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="messages", db_index=False)
    status = models.CharField(max_length=12, default="sent")
    late = models.BooleanField(default=False, help_text="Came or changed after its month was closed")

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="sms_known_by_key")]
        indexes = [
            models.Index(fields=["client", "sent_at"], name="sms_of_client"),
            models.Index(fields=["sent_at"], name="sms_by_moment"),
            models.Index(fields=["sender"], name="sms_without_client", condition=models.Q(client=None)),
        ]

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d %H:%M:%S} {self.sender} → {self.recipient}"


class NameOwner(models.Model):
    """A sender, or a client's name in a list, that a manager gave to a client: remembered for later SMS."""

    name = models.CharField(max_length=240, unique=True)
    client = models.ForeignKey(Client, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.name} = {self.client}"


class SmsMonth(models.Model):
    """Sums of a client's SMS in one local month. The month report reads only this."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="+", db_index=False)
    month = models.PositiveIntegerField(help_text="202611")
    messages = models.IntegerField(default=0)
    parts = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "client"], name="one_sms_sum_a_client_and_month")]

    def __str__(self) -> str:
        return f"{self.client} {self.month}: {self.parts}"
