"""Offers that controlling made, and the days on which it watched."""

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
    """The watch of a day: asked for every night and whenever somebody wants it, done once for each time asked."""

    day = models.DateField(unique=True, help_text="Local")
    asked = models.DateTimeField(help_text="When it was asked for last")
    done = models.DateTimeField(null=True, blank=True, help_text="The moment it looked at last")
    checked = models.PositiveIntegerField(default=0, help_text="Contracts looked at")
    new_tasks = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, help_text="Missing prices: client, tariff, month, code, where, message")

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}"

    @property
    def under_way(self) -> bool:
        """Whether somebody waits for it: asked for and not looked since."""
        return not self.parked and (self.done is None or self.done < self.asked)
