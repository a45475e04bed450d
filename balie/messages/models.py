"""SMS: imported ones, with their sums per client and month, changed in step with them; and those we send."""

from django.db import models

from balie.accounts.models import Client
from balie.calls.models import FileRead, KeptLine
from balie.leases.models import Leased


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


class SmsImport(FileRead):
    """One list read once. Its counts are those of `balie import sms`."""

    source = models.ForeignKey(SmsSource, models.CASCADE, related_name="imports")
    size = models.BigIntegerField(default=0, help_text="Bytes")
    messages = models.PositiveIntegerField(default=0)
    parts = models.PositiveIntegerField(default=0)


class SmsBadLine(KeptLine):
    """A line of a list that could not be read."""

    source = models.ForeignKey(SmsSource, models.CASCADE, related_name="bad_lines")
    imported = models.ForeignKey(SmsImport, models.CASCADE, related_name="bad_lines")

    class Meta(KeptLine.Meta):
        constraints = [models.UniqueConstraint(fields=["source", "digest"], name="sms_bad_line_kept_once")]


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
            models.Index(fields=["sent_at"], name="sms_come_late", condition=models.Q(late=True)),
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


class State(models.TextChoices):
    """What became of an SMS that we send. `sending` is written down before the line to the gateway is written to."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WITHHELD = "withheld"


class Outgoing(models.Model):
    """One SMS of ours to one recipient. Once the gateway has it, it stands among the messages too, under `own_key`.

    It needs no lease: `Line` has one, and whoever holds it finds in state `sending` only what is its own, or what a
    worker that died may have sent.
    """

    key = models.CharField(max_length=200, blank=True, help_text="Of the event it tells: one SMS a key; may be empty")
    mark = models.CharField(max_length=36, unique=True, help_text="By which the gateway knows it")
    client = models.ForeignKey(Client, models.PROTECT, related_name="outgoing", db_index=False)
    sender = models.CharField(max_length=20, help_text="E.164, or up to eleven letters and digits")
    recipient = models.CharField(max_length=80, help_text="E.164 unless it was withheld for what it is")
    text = models.TextField()
    parts = models.PositiveIntegerField(help_text="As the operator counts")
    urgent = models.BooleanField(default=False, help_text="In quiet hours too")
    about = models.CharField(max_length=200, blank=True, db_index=True, help_text="note:17 …")
    by = models.CharField(max_length=200)
    created = models.DateTimeField()
    due = models.DateTimeField(help_text="When it is tried next")
    state = models.CharField(max_length=9, default=State.WAITING, choices=State.choices)
    reason = models.TextField(blank=True, help_text="Why it is where it is: withheld, failed, tried again")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Times it was on its way to the gateway")
    began = models.DateTimeField(null=True, blank=True, help_text="When it was first on its way, since staff said so")
    accepted = models.DateTimeField(null=True, blank=True, help_text="When the gateway first took it")
    resent = models.PositiveSmallIntegerField(default=0, help_text="Times staff sent it again")

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="one_sms_an_event")]
        indexes = [
            models.Index(fields=["due", "id"], condition=models.Q(state="waiting"), name="sms_to_send"),
            models.Index(fields=["id"], condition=models.Q(state="sending"), name="sms_on_their_way"),
            models.Index(fields=["client", "-created", "-id"], name="sms_sent_for_client"),
            models.Index(fields=["-created", "-id"], name="sms_sent_by_time"),
            models.Index(fields=["state", "-created", "-id"], name="sms_sent_by_state"),
        ]

    def __str__(self) -> str:
        return f"SMS {self.pk} to {self.recipient}"

    @property
    def own_key(self) -> str:
        """Its key among the messages of the source of what we send."""
        return f"own-{self.pk}"


class SmsPart(models.Model):
    """A part by the gateway's id, and what its receipts say. Without an SMS: of an id that nobody knows yet."""

    sms = models.ForeignKey(Outgoing, models.CASCADE, null=True, blank=True, related_name="sent_parts")
    gateway_id = models.CharField(max_length=80, db_index=True)
    sending = models.PositiveSmallIntegerField(default=0, help_text="`resent` of the SMS when it went")
    fate = models.CharField(max_length=10, blank=True, help_text="Of its last receipt that counts; empty: none came")
    at = models.DateTimeField(null=True, blank=True, help_text="When, by the gateway")
    why = models.CharField(max_length=80, blank=True, help_text="The gateway's own code")
    came = models.DateTimeField(help_text="When this row was made or last changed")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sms", "gateway_id"], name="one_part_an_id"),
            models.UniqueConstraint(
                fields=["gateway_id"], condition=models.Q(sms=None), name="one_stray_receipt_an_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gateway_id}: {self.fate or 'sent'}"


class Line(Leased):
    """The line to the gateway: one row, id 1; who holds its lease sends. What went wrong with it, and since when."""

    problem = models.TextField(blank=True)
    since = models.DateTimeField(null=True, blank=True, help_text="Since when there is no line; empty: there is one")

    def __str__(self) -> str:
        return "the line to the gateway"


class OptOut(models.Model):
    """A number that wants no SMS of ours."""

    number = models.CharField(max_length=80, unique=True)
    since = models.DateTimeField()
    by = models.CharField(max_length=200, help_text="Who entered it, or that the number said so itself")
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return self.number


class SmsSettings(models.Model):
    """The operator's own settings of sending: one row, id 1."""

    sender = models.CharField(max_length=20, blank=True)
    quiet_from = models.TimeField(null=True, blank=True, help_text="Local; empty: no quiet hours")
    quiet_until = models.TimeField(null=True, blank=True)
    limit = models.PositiveIntegerField(null=True, blank=True, help_text="A client and month, in parts; empty: none")
    note_text = models.JSONField(default=dict, blank=True, help_text="Text of a note's SMS by language; empty: ours")

    def __str__(self) -> str:
        return "settings of SMS"


class ClientSms(models.Model):
    """What differs for one client. Empty fields: the operator's hold."""

    client = models.OneToOneField(Client, models.CASCADE, related_name="sms_settings")
    sender = models.CharField(max_length=20, blank=True)
    limit = models.PositiveIntegerField(null=True, blank=True, help_text="A month, in parts")
    note_text = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return f"SMS of {self.client}"


class FakeSms(models.Model):
    """What the fake gateway was given, for who wants to try."""

    key = models.CharField(max_length=36, unique=True)
    sender = models.CharField(max_length=20)
    recipient = models.CharField(max_length=80)
    text = models.TextField()
    told = models.BooleanField(default=False, help_text="Its receipt was stored")

    def __str__(self) -> str:
        return f"{self.sender} → {self.recipient}"
