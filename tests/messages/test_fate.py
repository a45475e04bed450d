"""What becomes of an SMS: sent once where the gateway says so, never guessed, tried again only where that is safe."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from balie.leases.models import FREE
from balie.messages.actions import hear, left_behind, put_back, send_again, settle, stop_sms, take
from balie.messages.gateways import Accepted, Fate, Receipt, Rejected, Sms
from balie.messages.models import FakeSms, Line, Message, OptOut, Outgoing, SmsPart, State
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.rules.errors import Refused
from tests import make
from tests.messages.made import AGAIN, NO, NOBODY_KNOWS, TO, an_operator, an_sms, counted, scripted, states, work

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
MARIT = Author("Marit", NOW)


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> Any:
    time_machine.move_to(NOW, tick=False)
    return time_machine


def test_sms_is_sent_once_and_stands_among_the_messages_with_its_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    client = an_operator()
    gateway = scripted(monkeypatch)
    sms = an_sms(client, "x" * 161)
    assert work().failed == 0
    assert work().done == 0
    assert gateway.given == [Sms(sms.mark, "De Linde", TO, "x" * 161)]
    assert states() == {"x" * 161: "sent"}
    message = Message.objects.get()
    assert (message.client, message.parts, message.recipient, message.sent_at, message.account, message.late) == (
        client, 2, TO, NOW, "1001", False,
    )  # fmt: skip
    assert counted() == (1, 1, 2)


def test_sms_of_a_closed_month_is_late_as_an_imported_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from balie.calls.models import ChangedMonth, ClosedMonth

    client = an_operator()
    scripted(monkeypatch)
    ClosedMonth.objects.create(month=202611, at=NOW)
    an_sms(client)
    work()
    assert Message.objects.get().late
    assert list(ChangedMonth.objects.values_list("client", "month")) == [(client.pk, 202611)]


def test_sms_keeps_its_client_when_the_sending_number_changes_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    from balie.messages.actions import follow_assignments

    client, other = an_operator(), make.client("1002")
    scripted(monkeypatch)
    sms = an_sms(client)
    Outgoing.objects.filter(pk=sms.pk).update(sender="+31201234501")
    work()
    make.number(other, "+31201234501")
    assert follow_assignments(numbers=["+31201234501"]) == 0
    assert Message.objects.get().client == client


def test_what_comes_of_each_is_what_the_gateway_says(monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    # The clock stands: five seconds later, what was put off would be due again.
    client = an_operator()
    gateway = scripted(monkeypatch, answers={"b": AGAIN, "c": NO, "d": NOBODY_KNOWS})
    for text in "abcd":
        an_sms(client, text)
    work()
    assert gateway.texts == ["a", "b", "c", "d"]
    assert states() == {"a": "sent", "b": "waiting", "c": "failed", "d": "unknown"}
    reasons = dict(Outgoing.objects.values_list("text", "reason"))
    assert reasons == {
        "a": "", "b": "queue full", "c": "bad number", "d": "It may have arrived or not: line broke",
    }  # fmt: skip
    assert counted() == (1, 1, 1)


def test_an_answer_is_stored_although_no_other_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    an_sms(an_operator(), "a")
    seen: list[dict[str, str]] = []
    monkeypatch.setattr("balie.worker.sms.SETTLE_SECONDS", 0.05)
    scripted(monkeypatch, after=lambda: seen.append(states()))
    work()
    assert seen[0] == {"a": "sent"}


def test_what_was_put_off_is_tried_again_later_and_given_up_after_a_day(
    monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    gateway = scripted(monkeypatch, answers={"Hello": AGAIN})
    sms = an_sms(an_operator())
    waits = []
    for _ in range(60):
        before = datetime.now(UTC)
        work()
        sms.refresh_from_db()
        if sms.state == State.FAILED:
            break
        waits.append(int((sms.due - before).total_seconds()))
        clock.move_to(sms.due, tick=False)
    assert waits[:8] == [5, 15, 45, 135, 405, 1215, 1800, 1800]
    assert timedelta(hours=24) <= datetime.now(UTC) - NOW < timedelta(hours=25)
    assert (sms.state, sms.reason, len(gateway.given)) == ("failed", "queue full", len(waits) + 1)


def test_nothing_is_sent_and_nothing_lost_while_the_gateway_is_down(
    monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    gateway = scripted(monkeypatch, down=True)
    sms = an_sms(an_operator())
    for _ in range(8):
        work()
    line = Line.objects.get()
    assert (states(), line.problem, line.since, line.parked) == ({"Hello": "waiting"}, "Nobody answers.", NOW, "")
    assert line.lease_until == NOW + timedelta(seconds=60)
    sms.refresh_from_db()
    assert (sms.attempts, sms.began) == (0, None)
    gateway.down = False
    work()
    line.refresh_from_db()
    assert (states(), line.problem, line.since) == ({"Hello": "sent"}, "", None)


def test_settings_that_cannot_be_right_are_said_and_nothing_is_lost() -> None:
    client = an_operator(sms_gateway={"kind": "http", "url": "http://sms.example.nl/"})
    an_sms(client)
    work()
    assert states() == {"Hello": "waiting"}
    assert "without encryption" in Line.objects.get().problem


def test_sms_wait_while_no_gateway_is_named() -> None:
    an_sms(an_operator(sms_gateway={}))
    assert work().done == 0
    assert states() == {"Hello": "waiting"}


def test_fake_gateway_writes_down_and_says_delivered() -> None:
    an_sms(an_operator())
    work()
    assert list(FakeSms.objects.values_list("recipient", "text", "told")) == [(TO, "Hello", True)]
    assert (states(), Message.objects.get().status) == ({"Hello": "delivered"}, "delivered")


def test_what_a_dead_worker_left_is_unknown_and_not_sent_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    client = an_operator()
    gateway = scripted(monkeypatch)
    an_sms(client, "a")
    [taken] = take(now=NOW, most=25)
    assert states() == {"a": "sending"}
    an_sms(client, "b")
    work()
    assert (states(), gateway.texts) == ({"a": "unknown", "b": "sent"}, ["b"])
    # The worker was only slow: what the gateway answered is true all the same.
    settle([Accepted(taken.mark, ("7",))], now=NOW)
    assert (states()["a"], counted()) == ("sent", (2, 2, 2))


def test_acknowledgement_that_comes_twice_counts_once() -> None:
    client = an_operator()
    sms = an_sms(client)
    take(now=NOW, most=25)
    for _ in range(2):
        settle([Accepted(sms.mark, ("7",))], now=NOW)
    assert counted() == (1, 1, 1)
    settle([Rejected(sms.mark, "late no", again=True)], now=NOW)
    assert states() == {"Hello": "sent"}


def test_what_was_taken_and_not_given_is_put_back_as_if_untouched() -> None:
    an_sms(an_operator())
    rows = take(now=NOW, most=25)
    assert put_back(rows) == 1
    sms = Outgoing.objects.get()
    assert (sms.state, sms.attempts, sms.began) == ("waiting", 0, None)
    assert (put_back(rows), left_behind()) == (0, 0)


def test_sms_that_is_stopped_never_goes_and_one_on_its_way_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    client = an_operator()
    gateway = scripted(monkeypatch)
    one, other = an_sms(client, "a"), an_sms(client, "b")
    for _ in range(2):
        stop_sms(sms=one.pk, author=MARIT)
    work()
    assert (states(), gateway.texts) == ({"a": "withheld", "b": "sent"}, ["b"])
    with pytest.raises(Refused) as refused:
        stop_sms(sms=other.pk, author=MARIT)
    assert refused.value.code == "on_its_way"


@pytest.mark.parametrize(("answer", "same"), [(NOBODY_KNOWS, True), (NO, False)])
def test_staff_send_again_what_is_unknown_under_its_mark_and_what_failed_under_a_new_one(
    monkeypatch: pytest.MonkeyPatch, answer: str, same: bool
) -> None:
    gateway = scripted(monkeypatch, answers={"Hello": answer})
    sms = an_sms(an_operator())
    work()
    send_again(sms=sms.pk, author=MARIT)
    gateway.answers = {}
    work()
    first, second = gateway.given
    assert (first.key == second.key) is same
    assert (states(), counted()) == ({"Hello": "sent"}, (1, 1, 1))
    with pytest.raises(Refused):
        send_again(sms=sms.pk, author=MARIT)


def test_failed_delivery_sent_again_counts_once_and_the_first_receipt_may_still_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gateway = scripted(monkeypatch)
    sms = an_sms(an_operator())
    work()
    hear([Receipt("1-0", Fate.FAILED, NOW, "005")], now=NOW)
    sms.refresh_from_db()
    assert (sms.state, sms.reason) == ("failed", "It was not delivered. 005")
    send_again(sms=sms.pk, author=MARIT)
    work()
    assert (states(), counted(), len(gateway.given)) == ({"Hello": "sent"}, (1, 1, 1), 2)
    hear([Receipt("1-0", Fate.DELIVERED, NOW + timedelta(minutes=1))], now=NOW)
    assert states() == {"Hello": "delivered"}


def test_number_that_opted_out_meanwhile_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    client = an_operator()
    gateway = scripted(monkeypatch)
    an_sms(client, "a")
    an_sms(client, "b", to="+31687654321")
    OptOut.objects.create(number=TO, since=NOW, by="Marit")
    work()
    assert (states(), gateway.texts) == ({"a": "withheld", "b": "sent"}, ["b"])


def test_who_answers_stop_gets_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    client = an_operator()
    gateway = scripted(monkeypatch)
    gateway.stopped = ["31612345678", "0612345678", "+31612345678", "INFO"]
    an_sms(client, "a")
    work()
    assert (states(), list(OptOut.objects.values_list("number", "by"))) == ({"a": "sent"}, [(TO, "STOP")])
    assert an_sms(client, "b").state == "withheld"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2, 2, 0)])
def test_receipts_in_any_order_and_twice_come_to_the_same(
    monkeypatch: pytest.MonkeyPatch, order: tuple[int, ...]
) -> None:
    scripted(monkeypatch, parts=2)
    an_sms(an_operator(), "x" * 200)
    work()
    receipts = [
        Receipt("1-0", Fate.ON_ITS_WAY, NOW),
        Receipt("1-0", Fate.DELIVERED, NOW + timedelta(seconds=2)),
        Receipt("1-1", Fate.DELIVERED, NOW + timedelta(seconds=3)),
    ]
    for at in order:
        hear([receipts[at]], now=NOW)
    assert list(Outgoing.objects.values_list("state", flat=True)) == ["delivered"]
    assert Message.objects.get().status == "delivered"
    assert SmsPart.objects.count() == 2


def test_one_part_that_is_lost_makes_the_sms_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    scripted(monkeypatch, parts=2)
    an_sms(an_operator(), "x" * 200)
    work()
    hear([Receipt("1-0", Fate.DELIVERED, NOW), Receipt("1-1", Fate.EXPIRED, NOW)], now=NOW)
    sms = Outgoing.objects.get()
    assert (sms.state, sms.reason) == ("failed", "It could not be delivered in time.")


def test_receipt_that_comes_before_the_id_is_kept_until_it_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = scripted(monkeypatch)
    an_operator()
    assert hear([Receipt("1-0", Fate.DELIVERED, NOW), Receipt("nobody", Fate.FAILED, NOW)], now=NOW) == 0
    assert hear([Receipt("1-0", Fate.DELIVERED, NOW)], now=NOW) == 0
    an_sms(make.client("1002"))
    work()
    assert (states(), len(gateway.given)) == ({"Hello": "delivered"}, 1)
    assert list(SmsPart.objects.filter(sms=None).values_list("gateway_id", flat=True)) == ["nobody"]


def test_receipts_are_confirmed_once_they_are_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = scripted(monkeypatch)
    gateway.waiting = [Receipt("1-0", Fate.DELIVERED, None)]
    an_sms(an_operator())
    work()
    assert (states(), gateway.confirmed) == ({"Hello": "delivered"}, 1)


def test_receipt_that_names_our_mark_tells_what_nobody_knew(monkeypatch: pytest.MonkeyPatch) -> None:
    scripted(monkeypatch, answers={"Hello": NOBODY_KNOWS})
    sms = an_sms(an_operator())
    work()
    assert (states(), counted()) == ({"Hello": "unknown"}, (0, 0, 0))
    assert hear([Receipt(sms.mark, Fate.DELIVERED, NOW)], now=NOW) == 1
    assert (states(), counted()) == ({"Hello": "delivered"}, (1, 1, 1))


def test_line_is_kept_from_turn_to_turn_until_the_settings_change(monkeypatch: pytest.MonkeyPatch) -> None:
    client = an_operator()
    gateway = scripted(monkeypatch)
    for text in "ab":
        an_sms(client, text)
        work()
    assert gateway.closed == 0
    Operator.objects.update(sms_gateway={"kind": "fake", "url": "x"})
    an_sms(client, "c")
    work()
    assert (gateway.closed, gateway.texts) == (1, ["a", "b", "c"])


def test_line_that_somebody_else_has_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from balie.worker.jobs import lane_called
    from balie.worker.loop import Loop

    gateway = scripted(monkeypatch)
    an_sms(an_operator())
    Line.objects.update_or_create(pk=1, defaults={"lease_until": NOW + timedelta(minutes=1)})
    assert Loop(lane_called("sms"), once=True).run().done == 0
    assert gateway.given == []
    Line.objects.update(lease_until=FREE)


@pytest.mark.django_db(transaction=True)
def test_lease_that_is_lost_in_between_stops_taking_and_stores_what_was_answered(
    monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    client = an_operator()

    def steal(sms: Sms) -> None:
        if sms.text == "b":
            Line.objects.update(lease_until=NOW + timedelta(hours=1))
            clock.move_to(NOW + timedelta(seconds=80), tick=False)

    gateway = scripted(monkeypatch, before=steal)
    for text in "abcd":
        an_sms(client, text)
    work()
    assert gateway.texts == ["a", "b"]
    assert states() == {"a": "sent", "b": "sent", "c": "waiting", "d": "waiting"}
