"""Bills of closed months: what was priced when the month was closed, kept as it was. Never changed once written."""

from django.db import models

from balie.accounts.models import Client
from balie.contracts.models import Contract


class FrozenBill(models.Model):
    """What a client pays for a closed month."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="bills")
    month = models.PositiveIntegerField(help_text="202611")
    currency = models.CharField(max_length=3)
    net = models.DecimalField(max_digits=16, decimal_places=2)
    vat = models.DecimalField(max_digits=16, decimal_places=2)
    gross = models.DecimalField(max_digits=16, decimal_places=2)
    rates = models.JSONField(help_text="[[percent, net, vat] …] as texts")
    created = models.DateTimeField()

    class Meta:
        ordering = ["client", "month"]
        constraints = [models.UniqueConstraint(fields=["client", "month"], name="one_bill_a_month")]
        indexes = [models.Index(fields=["month"], name="bills_of_month")]

    def __str__(self) -> str:
        return f"{self.client} {self.month}: {self.gross}"


class FrozenPart(models.Model):
    """The part of a bill that comes from one contract, in order; `lines` and `terms` as balie.billing.frozen says."""

    bill = models.ForeignKey(FrozenBill, models.CASCADE, related_name="parts")
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    service = models.CharField(max_length=40)
    tariff = models.CharField(max_length=40, help_text="The code")
    net = models.DecimalField(max_digits=16, decimal_places=2)
    lines = models.JSONField()
    terms = models.JSONField(help_text="What the contract was priced by")
    cost_limit = models.JSONField(null=True)

    class Meta:
        ordering = ["bill", "position"]

    def __str__(self) -> str:
        return f"{self.bill} {self.tariff}"
