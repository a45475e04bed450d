"""Offers that controlling made, and the nights on which it watched."""

from django.db import models

from balie.leases.models import Leased
from balie.tariffs.models import Tariff
from balie.tasks.models import Task


class Offer(models.Model):
    """The tariff that would make a client's contract pay. `withdrawn`: another took its place, or nobody needs it."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="offers")
    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="offers")
    changes = models.CharField(max_length=12, help_text="basic_fee, call_price or cost_limit")
    fee = models.DecimalField(max_digits=14, decimal_places=4)
    made = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=models.Q(withdrawn=None), name="one_standing_offer_of_a_task"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tariff}: {self.changes} {self.fee}"


class WatchDay(Leased):
    """One night's watch: asked for once a day, done once."""

    day = models.DateField(unique=True, help_text="Local")
    done = models.DateTimeField(null=True, blank=True)
    checked = models.PositiveIntegerField(default=0, help_text="Contracts looked at")
    new_tasks = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, help_text="Missing prices, in words")

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}"
