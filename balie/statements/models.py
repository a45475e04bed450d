"""Months being closed and the statements that came out of it."""

from django.db import models

from balie.accounts.models import Client
from balie.leases.models import Leased


class Closing(Leased):
    """A month to close, or closed. Kept as a row so that a killed closing goes on where it was."""

    month = models.PositiveIntegerField(unique=True, help_text="202611")
    asked = models.DateTimeField()
    asked_by = models.CharField(max_length=200, blank=True)
    done = models.DateTimeField(null=True, blank=True, help_text="When it was last closed completely")
    clients = models.PositiveIntegerField(default=0, help_text="Statements this closing has to look at")
    clients_done = models.PositiveIntegerField(default=0)
    held_by = models.CharField(max_length=300, blank=True, help_text="Host and process that closes it now")

    def __str__(self) -> str:
        return f"{self.month}"


class Statement(models.Model):
    """One revision of one client's month, kept as a file. Never changed once written."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="statements")
    month = models.PositiveIntegerField(help_text="202611")
    revision = models.PositiveSmallIntegerField()
    created = models.DateTimeField()
    path = models.CharField(max_length=200, help_text="Below BALIE_FILES_URL")
    sha256 = models.CharField(max_length=64, help_text="Of the file")
    content_sha256 = models.CharField(max_length=64, help_text="Of what it says; another one means a new revision")
    pages = models.PositiveSmallIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["client", "month", "revision"]
        constraints = [models.UniqueConstraint(fields=["client", "month", "revision"], name="one_statement_a_revision")]
        indexes = [models.Index(fields=["month", "client"], name="statements_of_month")]

    def __str__(self) -> str:
        return f"{self.client} {self.month} revision {self.revision}"
