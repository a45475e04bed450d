"""Tariffs: a priced offer of one service, in versions from a date, with items in order."""

from django.db import models

from balie.accounts.models import Client


class Tariff(models.Model):
    """A tariff, known by its code. What it costs stands in its versions."""

    code = models.CharField(max_length=40, unique=True)
    service = models.CharField(max_length=40, default="telephone")
    public = models.BooleanField(default=False)
    client = models.ForeignKey(Client, models.CASCADE, null=True, blank=True, related_name="tariffs")
    orderable_from = models.DateField(null=True, blank=True)
    orderable_until = models.DateField(null=True, blank=True)
    code_expires = models.DateField(null=True, blank=True, help_text="The last day on which the code opens anything")
    code_uses = models.PositiveIntegerField(null=True, blank=True, help_text="How often the code may be used in all")
    code_withdrawn = models.BooleanField(default=False)
    target_margin_percent = models.DecimalField(
        max_digits=7, decimal_places=3, null=True, blank=True, help_text="Of the watch; empty: the operator's"
    )
    margin_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="That the watch looks back on; empty: the operator's"
    )
    offer_step = models.DecimalField(
        max_digits=12, decimal_places=4, null=True, blank=True, help_text="Of offers; empty: the operator's"
    )

    version: "TariffVersion"  # no column: the one that holds, where balie.tariffs.queries.offers found the tariff

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class TariffVersion(models.Model):
    """What a tariff says from the first of a month on, until its next version."""

    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="versions")
    first_day = models.DateField(null=True, blank=True)
    title = models.JSONField(default=dict)
    description = models.JSONField(default=dict)
    notice = models.CharField(max_length=8, default="monthly")
    vat_percent = models.DecimalField(max_digits=7, decimal_places=3)
    minimum_revenue = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    cost_limit = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    tolerance_percent = models.DecimalField(max_digits=7, decimal_places=3, null=True, blank=True)
    prorate = models.BooleanField(default=False)
    frozen = models.BooleanField(default=False, help_text="A closed month used it: never edited again")
    price_change = models.ForeignKey(
        "PriceChange", models.SET_NULL, null=True, blank=True, related_name="versions", help_text="What made it, if any"
    )

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
    notice = models.CharField(max_length=8, blank=True, help_text="Of a booked option; empty: the tariff's")

    class Meta:
        ordering = ["version", "position"]

    def __str__(self) -> str:
        return f"{self.version} {self.position} {self.meter}"


class CodeUse(models.Model):
    """One use of a tariff's code: an order or a change of tariff. `about`: what came of it, as in the log."""

    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="uses")
    client = models.ForeignKey(Client, models.CASCADE, related_name="code_uses")
    at = models.DateTimeField()
    who = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, help_text="order or change")
    about = models.CharField(max_length=200)
    undone = models.DateTimeField(null=True, blank=True, help_text="Taken back, and not counted any more")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tariff", "about"], condition=models.Q(undone=None), name="one_use_of_a_code_for_one_thing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tariff} for {self.about}"


class CodeAttempt(models.Model):
    """One wrong code, so that guessing can be slowed down. Kept for a day."""

    person = models.CharField(max_length=80, help_text="user:12, or empty where nobody is logged in")
    address = models.CharField(max_length=45)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["address", "at"], name="code_attempts_of_address"),
            models.Index(fields=["person", "at"], name="code_attempts_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.person or 'somebody'} from {self.address}"


class PriceChange(models.Model):
    """Prices of several tariffs changed in one deed, which can be undone until it takes effect."""

    at = models.DateTimeField()
    who = models.CharField(max_length=200)
    first_day = models.DateField()
    rule = models.JSONField(help_text="What was asked for: tariffs, changes per meter, rounding")
    undone = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"prices from {self.first_day}"
