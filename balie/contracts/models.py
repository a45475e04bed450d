"""Contracts and what is booked on them; the orders they come from and the cancellations they end by."""

from django.db import models

from balie.accounts.models import Client, User
from balie.leases.models import Leased
from balie.numbers.models import Number
from balie.rules.activation import UNDER_WAY, Status
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


class Order(Leased):
    """A client's wish for a service, until the service works. A worker takes it from step to step by its lease.

    Its contract is made with it, and begins again each day on which the service does not work yet.
    """

    client = models.ForeignKey(Client, models.CASCADE, related_name="orders")
    service = models.CharField(max_length=40)
    tariff = models.ForeignKey(Tariff, models.PROTECT, related_name="orders")
    contract = models.OneToOneField(Contract, models.SET_NULL, null=True, blank=True, related_name="order")
    number = models.ForeignKey(Number, models.SET_NULL, null=True, blank=True, related_name="orders")
    status = models.CharField(max_length=10, choices=[(one, one) for one in Status])
    placed = models.DateTimeField(db_index=True)
    by = models.CharField(max_length=200, help_text="Who placed it, as the log says it")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="orders")
    key = models.CharField(max_length=200, null=True, blank=True, unique=True, help_text="Of a program that asks twice")
    terms = models.CharField(max_length=40, blank=True, help_text="Version of the terms that were accepted")
    terms_accepted = models.DateTimeField(null=True, blank=True)
    due = models.DateTimeField(help_text="When the next step is tried")
    tries = models.PositiveIntegerField(default=0, help_text="That failed in a row")
    failing_since = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True, help_text="Why it waits, for staff")
    told = models.DateTimeField(null=True, blank=True, help_text="When staff were told that it waits")
    removed = models.DateTimeField(null=True, blank=True, help_text="When the phone system forgot its number again")

    class Meta:
        ordering = ["-placed", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "service"],
                condition=models.Q(status__in=[str(one) for one in UNDER_WAY]),
                name="one_order_under_way_of_a_service",
            )
        ]
        indexes = [models.Index(fields=["status", "due"], name="orders_to_work_on")]

    def __str__(self) -> str:
        return f"order {self.reference}"

    @property
    def reference(self) -> str:
        """The order number people read: 2026-00017."""
        return f"{self.placed:%Y}-{self.pk:05d}"


class OrderStep(models.Model):
    """A status an order reached, and when: its history, and its stopwatch."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="steps")
    status = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.order} {self.status} at {self.at}"


class Cancellation(models.Model):
    """A client gave notice of a service. `ends`: the last day, by the notice rule of its tariff."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="cancellations")
    service = models.CharField(max_length=40)
    contract = models.ForeignKey(Contract, models.SET_NULL, null=True, blank=True, related_name="cancellations")
    received = models.DateField(help_text="Local day on which the notice came")
    ends = models.DateField()
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(db_index=True)
    by = models.CharField(max_length=200)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="cancellations")
    ended_before = models.DateField(null=True, blank=True, help_text="The end the contract had without it")
    assignments = models.JSONField(default=list, help_text="Ids of the numbers' assignments that end with it")
    withdrawn = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=200, null=True, blank=True, unique=True, help_text="Of a program that asks twice")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract"], condition=models.Q(withdrawn=None), name="one_cancellation_of_a_contract"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.service} ends {self.ends}"


class CancellationRequest(models.Model):
    """Somebody gave notice on the page that asks for no login. Whose contract it is, is found out after it.

    Either the client confirms it by the link in a mail to an address of its own, or staff accept or reject it. Nothing
    on it is ever shown to who sent it but what was typed.
    """

    name = models.CharField(max_length=200)
    identified = models.CharField(max_length=60, help_text="Client number or telephone number, as it was typed")
    email = models.EmailField()
    service = models.CharField(max_length=40)
    extraordinary = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)
    wanted = models.DateField(null=True, blank=True, help_text="Last day that is wished; empty: as soon as can be")
    language = models.CharField(max_length=2, default="nl")
    received = models.DateTimeField(db_index=True)
    client = models.ForeignKey(
        Client,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="cancellation_requests",
        help_text="Whose it is: found by number and address, or by staff",
    )
    link_sent = models.DateTimeField(null=True, blank=True, help_text="When the client was mailed a link to confirm it")
    outcome = models.CharField(max_length=9, blank=True, help_text="accepted or rejected; empty: it waits")
    decided = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=500, blank=True, help_text="Why it was rejected")
    cancellation = models.ForeignKey(
        Cancellation, models.SET_NULL, null=True, blank=True, related_name="requests", help_text="What came of it"
    )

    class Meta:
        ordering = ["-received", "-pk"]

    def __str__(self) -> str:
        return f"request {self.reference}"

    @property
    def reference(self) -> str:
        """What people call it: R-00017."""
        return f"R-{self.pk:05d}"
