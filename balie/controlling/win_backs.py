"""Win-back cases as they are read: how each stands, what is at stake, what became of them by month and by reason."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch

from balie.controlling.models import WinBack, WinBackOffer
from balie.controlling.offers import FOLLOWED_AFTER
from balie.controlling.winning import State, cases
from balie.rules.money import rounded
from balie.rules.period import Period
from balie.rules.winback import a_year
from balie.tariffs.queries import local_day

OPEN_STATES = ("open", "offered", "unanswered", "declined")


class Standing(StrEnum):
    """How a case stands for who looks at it: as it is kept, and what its offer has come to."""

    OPEN = "open"
    UNANSWERED = "unanswered"
    DECLINED = "declined"
    OFFERED = "offered"
    WON = "won"
    STAYED = "stayed"  # took its notice back, and no offer
    LOST = "lost"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class Seen:
    """One case at a moment, with the offer that stands, if one was sent."""

    case: WinBack
    offer: WinBackOffer | None
    today: date
    now: datetime

    @property
    def standing(self) -> Standing:
        if self.case.state == State.WON and self.tariff_kept is None:
            return Standing.STAYED
        if self.case.state != State.OFFERED or self.offer is None:
            return Standing(self.case.state)
        if self.offer.declined:
            return Standing.DECLINED
        return Standing.UNANSWERED if self.now >= self.offer.sent + FOLLOWED_AFTER else Standing.OFFERED

    @property
    def under_way(self) -> bool:
        """Whether something can still be done."""
        return self.standing in OPEN_STATES

    @property
    def days_left(self) -> int:
        """Until the service has ended; its last day is one."""
        return max((self.case.cancellation.ends - self.today).days + 1, 0)

    @property
    def tariff_kept(self) -> WinBackOffer | None:
        """The offer that was taken."""
        return self.offer if self.offer and self.offer.accepted else None

    @property
    def kept(self) -> Decimal | None:
        """The revenue of a year that the offer kept; None where none was taken, or it cannot be told."""
        return self.case.kept if self.standing == Standing.WON else None

    @property
    def revenue(self) -> Decimal | None:
        """Net, of a year of months like the last ones."""
        return self.year(self.case.revenue)

    @property
    def saving(self) -> Decimal | None:
        """What the client would save in such a year at the tariff that fits best; nothing where it has that."""
        if self.case.revenue is None or self.case.best_revenue is None:
            return None
        return self.year(self.case.revenue - self.case.best_revenue)

    @property
    def earns(self) -> Decimal | None:
        """The margin of such a year at the tariff that fits best."""
        return None if self.case.best_revenue is None else self.year(self.case.best_revenue - self.case.cost)

    def year(self, amount: Decimal | None) -> Decimal | None:
        return None if amount is None or not self.case.months else a_year(amount, len(self.case.months))

    def document(self) -> dict[str, Any]:
        """What programs get of it; amounts as texts."""
        case, offer = self.case, self.offer
        return {
            "client": case.client.number,
            "name": case.client.name,
            "service": case.service,
            "received": case.cancellation.received.isoformat(),
            "ends": case.cancellation.ends.isoformat(),
            "reason": case.cancellation.reason,
            "state": str(self.standing),
            "calls": case.usage["calls"],
            "talk_seconds": case.usage["talk"],
            "forwarded": case.usage["forwarded"],
            "revenue_a_year": written(self.revenue),
            "best_tariff": case.best.code if case.best else None,
            "saving_a_year": written(self.saving),
            "margin_a_year": written(self.earns),
            "offered": offer.tariff.code if offer else None,
            "sent": moment(offer.sent) if offer else None,
            "accepted": moment(offer.accepted) if offer else None,
            "how": offer.accepted_how if offer else "",
            "closed": moment(case.closed),
            "dismissed_for": case.reason,
            "kept_a_year": written(self.kept),
        }


def written(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def seen(*, now: datetime, **wanted: Any) -> list[Seen]:
    """All cases, or those wanted, the latest notice first. Three queries."""
    offers = WinBackOffer.objects.filter(withdrawn=None).select_related("tariff", "mail")
    rows = cases().filter(**wanted).prefetch_related(Prefetch("offers", offers, to_attr="standing"))
    today = local_day(now)
    return [Seen(case, next(iter(case.standing), None), today, now) for case in rows]


def open_cases(now: datetime) -> list[Seen]:
    """Those about which something can be done, the first to end first."""
    found = seen(now=now, state__in=(State.OPEN, State.OFFERED))
    return sorted(found, key=lambda one: (one.case.cancellation.ends, one.case.pk))


@dataclass(frozen=True)
class Counted:
    """What became of some cases: how many there were, and what those bring in a year that took an offer."""

    cancelled: int
    offered: int
    won: int
    stayed: int
    lost: int  # dismissed ones with them
    kept: Decimal

    @property
    def open(self) -> int:
        return self.cancelled - self.won - self.stayed - self.lost

    @property
    def share(self) -> Fraction | None:
        """Won, of those that were won or lost: who stays without an offer was neither."""
        decided = self.won + self.lost
        return Fraction(self.won, decided) if decided else None


def counted(found: Iterable[Seen]) -> Counted:
    rows = list(found)
    states = [one.standing for one in rows]
    return Counted(
        cancelled=len(rows),
        offered=sum(one.case.times_sent > 0 for one in rows),
        won=states.count(Standing.WON),
        stayed=states.count(Standing.STAYED),
        lost=states.count(Standing.LOST) + states.count(Standing.DISMISSED),
        kept=sum((one.kept or Decimal(0) for one in rows), Decimal("0.00")),
    )


def funnel(found: Iterable[Seen], months: Sequence[Period]) -> dict[int, Counted]:
    """By the month (202611) in which notice came: what became of it."""
    of_month: dict[int, list[Seen]] = {period.key: [] for period in months}
    for one in found:
        received = one.case.cancellation.received
        of_month.get(received.year * 100 + received.month, []).append(one)
    return {key: counted(rows) for key, rows in of_month.items()}


def reasons(found: Iterable[Seen]) -> list[tuple[str, Counted, Decimal]]:
    """Each reason that was given (said alike but for capitals), the commonest first, with what became of those cases
    and the revenue of a year that went with those that were lost. Empty: none was given."""
    said: dict[str, list[Seen]] = defaultdict(list)
    for one in found:
        said[one.case.cancellation.reason.strip().rstrip(".!").casefold()].append(one)
    rows = [(cases_[0].case.cancellation.reason, counted(cases_), gone(cases_)) for cases_ in said.values()]
    return sorted(rows, key=lambda row: (-row[1].cancelled, -row[2], row[0].casefold()))


def gone(found: Iterable[Seen]) -> Decimal:
    """The revenue of a year of those that were lost or given up."""
    lost = (one.revenue or Decimal(0) for one in found if one.case.state in (State.LOST, State.DISMISSED))
    return sum(lost, Decimal("0.00"))


def compared(case: WinBack) -> Sequence[Mapping[str, Any]]:
    """The tariffs compared when the case was opened, the client's own first: tariff (id), revenue, margin and saving of
    a year, whether it pays."""
    months = len(case.months)
    found = []
    for one in case.tariffs:
        revenue, margin = Decimal(one["revenue"]), Decimal(one["margin"])
        found.append(
            {
                "tariff": one["tariff"],
                "revenue": a_year(revenue, months),
                "month": rounded(Fraction(revenue) / months),
                "margin": a_year(margin, months),
                "saving": a_year((case.revenue or revenue) - revenue, months),
                "reaches": one["reaches"],
            }
        )
    return found
