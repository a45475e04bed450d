"""What comes back over a real line to an SMS gateway: receipts, and who wants no SMS any more."""

import pytest

from balie.messages.gateways import Fate, Receipt, smpp
from balie.messages.models import OptOut
from balie.worker import sms as lane
from tests.messages.made import an_operator, an_sms, states, work
from tests.messages.smpp_lines import LONG, heard, line, sent, texts, until
from tests.telephony.smsc import QUEUE_FULL, Smsc


def test_receipts_come_and_are_confirmed_once_they_are_stored(smsc: Smsc) -> None:
    smsc.set(receipts=1, receipt_late=0.02)
    with line(smsc) as gateway:
        ids = [name for one in sent(gateway, texts(5)).values() for name in getattr(one, "ids", ())]
        receipts = heard(gateway, 5)
        assert receipts == [Receipt(name, Fate.DELIVERED, None) for name in ids]
        assert smsc.book.confirmed == []
        gateway.confirm()
        until(lambda: smsc.book.confirmed == ids)
        assert gateway.receipts() == []
        gateway.confirm()


def test_receipts_that_were_not_stored_come_again(smsc: Smsc) -> None:
    smsc.set(receipts=1)
    with line(smsc) as gateway:
        sent(gateway, texts(2))
        assert heard(gateway, 2) == gateway.receipts()
        gateway.confirm()
        until(lambda: smsc.book.confirmed == ["1", "2"])


def test_receipt_of_a_broken_line_is_not_confirmed_on_another(smsc: Smsc) -> None:
    smsc.set(receipts=1)
    with line(smsc) as gateway:
        sent(gateway, texts(2))
        heard(gateway, 2)
        smsc.hang_up()
        gateway.look()
        gateway.confirm()
        gateway.look()
    assert smsc.book.answers == []


def test_receipts_come_twice_in_another_order_and_for_unknown_ids(smsc: Smsc) -> None:
    smsc.set(receipts=2, held=True)
    with line(smsc) as gateway:
        sent(gateway, texts(2))
        smsc.receipt("77", state=5)
        smsc.release_all()
        receipts = heard(gateway, 5)
        assert [one.id for one in receipts] == ["77", "2", "2", "1", "1"]
        assert receipts[0] == Receipt("77", Fate.FAILED, None, "UNDELIV")


def test_receipts_that_wait_come_with_the_next_line(smsc: Smsc) -> None:
    smsc.set(receipts=1, receipt_late=60)
    with line(smsc) as gateway:
        sent(gateway, texts(3))
        smsc.hang_up()
        assert [one.id for one in heard(gateway, 3)] == ["1", "2", "3"]


def test_receipts_of_a_gateway_that_writes_ids_in_two_ways(smsc: Smsc) -> None:
    smsc.set(receipts=1, id_form="{:08X}", receipt_form="{:010d}", fields=False)
    with line(smsc, ids="hex", zone="Europe/Amsterdam") as gateway:
        outcomes = sent(gateway, texts(12))
        ids = [name for one in outcomes.values() for name in getattr(one, "ids", ())]
        receipts = heard(gateway, 12)
    assert [one.id for one in receipts] == ids == [str(n) for n in range(1, 13)]
    assert {one.at and one.at.isoformat() for one in receipts} == {"2026-11-23T07:40:00+00:00"}


def test_more_receipts_than_can_be_kept_wait_at_the_gateway(smsc: Smsc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smpp, "MOST_KEPT", 3)
    smsc.set(receipts=1, held=True)
    with line(smsc) as gateway:
        sent(gateway, texts(5))
        smsc.release_all()
        heard(gateway, 3)
        until(lambda: len(smsc.book.answers) == 2)
        assert {status for _command, status in smsc.book.answers} == {QUEUE_FULL}


def test_who_writes_stop_is_named_and_whoever_else_writes_is_answered(smsc: Smsc) -> None:
    with line(smsc) as gateway:
        gateway.look()
        smsc.write_from("31612345678", b"Stop!")
        smsc.write_from("31612345679", b"Dank u wel")
        until(lambda: bool(gateway.receipts()) or bool(smsc.book.answers))
        gateway.confirm()  # nobody asked yet who wants no more
        assert gateway.receipts() == []
        assert (gateway.stops(), len(smsc.book.answers)) == (["+31612345678"], 1)
        gateway.confirm()
        until(lambda: len(smsc.book.answers) == 2)
        assert (gateway.receipts(), gateway.stops()) == ([], [])


@pytest.mark.django_db
def test_sms_of_the_outbox_goes_out_and_is_delivered(smsc: Smsc) -> None:
    smsc.set(receipts=1)
    client = an_operator(sms_gateway=smsc.settings)
    an_sms(client, LONG), an_sms(client, "Hallo"), an_sms(client, "ïdee", to="+31612345679")
    try:
        until(lambda: bool(work()) and set(states().values()) == {"delivered"})
        assert [text for _from, _to, text in smsc.book.texts()] == [LONG, "Hallo", "ïdee"]
        until(lambda: smsc.book.confirmed == ["1", "2", "3", "4", "5"])
        smsc.write_from("31612345679", b"STOP")
        until(lambda: bool(work()) and OptOut.objects.filter(number="+31612345679").exists())
    finally:
        lane.drop_lines()
