"""What outlived its time is removed in the night, and no more; totals, keys and what was billed stay."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.conf import LazySettings

from balie.accounts.opened import OPENED, TAKEN
from balie.calls.actions import import_calls
from balie.calls.legs import mark_of, unpacked
from balie.calls.models import BadLine, Call, ClientMonth, LegDay
from balie.cdr.channels import veiled
from balie.leases import actions as leases
from balie.notes.models import ExemptCaller
from balie.operator.models import LogEntry, Operator, Removal
from balie.operator.retention import ask_for_removals, gone_before
from balie.quality.counted import counts
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.rules.retention import TERMS, Kept, kept_from
from balie.statements.models import Closing, Statement
from balie.worker import retention
from tests import make
from tests.statements.made import AMSTERDAM, STARTS, a_client, a_month, an_operator, close, kept, late_call
from tests.worker.nights import EVE, NIGHT, keep_for, nights_pass

pytestmark = pytest.mark.django_db


def numbers() -> dict[str, set[tuple[str, str]]]:
    """Caller and callee of all calls, by direction."""
    found: dict[str, set[tuple[str, str]]] = {}
    for direction, caller, callee in Call.objects.values_list("direction", "caller", "callee"):
        found.setdefault(direction, set()).add((caller, callee))
    return found


@pytest.mark.parametrize(
    ("today", "months", "first"),
    [
        (date(2026, 11, 30), 24, date(2024, 11, 1)),
        (date(2026, 12, 1), 24, date(2024, 12, 1)),
        (date(2027, 1, 31), 3, date(2026, 10, 1)),
        (date(2027, 2, 1), 3, date(2026, 11, 1)),
        (date(2028, 2, 29), 120, date(2018, 2, 1)),
    ],
)
def test_whole_months_count_from_the_end_of_the_month(today: date, months: int, first: date) -> None:
    assert kept_from(today, months) == first


def test_nothing_is_removed_without_a_time() -> None:
    an_operator()
    a_month(a_client())
    before = numbers()
    assert nights_pass() == {}
    assert (numbers(), gone_before(*Kept), Removal.objects.count()) == (before, None, 0)


def test_numbers_go_and_calls_with_their_sums_stay() -> None:
    an_operator()
    client = a_client()
    a_month(client)
    make.call(client, start=datetime(2026, 10, 31, 22, 59, 59, tzinfo=UTC), caller="+31600000001")
    make.call(client, start=datetime(2026, 10, 31, 23, 0, tzinfo=UTC), caller="+31600000002")  # November in Amsterdam
    make.call(None, start=STARTS, caller="+31600000003", callee="+31209999999")
    # As an earlier version folded it.
    make.call(client, start=STARTS, direction="outbound", caller="+31612345678", callee="+31612345678")
    sums, keys = list(ClientMonth.objects.values()), set(Call.objects.values_list("key", "start", "talk"))
    keep_for(3, Kept.NUMBERS)
    assert nights_pass() == {"numbers": 14}
    assert numbers() == {
        "inbound": {("", "+31201234501"), ("+31600000002", "+31201234501"), ("", "+31209999999")},
        "forwarded": {("", "")},
        "outbound": {("201", ""), ("", "")},
    }
    assert (list(ClientMonth.objects.values()), set(Call.objects.values_list("key", "start", "talk"))) == (sums, keys)
    assert nights_pass(NIGHT + timedelta(days=1)) == {"numbers": 0}
    assert Removal.objects.get().removed == 14  # of the last night that found any


def test_old_file_brings_nothing_back() -> None:
    an_operator()
    client = a_client()
    make.number(client, "+31201234501")
    source = make.source(format="generic", options={"columns": {
        "start": "start", "direction": "direction", "caller": "caller", "callee": "callee", "talk": "talk",
        "key": "key"}}, trunks=[])  # fmt: skip
    file = (
        b"start,direction,caller,callee,talk,key\n"
        b"2026-10-05 09:00:00,inbound,0612345678,0201234501,60,k1\n"
        b"2026-10-05 09:10:00,inbound,0612345678,0201234501,xx,k2\n"
    )
    assert import_calls(source=source, name="calls.csv", data=file, now=STARTS).calls == 1
    keep_for(3, Kept.NUMBERS)
    assert nights_pass() == {"numbers": 2}
    again = import_calls(source=source, name="calls.csv", data=file, now=NIGHT)
    assert (again.calls, again.duplicates, again.rejected) == (0, 2, 0)
    assert (Call.objects.get().caller, BadLine.objects.get().text) == ("", "")


def test_statement_of_a_closed_month_stays_and_only_a_late_call_makes_a_revision() -> None:
    an_operator()
    first, second = a_client("1001"), a_client("1002")
    a_month(first)
    make.calls(second, 3, start=STARTS)
    assert close() == (2, 0)
    keep_for(3, Kept.NUMBERS)
    nights_pass()
    assert close(NIGHT) == (0, 0)
    late_call(second, caller="+31687654321")
    assert close(NIGHT) == (0, 1)
    assert kept() == [("1001", 1, 12), ("1002", 1, 3), ("1002", 2, 4)]


def test_change_that_waits_for_a_revision_still_makes_it() -> None:
    an_operator()
    client = a_client()
    a_month(client)
    close()
    late_call(client)
    keep_for(3, Kept.NUMBERS)
    nights_pass()
    assert close(NIGHT) == (0, 1)


def test_month_that_is_being_closed_waits_for_the_next_night() -> None:
    an_operator()
    a_month(a_client())
    busy = Closing.objects.create(month=202610, asked=NIGHT, lease_until=NIGHT + timedelta(minutes=1))
    keep_for(3, Kept.NUMBERS)
    assert nights_pass() == {"numbers": 0}
    leases.give_back(busy)
    assert nights_pass(NIGHT + timedelta(days=1)) == {"numbers": 11}


def test_callers_that_need_no_note_keep_their_number_since_their_calls_would_count_as_missed() -> None:
    an_operator()
    client, agent = a_client(), make.agent()
    ExemptCaller.objects.create(client=client, number="+31201112233")
    make.call(client, start=STARTS, agent=agent, caller="+31201112233")
    make.call(client, start=STARTS, agent=agent)
    day = STARTS.date()
    before = counts(day, day)
    keep_for(3, Kept.NUMBERS)
    assert nights_pass() == {"numbers": 1}
    assert counts(day, day) == before == {agent.pk: (1, 1, 0)}


def test_who_opened_a_client_goes_and_the_rest_of_the_log_stays() -> None:
    an_operator()
    for deed in (OPENED, TAKEN, "tariff.changed"):
        LogEntry.objects.create(at=STARTS, who="Eva", deed=deed, about="client:1001")
    LogEntry.objects.create(at=EVE, who="Eva", deed=OPENED, about="client:1001")
    keep_for(6, Kept.OPENED)
    assert nights_pass() == {"opened": 0}
    assert nights_pass(datetime(2027, 5, 1, 1, tzinfo=UTC)) == {"opened": 1}
    left = LogEntry.objects.exclude(deed="operator.changed").values_list("deed", flat=True)
    assert sorted(left) == sorted([OPENED, TAKEN, "tariff.changed"])


def test_statements_go_with_their_files_and_do_not_come_back(settings: LazySettings) -> None:
    an_operator()
    a_month(a_client())
    close()
    path = Path(settings.FILES_URL) / Statement.objects.get().path
    keep_for(12, Kept.STATEMENTS)
    assert nights_pass(datetime(2027, 10, 31, 1, tzinfo=UTC)) == {"statements": 0}
    assert path.exists()
    assert nights_pass(datetime(2027, 11, 2, 1, tzinfo=UTC)) == {"statements": 1}
    assert not path.exists()
    assert kept() == []
    with pytest.raises(Refused, match="removed after their time"):
        close(datetime(2027, 11, 2, 9, tzinfo=UTC))


def test_a_time_that_was_too_short_can_be_set_longer_until_the_night() -> None:
    an_operator()
    a_month(a_client())
    before = numbers()
    keep_for(3, Kept.NUMBERS)
    ask_for_removals(now=EVE)
    assert not retention.due(EVE).exists()
    keep_for(24, Kept.NUMBERS)
    assert nights_pass() == {"numbers": 0}
    assert numbers() == before


def test_what_was_gone_stays_known_as_gone_when_the_time_is_set_longer() -> None:
    an_operator()
    a_month(a_client())
    keep_for(3, Kept.NUMBERS)
    nights_pass()
    keep_for(24, Kept.NUMBERS)
    nights_pass(NIGHT + timedelta(days=1))
    assert gone_before(Kept.NUMBERS) == date(2026, 11, 1)


def test_every_kind_has_its_terms_and_its_remover() -> None:
    assert set(TERMS) == set(retention.REMOVERS) == set(Kept)


def test_page_can_say_before_what_a_time_would_remove(time_machine: Any) -> None:
    an_operator()
    a_month(a_client())
    assert [retention.would_remove(Kept.NUMBERS, months, now=EVE) for months in (3, 4)] == [11, 0]
    assert Operator.objects.get().retention == {}


def test_removal_at_once_says_what_it_did(time_machine: Any) -> None:
    time_machine.move_to(EVE, tick=False)
    an_operator()
    a_month(a_client())
    keep_for(3, Kept.NUMBERS)
    assert retention.remove_at_once(now=EVE) == {Kept.NUMBERS: 11}
    assert retention.remove_at_once(now=EVE) == {Kept.NUMBERS: 0}
    row = Removal.objects.get()
    leases.claim(Removal.objects.all(), now=EVE, length=retention.LEASE)
    with pytest.raises(Refused, match="worker"):
        retention.remove_at_once(now=EVE)
    assert Period.of(row.due, AMSTERDAM) == Period(2027, 2, AMSTERDAM)


def test_legs_stay_known_although_numbers_in_their_channels_are_gone() -> None:
    an_operator()
    make.number(a_client(), "+31201234501")
    make.agent("201", endpoint="PJSIP/201")
    line = (
        '"","0612345678","0201234501","from-trunk","","PJSIP/trunk-00000001","Local/0687650006@outside-00000001;1",'
        '"Dial","Local/0687650006@outside","2026-10-05 09:00:00","2026-10-05 09:00:05","2026-10-05 09:00:40",40,35,'
        '"ANSWERED","DOCUMENTATION","pbx-1.0","","","pbx-1.0",0\n'
    )
    other = line.replace("0687650006", "0687650007")
    source = make.source()
    assert import_calls(source=source, name="Master.csv", data=line.encode(), now=STARTS).lines == 1
    keep_for(3, Kept.NUMBERS)
    nights_pass()
    [part] = LegDay.objects.all()
    assert (part.veiled, part.whole, part.count) == (True, False, 1)
    [name] = unpacked(part.legs)["dstchannel"].to_list()
    assert name.startswith("Local/") and name.endswith("@outside-00000001;1")
    assert "0687650006" not in name
    again = import_calls(source=source, name="Master.csv", data=line.encode(), now=NIGHT)
    assert (again.calls, again.duplicates, again.rejected) == (0, 1, 0)
    late = import_calls(source=source, name="Master.csv", data=other.encode(), now=NIGHT)
    assert (late.calls, late.rejected) == (0, 1)  # another leg of a call of long ago
    nights_pass(NIGHT + timedelta(days=1))
    assert LegDay.objects.get().veiled


def test_ends_and_refusals_that_hold_a_number_lose_it() -> None:
    an_operator()
    client, agent = a_client(), make.agent("206000")
    ends = ("DAHDI/i9/0622222204", "SIP/RG-0622222205", "PJSIP/201")
    unknown = [make.call(client, start=STARTS, endpoint=end) for end in ends]
    known = make.call(client, start=STARTS, endpoint="PJSIP/206000", agent=agent)
    source = make.source()
    source.imports.create(name="x.csv", started=STARTS, problem="it begins with '0633333302'")
    keep_for(3, Kept.NUMBERS)
    nights_pass()
    assert [Call.objects.get(pk=one.pk).endpoint for one in (*unknown, known)] == ["", "", "PJSIP/201", "PJSIP/206000"]
    [problem] = source.imports.values_list("problem", flat=True)
    assert problem and "0633333302" not in problem


@pytest.mark.parametrize("name", ["Local/FMGL-0622222202#@from-internal-00000001;1", "sip:+31622222202@pstn.example",
                                  "DAHDI/i1/0612345678-1", "Local/0687650006@outside-0000000a;2"])  # fmt: skip
def test_numbers_anywhere_in_a_channels_name_are_veiled_once_and_for_all(name: str) -> None:
    once = veiled(pl.Series([name, "PJSIP/trunk-00000001", "SIP/201-0000000a"], dtype=pl.String), mark_of)
    assert not re.search("[0-9]{6,}", re.sub("-[0-9a-f]{8}(;[12])?$", "", once[0]))
    assert once.to_list()[1:] == ["PJSIP/trunk-00000001", "SIP/201-0000000a"]
    assert veiled(once, mark_of).to_list() == once.to_list()
