"""Which closed months ask to be closed again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Client
from balie.calls.models import CallCorrection, ClientMonth, ClosedMonth
from balie.rules.period import Period
from balie.statements.models import Closing, Statement
from balie.web.office.late import changed_since_closed
from balie.web.office.months import states
from balie.web.request import Desk
from tests import make
from tests.messages.lists import take

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CLOSED = datetime(2026, 10, 3, 4, tzinfo=UTC)
SEPTEMBER = Period(2026, 9, "Europe/Amsterdam")


def closed(*, stated: int, stored: int, late: int = 1) -> Client:
    """September, closed with a statement of so many calls; so many are stored by now, so many of them late."""
    make.operator()
    client = make.client()
    ClosedMonth.objects.create(month=202609, at=CLOSED)
    Closing.objects.create(month=202609, asked=CLOSED, done=CLOSED)
    kept = {"path": "x", "sha256": "x", "content_sha256": "x", "created": CLOSED}
    Statement.objects.create(client=client, month=202609, revision=1, rows=stated, **kept)
    ClientMonth.objects.create(client=client, month=202609, direction="inbound", type="accepted", calls=stored)
    for at in range(late):
        make.call(client, start=datetime(2026, 9, 7, 9, at, tzinfo=UTC), late=True)
    return client


def changed() -> list[Period]:
    return changed_since_closed(Desk(NOW))


def test_nothing_late_is_nothing_to_do() -> None:
    closed(stated=5, stored=5, late=0)
    assert changed() == []


def test_a_late_call_asks_for_it() -> None:
    closed(stated=4, stored=5)
    assert changed() == [SEPTEMBER]


def test_late_calls_that_stand_in_a_revision_do_not_any_more() -> None:
    client = closed(stated=4, stored=5)
    kept = {"path": "x", "sha256": "x", "content_sha256": "y", "created": NOW}
    Statement.objects.create(client=client, month=202609, revision=2, rows=5, **kept)
    assert changed() == []


def test_a_call_that_went_away_asks_for_it() -> None:
    client = closed(stated=1, stored=0)
    ClientMonth.objects.filter(client=client).delete()
    assert changed() == [SEPTEMBER]


@pytest.mark.parametrize(("days", "expected"), [(-1, []), (1, [SEPTEMBER])])
def test_a_correction_after_the_closing_asks_for_it(days: int, expected: list[Period]) -> None:
    client = closed(stated=5, stored=5)
    call = client.calls.get()
    said = {"reason": "spam", "by": "Marit", "billable": False, "before_client": client}
    CallCorrection.objects.create(source=call.source, key=call.key, at=CLOSED + timedelta(days=days), **said)
    assert changed() == expected


def test_late_sms_are_counted_beside_late_calls(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    make.number(closed(stated=5, stored=5, late=2), "+31201234501")
    days = ("2026-09-01 00:00", "2026-09-30 23:59", "2026-10-01 00:00")
    take([f"{day}:00,0201234501,0612345678,Hoi" for day in days])
    shown = {one.period: (one.late, one.late_sms) for one in states(Desk(NOW))}
    assert shown[SEPTEMBER] == (2, 2)
    browser = Browser()
    browser.force_login(make.user("marit@example.com"))
    page = " ".join(browser.get("/months/").content.decode().split())
    assert page.count("and 2 SMS") == 1
