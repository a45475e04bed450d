"""Tariffs: a priced offer of one service, in versions from a date, with items in order."""

from django.db import models

from balie.accounts.models import Client


class Tariff(models.Model):
    """A tariff, known by its code. What it costs stands in its versions."""

    code = models.CharField(max_length=40, unique=True)
    service = models.CharField(max_length=40, default="telephone")
    public = models.BooleanField(default=False)
    client = models.ForeignKey(Client, models.CASCADE, null=True, blank=True, related_name="tariffs")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class TariffVersion(models.Model):
    """What a tariff says from the first of a month on, until its next version."""

    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="versions")
    first_day = models.DateField(null=True, blank=True)
    title = models.JSONField(default=dict)
    notice = models.CharField(max_length=8, default="monthly")
    vat_percent = models.DecimalField(max_digits=7, decimal_places=3)
    minimum_revenue = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    cost_limit = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    tolerance_percent = models.DecimalField(max_digits=7, decimal_places=3, null=True, blank=True)
    prorate = models.BooleanField(default=False)
    frozen = models.BooleanField(default=False, help_text="A closed month used it: never edited again")

    class Meta:
        ordering = ["tariff", "first_day"]
        constraints = [models.UniqueConstraint(fields=["tariff", "first_day"], name="one_version_a_day")]

    def __str__(self) -> str:
        return f"{self.tariff} from {self.first_day}"


class Item(models.Model):
    """One line of the price list. Prices are kept as written: exact, and shown as they were given."""

    version = models.ForeignKey(TariffVersion, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    title = models.JSONField(default=dict)
    meter = models.CharField(max_length=30)
    price = models.CharField(max_length=30, blank=True)
    cycle = models.CharField(max_length=8, default="monthly")
    in_advance = models.BooleanField(default=False)
    unit = models.CharField(max_length=8, default="piece")
    increment = models.CharField(max_length=20, default="60/60")
    included = models.PositiveIntegerField(default=0)
    min_seconds = models.PositiveIntegerField(default=0)
    steps = models.JSONField(default=list)
    window = models.JSONField(null=True, blank=True)
    cost_limit = models.BooleanField(default=False)
    minimum_revenue = models.BooleanField(default=False)
    vat_percent = models.DecimalField(max_digits=7, decimal_places=3, null=True, blank=True)

    class Meta:
        ordering = ["version", "position"]

    def __str__(self) -> str:
        return f"{self.version} {self.position} {self.meter}"
