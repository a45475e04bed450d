"""Offers that controlling made: an individual tariff for a task, and the figure it changes."""

from django.db import models

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
