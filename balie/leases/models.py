"""The columns a row needs so that one worker at a time can hold it (abstract), and the workers' signs of life."""

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


class WorkerBeat(models.Model):
    """One running worker process and when it last gave a sign of life. Several hosts may share one database."""

    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    lane = models.CharField(max_length=20)
    started = models.DateTimeField()
    at = models.DateTimeField()
    doing = models.CharField(max_length=300, blank=True, help_text="The row it works on; empty while it waits")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["host", "pid", "lane"], name="one_beat_a_process_and_lane")]

    def __str__(self) -> str:
        return f"{self.lane} on {self.host} ({self.pid}): {self.doing or 'waiting'}"
