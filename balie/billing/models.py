"""Bills of closed months: what was priced when the month was closed, kept as it was. Never changed once written.

Beside them what was measured of closed months, so that another price of them needs no calls.
"""

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
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    service = models.CharField(max_length=40)
    tariff = models.CharField(max_length=40, help_text="The code")
    net = models.DecimalField(max_digits=16, decimal_places=2)
    lines = models.JSONField()
    terms = models.JSONField(help_text="What the contract was priced by")
    cost_limit = models.JSONField(null=True)

    class Meta:
        ordering = ["bill", "position"]
        # With the bill: lines and terms are long, and who looks for bills that were never made reads none of them.
        indexes = [models.Index(fields=["contract", "bill"], name="parts_of_contract")]

    def __str__(self) -> str:
        return f"{self.bill} {self.tariff}"


class Definition(models.Model):
    """What is measured of a client's month: the ways in which a tariff counts (balie.rules.measured.said)."""

    digest = models.CharField(max_length=32, unique=True)
    said = models.JSONField()

    def __str__(self) -> str:
        return self.digest


class MeasuredMonth(models.Model):
    """What was measured of some days of a client's closed month: of the days in it of a contract.

    It holds as long as the month's calls have not changed since (`calls.ChangedMonth.change` is still `change`); it is
    measured anew then. Nothing is lost when rows are deleted.
    """

    definition = models.ForeignKey(Definition, models.CASCADE, related_name="measured", db_index=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    month = models.PositiveIntegerField(help_text="202611")
    first_day = models.PositiveSmallIntegerField(help_text="Of the month, from 1")
    last_day = models.PositiveSmallIntegerField()
    quantities = models.JSONField(help_text="[calls, seconds, billed, too_short] for each way of the definition")
    change = models.CharField(max_length=16, blank=True, help_text="Which change of the month's calls it has seen")

    class Meta:
        ordering = ["month", "client"]
        constraints = [
            models.UniqueConstraint(
                fields=["month", "definition", "client", "first_day", "last_day"], name="measured_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.month} {self.first_day}-{self.last_day}"
