"""Contracts and what is booked on them."""

from django.db import models

from balie.accounts.models import Client
from balie.tariffs.models import Tariff


class Contract(models.Model):
    """A client has a service at a tariff from a day, maybe to a day (both included)."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="contracts")
    service = models.CharField(max_length=40)
    tariff = models.ForeignKey(Tariff, models.PROTECT, related_name="contracts")
    changed_from = models.ForeignKey(
        Tariff,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The tariff it was made with, where that was changed before it began",
    )
    start = models.DateField()
    end = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["client", "service", "start"]
        constraints = [models.UniqueConstraint(fields=["client", "service", "start"], name="contract_known_by_start")]

    def __str__(self) -> str:
        return f"{self.client} {self.service} from {self.start}"


class Booking(models.Model):
    """Something booked on a contract by staff: user modules, own caller numbers, options, other services."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="booked")
    meter = models.CharField(max_length=30)
    quantity = models.PositiveIntegerField(default=1)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    text = models.CharField(max_length=200, blank=True, help_text="What was done or booked, in the client's language")
    notice = models.CharField(max_length=8, blank=True, help_text="How it is cancelled; empty: as the tariff says")

    class Meta:
        ordering = ["contract", "meter", "first_day"]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.meter}"
