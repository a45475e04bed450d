"""The calls of a month, read some days at a time."""

from datetime import UTC, datetime, timedelta

import pytest

from balie.billing.queries import bill, bills
from balie.billing.usage import calls_of, some_calls
from balie.rules.errors import Refused
from balie.rules.period import Period
from tests import make

pytestmark = pytest.mark.django_db

OCTOBER = Period(2026, 10, "Europe/Amsterdam")
SECOND = timedelta(seconds=1)
NIGHT = {"days": "mon-fri", "from": "18:00", "to": "08:00"}


def test_parts_hold_every_call_of_the_month_once() -> None:
    client = make.client()
    starts = [OCTOBER.begin - SECOND, OCTOBER.begin, OCTOBER.end - SECOND, OCTOBER.end]
    starts += [OCTOBER.begin + timedelta(days=day, seconds=second) for day in range(1, 31) for second in (-1, 0)]
    for start in starts:
        make.call(client, start=start)
    inside = sorted(start for start in starts if OCTOBER.begin <= start < OCTOBER.end)
    found = [start for part in some_calls(OCTOBER) for start in part["start"]]
    assert sorted(found) == inside
    assert sorted(calls_of(OCTOBER, [client.pk])["start"]) == inside


def test_calls_without_client_without_talk_or_not_billable_are_not_read() -> None:
    client, start = make.client(), datetime(2026, 10, 8, 12, tzinfo=UTC)
    make.call(None, start=start)
    make.call(client, start=start, talk=0)
    make.call(client, start=start, billable=False)
    make.call(client, start=start, talk=7, handling=9)
    columns = ("client", "start", "type", "talk", "handling", "billable")
    assert calls_of(OCTOBER).select(columns).rows() == [(client.pk, start, "accepted", 7, 9, True)]


def test_month_without_calls_is_an_empty_frame() -> None:
    assert calls_of(OCTOBER).is_empty()
    assert calls_of(OCTOBER, []).is_empty()


def test_refusal_counts_the_calls_of_the_whole_month() -> None:
    make.operator()
    client = make.client()
    night = make.tariff("NIGHT", items=({"meter": "talk_time", "price": "1.00", "window": NIGHT},))
    make.contract(client, tariff=night)
    for day in (1, 20, 30):
        make.call(client, start=datetime(2026, 10, day, 12, tzinfo=UTC))
    with pytest.raises(Refused, match="3 uses of talk_time in 2026-10"):
        bills(OCTOBER)


def test_contracts_of_one_tariff_have_their_own_lines() -> None:
    """What is shared by those that come to the same is not by the others."""
    make.operator()
    items = ({"meter": "basic_fee", "price": "30.00"}, {"meter": "calls_accepted", "price": "1.00"})
    tariff = make.tariff("T", items=items, prorate=True)
    clients = [make.client(f"100{n}", language=language) for n, language in enumerate(("nl", "de", "nl"))]
    for client, start in zip(clients, ("2026-01-01", "2026-10-17", "2026-02-01"), strict=True):
        make.contract(client, tariff=tariff, start=datetime.fromisoformat(start).date())
    for client, count in zip(clients, (2, 2, 0), strict=True):
        make.calls(client, count, start=datetime(2026, 10, 20, 12, tzinfo=UTC))
    found = [[str(line.amount) for line in each.lines] for each in bills(OCTOBER)]
    assert found == [["30.00", "2.00"], ["14.52", "2.00"], ["30.00", "0.00"]]
    assert [bill(client, OCTOBER).document for client in clients] == [each.document for each in bills(OCTOBER)]
