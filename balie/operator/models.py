"""The operator: one row of settings, what work costs, the log of who did what. Nothing here knows clients or calls."""

from datetime import time
from decimal import Decimal
from typing import Any

from django.db import models

from balie.leases.models import Leased


def no_texts() -> list[str]:
    return []


def no_settings() -> dict[str, Any]:
    return {}


class Operator(models.Model):
    """The answering service that runs this installation. Exactly one row, id 1."""

    name = models.CharField(max_length=200)
    timezone = models.CharField(max_length=64, default="Europe/Amsterdam")
    region = models.CharField(
        max_length=12, default="NL", help_text="Country (and state) as the library holidays names it"
    )
    currency = models.CharField(max_length=3, default="EUR")
    language = models.CharField(max_length=2, default="nl")
    base_url = models.CharField(max_length=300, blank=True)
    address = models.JSONField(default=no_texts)
    mailboxes = models.JSONField(default=no_settings)
    costs = models.JSONField(default=no_settings, help_text="Amounts as strings")
    target_margin_percent = models.DecimalField(max_digits=7, decimal_places=3, default=Decimal("20"))
    offer_step = models.DecimalField(max_digits=12, decimal_places=4, default=Decimal("5.00"))
    margin_months = models.PositiveSmallIntegerField(default=3)
    close_day = models.PositiveSmallIntegerField(default=3)
    close_at = models.TimeField(default=time(6, 0))
    close_mail_clients = models.BooleanField(default=False)
    mail = models.JSONField(default=no_settings, help_text="url, from and where the password lies, never the password")
    switch = models.JSONField(default=no_settings)
    quarantine_days = models.PositiveSmallIntegerField(default=90, help_text="A number rests before its next client")
    low_stock = models.PositiveSmallIntegerField(default=10, help_text="Fewer free numbers raise an alarm; 0: never")
    sms_gateway = models.JSONField(default=no_settings)
    sms_count = models.CharField(max_length=10, default="per_160")
    answer_seconds = models.PositiveSmallIntegerField(default=20, help_text="Service level: answered within this time")
    second_factor = models.BooleanField(
        null=True, blank=True, help_text="Asked of staff; empty: as soon as an administrator has one"
    )

    retention = models.JSONField(
        default=no_settings, help_text="Months by kind (balie.rules.retention); what is not there is kept for good"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="only_one_operator")]

    def __str__(self) -> str:
        return self.name

    @property
    def country(self) -> str:
        """The two letters of the country: DE of DE-NW."""
        return self.region[:2]


class CostsFrom(models.Model):
    """What work costs from a local day on, until a later row says something else. Before the first of them hold the
    operator's own `costs`. Never changed: another row of the same day takes its place, so that both can be undone."""

    first_day = models.DateField()
    costs = models.JSONField(help_text="All amounts, as strings, by the keys of a world file")
    groups = models.JSONField(default=no_settings, help_text="Cost per agent hour by the id of a group of agents")
    made = models.DateTimeField()
    by = models.CharField(max_length=200)
    removed = models.DateTimeField(null=True, blank=True)
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["first_day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["first_day"], condition=models.Q(removed=None), name="one_set_of_costs_from_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"costs from {self.first_day}"


class FixedCost(models.Model):
    """What a month costs whatever is worked in it, and by what it is spread over the clients."""

    name = models.CharField(max_length=100)
    amount = models.DecimalField(max_digits=12, decimal_places=2, help_text="A month")
    spread = models.CharField(max_length=10, help_text="calls, minutes, revenue or client")
    first_month = models.PositiveIntegerField(help_text="202611")
    last_month = models.PositiveIntegerField(null=True, blank=True, help_text="202611; empty: no end")
    made = models.DateTimeField()
    by = models.CharField(max_length=200)
    removed = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["first_month", "name", "pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.amount}"

    def holds(self, month: int) -> bool:
        """Whether it is a cost of this month (202611)."""
        return self.first_month <= month and (self.last_month is None or month <= self.last_month)


class Terms(models.Model):
    """What somebody who signs up agrees to: one row a version, never changed, the highest holds."""

    version = models.PositiveIntegerField(unique=True)
    texts = models.JSONField(help_text="The whole text by language: paragraphs with an empty line between them")
    made = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"terms {self.version}"


class Removal(Leased):
    """One kind of data that is removed after its time (balie.rules.retention): up to where it was, and when it is next.

    `before` is written down before anything is removed: what is older may be gone, whatever a kill left of it.
    """

    kind = models.CharField(max_length=12, unique=True)
    before = models.DateField(null=True, blank=True, help_text="Local day; data of earlier days is gone")
    due = models.DateTimeField(help_text="When it is looked at next")
    done = models.DateTimeField(null=True, blank=True, help_text="When it was last looked at to the end")
    removed = models.PositiveIntegerField(default=0, help_text="Rows, by the last look that found any")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind"]

    def __str__(self) -> str:
        return f"removal of {self.kind}"


class LogEntry(models.Model):
    """One deed of one person. The person is a plain id and a name: users live above this app."""

    at = models.DateTimeField(db_index=True)
    user_id = models.BigIntegerField(null=True)
    who = models.CharField(max_length=200)
    deed = models.CharField(max_length=60, help_text="What was done, in a word for programs: calls.assigned")
    about = models.CharField(max_length=200, blank=True, db_index=True, help_text="client:1001, month:2026-10 …")
    details = models.JSONField(default=no_settings)

    class Meta:
        indexes = [models.Index(fields=["deed", "at"], name="log_by_deed")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who}: {self.deed} {self.about}"
