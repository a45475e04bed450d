"""The outbox, one row a mail, kept as it was sent; and the operator's own words for a kind of mail."""

from django.db import models
from django.db.models import Q

from balie.leases.models import Leased


class Mail(Leased):
    """One mail to one recipient: rendered when what it tells happened, sent by the worker.

    `attempts` count while it waits; `parked` tells why nobody tries any more. Its Message-ID is made once, so that a
    mail that came twice is known to be one.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200, blank=True, help_text="Of the event it tells: one mail a key; may be empty")
    about = models.CharField(max_length=200, blank=True, db_index=True, help_text="client:1001, order:2026-0012 …")
    recipient = models.CharField(max_length=254)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=400)
    text = models.TextField()
    html = models.TextField()
    file = models.CharField(max_length=200, blank=True, help_text="Kept below BALIE_FILES_URL; goes with it")
    file_name = models.CharField(max_length=100, blank=True, help_text="What its recipient's copy is called")
    message_id = models.CharField(max_length=255, unique=True)
    created = models.DateTimeField()
    due = models.DateTimeField(help_text="When it is tried next")
    sent = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True, help_text="Why the last attempt failed")

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="one_mail_an_event")]
        indexes = [
            models.Index(fields=["due"], condition=Q(sent=None), name="mails_to_send"),
            models.Index(fields=["-created", "-id"], name="mails_by_time"),
            models.Index(fields=["kind", "-created", "-id"], name="mails_of_kind"),
            models.Index(fields=["recipient"], name="mails_to_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient}"


class MailText(models.Model):
    """The operator's own words for one kind of mail in one language; without a row the standard text is sent."""

    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    button = models.CharField(max_length=200, blank=True)
    changed = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "language"], name="one_own_text_a_kind_and_language")]

    def __str__(self) -> str:
        return f"{self.kind} in {self.language}"
