"""How fast texts go over a line: as the settings say, as the gateway bears."""

from itertools import pairwise
from statistics import median

import pytest

from balie.messages.gateways import Accepted, Rejected
from tests.messages.smpp_lines import line, sent, texts
from tests.telephony.smsc import THROTTLED, Smsc


def gaps(times: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(times)]


def test_pace_of_the_settings_is_kept(smsc: Smsc, monkeypatch: pytest.MonkeyPatch) -> None:
    """By when they go, and not when a busy gateway reads them; nor does one long gap make it slow."""
    times: list[float] = []
    with line(smsc, per_second=50) as gateway:
        went = gateway.pace.went

        def noted(now: float) -> None:
            times.append(now)
            went(now)

        monkeypatch.setattr(gateway.pace, "went", noted)
        sent(gateway, texts(21))
    assert times[-1] - times[0] > 0.37
    assert median(gaps(times)) < 1.5 / 20


def test_throttled_text_goes_again_a_moment_later_and_the_others_go_slower(smsc: Smsc) -> None:
    smsc.set(per_second=40)
    with line(smsc, window=5) as gateway:
        outcomes = sent(gateway, texts(90))  # more than twice what a second takes: wherever one stood still between
    assert {type(one) for one in outcomes.values()} == {Accepted}
    assert (len(smsc.book.taken), len(set(smsc.book.texts()))) == (90, 90)
    assert 1 <= smsc.book.refused <= 12
    assert sum(sorted(gaps([one.at for one in smsc.book.taken]))[:-1]) < 4  # all but the longest of them


def test_text_that_always_comes_too_quickly_is_put_off_in_the_end(smsc: Smsc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balie.messages.gateways.smpp_batch.SPEED_SECONDS", 0.5)
    smsc.set(refuse=dict.fromkeys(range(1, 100), THROTTLED))
    with line(smsc) as gateway:
        outcome = sent(gateway, texts(1))["k1"]
    assert isinstance(outcome, Rejected) and outcome.again
    assert smsc.book.submitted == smsc.book.refused == 2
