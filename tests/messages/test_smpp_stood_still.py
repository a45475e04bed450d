"""A process that stood still for a while, as on a machine that does something else: what came meanwhile counts."""

from typing import Any

import pytest

from balie.messages.gateways.smpp_line import Line
from tests.messages.smpp_lines import Clock, answered, line, until
from tests.telephony.smsc import Smsc


def test_answer_to_bind_that_came_meanwhile_lets_us_in(smsc: Smsc, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, ask = Clock(monkeypatch), Line.ask
    look = clock.monotonic

    def look_and_stand_still() -> float:
        now = look()
        clock.goes(60)
        monkeypatch.setattr(clock, "monotonic", look)
        return now

    def ask_and_be_answered(line: Line, name: str, **fields: Any) -> int:
        sequence = ask(line, name, **fields)
        answered(line.socket)
        monkeypatch.setattr(clock, "monotonic", look_and_stand_still)
        return sequence

    monkeypatch.setattr(Line, "ask", ask_and_be_answered)
    with line(smsc) as gateway:
        assert gateway.look() == f"The SMS gateway at 127.0.0.1:{smsc.port} answers and lets balie in."


def test_sign_of_life_that_came_meanwhile_keeps_the_line(smsc: Smsc, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    with line(smsc, idle=0.1) as gateway:
        gateway.look()
        until(lambda: bool(gateway.receipts()) or gateway.lines["transceiver"].tested_at is not None)
        answered(gateway.lines["transceiver"].socket)
        clock.goes(60)
        gateway.receipts()
        assert len(smsc.book.binds) == 1
