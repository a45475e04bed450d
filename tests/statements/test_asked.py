"""Closing asked for and done in the background, by itself on the set day, by two at once, and after a kill."""

import os
import socket
import subprocess
import threading
import time as clock
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from balie.calls.models import ClosedMonth, Source
from balie.contracts.models import Contract
from balie.leases import actions as leases
from balie.messages.models import Message
from balie.operator.models import Operator
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.statements import actions
from balie.statements import files as files_kept
from balie.statements.actions import ask_to_close, ask_when_due, closing_moment, run_closing
from balie.statements.models import Closing, Statement
from balie.statements.queries import closings_due
from balie.statements.reasons import reasons_against
from tests import make
from tests.messages.lists import take
from tests.statements.made import (
    AMSTERDAM,
    LATER,
    NOW,
    OCTOBER,
    STARTS,
    a_client,
    an_operator,
    close,
    files,
    kept,
    sum_up,
)

pytestmark = pytest.mark.django_db


def held(now: datetime = NOW, seconds: float = 60) -> Closing:
    """The closing that is due, as a worker claims it."""
    found = leases.claim(closings_due(), now=now, length=timedelta(seconds=seconds))
    assert found
    return found


def test_closing_asked_for_is_due_until_it_is_done() -> None:
    an_operator()
    a_client()
    asked = ask_to_close(period=OCTOBER, by="Eva", now=NOW)
    assert (list(closings_due()), asked.asked_by) == ([asked], "Eva")
    made = run_closing(held(), now=NOW, keep=lambda: None)
    assert (made.statements, made.document()["month"]) == (1, "2026-10")
    assert list(closings_due()) == []
    ask_to_close(period=OCTOBER, by="Eva", now=LATER)
    assert [closing.month for closing in closings_due()] == [202610]


def test_worker_that_lost_its_hold_stores_nothing(settings: LazySettings) -> None:
    an_operator()
    a_client()
    ask_to_close(period=OCTOBER, by="Eva", now=NOW)
    lost = held(seconds=1)
    held(NOW + timedelta(minutes=1))
    with pytest.raises(actions.ClosingLost):
        run_closing(lost, now=NOW, keep=lambda: None)
    assert (Statement.objects.count(), ClosedMonth.objects.count(), files(settings)) == (0, 0, [])


def test_closing_stops_where_it_is_told_and_goes_on_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    an_operator()
    for place in range(5):
        a_client(f"{1001 + place}")
    ask_to_close(period=OCTOBER, by="Eva", now=NOW)
    left = [3]

    class Told(Exception):
        pass

    def keep() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Told

    monkeypatch.setattr(actions, "TOGETHER", 1)
    with pytest.raises(Told):
        run_closing(held(), now=NOW, keep=keep)
    first = Statement.objects.count()
    Closing.objects.update(lease_until=NOW)
    made = run_closing(held(NOW + timedelta(seconds=1)), now=LATER, keep=lambda: None)
    assert first + made.statements == 5
    assert len(kept()) == 5


@pytest.mark.django_db(transaction=True)
def test_second_closing_waits_for_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    an_operator()
    for place in range(4):
        a_client(f"{1001 + place}")
    draft, found = files_kept.draft, []

    def slow(path: str, data: bytes) -> None:
        clock.sleep(0.2)
        draft(path, data)

    monkeypatch.setattr(files_kept, "draft", slow)

    def work() -> None:
        try:
            found.append(close(datetime.now(UTC)))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [(0, 0), (4, 0)]
    assert len(kept()) == 4


def test_closing_somebody_holds_is_refused_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    an_operator()
    a_client()
    ask_to_close(period=OCTOBER, by="Eva", now=NOW)
    held(seconds=3600)
    monkeypatch.setattr(actions, "PATIENCE", timedelta(seconds=0.5))
    with pytest.raises(Refused, match="2026-10 is being closed by somebody else"):
        close()


def test_closing_whose_process_was_killed_is_taken_over_at_once() -> None:
    an_operator()
    a_client()
    ask_to_close(period=OCTOBER, by="Eva", now=NOW)
    held(seconds=3600)
    gone = subprocess.Popen(["true"])
    gone.wait()
    Closing.objects.update(held_by=f"{gone.pid}@{socket.gethostname()}")
    assert close() == (1, 0)


@pytest.mark.parametrize("holder", ["1@{host}", "{me}@{host}", "999999999@elsewhere", "", "x@{host}"])
def test_closing_whose_process_may_live_is_waited_for(holder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    an_operator()
    a_client()
    ask_to_close(period=OCTOBER, by="Eva", now=NOW)
    held(seconds=3600)
    Closing.objects.update(held_by=holder.format(host=socket.gethostname(), me=os.getpid()))
    monkeypatch.setattr(actions, "PATIENCE", timedelta(seconds=0.1))
    with pytest.raises(Refused, match="2026-10 is being closed by somebody else"):
        close()


def test_person_may_close_what_the_worker_gave_up() -> None:
    an_operator()
    a_client()
    ask_to_close(period=OCTOBER, by="Eva", now=NOW)
    Closing.objects.update(parked="The disk was full.", attempts=5)
    assert close() == (1, 0)
    assert Closing.objects.get().parked == ""


def ready_to_close(**values: Any) -> Source:
    """Everything came in: a source that delivered in November, calls of October, all of a client."""
    an_operator()
    source = make.source(files={"url": "/calls/*.csv"}, newest=datetime(2026, 11, 1, 3, tzinfo=UTC), **values)
    make.calls(a_client(), 2, start=STARTS)
    sum_up()
    return source


def test_month_closes_by_itself_on_the_set_day_and_hour() -> None:
    ready_to_close()
    # 06:00 in Amsterdam, in winter.
    assert ask_when_due(now=datetime(2026, 11, 3, 4, 59, 59, tzinfo=UTC)) is None
    closing = ask_when_due(now=datetime(2026, 11, 3, 5, 0, tzinfo=UTC))
    assert closing
    assert (closing.month, closing.asked_by) == (202610, "")
    assert ask_when_due(now=datetime(2026, 11, 3, 5, 1, tzinfo=UTC)) is None


def test_month_does_not_close_by_itself_again_nor_an_older_one() -> None:
    ready_to_close()
    close()
    assert ask_when_due(now=LATER) is None
    assert ask_when_due(now=datetime(2026, 12, 2, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("month", "day", "moment"),
    [
        (Period(2026, 1, AMSTERDAM), 31, datetime(2026, 2, 28, 5, 0, tzinfo=UTC)),
        (Period(2026, 3, AMSTERDAM), 3, datetime(2026, 4, 3, 4, 0, tzinfo=UTC)),
        (Period(2026, 12, AMSTERDAM), 1, datetime(2027, 1, 1, 5, 0, tzinfo=UTC)),
    ],
)
def test_closing_day_is_one_the_month_has(month: Period, day: int, moment: datetime) -> None:
    settings = Operator(timezone=AMSTERDAM, close_day=day, close_at=time(6, 0))
    assert closing_moment(month, settings) == moment


def test_what_is_missing_keeps_a_month_from_closing_by_itself() -> None:
    source = ready_to_close()
    Source.objects.update(newest=datetime(2026, 10, 31, 22, 59, tzinfo=UTC))
    make.call(None, start=STARTS)
    make.call(None, start=STARTS)
    take(["2026-10-05 10:00:00,LINDE,+31612345678,Hello"])
    assert [str(reason) for reason in reasons_against(OCTOBER)] == [
        f"{source.name} has delivered nothing since the month ended.",
        "2 calls of the month have no client.",
        "1 SMS of the month has no client.",
    ]
    assert ask_when_due(now=NOW) is None
    # A manager may close it all the same.
    assert close() == (1, 0)


def test_sms_without_client_keep_a_month_from_closing_by_itself() -> None:
    ready_to_close()
    take(["2026-10-05 10:00:00,LINDE,+31612345678,Hello"])
    assert ask_when_due(now=NOW) is None
    Message.objects.update(sent_at=OCTOBER.end)
    assert ask_when_due(now=NOW)


def test_sources_out_of_use_do_not_keep_a_month_open() -> None:
    ready_to_close()
    make.source("old pbx", newest=datetime(2026, 9, 3, tzinfo=UTC))
    make.source("never used")
    assert reasons_against(OCTOBER) == []
    make.source("by hand", newest=datetime(2026, 10, 20, tzinfo=UTC))
    make.source("new, with files", files={"url": "/x"})
    assert [reason.source for reason in reasons_against(OCTOBER)] == ["by hand", "new, with files"]


def test_month_without_any_call_does_not_close_by_itself() -> None:
    an_operator()
    a_client()
    assert [str(reason) for reason in reasons_against(OCTOBER)] == ["No calls of the month have come in."]
    assert ask_when_due(now=NOW) is None


def test_month_without_any_call_closes_by_itself_when_every_source_delivered_since() -> None:
    ready_to_close()
    november = datetime(2026, 12, 3, 5, 0, tzinfo=UTC)
    Source.objects.update(newest=datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC))
    assert ask_when_due(now=november) is None
    Source.objects.update(newest=datetime(2026, 11, 30, 23, 0, tzinfo=UTC))
    closing = ask_when_due(now=november)
    assert closing
    assert closing.month == 202611


def test_month_before_the_first_contract_and_the_first_call_does_not_close_by_itself() -> None:
    ready_to_close()
    august = Period(2026, 8, AMSTERDAM)
    Contract.objects.update(start=august.last_day + timedelta(days=1))
    due = datetime(2026, 9, 3, 5, 0, tzinfo=UTC)
    assert reasons_against(august) == []
    assert ask_when_due(now=due) is None
    Contract.objects.update(start=august.last_day)
    assert ask_when_due(now=due)


def test_nothing_is_due_before_there_is_an_operator() -> None:
    assert ask_when_due(now=NOW) is None
