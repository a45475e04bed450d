"""The fast pricer gives what the slow one gives, exactly, on random operators, tariffs, contracts and calls.

A few hundred cases run with every change, always the same ones. The long run:

    make test ARGS="tests/billing/slow --hypothesis-profile=thorough -o faulthandler_timeout=3600"
"""

from typing import Any

from hypothesis import HealthCheck, given, settings

from balie.rules.errors import Refused
from tests.billing.slow import fast, pricer
from tests.billing.slow.strategies import cases
from tests.billing.slow.usage import Unpriced

Row = dict[str, Any]
REFUSED: Row = {"refused": True}
SLOW_TO_DRAW = (HealthCheck.too_slow, HealthCheck.data_too_large)


def quick() -> settings:
    """A few hundred cases, the same each time; the thorough profile takes its own number, new ones each time."""
    if settings.get_current_profile_name() == "thorough":
        return settings(suppress_health_check=SLOW_TO_DRAW)
    return settings(max_examples=300, derandomize=True, suppress_health_check=SLOW_TO_DRAW)


def slowly(world: Row, month: str, calls: list[Row], sms: list[Row]) -> Row:
    try:
        return pricer.bill(world, "1001", month, calls, sms)
    except Unpriced:
        return REFUSED


def quickly(world: Row, month: str, calls: list[Row], sms: list[Row]) -> Row:
    try:
        return fast.bill(world, "1001", month, calls, sms)
    except Refused as refusal:
        assert refusal.code == "no_price", refusal
        return REFUSED


@quick()
@given(cases())
def test_fast_and_slow_agree_to_the_cent(case: tuple[Row, str, list[Row], list[Row]]) -> None:
    assert quickly(*case) == slowly(*case)
