"""Offers that controlling made, the days it watched, what was worked out of every month, clients to be won back."""

from django.db import models

from balie.accounts.models import Client
from balie.contracts.models import Cancellation
from balie.leases.models import Leased
from balie.notifications.models import Mail
from balie.tariffs.models import Tariff
from balie.tasks.models import REASON_LENGTH, Task


class Answered(models.Model):
    """What a client says to an offer, of either kind."""

    accepted = models.DateTimeField(null=True, blank=True)
    accepted_how = models.CharField(max_length=5, blank=True, help_text="link, code or staff")
    accepted_by = models.CharField(max_length=200, blank=True)
    declined = models.DateTimeField(null=True, blank=True)
    declined_by = models.CharField(max_length=200, blank=True)
    decline_reason = models.CharField(max_length=REASON_LENGTH, blank=True)

    class Meta:
        abstract = True


class Offer(Answered):
    """The tariff that would make a client's contract pay. `withdrawn`: another took its place, or nobody needs it.

    It is accepted as soon as a contract has its tariff, however that came about.
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="offers")
    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="offers")
    changes = models.CharField(max_length=12, help_text="basic_fee, call_price or cost_limit")
    fee = models.DecimalField(max_digits=14, decimal_places=4)
    made = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True, blank=True)
    sent = models.DateTimeField(null=True, blank=True, help_text="When it was sent last")
    times_sent = models.PositiveSmallIntegerField(default=0)
    followed = models.DateTimeField(null=True, blank=True, help_text="When nobody had answered for so many days")
    follow_up = models.ForeignKey(Task, models.SET_NULL, null=True, blank=True, related_name="followed_offers")

    class Meta:
        ordering = ["made", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=models.Q(withdrawn=None), name="one_standing_offer_of_a_task"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tariff}: {self.changes} {self.fee}"


class Sending(models.Model):
    """One mail with an offer, to one recipient. `time`: the how many-th time the offer was sent."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="sendings")
    time = models.PositiveSmallIntegerField()
    recipient = models.CharField(max_length=254)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "time", "recipient"], name="one_mail_a_recipient_and_time")
        ]

    def __str__(self) -> str:
        return f"{self.offer} to {self.recipient}"


class WatchDay(Leased):
    """The watch of a day: asked for every night and whenever somebody wants it, done once for each time asked."""

    day = models.DateField(unique=True, help_text="Local")
    asked = models.DateTimeField(help_text="When it was asked for last")
    done = models.DateTimeField(null=True, blank=True, help_text="The moment it looked at last")
    checked = models.PositiveIntegerField(default=0, help_text="Contracts looked at")
    new_tasks = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, help_text="Missing prices: client, tariff, month, code, where, message")

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}"

    @property
    def under_way(self) -> bool:
        """Whether somebody waits for it: asked for and not looked since."""
        return not self.parked and (self.done is None or self.done < self.asked)


class EconomicsMonth(Leased):
    """A month whose economics are kept: asked for whenever something they hang on changed, worked out by a worker.
    `stamp` says what they were worked out from."""

    month = models.PositiveIntegerField(unique=True, help_text="202611")
    asked = models.DateTimeField(help_text="When they were asked for last")
    done = models.DateTimeField(null=True, blank=True, help_text="As of when the rows are")
    stamp = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"economics of {self.month}"

    @property
    def under_way(self) -> bool:
        """Whether somebody waits for it: asked for and not worked out since."""
        return not self.parked and (self.done is None or self.done < self.asked)


class Economics(models.Model):
    """What one service of a client earned and cost in a month, net, in cents. The pages of controlling read only these.

    `tariff` is that of the last contract of the service in the month; none where work was done without a contract.
    `revenue` is empty where a price is missing: `problem` says which.
    """

    client = models.ForeignKey(Client, models.CASCADE, related_name="+", db_index=False)
    month = models.PositiveIntegerField(help_text="202611")
    service = models.CharField(max_length=40)
    tariff = models.ForeignKey(Tariff, models.SET_NULL, null=True, related_name="+")
    whole = models.BooleanField(help_text="Whether contracts covered the month from its first to its last day")
    calls = models.PositiveIntegerField(default=0, help_text="That were talked in")
    handling = models.PositiveBigIntegerField(default=0, help_text="Seconds")
    revenue = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    cost = models.DecimalField(max_digits=16, decimal_places=2, default=0, help_text="Of work; fixed costs are apart")
    network = models.DecimalField(max_digits=16, decimal_places=2, default=0, help_text="Part of it: networks and SMS")
    fixed = models.DecimalField(max_digits=16, decimal_places=2, default=0, help_text="Its share of fixed costs")
    limit = models.DecimalField(max_digits=12, decimal_places=2, null=True, help_text="Cost limit of the contract")
    tolerance_percent = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    limit_sum = models.DecimalField(max_digits=16, decimal_places=2, null=True, help_text="What counts to the limit")
    limit_expected = models.DecimalField(max_digits=16, decimal_places=2, null=True, help_text="At the month's end")
    limit_low = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    limit_high = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    limit_day = models.DateField(null=True, help_text="On which the limit will be reached, where it will")
    problem = models.JSONField(null=True, help_text="The missing price: code, where, message")

    class Meta:
        ordering = ["month", "client", "service"]
        constraints = [
            models.UniqueConstraint(fields=["month", "client", "service"], name="one_row_a_service_and_month")
        ]
        indexes = [models.Index(fields=["client", "month"], name="economics_of_client")]

    def __str__(self) -> str:
        return f"{self.client} {self.month} {self.service}"


class WhatIf(Leased):
    """Closed months priced once more, as if contracts had been at another tariff. Kept as a row so that one that was
    killed goes on where it was; what it priced with is kept in `versions`, whatever becomes of the tariff since."""

    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="what_ifs", help_text="Whose service and code")
    draft = models.BooleanField(help_text="Whether its prices are one version, perhaps never stored")
    first_day = models.DateField(null=True, blank=True, help_text="From when a draft is meant to hold")
    versions = models.JSONField(help_text="What it prices with, the earliest first (balie.controlling.draft)")
    only_at = models.ForeignKey(
        Tariff, models.CASCADE, null=True, blank=True, related_name="+", help_text="Only contracts at this tariff"
    )
    months = models.JSONField(help_text="Keys, the earliest first")
    asked = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    done = models.DateTimeField(null=True, blank=True)
    months_done = models.PositiveSmallIntegerField(default=0, help_text="Whose quantities are known")
    clients = models.PositiveIntegerField(default=0)
    clients_done = models.PositiveIntegerField(default=0)
    sums = models.JSONField(default=dict, help_text="Over all clients, once it is done (balie.controlling.compared)")

    class Meta:
        ordering = ["-asked", "-pk"]

    def __str__(self) -> str:
        return f"what if {self.tariff}"

    @property
    def under_way(self) -> bool:
        return self.done is None and not self.parked


class WhatIfClient(models.Model):
    """One client of a what-if: its bills as they are and as they would have been, net. Empty where one cannot be
    priced: `problem` says why."""

    what_if = models.ForeignKey(WhatIf, models.CASCADE, related_name="rows", db_index=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    bills = models.PositiveSmallIntegerField(help_text="Months in which one of its contracts was priced otherwise")
    present = models.DecimalField(max_digits=16, decimal_places=2)
    other = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    difference = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    limits_before = models.PositiveSmallIntegerField(help_text="Bills with a cost limit that was reached")
    limits_after = models.PositiveSmallIntegerField()
    months = models.JSONField(help_text="[month, present, other, limit reached before, after] for each bill")
    problem = models.JSONField(null=True, help_text="The first missing price: code, where, message")

    class Meta:
        ordering = ["what_if", "client"]
        constraints = [models.UniqueConstraint(fields=["what_if", "client"], name="client_compared_once")]

    def __str__(self) -> str:
        return f"{self.what_if}: {self.client}"


class ForecastMonth(Leased):
    """A month's calls per client and day, and of the running month how it will end. Asked for whenever its economics
    are new, worked out by a worker."""

    month = models.PositiveIntegerField(unique=True, help_text="202611")
    asked = models.DateTimeField(help_text="When it was asked for last")
    done = models.DateTimeField(null=True, blank=True, help_text="As of when it was worked out")
    counted = models.DateTimeField(null=True, blank=True, help_text="As of when the days were counted")
    follows = models.DateTimeField(null=True, blank=True, help_text="As of when the economics were when it was made")
    days = models.JSONField(null=True, help_text="Per client (id) the billable calls of each day of the month")
    outlook = models.JSONField(null=True, help_text="How the running month will end (balie.controlling.outlook)")

    class Meta:
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"forecast of {self.month}"


class ForecastTrial(models.Model):
    """What would have been forecast of a client's month when half of it was over, and what it came to; billable
    calls."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    month = models.PositiveIntegerField(help_text="202611")
    actual = models.PositiveIntegerField()
    expected = models.FloatField()
    low = models.PositiveIntegerField()
    high = models.PositiveIntegerField()
    straight = models.FloatField(help_text="So far ÷ days that were over × days of the month")

    class Meta:
        ordering = ["month", "client"]
        constraints = [models.UniqueConstraint(fields=["month", "client"], name="one_trial_a_client_and_month")]

    def __str__(self) -> str:
        return f"{self.client} {self.month}: {self.expected:.0f} expected, {self.actual} came"


class WinBack(models.Model):
    """One cancellation, and what is done so that the client stays. A worker opens it and closes it by what happened.

    Amounts are net, of the months in `months` together; the tariff that fits best may be the present one. Empty where
    nothing can be said: the contract is too young, or a price is missing.
    """

    cancellation = models.OneToOneField(Cancellation, models.CASCADE, related_name="win_back")
    client = models.ForeignKey(Client, models.CASCADE, related_name="win_backs")
    service = models.CharField(max_length=40)
    state = models.CharField(max_length=9, db_index=True, help_text="open, offered, won, lost or dismissed")
    opened = models.DateTimeField()
    usage = models.JSONField(help_text="The calls of ninety days before the notice (balie.controlling.fitting)")
    months = models.JSONField(help_text="Keys of the months that tariffs are compared by, the earliest first")
    revenue = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    cost = models.DecimalField(max_digits=16, decimal_places=2, default=0, help_text="Of work")
    tariffs = models.JSONField(help_text="The tariffs compared: tariff (id), revenue, margin, reaches")
    best = models.ForeignKey(Tariff, models.SET_NULL, null=True, blank=True, related_name="+")
    best_revenue = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    problem = models.JSONField(null=True, help_text="The missing price: code, where, message")
    times_sent = models.PositiveSmallIntegerField(default=0, help_text="How often any offer was sent")
    closed = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, blank=True, help_text="Who decided; empty: it closed by itself")
    reason = models.CharField(max_length=REASON_LENGTH, blank=True, help_text="Why it was dismissed")
    kept = models.DecimalField(max_digits=16, decimal_places=2, null=True, help_text="Revenue of a year, once won")

    class Meta:
        ordering = ["-cancellation__at", "-pk"]

    def __str__(self) -> str:
        return f"win back {self.client} {self.service}"


class WinBackOffer(Answered):
    """A tariff offered to a client that gave notice: taking it takes the cancellation back. `withdrawn`: another took
    its place."""

    case = models.ForeignKey(WinBack, models.CASCADE, related_name="offers")
    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="+")
    revenue = models.DecimalField(
        max_digits=16, decimal_places=2, null=True, help_text="Of the case's months, had it held in them"
    )
    sent = models.DateTimeField(help_text="When it was sent last")
    sent_by = models.CharField(max_length=200)
    recipients = models.JSONField(help_text="Addresses it was sent to last")
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="+", help_text="The first of the last")
    withdrawn = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["sent", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(withdrawn=None), name="one_standing_offer_of_a_win_back"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.tariff}"
