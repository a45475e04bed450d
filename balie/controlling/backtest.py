"""What forecasts were worth: of months that are over, what would have been expected when half of their days were over,
beside what a straight line would have said and what came. A worker makes the rows; pages read only these."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Case, Count, F, FloatField, QuerySet, Sum, Value, When
from django.db.models.functions import Abs

from balie.controlling.daily import Days
from balie.controlling.expected import Expected, calendar_until, everybody, last_days
from balie.controlling.models import ForecastTrial
from balie.operator.models import Operator
from balie.rules.forecast import straight_line
from balie.rules.period import Period


def half_of(period: Period) -> date:
    """The last day that was over in the middle of a month."""
    return period.first_day.replace(day=period.last_day.day // 2)


def trials(period: Period, counts: Days, *, operator: Operator) -> Iterator[ForecastTrial]:
    """Of a month that is over, for each client that had calls in its first half. Not stored. Two queries.

    counts: of the month and those of its history; what came after its middle is not looked at but for the outcome.
    """
    half = half_of(period)
    calendar = calendar_until(period, operator, half)
    shape, lasts = everybody(calendar), last_days(period, counts)
    for client, days in sorted(counts.items()):
        if not any(day in days for day in calendar.done):
            continue
        known = {day: count for day, count in days.items() if day <= half}
        found = Expected.of(known, calendar, shape=shape, last=lasts.get(client)).calls
        yield ForecastTrial(
            client_id=client,
            month=period.key,
            actual=int(sum(count for day, count in days.items() if period.first_day <= day <= period.last_day)),
            expected=found.expected,
            low=int(found.low),
            high=int(found.high),
            straight=straight_line(found.so_far, half.day, period.last_day.day),
        )


@dataclass(frozen=True)
class Score:
    """How good the forecasts of a month were: billable calls, over its clients on average and all together."""

    clients: int
    actual: int  # calls of all clients
    expected: float
    straight: float
    error: float  # mean absolute error of the forecasts
    straight_error: float
    within: float  # share of clients whose month came to lie in the band

    @property
    def against(self) -> float | None:
        """The forecast's error as a share of the straight line's; None where that was right."""
        return self.error / self.straight_error if self.straight_error else None

    @property
    def missed_by(self) -> float:
        """How far all clients' months together were from what was expected, as a share of what came."""
        return abs(self.expected - self.actual) / self.actual if self.actual else 0.0

    @property
    def straight_missed_by(self) -> float:
        return abs(self.straight - self.actual) / self.actual if self.actual else 0.0


ERROR = Abs(F("expected") - F("actual"))
STRAIGHT_ERROR = Abs(F("straight") - F("actual"))
WITHIN = Case(
    When(low__lte=F("actual"), high__gte=F("actual"), then=Value(1.0)), default=Value(0.0), output_field=FloatField()
)


def scores(months: Collection[int]) -> Mapping[int, Score]:
    """Per month (202611) of those that were tried. One query."""
    rows = ForecastTrial.objects.filter(month__in=months).order_by().values_list("month")
    names = {
        "clients": Count("pk"),
        "actual": Sum("actual"),
        "expected": Sum("expected"),
        "straight": Sum("straight"),
        "error": Avg(ERROR),
        "straight_error": Avg(STRAIGHT_ERROR),
        "within": Avg(WITHIN),
    }
    found = rows.annotate(**{f"of_{name}": one for name, one in names.items()})
    return {month: Score(*figures) for month, *figures in found}


def together(found: Collection[Score]) -> Score | None:
    """Several months as one: errors and shares by client and month, so that a month of many clients weighs more."""
    clients = sum(one.clients for one in found)
    if not clients:
        return None

    def mean(name: str) -> float:
        return sum(float(getattr(one, name)) * one.clients for one in found) / clients

    return Score(
        clients=clients,
        actual=sum(one.actual for one in found),
        expected=sum(one.expected for one in found),
        straight=sum(one.straight for one in found),
        error=mean("error"),
        straight_error=mean("straight_error"),
        within=mean("within"),
    )


def trials_of(month: int) -> "QuerySet[ForecastTrial]":
    """The clients of a month with the errors of both."""
    rows = ForecastTrial.objects.filter(month=month).select_related("client")
    return rows.annotate(error=ERROR, straight_error=STRAIGHT_ERROR, within=WITHIN)
