"""The list of tariffs: for whom, from which price, how many have them, what they earn, what their codes do."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from balie.contracts.models import Contract
from balie.contracts.queries import contracts_between
from balie.controlling.ranking import Figures, rows_of, sums_by, total
from balie.rules.meter import Meter
from balie.tariffs.models import Item, Tariff, TariffVersion
from balie.tariffs.queries import in_force, price_changes
from balie.web.access import office
from balie.web.office.contracts import title_of
from balie.web.office.economics.shown import asked
from balie.web.request import Desk, OfficeRequest, partly

PER_PAGE = 100
SORTS = ("title", "code", "fee", "clients", "uses", "margin", "percent")
LOWEST = -9e9  # what is not known
FOR = {
    "public": gettext_lazy("Everybody"),
    "hidden": gettext_lazy("Whoever has the code"),
    "client": gettext_lazy("One client"),
}
STATES = {
    "open": gettext_lazy("Open"),
    "not_yet": gettext_lazy("Not offered yet"),
    "withdrawn": gettext_lazy("Code withdrawn"),
    "expired": gettext_lazy("Code expired"),
    "used_up": gettext_lazy("Code used up"),
    "ended": gettext_lazy("No longer offered"),
}


@dataclass(frozen=True)
class Row:
    """One tariff as the list shows it."""

    tariff: Tariff
    title: str
    version: TariffVersion | None  # what holds, or the first that will
    fee: str  # the basic fee a month as written; empty without one
    clients: int
    used: int
    state: str  # one of STATES
    coming: date | None
    earned: Figures | None = None  # by its clients in the months over that the watch looks at; None: nothing is known

    @property
    def kind(self) -> str:
        return "public" if self.tariff.public else "client" if self.tariff.client_id else "hidden"

    def key(self, name: str) -> tuple[float, str]:
        percent = self.earned.percent if self.earned else None
        figures = {
            "clients": float(self.clients),
            "uses": float(self.used),
            "fee": float(self.fee or 0),
            "margin": float(self.earned.margin) if self.earned else LOWEST,
            "percent": LOWEST if percent is None else float(percent),
        }
        return (figures.get(name, 0.0), (self.tariff.code if name == "code" else self.title).casefold())


@office
def tariffs(request: OfficeRequest) -> HttpResponse:
    """All tariffs, found by title, code or client."""
    order = request.GET.get("order", "title")
    order = order if order.removeprefix("-") in SORTS else "title"
    searched = request.GET.get("q", "").strip()[:80]
    chosen, state = request.GET.get("for", ""), request.GET.get("state", "")
    chosen, state = chosen if chosen in FOR else "", state if state in STATES else ""
    wanted = asked({}, request.desk)
    every = with_earned(rows(request.desk), wanted.keys)
    found = [row for row in every if matches(row, searched) and chosen in ("", row.kind) and state in ("", row.state)]
    found.sort(key=lambda row: row.key(order.removeprefix("-")), reverse=order.startswith("-"))
    known: dict[str, Any] = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "order": order,
        "q": searched,
        "chosen": chosen,
        "state": state,
        "some": bool(every),
        "clients": sum(row.clients for row in found),
        "used": sum(row.used for row in found),
        "earned": total(row.earned for row in found if row.earned),
        "asked": wanted,
    }
    if partly(request):
        return render(request, "balie/tariffs/_rows.html", known)
    coming = price_changes().filter(undone=None, first_day__gt=request.desk.today)
    filters = {"kinds": FOR.items(), "states": STATES.items(), "changes": coming[:5]}
    return render(request, "balie/tariffs/list.html", known | filters)


def rows(desk: Desk) -> list[Row]:
    """Every tariff with its figures; four queries however many there are."""
    versions = versions_with_fees()
    running = contracts_between(desk.today, desk.today).order_by().values_list("tariff_id", "client_id").distinct()
    clients = Counter(tariff for tariff, _client in running)
    return [row_of(tariff, versions.get(tariff.pk, []), clients[tariff.pk], desk) for tariff in counted()]


def with_earned(every: Sequence[Row], months: Sequence[int]) -> list[Row]:
    """The rows with what their clients earned and cost in these months, as a worker kept it. One query."""
    found = sums_by(rows_of(months), "tariff")
    earned = ((row, found.get((row.tariff.pk,))) for row in every)
    return [replace(row, earned=one if one and one.rows else None) for row, one in earned]


def counted() -> QuerySet[Tariff]:
    """Tariffs with `used`: how often the code of each was used."""
    used = Count("uses", filter=Q(uses__undone=None))
    return Tariff.objects.select_related("client").annotate(used=used)


def versions_with_fees() -> dict[int, list[TariffVersion]]:
    """All versions by tariff, the earliest first; of their items only the basic fees, which is what a list shows."""
    fees = Prefetch("items", Item.objects.filter(meter=Meter.BASIC_FEE, cycle="monthly"), to_attr="fees")
    found: dict[int, list[TariffVersion]] = defaultdict(list)
    ordered = TariffVersion.objects.order_by("tariff_id", F("first_day").asc(nulls_first=True))
    for version in ordered.prefetch_related(fees):
        found[version.tariff_id].append(version)
    return found


def row_of(tariff: Any, versions: Sequence[TariffVersion], clients: int, desk: Desk) -> Row:
    version: Any = in_force(versions, desk.today) or (versions[0] if versions else None)
    later = [one.first_day for one in versions if one.first_day and one.first_day > desk.today]
    return Row(
        tariff=tariff,
        title=title_of(version.title if version else {}, desk, tariff.code),
        version=version,
        fee=version.fees[0].price if version and version.fees else "",
        clients=clients,
        used=tariff.used,
        state=state_of(tariff, desk.today),
        coming=later[0] if later else None,
    )


def state_of(tariff: Any, day: date) -> str:
    """Whether somebody can get the tariff on a day, and if not, why; of a tariff with `used`."""
    if tariff.orderable_until and tariff.orderable_until < day:
        return "ended"
    if tariff.code_withdrawn:
        return "withdrawn"
    if tariff.code_expires and tariff.code_expires < day:
        return "expired"
    if tariff.code_uses is not None and tariff.used >= tariff.code_uses:
        return "used_up"
    return "not_yet" if tariff.orderable_from and tariff.orderable_from > day else "open"


def matches(row: Row, text: str) -> bool:
    wanted = text.casefold()
    about = [row.title, row.tariff.code, row.tariff.code.replace("-", "")]
    if row.tariff.client:
        about += [row.tariff.client.name, row.tariff.client.number]
    return any(wanted in one.casefold() for one in about)


def clients_at(tariff: Tariff, day: date) -> QuerySet[Contract]:
    """The contracts at a tariff that run on a day, by the client's number."""
    return contracts_between(day, day).filter(tariff=tariff).order_by("client__number")
