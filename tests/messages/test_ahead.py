"""A gateway in a thread of its own: it goes on while its outcomes are stored, and no text is lost on the belt."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pytest
from django.utils.translation import get_language, override

from balie.messages.gateways import Accepted, GatewayDown, Outcome, Receipt, Sms
from balie.messages.gateways.ahead import AHEAD, Ahead
from balie.messages.gateways.chosen import gateway as chosen


@dataclass
class Plain:
    """Takes every text; ends after so many, with a problem or without."""

    most: int = 1_000_000
    problem: BaseException | None = None
    taken: list[str] = field(default_factory=list)
    spoke: str = ""
    went: threading.Event = field(default_factory=threading.Event)

    def submit(self, texts: Iterable[Sms]) -> Iterator[Outcome]:
        self.spoke = get_language() or ""
        for sms in texts:
            self.taken.append(sms.key)
            if len(self.taken) >= min(self.most, 20):
                self.went.set()
            yield Accepted(sms.key, (sms.key,))
            if len(self.taken) == self.most:
                break
        if self.problem:
            raise self.problem

    def receipts(self) -> list[Receipt]:
        return []

    def stops(self) -> list[str]:
        return []

    def confirm(self) -> None:
        pass

    def look(self) -> str:
        return ""

    def close(self) -> None:
        pass


def texts(number: int) -> list[Sms]:
    return [Sms(f"k{n}", "+31201234501", "+31612345678", "Hallo") for n in range(number)]


def test_every_text_has_its_outcome_in_the_language_of_who_asked() -> None:
    inner = Plain()
    with override("nl"):
        found = [one.key for one in Ahead(inner).submit(texts(500)) if one]
    assert found == inner.taken == [sms.key for sms in texts(500)]
    assert inner.spoke == "nl"


def test_gateway_goes_on_while_an_outcome_is_stored() -> None:
    inner = Plain()
    stream = Ahead(inner).submit(texts(500))
    next(stream)  # whoever asked is busy with this one
    assert inner.went.wait(10)
    assert len(list(stream)) == 499


def test_no_more_lie_ready_than_a_kill_may_leave_in_doubt() -> None:
    inner, given = Plain(), 0

    def counted() -> Iterator[Sms]:
        nonlocal given
        for sms in texts(500):
            assert given <= len(inner.taken) + AHEAD
            given += 1
            yield sms

    assert len(list(Ahead(inner).submit(counted()))) == given == 500


@pytest.mark.parametrize("problem", [None, GatewayDown("gone")])
def test_what_lay_ready_when_the_gateway_ended_was_not_sent(problem: BaseException | None) -> None:
    inner, found = Plain(most=7, problem=problem), []
    try:
        for one in Ahead(inner).submit(texts(500)):
            assert one
            found.append(one.key)
    except GatewayDown as down:
        assert down is problem
    else:
        assert problem is None
    assert found == inner.taken == [sms.key for sms in texts(7)]


def test_who_asked_is_woken_while_nothing_comes() -> None:
    inner, stored = Plain(), threading.Event()

    class Slow(Plain):
        def submit(self, texts: Iterable[Sms]) -> Iterator[Outcome]:
            for number, outcome in enumerate(inner.submit(texts)):
                yield outcome
                if number == 0:
                    assert stored.wait(10)

    found = []
    for one in Ahead(Slow()).submit(texts(2)):
        found.append(one and one.key)
        if one is None:
            stored.set()
    assert [one for one in found if one] == ["k0", "k1"]
    assert found[0] == "k0" and None in found


def test_who_stops_asking_ends_the_thread() -> None:
    inner = Plain()
    stream = Ahead(inner).submit(texts(500))
    next(stream)
    del stream
    assert not any(thread.name.startswith("sms") for thread in threading.enumerate())
    assert len(inner.taken) < 500


def test_a_gateway_that_uses_our_database_has_no_thread() -> None:
    assert not isinstance(chosen({"kind": "fake"}), Ahead)
    assert isinstance(chosen({"kind": "http", "url": "https://sms.example/send", "password": "x"}), Ahead)
