"""The pool of telephone numbers, and to which client each was assigned from when to when."""

from django.db import models

from balie.accounts.models import Client


class Number(models.Model):
    """A number of the pool, E.164 where it can be."""

    number = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class Assignment(models.Model):
    """A number that was a client's from a local day to a local day, both included; no day: open on that side."""

    number = models.ForeignKey(Number, models.CASCADE, related_name="assignments")
    client = models.ForeignKey(Client, models.CASCADE, related_name="assignments")
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["number", "first_day"]
        constraints = [models.UniqueConstraint(fields=["number", "first_day"], name="one_assignment_a_day")]

    def __str__(self) -> str:
        return f"{self.number} = {self.client} from {self.first_day}"
