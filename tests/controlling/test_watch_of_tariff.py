"""What a tariff says the watch goes by: target, months and step, instead of the operator's."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from balie.controlling.actions import watch
from balie.controlling.models import Offer
from balie.controlling.yardstick import Yardstick, yardstick
from balie.operator.actions import Author
from balie.operator.models import LogEntry, Operator
from balie.rules.errors import Refused
from balie.tariffs.actions import copy_for_client, set_watch
from balie.tariffs.models import Tariff
from balie.tasks.models import Task
from tests import make
from tests.world.sample import load, refusal

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
AUTHOR = Author("test", NOW)
FEE = {"meter": "basic_fee", "price": "100.00"}


@pytest.fixture(autouse=True)
def operator() -> Operator:
    return make.operator(timezone="Europe/Amsterdam", costs={"agent_per_hour": "30.00"})


@pytest.fixture
def flat() -> Tariff:
    """1001 pays 100.00 a month; its work costs 85.00 in May, 70.00 in each month since: margins of 15 and 30 %."""
    client, tariff = make.client("1001"), make.tariff("FLAT", items=(FEE,))
    make.contract(client, tariff=tariff)
    for month, minutes in ((5, 170), *((month, 140) for month in range(6, 11))):
        make.call(client, start=datetime(2026, month, 5, 9, tzinfo=UTC), talk=minutes * 60)
    return tariff


def put(tariff: Tariff, **values: Any) -> None:
    set_watch(tariff=tariff, values=values, author=AUTHOR)


def figures() -> list[tuple[str, str, list[str]]]:
    """Of the open tasks: margin and target in percent, and the months looked at."""
    watch(author=AUTHOR)
    return [
        (task.figures["margin_percent"], task.figures["target_percent"], task.figures["months"])
        for task in Task.objects.filter(closed=None)
    ]


def test_operator_holds_where_the_tariff_says_nothing(flat: Tariff, operator: Operator) -> None:
    assert yardstick(flat, operator) == Yardstick(Decimal(20), 3, Decimal(5))
    assert figures() == []


def test_target_of_the_tariff_makes_the_task_and_its_offer(flat: Tariff) -> None:
    put(flat, target_margin_percent="40")
    assert figures() == [("30.00", "40", ["2026-08", "2026-09", "2026-10"])]
    # 70.00 / 0.6 = 116.67, in steps of 5.00.
    assert Offer.objects.get().fee == Decimal("120.00")


def test_step_of_the_tariff_is_that_of_its_offer(flat: Tariff) -> None:
    put(flat, target_margin_percent="40", offer_step="0.50")
    figures()
    assert Offer.objects.get().fee == Decimal("117.00")


def test_target_of_zero_holds_although_it_is_nothing(flat: Tariff, operator: Operator) -> None:
    Operator.objects.update(target_margin_percent=50)
    put(flat, target_margin_percent="0")
    assert figures() == []


def test_each_contract_is_looked_at_over_the_months_of_its_own_tariff(flat: Tariff) -> None:
    other = make.client("1002")
    make.contract(other, tariff=make.tariff("OTHER", items=({**FEE, "price": "80.00"},)))
    for month in range(8, 11):
        make.call(other, start=datetime(2026, month, 6, 9, tzinfo=UTC), talk=140 * 60)
    put(flat, target_margin_percent="28", margin_months=6)
    assert figures() == [
        ("27.50", "28", ["2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]),
        ("12.50", "20", ["2026-08", "2026-09", "2026-10"]),
    ]
    put(flat, margin_months=1)
    assert [months for _margin, _target, months in figures()] == [["2026-08", "2026-09", "2026-10"]]


def test_tariff_of_an_offer_keeps_what_the_watch_goes_by(flat: Tariff) -> None:
    put(flat, target_margin_percent="40", margin_months=2, offer_step="0.50")
    figures()
    own = Offer.objects.get().tariff
    assert (own.target_margin_percent, own.margin_months, own.offer_step) == (Decimal(40), 2, Decimal("0.50"))


def test_copy_for_a_client_keeps_it_too(flat: Tariff) -> None:
    put(flat, margin_months=6)
    made = copy_for_client(
        tariff=flat,
        client=make.client("1003"),
        first_day=date(2026, 12, 1),
        values={"title": {"nl": "Op maat"}},
        author=AUTHOR,
    )
    assert (made.target_margin_percent, made.margin_months, made.offer_step) == (None, 6, None)


def test_change_is_logged_and_can_be_taken_back(flat: Tariff, operator: Operator) -> None:
    put(flat, target_margin_percent="40")
    before = set_watch(tariff=flat, values={"target_margin_percent": "25", "offer_step": ""}, author=AUTHOR)
    assert before == {"target_margin_percent": Decimal(40)}
    assert set_watch(tariff=flat, values={"target_margin_percent": "25.0"}, author=AUTHOR) == {}
    put(flat, **before)
    entries = LogEntry.objects.filter(deed="watch.changed", about="tariff:FLAT").order_by("pk")
    assert [(one.details["before"], one.details["after"]) for one in entries] == [
        ({"target_margin_percent": None}, {"target_margin_percent": "40"}),
        ({"target_margin_percent": "40.000"}, {"target_margin_percent": "25"}),
        ({"target_margin_percent": "25.000"}, {"target_margin_percent": "40"}),
    ]
    assert yardstick(Tariff.objects.get(), operator).target_percent == 40


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("target_margin_percent", "100"),
        ("target_margin_percent", "-1"),
        ("target_margin_percent", "much"),
        ("margin_months", "0"),
        ("margin_months", "61"),
        ("margin_months", "2.5"),
        ("offer_step", "0.00"),
        ("offer_step", "0.00001"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(flat: Tariff, name: str, value: str) -> None:
    with pytest.raises(Refused) as refused:
        put(flat, **{name: value})
    assert (refused.value.code, refused.value.where) == ("bad_value", name)


def world(**watch: Any) -> dict[str, Any]:
    tariff = {"code": "FLAT", "service": "telephone", "vat_percent": "21", "items": [FEE], **watch}
    return {"tariffs": [tariff]}


def stored() -> tuple[Any, ...]:
    return Tariff.objects.values_list("target_margin_percent", "margin_months", "offer_step").get(code="FLAT")


def test_world_file_says_it_key_by_key() -> None:
    load(world(watch={"target_margin_percent": "25", "margin_months": 6}))
    assert stored() == (Decimal(25), 6, None)
    assert load(world()).total.changed == 0
    load(world(watch={"margin_months": None, "offer_step": "2.50"}))
    assert stored() == (Decimal(25), None, Decimal("2.50"))
    assert load(world(watch={})).total.changed == 0
    load(world(watch=None))
    assert stored() == (None, None, None)


@pytest.mark.parametrize(
    ("watch", "key"),
    [
        ({"target_margin_percent": "99.5"}, "target_margin_percent"),
        ({"margin_months": 61}, "margin_months"),
        ({"offer_step": "0"}, "offer_step"),
        ({"months": 3}, "months"),
    ],
)
def test_world_file_is_refused_at_the_key(watch: dict[str, Any], key: str) -> None:
    assert refusal(world(watch=watch))[0] == f"tariffs[0].watch.{key}"


def test_two_versions_that_say_different_things_are_refused() -> None:
    one, other = world(watch={"margin_months": 3})["tariffs"][0], world(watch={"margin_months": 4})["tariffs"][0]
    assert refusal({"tariffs": [one, {**other, "from": "2027-01-01"}]})[0] == "tariffs[1].watch.margin_months"
