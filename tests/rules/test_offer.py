"""The smallest figure that makes a contract pay (rating.md 21, 24)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules.margin import earned
from balie.rules.offer import Changes, Kind, Offer, Paid, break_even, kind_of, monthly_fee, offer, paid_minutes
from balie.rules.tariff import Version
from balie.rules.terms import Quantity
from tests.rules.make import NOVEMBER, terms, version

FIVE = Decimal("5.00")
FEE = {"meter": "basic_fee", "price": "100.00"}
TALK = {"meter": "talk_time", "price": "0.30", "increment": "1/1", "cost_limit": True}
CALL = {"meter": "calls_accepted", "price": "1.00"}


def offered(of: Version, wanted: str, used: dict[int, Quantity] | None = None, step: Decimal = FIVE) -> Offer | None:
    """The offer for a month with this usage that should earn so much."""

    def reaches(trial: Version) -> bool:
        return earned(terms(trial), NOVEMBER, used or {}).revenue >= Decimal(wanted)

    return offer(of, step=step, reaches=reaches)


def said(made: Offer | None) -> tuple[str, str] | None:
    return (str(made.changes), f"{made.fee:.2f}") if made else None


@pytest.mark.parametrize(
    ("items", "limit", "kind"),
    [
        ([FEE], None, Kind.FLAT_RATE),
        ([FEE, {"meter": "talk_time", "price": "0.00"}], None, Kind.FLAT_RATE),
        ([FEE, {"meter": "forwarded_mobile", "price": "0.20"}], None, Kind.FLAT_RATE),
        ([FEE, CALL], None, Kind.FLAT_FEE),
        ([CALL, {"meter": "handling_time", "price": "0.50"}], None, Kind.OTHER),
        (
            [FEE, {"meter": "talk_time", "steps": [{"up_to": 100, "price": "0.00"}, {"price": "0.10"}]}],
            None,
            Kind.OTHER,
        ),
        ([FEE, TALK], "100", Kind.COST_LIMIT),
        ([FEE], "100", Kind.COST_LIMIT),
    ],
)
def test_kind_of_a_contract(items: list[dict[str, object]], limit: str | None, kind: Kind) -> None:
    assert kind_of(version(*items, cost_limit=limit)) is kind


def test_flat_rate_gets_the_next_step_of_the_basic_fee() -> None:
    assert said(offered(version(FEE), "312.50")) == ("basic_fee", "315.00")
    assert said(offered(version(FEE), "315.00")) == ("basic_fee", "315.00")
    assert said(offered(version(FEE), "315.01")) == ("basic_fee", "320.00")


def test_flat_rate_without_a_basic_fee_gets_one() -> None:
    made = offered(version({"meter": "additional_option", "price": "9.00"}), "100.00")
    assert made and said(made) == ("basic_fee", "100.00")
    assert [item.meter for item in made.version.items] == ["basic_fee", "additional_option"]


def test_yearly_basic_fee_is_raised_by_the_year() -> None:
    made = offered(version({**FEE, "cycle": "yearly"}), "100.00")
    assert said(made) == ("basic_fee", "1200.00")


def test_flat_fee_per_call_gets_another_price_in_steps_of_five_cents() -> None:
    calls = {1: Quantity(calls=20, billed=20)}
    assert said(offered(version(FEE, CALL), "402.50", calls)) == ("call_price", "15.15")


def test_flat_fee_without_calls_has_no_offer() -> None:
    assert offered(version(FEE, CALL), "402.50") is None


def test_cost_limit_is_raised_where_that_is_enough() -> None:
    used = {0: Quantity(1, 120_000, 120_000)}  # 600.00 without a limit
    made = offered(version(TALK, cost_limit="100", tolerance_percent="20"), "312.50", used)
    assert made and said(made) == ("cost_limit", "315.00")
    assert (made.version.cost_limit, made.version.tolerance_percent) == (Decimal(315), Decimal(20))


def test_cost_limit_goes_and_a_fee_fills_the_rest_where_usage_is_not_enough() -> None:
    used = {0: Quantity(1, 30_000, 30_000)}  # 150.00 without a limit
    made = offered(version(TALK, cost_limit="100", tolerance_percent="20"), "312.50", used)
    assert made and said(made) == ("basic_fee", "165.00")
    assert (made.version.cost_limit, made.version.tolerance_percent) == (None, None)


def test_contract_by_time_has_no_offer() -> None:
    assert offered(version(FEE, {"meter": "talk_time", "price": "0.10"}), "1000.00") is None


@given(
    wanted=st.decimals("0.01", "90000", places=2),
    step=st.sampled_from([Decimal("0.05"), Decimal("2.50"), FIVE, Decimal("7.30")]),
)
def test_fee_is_the_smallest_multiple_of_the_step_that_reaches(wanted: Decimal, step: Decimal) -> None:
    made = offered(version({"meter": "basic_fee", "price": "0.00"}), str(wanted), step=step)
    assert made and made.changes is Changes.BASIC_FEE
    assert made.fee % step == 0 and made.fee - step < wanted <= made.fee


def test_break_even_is_how_many_minutes_a_fee_pays_for() -> None:
    assert break_even(Fraction(100), Fraction(1, 2)) == 200
    assert break_even(Fraction(100), Fraction(0)) is None


def test_fee_pays_for_minutes_once_networks_are_paid() -> None:
    hour, target = Fraction(30), Fraction(20)
    paid = paid_minutes(Fraction(149), network=Fraction(0), per_hour=hour, target_percent=target)
    assert paid == Paid(Decimal("298.00"), Decimal("238.40"))
    less = paid_minutes(Fraction(149), network=Fraction(9), per_hour=hour, target_percent=target)
    assert less == Paid(Decimal("280.00"), Decimal("220.40"))
    assert paid_minutes(Fraction(149), network=Fraction(0), per_hour=Fraction(0), target_percent=target) == Paid()


def test_fee_of_a_month_is_all_basic_fees_a_yearly_one_by_a_twelfth() -> None:
    fees = [{"price": "20.00"}, {"price": "120.00", "cycle": "yearly"}, {"price": "50.00", "cycle": "once"}]
    assert monthly_fee(version(*({"meter": "basic_fee", **fee} for fee in fees))) == 30
