"""Prices of many tariffs changed at once: seen before, done as one, undone as one until they hold."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from balie.tariffs.actions import apply_price_change, undo_price_change
from balie.tariffs.models import PriceChange, Tariff, TariffVersion
from balie.tariffs.price_change import Adjustment, PriceRule, price_change_preview
from balie.tariffs.queries import can_undo, history, items_of, terms_of
from tests import make

AUTHOR = Author("eva", make.NOW)
JANUARY = date(2027, 1, 1)
STEPS = [{"up_to": 100, "price": "1.19"}, {"price": "0.99"}]


@pytest.mark.parametrize(
    ("price", "adjustment", "step", "new"),
    [
        ("39.00", Adjustment(percent=Decimal(5)), "0.01", "40.95"),
        ("0.89", Adjustment(percent=Decimal(3)), "0.01", "0.92"),
        ("0.89", Adjustment(percent=Decimal(3)), "0.001", "0.917"),
        ("0.10", Adjustment(percent=Decimal(5)), "0.01", "0.11"),  # 0.105: halves go up
        ("39.00", Adjustment(percent=Decimal("2.5")), "0.50", "40.00"),
        ("39.00", Adjustment(percent=Decimal("2.5")), "1", "40.00"),
        ("39", Adjustment(percent=Decimal(3)), "1", "40"),
        ("0.89", Adjustment(amount=Decimal("0.05")), "0.05", "0.95"),
        ("0.03", Adjustment(amount=Decimal("-0.05")), "0.01", "0.00"),
        ("0.00", Adjustment(percent=Decimal(10)), "0.01", "0.00"),
        ("0.00", Adjustment(amount=Decimal("0.10")), "0.01", "0.10"),
        ("0.125", Adjustment(), "0.01", "0.125"),
    ],
)
def test_new_price(price: str, adjustment: Adjustment, step: str, new: str) -> None:
    assert adjustment.applied(price, Decimal(step)) == new


def rule(*tariffs: Tariff, first_day: date = JANUARY, **adjustments: Adjustment) -> PriceRule:
    found = adjustments or {"": Adjustment(percent=Decimal(10))}
    return PriceRule(tuple(tariff.pk for tariff in tariffs), first_day, found)


@pytest.fixture
def tariffs() -> list[Tariff]:
    make.operator()
    items: tuple[dict[str, Any], ...] = (
        {"meter": "basic_fee", "price": "39.00"},
        {"meter": "talk_time", "steps": STEPS, "unit": "minute"},
        {"meter": "sms"},
    )
    return [make.tariff(code, items=items, cost_limit=Decimal(150)) for code in ("BASIS", "PLUS")]


def prices(version: TariffVersion) -> list[str]:
    return [item.price or "/".join(step["price"] for step in item.steps) for item in items_of(version)]


@pytest.mark.django_db
def test_preview_shows_old_and_new_prices_and_stores_nothing(tariffs: list[Tariff]) -> None:
    TariffVersion.objects.create(tariff=tariffs[1], first_day=date(2027, 3, 1), vat_percent=21)
    basis, plus = price_change_preview(rule(*tariffs), closed=())
    assert [(item.meter, item.old, item.new) for item in basis.items] == [
        ("basic_fee", "39.00", "42.90"), ("talk_time", "", ""), ("sms", "", ""),
    ]  # fmt: skip
    assert (basis.items[1].old_steps, basis.items[1].new_steps) == (("1.19", "0.99"), ("1.31", "1.09"))
    assert (basis.later, plus.later, basis.refused) == (None, date(2027, 3, 1), "")
    assert basis.version and terms_of(basis.version).cost_limit == 150
    assert TariffVersion.objects.filter(first_day=JANUARY).count() == 0


@pytest.mark.django_db
def test_change_makes_all_versions_once_and_undo_takes_them_away(tariffs: list[Tariff]) -> None:
    wanted = rule(*tariffs, basic_fee=Adjustment(amount=Decimal("1.50")))
    change = apply_price_change(rule=wanted, closed=(), author=AUTHOR)
    assert apply_price_change(rule=wanted, closed=(), author=AUTHOR) == change
    for tariff in tariffs:
        new, old = history(tariff)
        assert (prices(new), new.cost_limit) == (["40.50", "1.19/0.99", ""], Decimal(150))
        assert prices(old) == ["39.00", "1.19/0.99", ""]
    assert can_undo(change, day=date(2026, 12, 31)) and not can_undo(change, day=JANUARY)
    undo_price_change(change=change, author=AUTHOR)
    undo_price_change(change=change, author=AUTHOR)
    assert [len(history(tariff)) for tariff in tariffs] == [1, 1]
    deeds = LogEntry.objects.filter(about=f"price_change:{change.pk}").order_by("pk")
    assert [row.deed for row in deeds] == ["prices.changed", "prices.undone"]
    assert apply_price_change(rule=wanted, closed=(), author=AUTHOR) != change


@pytest.mark.django_db
def test_change_that_holds_is_not_undone(tariffs: list[Tariff]) -> None:
    change = apply_price_change(rule=rule(*tariffs), closed=(), author=AUTHOR)
    with pytest.raises(Refused) as refusal:
        undo_price_change(change=change, author=Author("eva", datetime(2026, 12, 31, 23, 30, tzinfo=UTC)))
    assert refusal.value.code == "in_effect"  # it is January in Amsterdam


@pytest.mark.django_db
def test_change_is_all_or_nothing(tariffs: list[Tariff]) -> None:
    TariffVersion.objects.create(tariff=tariffs[1], first_day=JANUARY, vat_percent=21)
    with pytest.raises(Refused, match="PLUS: It has a version from that day already"):
        apply_price_change(rule=rule(*tariffs), closed=(), author=AUTHOR)
    TariffVersion.objects.filter(tariff=tariffs[0]).update(frozen=True)
    with pytest.raises(Refused, match="BASIS: A closed month would get other prices"):
        apply_price_change(rule=rule(tariffs[0], first_day=date(2026, 10, 1)), closed=(202610,), author=AUTHOR)
    assert PriceChange.objects.count() == 0 and len(history(tariffs[0])) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"tariffs": ()}, "tariffs"),
        ({"first_day": date(2027, 1, 2)}, "from"),
        ({"adjustments": {"": Adjustment()}}, "adjustments"),
        ({"adjustments": {"fax": Adjustment(percent=Decimal(1))}}, "adjustments.fax"),
        ({"adjustments": {"": Adjustment(Decimal(1), Decimal(1))}}, "adjustments."),
        ({"adjustments": {"": Adjustment(percent=Decimal(-101))}}, "adjustments."),
        ({"round_to": Decimal(0)}, "round_to"),
    ],
)
def test_impossible_rule_is_refused_at_its_field(values: dict[str, Any], where: str) -> None:
    wanted = {"tariffs": (1,), "first_day": JANUARY, "adjustments": {"": Adjustment(percent=Decimal(1))}, **values}
    with pytest.raises(Refused) as refusal:
        price_change_preview(PriceRule(**wanted), closed=())
    assert refusal.value.where == where
