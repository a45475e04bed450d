"""What was restored, so that an unfinished restore is known. Backups made are in the log (`balie.operator`)."""

from django.db import models

MADE = "backup.made"  # in the log


class Restore(models.Model):
    """One restore, stored in the transaction that brought its rows. What is not in the database follows after it."""

    at = models.DateTimeField()
    file = models.CharField(max_length=500)
    made = models.DateTimeField(help_text="When the backup was made")
    finished = models.DateTimeField(null=True, blank=True, help_text="Empty: the signing key is not in place")

    def __str__(self) -> str:
        return f"{self.file} of {self.made:%Y-%m-%d %H:%M}"
