"""The rows and sums of both reports."""

from datetime import UTC, date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from balie.calls.queries import CallFilter, Sums
from balie.rules.call import CallType, Direction
from balie.rules.period import Period
from balie.statements.exports.json import calls_document, month_document
from balie.statements.queries import call_report, content, facts, month_report
from tests import make
from tests.statements.made import AMSTERDAM, OCTOBER, a_client, a_month, an_operator, sum_up

pytestmark = pytest.mark.django_db


def test_row_has_the_keys_of_the_contract_in_local_time() -> None:
    an_operator()
    client = a_client()
    make.call(client, start=datetime(2026, 10, 5, 7, 29, 34, tzinfo=UTC), talk=3, agent=make.agent(), key="k.1")
    assert calls_document(call_report(client, OCTOBER)) == [
        {
            "date": "2026-10-05",
            "time": "09:29:34",
            "direction": "inbound",
            "caller": "+31612345678",
            "agent": "201",
            "duration": 3,
            "type": "accepted",
            "service": "telephone",
            "callee": "+31201234501",
            "key": "k.1",
        }
    ]


def test_late_and_not_billable_calls_say_so_and_others_do_not() -> None:
    an_operator()
    client = a_client()
    a_month(client)
    document = calls_document(call_report(client, OCTOBER))
    assert [(row.get("late"), row.get("billable")) for row in document[3:7]] == [
        (None, None),
        (None, False),
        (True, None),
        (None, None),
    ]


def test_one_clients_month_is_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    an_operator()
    client = a_client()
    make.calls(client, 20, start=datetime(2026, 10, 5, 8, tzinfo=UTC))
    with django_assert_num_queries(1):
        assert len(call_report(client, OCTOBER).rows) == 20


@pytest.mark.parametrize(
    ("start", "month"),
    [
        (datetime(2026, 9, 30, 21, 59, 59, tzinfo=UTC), "2026-09"),
        (datetime(2026, 9, 30, 22, 0, 0, tzinfo=UTC), "2026-10"),
        (datetime(2026, 10, 31, 22, 59, 59, tzinfo=UTC), "2026-10"),
        (datetime(2026, 10, 31, 23, 0, 0, tzinfo=UTC), "2026-11"),
    ],
)
def test_call_belongs_to_the_local_month_it_started_in(start: datetime, month: str) -> None:
    an_operator()
    client = a_client()
    make.call(client, start=start)
    sum_up()
    shown = {}
    for name in ("2026-09", "2026-10", "2026-11"):
        period = Period.parse(name, AMSTERDAM)
        shown[name] = (len(call_report(client, period).rows), month_report(period).totals[Direction.INBOUND].calls)
    assert shown == {name: (1, 1) if name == month else (0, 0) for name in shown}


@pytest.mark.parametrize(
    ("starts", "times"),
    [
        # The hour from two to three comes twice in October and not at all in March.
        (
            ["2026-10-25T00:30", "2026-10-25T00:59:59", "2026-10-25T01:00", "2026-10-25T01:30", "2026-10-25T02:00"],
            ["02:30:00", "02:59:59", "02:00:00", "02:30:00", "03:00:00"],
        ),
        (["2026-03-29T00:59:59", "2026-03-29T01:00"], ["01:59:59", "03:00:00"]),
    ],
)
def test_calls_of_a_night_when_clocks_change_stay_in_their_order(starts: list[str], times: list[str]) -> None:
    an_operator()
    client = a_client()
    for start in reversed(starts):
        make.call(client, start=datetime.fromisoformat(f"{start}+00:00"))
    period = Period.parse(starts[0][:7], AMSTERDAM)
    assert [row["time"] for row in calls_document(call_report(client, period))] == times


def test_calls_in_other_zones_have_their_local_times() -> None:
    an_operator()
    client = a_client()
    make.call(client, start=datetime(2026, 10, 31, 23, 30, tzinfo=UTC))
    found = {
        zone: [row.date for row in call_report(client, Period(2026, month, zone)).rows]
        for zone, month in (("UTC", 10), ("Europe/Berlin", 11), ("America/New_York", 10))
    }
    assert found == {"UTC": ["2026-10-31"], "Europe/Berlin": ["2026-11-01"], "America/New_York": ["2026-10-31"]}


def test_sums_are_those_of_the_rows() -> None:
    an_operator()
    client = a_client()
    a_month(client)
    report = call_report(client, OCTOBER)
    assert {direction.value: report.direction(direction) for direction in Direction} == {
        "inbound": Sums(5, 125 + 3909 + 20 + 40, 1),
        "forwarded": Sums(3, 180),
        "outbound": Sums(3, 90),
    }
    assert report.types[CallType.FORWARDED] == Sums(1, 0)
    assert report.total == Sums(11, 4364, 1)


@pytest.mark.parametrize(
    ("hide", "caller", "forwarded_to", "called"),
    [
        ("none", "+4930123456", "+31687654321", "+491701234567"),
        ("last3", "+4930123xxx", "+31687654xxx", "+491701234xxx"),
        ("all", "xxx", "xxx", "xxx"),
    ],
)
def test_other_partys_number_is_hidden_as_the_client_wants(
    hide: str, caller: str, forwarded_to: str, called: str
) -> None:
    an_operator()
    client = a_client(hide_numbers=hide)
    a_month(client)
    rows = call_report(client, OCTOBER).rows
    missed, forwarded, outbound = rows[1], rows[6], rows[9]
    assert (missed.caller, missed.callee) == (caller, "+31201234501")
    assert forwarded.callee == forwarded_to
    assert (outbound.caller, outbound.callee) == ("201", called)


@pytest.mark.parametrize(
    ("hide", "caller", "shown"),
    [
        ("last3", "+491701234567", "+491701234xxx"),
        ("all", "+491701234567", "xxx"),
        ("last3", "9100101701234567", "9100101701234xxx"),
        ("all", "201", "201"),
        ("all", "", ""),
    ],
)
def test_caller_of_an_outbound_call_that_is_the_number_called_is_hidden_too(hide: str, caller: str, shown: str) -> None:
    an_operator()
    client = a_client(hide_numbers=hide)
    make.call(
        client,
        start=datetime(2026, 10, 5, 8, tzinfo=UTC),
        direction=Direction.OUTBOUND,
        caller=caller,
        callee="+491701234567",
    )
    assert [row.caller for row in call_report(client, OCTOBER).rows] == [shown]


def test_office_sees_whole_numbers() -> None:
    an_operator()
    client = a_client(hide_numbers="all")
    a_month(client)
    assert call_report(client, OCTOBER, full=True).rows[1].caller == "+4930123456"


@pytest.mark.parametrize(
    ("hide", "part", "found"),
    [("none", "3456", 1), ("last3", "3456", 0), ("last3", "030 123", 1), ("all", "3456", 0), ("none", "0301", 1)],
)
def test_filter_by_number_cannot_guess_hidden_digits(hide: str, part: str, found: int) -> None:
    an_operator()
    client = a_client(hide_numbers=hide)
    make.call(client, start=datetime(2026, 10, 5, 8, tzinfo=UTC), caller="+4930123456")
    make.call(client, start=datetime(2026, 10, 5, 9, tzinfo=UTC), caller="+31699887711")
    report = call_report(client, OCTOBER, wanted=CallFilter(number=part))
    assert (len(report.rows), report.part) == (found, True)


def test_filter_and_order_are_those_of_the_page() -> None:
    an_operator()
    client = a_client()
    a_month(client)
    wanted = CallFilter(direction="forwarded", since=date(2026, 10, 7), until=date(2026, 10, 7))
    report = call_report(client, OCTOBER, wanted=wanted, order="-start")
    assert [row.type for row in report.rows] == ["forwarded_other", "forwarded_mobile", "forwarded_fixed"]
    assert report.total == Sums(3, 180)


def test_month_report_has_every_client_with_calls_or_a_contract_by_number() -> None:
    an_operator()
    a_client("B-2", name="Only a contract")
    calling = a_client("1001", contract=False, name="Only calls")
    a_client("a-1", name="Both")
    a_client("0999", contract=False, name="Neither")
    make.call(calling, start=datetime(2026, 10, 5, 8, tzinfo=UTC), talk=60)
    sum_up()
    report = month_report(OCTOBER)
    assert [(line.client.number, line.inbound.calls) for line in report.lines] == [("1001", 1), ("B-2", 0), ("a-1", 0)]


def test_month_report_counts_as_the_contract_says() -> None:
    an_operator()
    client = a_client(name="Bakker")
    a_month(client)
    make.call(None, start=datetime(2026, 10, 5, 8, tzinfo=UTC))
    make.call(None, start=datetime(2026, 10, 5, 8, tzinfo=UTC), type=CallType.MISSED, talk=0)
    make.call(None, start=datetime(2026, 9, 5, 8, tzinfo=UTC))
    assert month_document(month_report(OCTOBER)) == {
        "month": "2026-10",
        "clients": [
            {
                "client": "1001",
                "name": "Bakker",
                "inbound": {"calls": 5, "seconds": 4094, "missed": 1},
                "forwarded": {"calls": 3, "seconds": 180},
                "outbound": {"calls": 3, "seconds": 90},
                "sms": {"parts": 0},
            }
        ],
        "unassigned": {"calls": 2},
    }


def test_month_report_never_reads_the_calls_of_clients(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    an_operator()
    for number in ("1001", "1002", "1003"):
        make.calls(a_client(number), 3, start=datetime(2026, 10, 5, 8, tzinfo=UTC))
    sum_up()
    with django_assert_num_queries(5) as captured:
        month_report(OCTOBER)
    reading_calls = [query["sql"] for query in captured.captured_queries if '"calls_call"' in query["sql"]]
    assert ["COUNT(*)" in query and "IS NULL" in query for query in reading_calls] == [True]


def test_content_changes_with_what_calls_say_and_with_nothing_else() -> None:
    an_operator()
    client, agent = a_client(), make.agent("201", name="Anna")
    call = make.call(client, start=datetime(2026, 10, 5, 8, tzinfo=UTC), agent=agent)

    def now() -> str:
        return content(facts(client.calls.all()))

    before = now()
    agent.name = "Anna de Wit"
    agent.save()
    client.calls.update(late=True)
    assert now() == before
    client.calls.update(billable=False)
    assert now() != before
    client.calls.update(billable=True, talk=call.talk + 1)
    assert now() != before
