"""Gateways that want a line for sending and another one for receipts."""

import pytest

from balie.messages.gateways import Accepted, GatewayDown
from tests.messages.smpp_lines import heard, hurried, line, sent, texts, until
from tests.telephony.smsc import ANSWER, ENQUIRE, OK, Smsc


def test_texts_go_by_one_line_and_receipts_come_by_the_other(smsc: Smsc) -> None:
    smsc.set(both=False, receipts=1)
    with line(smsc, lines=2) as gateway:
        assert all(isinstance(one, Accepted) for one in sent(gateway, texts(5)).values())
        assert [one.id for one in heard(gateway, 5)] == ["1", "2", "3", "4", "5"]
        assert smsc.book.confirmed == []
        gateway.confirm()
        until(lambda: len(smsc.book.confirmed) == 5)
    assert [way for way, _name, _password in smsc.book.binds] == ["transmitter", "receiver"]
    until(lambda: smsc.lines == [])
    assert smsc.book.unbinds == 2


def test_look_opens_both(smsc: Smsc) -> None:
    smsc.set(both=False)
    with line(smsc, lines=2) as gateway:
        assert gateway.look() == f"The SMS gateway at 127.0.0.1:{smsc.port} answers and lets balie in."
    assert [way for way, _name, _password in smsc.book.binds] == ["transmitter", "receiver"]


def test_a_gateway_that_knows_no_line_for_both_says_what_to_ask_for(smsc: Smsc) -> None:
    smsc.set(both=False)
    with line(smsc) as gateway, pytest.raises(GatewayDown, match="ask for 2 lines"):
        gateway.look()


def test_signs_of_life_are_answered_on_both_while_nothing_is_sent(smsc: Smsc) -> None:
    with line(smsc, lines=2) as gateway:
        gateway.look()
        smsc.send(ENQUIRE)

        def answered() -> bool:
            gateway.receipts()
            return smsc.book.answers.count((ENQUIRE | ANSWER, OK)) == 2

        until(answered)


def test_signs_of_life_are_answered_on_the_line_for_receipts_while_texts_go(smsc: Smsc) -> None:
    with line(smsc, lines=2, window=1) as gateway:
        gateway.look()
        going = gateway.submit(texts(3))
        next(going)
        smsc.send(ENQUIRE)
        smsc.set(answer_late=0.3)
        assert len(list(going)) == 2
        until(lambda: smsc.book.answers.count((ENQUIRE | ANSWER, OK)) == 2)


def test_a_silent_line_for_sending_is_tested_and_opened_anew_for_the_next_text(smsc: Smsc) -> None:
    with line(smsc, lines=2, idle=0.1) as gateway:
        gateway.look()
        hurried(gateway, timeout=0.2)
        smsc.set(deaf=True)

        def over() -> bool:
            gateway.receipts()
            return bool(gateway.lines["transmitter"].ended)

        until(over)
        smsc.set(deaf=False)
        assert all(isinstance(one, Accepted) for one in sent(gateway, texts(2)).values())


def test_receipts_come_by_a_new_line_when_theirs_broke_while_texts_went(smsc: Smsc) -> None:
    smsc.set(receipts=1, held=True)
    with line(smsc, lines=2) as gateway:
        gateway.look()
        receiver = next(one for one in smsc.lines if one.bound == "receiver")
        smsc.now(receiver.transport.abort)
        until(lambda: receiver not in smsc.lines)
        assert all(isinstance(one, Accepted) for one in sent(gateway, texts(3)).values())
        smsc.set(held=False)
        assert {one.id for one in heard(gateway, 3)} == {"1", "2", "3"}
    assert [way for way, _name, _password in smsc.book.binds] == ["transmitter", "receiver", "receiver"]
