"""What became of offers: how each stands, who was asked and answered, and what accepted ones brought. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from balie.controlling.links import OPEN_FOR
from balie.controlling.models import Economics, Offer, Sending
from balie.controlling.offers import FOLLOWED_AFTER
from balie.operator.queries import operator
from balie.rules.gained import Gained, gained
from balie.rules.offer import written
from balie.rules.period import Period


class State(StrEnum):
    """How an offer stands."""

    MADE = "made"
    SENT = "sent"
    FOLLOWED = "follow_up"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


def state_of(offer: Offer, now: datetime) -> State:
    """How an offer (with its tariff) stands at a moment; what was answered stays answered."""
    if offer.accepted:
        return State.ACCEPTED
    if offer.withdrawn or offer.tariff.code_withdrawn:
        return State.DECLINED if offer.declined else State.WITHDRAWN
    if offer.declined:
        return State.DECLINED
    if offer.sent is None:
        return State.MADE
    if now >= offer.sent + OPEN_FOR:
        return State.EXPIRED
    return State.FOLLOWED if offer.followed else State.SENT


@dataclass(frozen=True)
class Outcome:
    """One offer with the mails it went out by last, how it stands and, where it was accepted, what it brought."""

    offer: Offer
    state: State
    sendings: Sequence[Sending] = ()
    margins: Mapping[int, Decimal] = field(default_factory=dict)  # of the whole months (202611) since its tariff holds

    @property
    def recipients(self) -> Sequence[str]:
        return [one.recipient for one in self.sendings]

    @property
    def reminds(self) -> datetime | None:
        """When a task reminds staff, unless there is an answer before."""
        return self.offer.sent + FOLLOWED_AFTER if self.offer.sent else None

    @property
    def ends(self) -> datetime | None:
        """When its links end."""
        return self.offer.sent + OPEN_FOR if self.offer.sent else None

    @property
    def answerable(self) -> bool:
        """Whether the client may still answer."""
        return self.state in (State.SENT, State.FOLLOWED)

    @property
    def before(self) -> Decimal:
        """The margin of an average month for which it was made: as the task has it."""
        return Decimal(self.offer.task.figures.get("margin") or 0)

    @cached_property
    def gained(self) -> Gained | None:
        return gained(self.before, list(self.margins.values()))

    @property
    def gained_by_month(self) -> dict[int, Decimal]:
        """What each of the months brought more than an average one before."""
        return {month: margin - self.before for month, margin in self.margins.items()}

    def document(self) -> dict[str, Any]:
        """What programs get of it; amounts as texts."""
        offer, task = self.offer, self.offer.task
        return {
            "client": task.client.number,
            "name": task.client.name,
            "service": task.service,
            "changes": offer.changes,
            "fee": written(offer.fee),
            "code": offer.tariff.code,
            "state": str(self.state),
            "made": moment(offer.made),
            "sent": moment(offer.sent),
            "to": ", ".join(self.recipients),
            "accepted": moment(offer.accepted),
            "how": offer.accepted_how,
            "declined": moment(offer.declined),
            "reason": offer.decline_reason,
            **brought(self),
        }


def brought(outcome: Outcome) -> dict[str, Any]:
    """Margin before, and where whole months have passed since, of how many, their average and what was gained."""
    names = ("margin_before", "months", "margin_after", "gained")
    found = outcome.gained
    if not outcome.offer.accepted:
        return dict.fromkeys(names)
    if found is None:
        return dict(zip(names, (written_cents(outcome.before), 0, None, None), strict=True))
    after = written_cents(Decimal(found.average.numerator) / found.average.denominator)
    return dict(zip(names, (written_cents(found.before), found.months, after, written_cents(found.total)), strict=True))


def written_cents(amount: Decimal) -> str:
    return f"{amount:.2f}"


def moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def offers() -> QuerySet[Offer]:
    """All offers, the latest first."""
    return Offer.objects.select_related("task__client", "tariff").order_by("-made", "-pk")


def outcomes(found: Iterable[Offer], *, now: datetime) -> list[Outcome]:
    """These offers with what became of them. Three queries."""
    listed = list(found)
    to, since = last_sendings(listed), margins_since(listed, now=now)
    return [Outcome(one, state_of(one, now), to.get(one.pk, ()), since.get(one.pk, {})) for one in listed]


def last_sendings(found: Iterable[Offer]) -> Mapping[int, Sequence[Sending]]:
    """Whom each offer (by id) was sent to the last time, with the mails. One query."""
    times = {one.pk: one.times_sent for one in found if one.times_sent}
    sent: dict[int, list[Sending]] = defaultdict(list)
    for row in Sending.objects.filter(offer__in=times).select_related("mail").order_by("pk") if times else ():
        if row.time == times[row.offer_id]:
            sent[row.offer_id].append(row)
    return dict(sent)


def margins_since(found: Iterable[Offer], *, now: datetime) -> dict[int, Mapping[int, Decimal]]:
    """Of accepted offers (by id) the margins of the whole months since their tariff holds. Two queries."""
    accepted = [one for one in found if one.accepted]
    if not accepted:
        return {}
    margins = margins_at({one.tariff_id for one in accepted}, now=now)
    return {one.pk: margins.get((one.tariff_id, one.task.service), {}) for one in accepted}


def margins_at(tariffs: Iterable[int], *, now: datetime) -> dict[tuple[int, str], dict[int, Decimal]]:
    """Per tariff (id, of one client alone) and service the margin of each month (202611) that is over and that it
    covered entirely, the earliest first; those in which a price is missing are left out."""
    running = Period.of(now, operator().timezone)
    rows = Economics.objects.filter(tariff__in=list(tariffs), whole=True, month__lt=running.key).order_by("month")
    margins: dict[tuple[int, str], dict[int, Decimal]] = defaultdict(dict)
    for tariff, service, month, revenue, cost in rows.values_list("tariff", "service", "month", "revenue", "cost"):
        if revenue is not None:
            margins[tariff, service][month] = revenue - cost
    return margins


def gained_by_month(found: Iterable[Outcome]) -> dict[int, Decimal]:
    """What these offers gained together in each month (202611), the earliest first."""
    months: dict[int, Decimal] = defaultdict(Decimal)
    for one in found:
        for month, amount in one.gained_by_month.items():
            months[month] += amount
    return dict(sorted(months.items()))
