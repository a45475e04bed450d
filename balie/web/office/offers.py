"""All offers: how each stands, and what those that were accepted brought against the months before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from balie.controlling.offer_files import offers_file
from balie.controlling.outcomes import Outcome, State, gained_by_month, outcomes
from balie.controlling.outcomes import offers as all_offers
from balie.rules.offer import Changes
from balie.rules.period import Period
from balie.web import written
from balie.web.access import office
from balie.web.charts import Chart, Column
from balie.web.downloads import download
from balie.web.request import Desk, OfficeRequest, partly
from balie.web.words import ACCEPTED_HOW

PER_PAGE = 100
MOST_MONTHS = 36  # of the chart
SORTS = ("name", "state", "made", "sent", "answered", "before", "after", "gained")
STATES = {
    State.MADE: pgettext_lazy("offer", "not sent"),
    State.SENT: pgettext_lazy("offer", "sent"),
    State.FOLLOWED: pgettext_lazy("offer", "without an answer"),
    State.ACCEPTED: pgettext_lazy("offer", "accepted"),
    State.DECLINED: pgettext_lazy("offer", "declined"),
    State.EXPIRED: pgettext_lazy("offer", "link ended"),
    State.WITHDRAWN: pgettext_lazy("offer", "replaced or withdrawn"),
}
CHANGED = {
    Changes.BASIC_FEE: gettext_lazy("Basic fee"),
    Changes.CALL_PRICE: gettext_lazy("Price per accepted call"),
    Changes.COST_LIMIT: gettext_lazy("Cost limit"),
}
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
LOWEST = Decimal(-(10**15))


@dataclass(frozen=True)
class Row:
    """One offer as the list shows it."""

    outcome: Outcome

    @property
    def state(self) -> str:
        return str(STATES[self.outcome.state])

    @property
    def changed(self) -> str:
        return str(CHANGED[Changes(self.outcome.offer.changes)])

    @property
    def how(self) -> str:
        return str(ACCEPTED_HOW.get(self.outcome.offer.accepted_how, ""))

    @property
    def answered(self) -> datetime | None:
        return self.outcome.offer.accepted or self.outcome.offer.declined

    @property
    def before(self) -> Decimal:
        return self.outcome.before

    @property
    def after(self) -> Decimal | None:
        """The margin of an average month since."""
        won = self.outcome.gained
        return Decimal(won.average.numerator) / won.average.denominator if won else None

    @property
    def gained(self) -> Decimal | None:
        return self.outcome.gained.total if self.outcome.gained else None

    def key(self, name: str) -> Any:
        """What the list is sorted by; what is missing comes first, or last the other way round."""
        offer = self.outcome.offer
        if name in ("made", "sent"):
            return getattr(offer, name) or LONG_AGO
        if name == "answered":
            return self.answered or LONG_AGO
        if name == "name":
            return offer.task.client.name.casefold()
        if name == "state":
            return list(STATES).index(self.outcome.state)
        value = getattr(self, name)
        return LOWEST if value is None else value


@dataclass(frozen=True)
class Sums:
    """What the offers found came to."""

    sent: int
    taken: int  # of those sent
    accepted: int  # sent or not
    open: int
    won: int  # accepted, with a whole month since
    gained: Decimal

    @property
    def share(self) -> float | None:
        """Of those that were sent how many were accepted."""
        return self.taken / self.sent if self.sent else None


@office
def offers(request: OfficeRequest) -> HttpResponse:
    """The offers asked for, sorted, with what they brought together."""
    query = request.GET
    every = found(request.desk)
    rows = listed(query, every)
    page = Paginator(rows, PER_PAGE).get_page(query.get("page"))
    counted = [(state, name, sum(row.outcome.state == state for row in every)) for state, name in STATES.items()]
    known: dict[str, Any] = {
        "page": page,
        "order": order_of(query),
        "q": searched(query),
        "state": query.get("state", ""),
        "states": [(state.value, name, number) for state, name, number in counted if number],
        "some": len(every),
        "sums": sums(rows),
        "chart": chart(gained_by_month(row.outcome for row in rows), request.desk),
        "download": "/controlling/offers",
    }
    return render(request, f"balie/controlling/{'_offer_rows' if partly(request) else 'offers'}.html", known)


def found(desk: Desk) -> list[Row]:
    """Every offer with its outcome. A handful of queries."""
    return [Row(one) for one in outcomes(all_offers(), now=desk.now)]


def searched(query: Any) -> str:
    return str(query.get("q", "")).strip()[:80]


def order_of(query: Any) -> str:
    order = str(query.get("order", "-made"))
    return order if order.removeprefix("-") in SORTS else "-made"


def listed(query: Any, every: Sequence[Row]) -> list[Row]:
    """Those in the state and of the clients asked for, in order."""
    state, text, order = query.get("state", ""), searched(query).casefold(), order_of(query)
    rows = [row for row in every if state in ("", row.outcome.state) or state not in set(State)]
    rows = [row for row in rows if text in said(row)]
    return sorted(rows, key=lambda row: row.key(order.removeprefix("-")), reverse=order.startswith("-"))


def said(row: Row) -> str:
    """What a search looks at: client, code and addresses."""
    offer = row.outcome.offer
    client = offer.task.client
    return " ".join([client.name, client.number, offer.tariff.code, *row.outcome.recipients]).casefold()


def sums(rows: Sequence[Row]) -> Sums:
    accepted = [row for row in rows if row.outcome.state == State.ACCEPTED]
    won = [row.gained for row in rows if row.gained is not None]
    return Sums(
        sent=sum(row.outcome.offer.sent is not None for row in rows),
        taken=sum(row.outcome.offer.sent is not None for row in accepted),
        accepted=len(accepted),
        open=sum(row.outcome.answerable for row in rows),
        won=len(won),
        gained=sum(won, Decimal(0)),
    )


def chart(gained: Mapping[int, Decimal], desk: Desk) -> Chart | None:
    """What offers gained in each month, from the first with a whole month at a new tariff; None before that."""
    if not gained:
        return None
    months = [Period.from_key(min(gained), desk.zone)]
    while months[-1].key < max(gained):
        months.append(months[-1].next())
    return Chart(
        key="gained",
        title=_("Margin gained per month"),
        heading=_("Month"),
        columns=[
            Column(written.month_short(one), round(gained.get(one.key, 0)), name=written.month(one))
            for one in months[-MOST_MONTHS:]
        ],
        value_name=_("Margin gained, %(currency)s") % {"currency": desk.operator.currency},
        summary=_("What accepted offers bring against an average month before, together in each month."),
    )


@office
def file(request: OfficeRequest, format: str) -> HttpResponse:
    """The offers of the page as a file, all of them, in its order."""
    rows = listed(request.GET, found(request.desk))
    day = request.desk.today
    return download(offers_file([row.outcome for row in rows], format), f"offers-{day}.{format}", format)
