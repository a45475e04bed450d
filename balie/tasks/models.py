"""Tasks: something about a client that a manager should decide. One open task per client, service and cause."""

from typing import Any

from django.db import models

from balie.accounts.models import Client

DISMISSED = "dismissed"
REASON_LENGTH = 200


def no_figures() -> dict[str, Any]:
    return {}


class Task(models.Model):
    """One matter. Its figures are those of the last look; `closed` with an outcome once it is decided or gone."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="tasks")
    service = models.CharField(max_length=40)
    kind = models.CharField(max_length=30, help_text="cost_limit, cost_limit_expected, uneconomical …")
    month = models.PositiveIntegerField(help_text="The month it was seen in last, 202611")
    figures = models.JSONField(default=no_figures)
    opened = models.DateTimeField()
    seen = models.DateTimeField(help_text="When its cause was last found to be there")
    closed = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, blank=True, help_text="Who decided; empty: it closed by itself")
    outcome = models.CharField(max_length=30, blank=True, help_text="gone, changed, ended, dismissed …")
    reason = models.CharField(max_length=REASON_LENGTH, blank=True, help_text="Why it was dismissed")

    class Meta:
        ordering = ["client__number", "kind", "service"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "service", "kind"],
                condition=models.Q(closed=None),
                name="one_open_task_of_a_client_and_cause",
            )
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.kind}"
