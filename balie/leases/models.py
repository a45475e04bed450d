"""The columns a row needs so that one worker at a time can hold it. Abstract: no table of its own."""

from datetime import UTC, datetime

from django.db import models

FREE = datetime(1970, 1, 1, tzinfo=UTC)


class Leased(models.Model):
    """A row that background work claims. `lease_until` in the past: free. `parked`: given up, and why."""

    lease_until = models.DateTimeField(default=FREE)
    attempts = models.PositiveSmallIntegerField(default=0)
    parked = models.TextField(blank=True, help_text="Why nobody tries any more; empty while somebody does")

    class Meta:
        abstract = True
