"""Calls and where they came from. Sums per month, day and hour are kept beside them, updated with every import."""

from typing import Any

from django.db import models

from balie.accounts.models import Agent, Client
from balie.leases.models import Leased


class Source(Leased):
    """A phone system: how its files read, where they lie, when to look. The lease is for looking at its files."""

    name = models.CharField(max_length=100, unique=True)
    format = models.CharField(max_length=20)
    timezone = models.CharField(max_length=64, default="UTC")
    trunks = models.JSONField(default=list)
    account_prefix = models.CharField(max_length=20, blank=True)
    options = models.JSONField(default=dict, help_text="Of the generic format: columns, separator, encoding …")
    files = models.JSONField(null=True, blank=True, help_text="url, key, password, host_key; secrets as env: or file:")
    look_at = models.TimeField(null=True, blank=True, help_text="Daily, in the operator's time zone")
    look_every = models.PositiveIntegerField(null=True, blank=True, help_text="Minutes")
    last_look = models.DateTimeField(null=True, blank=True)
    last_problem = models.TextField(blank=True)
    next_look = models.DateTimeField(null=True, blank=True, db_index=True)
    newest = models.DateTimeField(null=True, blank=True, help_text="End of the newest line read so far, UTC")
    warning = models.TextField(blank=True, help_text="What a manager should know, for instance a wrong time zone")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class FileRead(models.Model):
    """One file read once, of calls or of SMS, with what came of its lines. Its bad lines are in `bad_lines`."""

    source: Any
    name = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64, db_index=True)
    started = models.DateTimeField(db_index=True)
    finished = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    lines = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    unassigned = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["-started"]

    def __str__(self) -> str:
        return f"{self.source}: {self.name}"


class KeptLine(models.Model):
    """A line of a file that could not be read: kept with why, where and what."""

    imported: Any
    line = models.PositiveIntegerField(help_text="Line number in the file, from 1")
    reason = models.CharField(max_length=300)
    text = models.TextField(help_text="The first 4,000 characters")
    digest = models.CharField(max_length=32, help_text="Of the whole line, so that it is kept once")

    class Meta:
        abstract = True
        ordering = ["-imported", "line"]

    def __str__(self) -> str:
        return f"{self.imported} line {self.line}: {self.reason}"


class Import(FileRead):
    """One call file read once. Its counts are those of `balie import calls`."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="imports")
    size = models.BigIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)
    inbound = models.PositiveIntegerField(default=0)
    forwarded = models.PositiveIntegerField(default=0)
    outbound = models.PositiveIntegerField(default=0)
    internal = models.PositiveIntegerField(default=0)
    unread = models.PositiveSmallIntegerField(default=0)


class Upload(Leased):
    """A call file given by hand that waits to be read, or is being read. Gone once it is read: then it is an import."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=500)
    size = models.BigIntegerField(default=0, help_text="Bytes")
    given = models.DateTimeField()
    by = models.CharField(max_length=200)
    doing = models.CharField(max_length=10, blank=True, help_text="read or store; empty while it waits")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["given", "pk"]

    def __str__(self) -> str:
        return f"{self.source}: {self.name}"


class UploadPart(models.Model):
    """A part of an upload's bytes, compressed. In rows, since the worker may run on another host."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="parts", db_index=False)
    position = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "position"], name="upload_part_kept_once")]

    def __str__(self) -> str:
        return f"{self.upload} {self.position}"


class BadLine(KeptLine):
    """A line of a call file that could not be read, or a leg that came too late."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="bad_lines")
    imported = models.ForeignKey(Import, models.CASCADE, related_name="bad_lines")

    class Meta(KeptLine.Meta):
        constraints = [models.UniqueConstraint(fields=["source", "digest"], name="bad_line_kept_once")]


class LegDay(models.Model):
    """Legs of one source that started on one day (as the file writes it), as a Parquet file.

    Every leg ever read is known by this, so that no line counts twice. `whole` parts also hold what folding a group
    anew needs; they are cut down to the legs' identity once their groups are too old for that.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="leg_days")
    day = models.DateField()
    count = models.PositiveIntegerField()
    whole = models.BooleanField()
    legs = models.BinaryField()
    veiled = models.BooleanField(default=False, help_text="Numbers in the names of channels are removed")

    class Meta:
        indexes = [models.Index(fields=["source", "day"], name="legs_of_day")]

    def __str__(self) -> str:
        return f"{self.source} {self.day}: {self.count} legs"


class Call(models.Model):
    """One row of the call report. Times in UTC, durations in seconds, numbers E.164 where they can be.

    `key` is unique within the source; a forwarded call's key is its inbound call's key, a slash and a counter.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="calls", db_index=False)
    key = models.CharField(max_length=200)
    start = models.DateTimeField()
    direction = models.CharField(max_length=9)
    type = models.CharField(max_length=16)
    caller = models.CharField(max_length=80, blank=True)
    callee = models.CharField(max_length=80, blank=True)
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="calls", db_index=False)
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="calls", db_index=False)
    endpoint = models.CharField(max_length=120, blank=True, help_text="Of the agent, as the phone system names it")
    account = models.CharField(max_length=80, blank=True, help_text="The client as the phone system names it")
    ring = models.PositiveIntegerField(default=0)
    talk = models.PositiveIntegerField(default=0)
    handling = models.PositiveIntegerField(default=0)
    service = models.CharField(max_length=40, default="telephone")
    billable = models.BooleanField(default=True)
    late = models.BooleanField(default=False, help_text="Came or changed after its month was closed")

    class Meta:
        ordering = ["start", "key"]
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="call_known_by_key")]
        indexes = [
            models.Index(fields=["client", "start"], name="calls_of_client"),
            models.Index(fields=["start"], name="calls_by_start"),
            models.Index(fields=["callee"], name="calls_without_client", condition=models.Q(client=None)),
            models.Index(fields=["start"], name="calls_come_late", condition=models.Q(late=True)),
            models.Index(fields=["agent", "start"], name="calls_of_agent", condition=models.Q(type="accepted")),
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M:%S} {self.direction} {self.caller} → {self.callee}"


class CallCorrection(models.Model):
    """A manager's correction of one call: another client, or not billable; with reason, undoable."""

    source = models.ForeignKey(Source, models.CASCADE)
    key = models.CharField(max_length=200)
    client = models.ForeignKey(Client, models.PROTECT, null=True, blank=True, related_name="+")
    billable = models.BooleanField(default=True)
    before_client = models.ForeignKey(Client, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    undone = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["source", "key"], name="corrections_of_call")]

    def __str__(self) -> str:
        return f"{self.key}: {self.reason}"


class AccountOwner(models.Model):
    """An account name of a phone system that a manager gave to a client: remembered for later calls."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="account_owners")
    account = models.CharField(max_length=80)
    client = models.ForeignKey(Client, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "account"], name="one_owner_an_account")]

    def __str__(self) -> str:
        return f"{self.account} = {self.client}"


class ClosedMonth(models.Model):
    """A month whose calls are billed: what comes later is late. Written by the closing of a month."""

    month = models.PositiveIntegerField(unique=True, help_text="202611")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.month)


class ChangedMonth(models.Model):
    """A client's closed month whose calls changed since it was closed. Billing finds here what to price anew."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="+", db_index=False)
    month = models.PositiveIntegerField(help_text="202611")
    change = models.CharField(max_length=16, blank=True, help_text="Another with every change: what was read is old")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "month"], name="changed_month_kept_once")]

    def __str__(self) -> str:
        return f"{self.client} {self.month}"


class ClientMonth(models.Model):
    """Sums of a client's calls of one type in one local month. The month report reads only this."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="+", db_index=False)
    month = models.PositiveIntegerField(help_text="202611")
    direction = models.CharField(max_length=9)
    type = models.CharField(max_length=16)
    calls = models.IntegerField(default=0)
    talk = models.BigIntegerField(default=0, help_text="Seconds")
    ring = models.BigIntegerField(default=0, help_text="Seconds")
    quick = models.IntegerField(default=0, help_text="Accepted within the service level's time")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "client", "type"], name="one_sum_a_client_and_month")]

    def __str__(self) -> str:
        return f"{self.client} {self.month} {self.type}: {self.calls}"


class AgentDay(models.Model):
    """Sums of an agent's calls of one type on one local day."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    type = models.CharField(max_length=16)
    calls = models.IntegerField(default=0)
    talk = models.BigIntegerField(default=0, help_text="Seconds")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "agent", "type"], name="one_sum_an_agent_and_day")]

    def __str__(self) -> str:
        return f"{self.agent} {self.day} {self.type}: {self.calls}"


class SourceHour(models.Model):
    """Sums of a source's calls of one type in one local hour, unassigned ones too."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    type = models.CharField(max_length=16)
    calls = models.IntegerField(default=0)
    talk = models.BigIntegerField(default=0, help_text="Seconds")
    ring = models.BigIntegerField(default=0, help_text="Seconds")
    quick = models.IntegerField(default=0, help_text="Accepted within the service level's time")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "hour", "source", "type"], name="one_sum_a_source_and_hour")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.day} {self.hour}:00 {self.type}: {self.calls}"


class SeenFile(models.Model):
    """A file where a source's files lie, as it was when it was last read. Unchanged ones are not fetched again."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="seen_files")
    path = models.CharField(max_length=1000)
    size = models.BigIntegerField(null=True, help_text="Bytes; unknown where the server does not tell")
    mtime = models.CharField(max_length=64, blank=True, help_text="As the server writes it")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Empty while it could not be read")
    cut = models.BooleanField(default=False, help_text="Its last line was cut off: read once more if unchanged")
    problem = models.TextField(blank=True, help_text="Why it was refused; empty where it was imported")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "path"], name="one_memory_a_file")]

    def __str__(self) -> str:
        return f"{self.source}: {self.path}"
