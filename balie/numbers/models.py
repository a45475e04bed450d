"""The pool of telephone numbers, and to which client each was assigned from when to when."""

from django.db import models

from balie.accounts.models import Client


class Number(models.Model):
    """A number of the pool, E.164 where it can be."""

    number = models.CharField(max_length=40, unique=True)
    kept_back = models.CharField(max_length=200, blank=True, help_text="Why it is not given out; empty: it may be")
    rest_ended = models.DateField(
        null=True, blank=True, help_text="Whoever had it before this local day is no reason for it to rest any more"
    )

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


class StockAlarm(models.Model):
    """Fewer numbers were free than the operator wants, from when to when. At most one is open."""

    opened = models.DateTimeField()
    free = models.PositiveIntegerField(help_text="Then")
    wanted = models.PositiveIntegerField(help_text="The setting then: fewer raise the alarm")
    closed = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened", "-pk"]

    def __str__(self) -> str:
        return f"{self.free} free at {self.opened}"


class FakeRoute(models.Model):
    """What the phone system that is none was told of a number."""

    number = models.CharField(max_length=40, unique=True)
    client = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    order = models.CharField(max_length=80)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} = {self.client}"


class ManualRoute(models.Model):
    """What staff are asked to do with a number in a phone system that Balie does not reach; what they did of it."""

    class Deed(models.TextChoices):
        CONFIGURE = "configure"
        REMOVE = "remove"

    number = models.CharField(max_length=40, db_index=True)
    client = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    order = models.CharField(max_length=80)
    deed = models.CharField(max_length=10, choices=Deed.choices)
    asked = models.DateTimeField()
    done = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["asked", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "client", "deed"], condition=models.Q(done=None), name="asked_by_hand_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deed} {self.number} for {self.client}"
