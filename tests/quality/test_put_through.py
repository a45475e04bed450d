"""The outcome "put through" fits a call whose caller was connected on, and spoke there."""

from datetime import timedelta
from typing import Any

import pytest

from balie.calls.models import Call
from balie.notes.actions import Said, take_note
from balie.notes.known import was_passed_on
from balie.operator.actions import Author
from balie.quality.actions import check_days
from balie.quality.models import Finding
from balie.rules.call import CallType, Direction
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
CALLER, OTHER = "+31612345678", "+31687654321"


@pytest.fixture
def call() -> Call:
    """An accepted call of a minute; its note says put through."""
    make.operator()
    held = make.call(make.client("1001", email="info@x.example"), agent=make.agent("201"), key="k1", caller=CALLER)
    said, at = Said(text="Vraagt om een offerte", outcome="forwarded"), NOW + timedelta(minutes=2)
    assert held.client and held.agent
    take_note(client=held.client, agent=held.agent, said=said, at=at, author=Author("t", at))
    return held


def leg(call: Call, key: str, **values: Any) -> Call:
    wanted = {"direction": Direction.FORWARDED, "type": CallType.FORWARDED_MOBILE, "caller": CALLER, "agent": None}
    start = NOW + timedelta(seconds=40)
    return make.call(call.client, key=key, start=start, **{**wanted, **values})


def found() -> list[str]:
    check_days(first=NOW.date(), last=NOW.date(), now=NOW + timedelta(days=3))
    return list(Finding.objects.filter(closed=None).values_list("code", flat=True))


@pytest.mark.parametrize("key", ["k1/1", "k1/2", "x9"])
@pytest.mark.parametrize(("talk", "codes"), [(30, []), (0, ["outcome"])])
def test_an_attempt_that_nobody_answered_is_not_put_through(call: Call, key: str, talk: int, codes: list[str]) -> None:
    leg(call, key, talk=talk)
    assert found() == codes
    assert was_passed_on(call) == (talk > 0 and "/" in key)


@pytest.mark.parametrize(
    ("caller", "codes"),
    [
        (CALLER, []),
        ("0612345678", []),  # as another system writes it
        ("anonymous", []),
        ("", []),
        ("201", []),  # the agent's extension does not say who called
        (OTHER, ["outcome"]),
    ],
)
def test_a_leg_with_a_key_of_its_own_is_of_the_same_caller(call: Call, caller: str, codes: list[str]) -> None:
    leg(call, "x9", caller=caller)
    assert found() == codes


def test_another_callers_leg_before_its_own_does_not_matter(call: Call) -> None:
    leg(call, "x8", caller=OTHER)
    later = leg(call, "x9")
    Call.objects.filter(pk=later.pk).update(start=NOW + timedelta(seconds=50))
    assert found() == []
