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


def another(call: Call, caller: str, *, code: str, after: int = 0, outcome: str = "forwarded") -> Call:
    """A call of the same client with another agent, at the same time or seconds later."""
    start = NOW + timedelta(seconds=after)
    held = make.call(call.client, agent=make.agent(code), key=f"k-{code}", caller=caller, start=start)
    at = start + timedelta(minutes=2)
    assert held.client and held.agent
    said = Said(text=f"Vraagt ook om een offerte {code}", outcome=outcome)
    take_note(client=held.client, agent=held.agent, said=said, at=at, author=Author("t", at))
    return held


def wrong() -> list[str]:
    """The agents whose notes say put through without that."""
    found()
    return sorted(Finding.objects.filter(closed=None, code="outcome").values_list("agent__code", flat=True))


def test_one_leg_excuses_one_call_even_where_nobody_says_who_called(call: Call) -> None:
    leg(call, "x9", caller="anonymous")
    another(call, "anonymous", code="202")
    another(call, "", code="203")
    assert len(wrong()) == 2
    leg(call, "x10", caller="201")
    assert len(wrong()) == 1
    leg(call, "x11", caller="")
    assert wrong() == []


def test_a_leg_is_that_callers_and_no_one_elses_whatever_the_note_says(call: Call) -> None:
    another(call, "anonymous", code="202")
    another(call, OTHER, code="203", outcome="message")
    leg(call, "x9")
    leg(call, "x10", caller=OTHER)
    assert wrong() == ["202"], "both legs are of callers that are known"
    leg(call, "x11")  # put through a second time: still nobody else's
    assert wrong() == ["202"]
    leg(call, "x12", caller="anonymous")
    assert wrong() == []


def test_legs_are_given_so_that_as_many_notes_as_can_be_are_right(call: Call) -> None:
    another(call, "anonymous", code="202", after=30)  # still going on when the first one is over
    first, second = leg(call, "x8", caller="anonymous"), leg(call, "x9", caller="anonymous")
    Call.objects.filter(pk=first.pk).update(start=NOW + timedelta(seconds=50))
    Call.objects.filter(pk=second.pk).update(start=NOW + timedelta(seconds=150))  # fits the later call only
    assert wrong() == []


def test_another_clients_leg_and_another_phone_systems_excuse_nobody(call: Call) -> None:
    make.call(make.client("1002"), key="x9", caller=CALLER, start=NOW, talk=30, direction="forwarded", agent=None)
    leg(call, "x10", source=make.source("other"))
    assert wrong() == ["201"]
