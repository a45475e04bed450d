"""Prices of many tariffs changed at once: what would change, what it does to last month's bills, done and undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.billing.repriced import Repriced, Repricing, repriced
from balie.calls.queries import closed_months
from balie.rules.errors import Refused
from balie.rules.meter import Meter
from balie.rules.period import Period
from balie.tariffs.actions import apply_price_change, undo_price_change
from balie.tariffs.models import PriceChange
from balie.tariffs.price_change import ALL, Adjustment, PriceRule, Raised, RaisedItem, price_change_preview
from balie.tariffs.queries import price_changes
from balie.web import money, notices, pricelist, written
from balie.web.access import office
from balie.web.office.contracts import title_of
from balie.web.office.tariff import months_ahead
from balie.web.office.tariffs import FOR, Row, rows
from balie.web.request import Desk, OfficeRequest, author
from balie.web.typed import point

MOST_SHOWN, MOST_MADE = 10, 10
ROUNDINGS = ("0.01", "0.05", "0.10", "0.50", "1.00")
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Effect:
    """What the change would have done to last month's bills, net."""

    period: Period
    priced: Repricing

    @cached_property
    def old(self) -> Decimal:
        return sum((one.old for one in self.priced.found), ZERO)

    @cached_property
    def new(self) -> Decimal:
        return sum((one.new for one in self.priced.found), ZERO)

    @property
    def difference(self) -> Decimal:
        return self.new - self.old

    @property
    def share(self) -> float | None:
        return float(self.difference / self.old) if self.old else None

    @property
    def clients(self) -> int:
        return len(self.priced.found) + self.priced.unpriced

    @property
    def biggest(self) -> list[Repriced]:
        return sorted(self.priced.found, key=lambda one: -abs(one.difference))[:MOST_SHOWN]


@dataclass(frozen=True)
class ShownChange:
    """One tariff in the preview: its items that change, each with its title, the old and the new price as written."""

    raised: Raised
    title: str
    items: list[tuple[str, str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
@office
def change(request: OfficeRequest) -> HttpResponse:
    """Choose and see what it does; the button under the preview does it."""
    if request.method != "POST":
        return prices_page(request, request.GET)
    try:
        rule = rule_of(request.POST, request.desk, {int(pk) for pk in numbers(request.POST)})
        made = apply_price_change(rule=rule, closed=closed_months(), author=author(request))
    except Refused as refusal:
        return prices_page(request, request.POST, refusal)
    said = _("The new prices hold from %(day)s.") % {"day": written.day(made.first_day)}
    notices.done(request, said, undo=reverse("undo_prices", args=[made.pk]))
    return redirect("price_changes")


@require_POST
@office
def undo(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes a change of prices back before it takes effect."""
    made = get_object_or_404(PriceChange, pk=pk)
    try:
        undo_price_change(change=made, author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        notices.done(request, _("The change of prices is taken back."))
    return redirect("price_changes")


def numbers(given: Any) -> list[str]:
    """The tariffs ticked one by one."""
    return [one for one in given.getlist("tariff") if one.isascii() and one.isdigit() and len(one) < 19]


def ticked(given: Any, every: Sequence[Row]) -> set[int]:
    """All tariffs of the ticked groups, and those ticked one by one."""
    groups, single = given.getlist("group"), set(numbers(given))
    return {row.tariff.pk for row in every if row.kind in groups or str(row.tariff.pk) in single}


def rule_of(given: Any, desk: Desk, tariffs: set[int]) -> PriceRule:
    """What the form asks for. Refused, at its field, for a percentage or an amount that is none."""
    percent, amount = (decimal_of(given.get(name, ""), name) for name in ("percent", "amount"))
    if percent is not None and amount is not None:
        raise Refused("bad_value", _("Give a percentage or an amount, not both."), "percent")
    meters = [meter for meter in given.getlist("meter") if meter] or [ALL]
    return PriceRule(
        tariffs=tuple(sorted(tariffs)),
        first_day=desk.month(given.get("month", "")).first_day,
        adjustments=dict.fromkeys(meters, Adjustment(percent, amount)),
        round_to=decimal_of(given.get("round_to", ""), "round_to") or Decimal("0.01"),
    )


def decimal_of(text: str, where: str) -> Decimal | None:
    plain = point(text.replace("−", "-").replace("%", ""))
    if not plain:
        return None
    try:
        found = Decimal(plain)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) > 1_000_000:
        raise Refused("bad_value", _("“%(text)s” is no number; write it as 3 or 2.5.") % {"text": text[:20]}, where)
    return found


def prices_page(request: OfficeRequest, given: Any, refusal: Refused | None = None) -> HttpResponse:
    desk = request.desk
    every = sorted(rows(desk), key=lambda row: row.title.casefold())
    raised, refusal = previewed(given, desk, every, refusal)
    refused = [one for one in raised if one.refused]
    changed = [one for one in raised if one.changed and not one.refused]
    months = months_ahead(desk)
    known: dict[str, Any] = {
        "tariffs": every,
        "groups": groups(every, given),
        "chosen": numbers(given),
        "chosen_meters": given.getlist("meter"),
        "meters": [(meter.value, name) for meter, name in pricelist.METERS.items()],
        "months": months[1:],
        "month": given.get("month", str(months[1])),
        "roundings": [(one, money.price(one, desk.operator.currency)) for one in ROUNDINGS],
        "given": given,
        "asked": bool(given.get("show")) and refusal is None,
        "refused": [shown(one, desk) for one in refused],
        "shown": [shown(one, desk) for one in changed],
        "unchanged": len(raised) - len(refused) - len(changed),
        "effect": effect(changed, desk) if changed and not refused else None,
        "problem": refusal.message if refusal else "",
        "where": refusal.where.partition(".")[0] if refusal else "",
        "made": [made_shown(one, desk) for one in price_changes().prefetch_related("versions")[:MOST_MADE]],
    }
    status = 422 if refusal and request.method == "POST" else 200
    return render(request, "balie/tariffs/prices.html", known, status=status)


def previewed(
    given: Any, desk: Desk, every: Sequence[Row], refusal: Refused | None
) -> tuple[Sequence[Raised], Refused | None]:
    """What would change, once it is asked for; or what is wrong with the question."""
    if refusal or not given.get("show"):
        return [], refusal
    try:
        return price_change_preview(rule_of(given, desk, ticked(given, every)), closed=closed_months()), None
    except Refused as wrong:
        return [], wrong


def groups(every: Sequence[Row], given: Any) -> list[tuple[str, Any, int, bool]]:
    """The kinds of tariffs with how many there are of each, and whether it is ticked."""
    counts = {kind: sum(row.kind == kind for row in every) for kind in FOR}
    return [(kind, name, counts[kind], kind in given.getlist("group")) for kind, name in FOR.items() if counts[kind]]


def shown(raised: Raised, desk: Desk) -> ShownChange:
    titles = raised.base.title if raised.base else {}
    items = [priced(item, desk) for item in raised.items if item.changed]
    return ShownChange(raised, title_of(titles, desk, raised.tariff.code), items)


def priced(item: RaisedItem, desk: Desk) -> tuple[str, str, str]:
    """An item's title and its prices before and after; those of steps one behind the other."""
    old, new = (
        " / ".join(money.price(one, desk.operator.currency) for one in (steps or (price,)))
        for price, steps in ((item.old, item.old_steps), (item.new, item.new_steps))
    )
    return title_of(dict(item.title), desk, pricelist.meter(item.meter)), old, new


def made_shown(made: PriceChange, desk: Desk) -> dict[str, Any]:
    """One change that was made: by how much, for how many tariffs, and whether it can be undone."""
    said = [by_how_much(meter, one, desk) for meter, one in made.rule.get("adjustments", {}).items()]
    frozen = any(version.frozen for version in made.versions.all())
    undoable = made.undone is None and made.first_day > desk.today and not frozen
    return {"made": made, "said": said, "tariffs": len(made.versions.all()), "can_undo": undoable}


def by_how_much(meter: str, said: dict[str, str | None], desk: Desk) -> str:
    """+3 % or +€ 0,05, and of what where it is not of everything."""
    if percent := said.get("percent"):
        number = Decimal(percent)
        text = f"{'+' if number > 0 else '−'}{money.percent(abs(number))}"
    else:
        number = Decimal(said.get("amount") or 0)
        sign = "+" if number > 0 else "−"
        text = f"{sign}{money.price(f'{abs(number):f}', desk.operator.currency)}"
    return f"{pricelist.meter(meter)} {text}" if meter in set(Meter) else text


def effect(changed: Sequence[Raised], desk: Desk) -> Effect:
    """Last month of all clients at these tariffs with the new prices."""
    period = desk.this_month.previous()
    return Effect(period, repriced(period, {one.tariff.pk: one.version for one in changed if one.version}))
