"""What-ifs: whole bills of closed months at another tariff, to the cent what a preview gives."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from balie.accounts.models import Client
from balie.billing.actions import freeze_bills
from balie.billing.queries import bill, fresh_bills, preview
from balie.calls.actions import correct_call, mark_closed
from balie.calls.models import Call
from balie.controlling.models import WhatIf, WhatIfClient
from balie.controlling.whatif import LEASE, ask_again, ask_what_if, run_what_if, try_again, what_ifs_due
from balie.leases.actions import claim
from balie.operator.actions import Author
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import unsaved_version
from balie.worker.jobs import lane_called
from tests import make

pytestmark = pytest.mark.django_db
ZONE = "Europe/Amsterdam"
NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
AUTHOR = Author("test", NOW)
FEE = {"meter": "basic_fee", "price": "20.00", "in_advance": True}
TALK = {"meter": "talk_time", "price": "0.60", "unit": "minute", "increment": "60/1"}
CALL = {"meter": "calls_accepted", "price": "1.00", "unit": "piece"}
Row = tuple[str, str | None]


@pytest.fixture(autouse=True)
def operator() -> None:
    make.operator(timezone=ZONE)


@pytest.fixture
def office() -> None:
    """Three clients at two tariffs, one of them from the middle of September on; August to October are closed."""
    talk, calls = make.tariff("TALK", items=(FEE, TALK)), make.tariff("CALLS", items=(CALL,))
    for number, tariff, start in (("1001", talk, 1), ("1002", talk, 16), ("1003", calls, 1)):
        client = make.client(number)
        make.contract(client, tariff=tariff, start=date(2026, 9, start) if start > 1 else date(2026, 1, 1))
        busy(client)
    for month in (8, 9, 10):
        close(month)


def busy(client: Client, *, talk: int = 90) -> None:
    for month in (8, 9, 10):
        for day in range(1, 29, int(client.number) % 10):
            make.call(client, start=datetime(2026, month, day, 9, tzinfo=UTC), talk=talk)


def close(month: int) -> None:
    """As the closing of a month does it, without the paper."""
    period = Period(2026, month, ZONE)
    freeze_bills(bills=fresh_bills(period), now=NOW)
    mark_closed(month=period.key, now=NOW)


def work_out(row: WhatIf, keep: Callable[[], None] = lambda: None) -> WhatIf:
    mine = claim(what_ifs_due(), now=NOW, length=LEASE)
    assert mine == row and mine is not None
    run_what_if(mine, now=NOW, keep=keep)
    row.refresh_from_db()
    return row


def asked(code: str, *, months: int = 12, only_at: str = "", draft: TariffVersion | None = None) -> WhatIf:
    group = Tariff.objects.get(code=only_at) if only_at else None
    tariff = Tariff.objects.get(code=code)
    return work_out(ask_what_if(tariff=tariff, months=months, author=AUTHOR, draft=draft, only_at=group))


def draft(code: str, *items: dict[str, Any], **version: Any) -> TariffVersion:
    return unsaved_version(Tariff.objects.get(code=code), date(2027, 1, 1), version, items)


def differences(row: WhatIf) -> list[Row]:
    rows = row.rows.order_by("client__number").values_list("client__number", "difference")
    return [(number, None if found is None else str(found)) for number, found in rows]


def bills(row: WhatIf) -> dict[tuple[str, int], tuple[str, str | None]]:
    return {
        (one.client.number, month): (present, other)
        for one in row.rows.select_related("client")
        for month, present, other, _before, _after in one.months
    }


def test_present_tariff_gives_exactly_the_bills(office: None) -> None:
    for code in ("TALK", "CALLS"):
        for (number, month), (present, other) in bills(asked(code, only_at=code)).items():
            net = bill(Client.objects.get(number=number), Period.from_key(month, ZONE)).net
            assert present == other == str(net)
    assert set(bills(WhatIf.objects.all()[1])) | set(bills(WhatIf.objects.all()[0])) == {
        *(("1001", 202600 + month) for month in (8, 9, 10)),
        *(("1002", 202600 + month) for month in (9, 10)),
        *(("1003", 202600 + month) for month in (8, 9, 10)),
    }


def test_other_prices_give_what_a_preview_gives_for_every_client_and_month(office: None) -> None:
    other = draft("TALK", {**TALK, "price": "0.90", "increment": "60/60", "included": 3}, CALL, minimum_revenue="30.00")
    found = bills(asked("TALK", draft=other))
    assert len(found) == 8
    for (number, month), (_present, net) in found.items():
        shown = preview(Client.objects.get(number=number), Period.from_key(month, ZONE), other)
        assert net == str(shown.net), (number, month)


def test_months_are_the_last_closed_ones(office: None) -> None:
    assert asked("TALK", months=2).months == [202609, 202610]
    assert asked("TALK", months=36).months == [202608, 202609, 202610]


def test_sums_name_winners_and_losers(office: None) -> None:
    """Of 1001, 28 calls a month of 1.50 minutes: 25.20 and the fee of 20.00, against 28.00."""
    row = asked("CALLS", months=1)
    assert differences(row) == [("1001", "-17.20"), ("1002", "-18.60"), ("1003", "0.00")]
    assert row.sums == {
        "clients": 3, "bills": 3, "less": 2, "more": 0, "same": 1, "unpriced": 0, "limits_before": 0,
        "limits_after": 0, "present": "87.80", "other": "52.00", "less_amount": "-35.80", "more_amount": "0.00",
    }  # fmt: skip
    assert (row.done, row.months_done, row.clients, row.clients_done) == (NOW, 1, 3, 3)


def test_a_group_leaves_contracts_at_other_tariffs_alone(office: None) -> None:
    assert [number for number, _ in differences(asked("CALLS", only_at="TALK"))] == ["1001", "1002"]
    assert [number for number, _ in differences(asked("TALK", only_at="CALLS"))] == ["1003"]


def test_other_services_of_a_client_stand_on_both_sides(office: None) -> None:
    client = Client.objects.get(number="1001")
    make.contract(client, service="sms", tariff=make.tariff("SMS", items=({"meter": "basic_fee", "price": "5.00"},)))
    Tariff.objects.filter(code="SMS").update(service="sms")
    make.contract(make.client("1009"), service="sms", tariff=Tariff.objects.get(code="SMS"))
    close_again = Period(2026, 7, ZONE)
    busy_july = make.call(client, start=datetime(2026, 7, 3, 9, tzinfo=UTC), talk=60)
    freeze_bills(bills=fresh_bills(close_again), now=NOW)
    mark_closed(month=close_again.key, now=NOW)
    found = bills(asked("CALLS", months=4))
    assert busy_july.talk == 60 and found["1001", 202607] == ("25.60", "6.00")
    assert ("1009", 202607) not in found


def test_reached_cost_limits_are_counted_before_and_after(office: None) -> None:
    capped = draft("TALK", {**TALK, "price": "3.00", "cost_limit": True}, cost_limit="50.00")
    row = asked("TALK", draft=capped, months=1)
    assert row.sums["limits_before"] == 0 and row.sums["limits_after"] == 2
    assert dict(row.rows.values_list("client__number", "limits_after")) == {"1001": 1, "1002": 1, "1003": 0}


def test_a_missing_price_is_told_of_the_client_that_lacks_it(office: None) -> None:
    weekend = draft("TALK", {**TALK, "window": {"days": "mon"}, "min_seconds": 100})
    busy(Client.objects.get(number="1003"), talk=120)
    row = asked("TALK", draft=weekend, months=1)
    assert differences(row) == [("1001", "-45.20"), ("1002", "-32.60"), ("1003", None)]
    lacking = WhatIfClient.objects.get(what_if=row, client__number="1003")
    assert lacking.problem and lacking.problem["code"] == "no_price"
    assert (row.sums["unpriced"], row.sums["present"]) == (1, "77.80")


def test_calls_changed_since_are_counted_on_both_sides(office: None) -> None:
    """The difference is the tariff's alone: the present bill stays what it is, and the same calls price both."""
    client, october = Client.objects.get(number="1001"), Period(2026, 10, ZONE)
    before = bill(client, october).net
    correct_call(
        call=Call.objects.filter(client=client).latest("start"), reason="Test", author=Author("me", NOW), billable=False
    )
    talk, calls = Tariff.objects.get(code="TALK"), Tariff.objects.get(code="CALLS")
    wanted = preview(client, october, calls).net - preview(client, october, talk).net
    assert wanted == Decimal("-17.30")
    assert bills(asked("CALLS"))["1001", 202610] == (str(before), str(before + wanted))
    assert bills(asked("TALK"))["1001", 202610] == (str(before), str(before))


def test_corrections_of_other_months_stand_on_both_sides(office: None) -> None:
    client = Client.objects.get(number="1001")
    correct_call(
        call=Call.objects.filter(client=client).latest("start"), reason="Test", author=Author("me", NOW), billable=False
    )
    make.call(client, start=datetime(2026, 11, 3, 9, tzinfo=UTC), talk=60)
    close(11)
    november = Period(2026, 11, ZONE)
    assert [str(line.amount) for line in bill(client, november).lines] == ["20.00", "0.60", "-0.90"]
    assert bills(asked("CALLS", months=1))["1001", 202611] == ("19.70", "0.10")


def test_a_tariff_is_priced_as_it_held_and_a_draft_as_if_it_had_always(office: None) -> None:
    tariff = Tariff.objects.get(code="CALLS")
    later = TariffVersion.objects.create(tariff=tariff, first_day=date(2026, 10, 1), title={}, vat_percent=21)
    later.items.create(position=0, meter="calls_accepted", price="2.00")
    assert differences(asked("CALLS", only_at="CALLS", months=2)) == [("1003", "10.00")]
    assert differences(asked("CALLS", only_at="CALLS", months=2, draft=later)) == [("1003", "20.00")]


def test_prices_are_kept_as_they_were_asked_for(office: None) -> None:
    row = asked("TALK", draft=draft("TALK", {**TALK, "price": "0.90"}))
    TariffVersion.objects.get(tariff__code="TALK").items.update(price="9.00")
    again = work_out(ask_again(before=row, months=12, author=AUTHOR))
    assert differences(again) == differences(row)
    assert (again.first_day, again.draft) == (date(2027, 1, 1), True)


def test_without_a_closed_month_it_is_refused() -> None:
    tariff = make.tariff("TALK", items=(TALK,))
    with pytest.raises(Refused, match="No month is closed yet"):
        ask_what_if(tariff=tariff, months=12, author=AUTHOR)


def test_a_tariff_without_prices_is_refused(office: None) -> None:
    empty = Tariff.objects.create(code="EMPTY")
    with pytest.raises(Refused, match="has no prices yet"):
        ask_what_if(tariff=empty, months=12, author=AUTHOR)


@pytest.mark.parametrize("months", [0, 37])
def test_a_number_of_months_out_of_bounds_is_refused(office: None, months: int) -> None:
    with pytest.raises(Refused, match="Choose from 1 to 36 months"):
        ask_what_if(tariff=Tariff.objects.get(code="TALK"), months=months, author=AUTHOR)


def test_the_worker_works_it_out(office: None) -> None:
    row = ask_what_if(tariff=Tariff.objects.get(code="CALLS"), months=3, author=AUTHOR)
    [job] = [job for job in lane_called("closings").jobs if job.name == "work out what-ifs"]
    assert list(job.due(NOW)) == [row]
    assert work_out(row).done == NOW
    assert list(job.due(NOW)) == []


def test_one_that_was_given_up_is_tried_again(office: None) -> None:
    row = ask_what_if(tariff=Tariff.objects.get(code="CALLS"), months=3, author=AUTHOR)
    WhatIf.objects.update(parked="no", attempts=5)
    assert claim(what_ifs_due(), now=NOW, length=LEASE) is None
    try_again(row=row)
    assert work_out(row).under_way is False


def test_one_stopped_in_the_middle_goes_on_where_it_was(office: None, monkeypatch: Any) -> None:
    monkeypatch.setattr("balie.controlling.whatif.TOGETHER", 1)
    row, left = ask_what_if(tariff=Tariff.objects.get(code="CALLS"), months=3, author=AUTHOR), iter(range(5))

    def keep() -> None:
        next(left)

    with pytest.raises(StopIteration):
        work_out(row, keep=keep)
    assert (row.months_done, row.clients_done) == (0, 0)  # as it was read before
    row.refresh_from_db()
    assert (row.months_done, row.clients_done) == (3, 2)
    WhatIf.objects.update(lease_until=NOW - timedelta(seconds=1))
    assert work_out(row).clients_done == 3
    assert len(differences(row)) == 3


def test_months_are_priced_without_reading_calls(office: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        asked("TALK", only_at="TALK", draft=draft("TALK", FEE, {**TALK, "price": "0.70"}))
    assert not [one for one in queries.captured_queries if f"FROM {Call._meta.db_table}" in one["sql"]]
