"""Files of the phone systems' own formats in the database: every call once, however often and in whatever parts."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balie.accounts.models import Agent, AgentEndpoint
from balie.calls.models import AgentDay, BadLine, Call, ClientMonth, Source, SourceHour
from balie.cdr.fold import fold
from balie.cdr.groups import grouped
from balie.cdr.readers import READERS, phone_system
from balie.cdr.zone import in_utc
from balie.rules.errors import Refused
from tests.calls.sample import calls, counted, sample_world, sums, take
from tests.cdr.formats import SAMPLES, read
from tests.cdr.legs_csv import line as leg_line

pytestmark = pytest.mark.django_db
# The first lines that say what the columns are; of each part of a file such a system writes them again.
FILES: dict[str, tuple[str, int]] = {
    "freeswitch": ("Master.csv", 0),
    "cucm": ("cucm.csv", 2),
    "3cx": ("cdr.log", 0),
    "kamailio": ("cdrs.csv", 1),
    "starface": ("output.csv", 1),
    "twilio": ("calls.csv", 1),
}
PREFIX = {"3cx": "", "twilio": ""}
ENDPOINTS = {"cucm": "SEP001122334401", "starface": "1201", "twilio": "client:anna"}


def system(format: str) -> Source:
    """A phone system of the format in the sample operator's world; Anna has a telephone there."""
    source = sample_world(
        name=format, format=format, timezone="Europe/Amsterdam", account_prefix=PREFIX.get(format, "c"),
        trunks=["SIP-KPN"] if format == "cucm" else [],
    )  # fmt: skip
    anna = Agent.objects.get(code="201")
    AgentEndpoint.objects.create(agent=anna, endpoint=ENDPOINTS.get(format, "201"), first_day=date(2026, 1, 1))
    return source


def text(format: str) -> bytes:
    return (SAMPLES / FILES[format][0]).read_bytes()


def parts(format: str) -> tuple[list[bytes], list[bytes]]:
    """The first lines, and the others in the order in which they were written, without the one that is cut off."""
    head = FILES[format][1]
    lines = text(format).splitlines(keepends=True)[:-1]
    in_october = [b"2026-10-25" in line.replace(b"/", b"-") or b"25 Oct" in line or b"25.10" in line for line in lines]
    october = [line for line, is_old in zip(lines, in_october, strict=True) if is_old]
    return lines[:head], october + [line for line in lines[head:] if line not in october]


def another(source: Source) -> Source:
    """The same phone system, as if nothing had ever been read of it."""
    for model in (Call, ClientMonth, AgentDay, SourceHour, Source):
        model._default_manager.all().delete()
    same = ("name", "format", "timezone", "trunks", "account_prefix")
    return Source.objects.create(**{name: getattr(source, name) for name in same})


def left() -> tuple[Any, ...]:
    """All that the imports left behind."""
    return calls(), sums(), sorted(BadLine.objects.values_list("reason", "text"))


@pytest.fixture(params=FILES)
def format(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_same_file_twice(format: str) -> None:
    source = system(format)
    first = take(source, text(format))
    assert (first.rejected, first.unread, first.internal) == (1, 1, 1)
    assert first.calls == Call.objects.count() > 5
    before = left()
    again = take(source, text(format))
    # Found unchanged, the last line is read as it stands: what is cut off is a line that cannot be read.
    assert (again.calls, again.rejected, again.internal) == (0, 1, 0)
    assert left()[:2] == before[:2]
    assert sums() == counted()


def test_file_that_grows_line_by_line(format: str) -> None:
    source = system(format)
    head, lines = parts(format)
    take(source, b"".join(head + lines))
    whole = left()
    other = another(source)
    for end in range(1, len(lines) + 1):
        take(other, b"".join(head + lines[:end]))
    assert left() == whole


def test_lines_are_known_again_after_the_settings_changed(format: str) -> None:
    source = system(format)
    head, lines = parts(format)
    take(source, b"".join(head + lines))
    before = calls()
    Source.objects.update(trunks=["SIP-OTHER", "201"], timezone="Europe/Vienna", account_prefix="x")
    again = take(Source.objects.get(), b"".join(head + lines))
    assert (again.calls, again.rejected) == (0, 0)
    assert calls() == before


@pytest.mark.parametrize("turn", [1, -1])
def test_overlapping_halves_and_single_lines_in_any_order(format: str, turn: int) -> None:
    source = system(format)
    head, lines = parts(format)
    half = len(lines) // 2
    for part in (lines[: half + 2], lines[half - 2 :])[::turn]:
        take(source, b"".join(head + part))
    halves = calls()
    for line in lines[::-turn]:
        take(source, b"".join([*head, line]))
    assert calls() == halves
    assert sums() == counted()
    take(another(source), b"".join(head + lines))
    assert calls() == halves


def test_lines_one_by_one_the_last_first(format: str) -> None:
    source = system(format)
    head, lines = parts(format)
    november = lines[1:] if format != "twilio" else lines[2:]  # the others would come too late (folding.md 5)
    take(source, b"".join(head + november))
    whole = left()
    other = another(source)
    for line in reversed(november):
        take(other, b"".join([*head, line]))
    assert left() == whole
    assert sums() == counted()


def test_client_agent_and_network_of_each(format: str) -> None:
    take(system(format), text(format))
    found = {call[0]: call for call in calls()}
    whose = [(call[2], call[3], call[6], call[7]) for call in found.values()]
    assert ("inbound", "missed", "1002", None) in whose
    forwarded = [each for each in whose if each[0] == "forwarded"]
    assert forwarded and {each[1] for each in forwarded} == {"forwarded_mobile"}
    assert {each[2] for each in forwarded} <= {"1001", "1003"}
    if format != "freeswitch":  # whose lines of callers do not say who took the call
        assert ("inbound", "accepted", "1001", "201") in whose
    assert [each[1] for each in whose if each[0] == "outbound"][:1] == ["outbound_mobile"]
    if format not in ("kamailio", "twilio"):  # which have no account that stands for a client
        assert ("outbound", "outbound_mobile", "1001", "201") in whose


def test_conversations_and_transactions_of_a_proxy_in_two_files() -> None:
    source = system("kamailio")
    files = [(SAMPLES / name).read_bytes() for name in ("cdrs.csv", "acc.csv")]
    for data in files:
        take(source, data)
    before = calls()
    assert ("one@127.0.0.2", 6, 59) in [(call[0], call[10], call[11]) for call in before]
    for data in files[::-1]:
        assert take(source, data).calls == 0
    assert calls() == before
    assert sums() == counted()


def test_telephones_that_rang_come_in_files_of_their_own_before_their_call() -> None:
    """FreeSWITCH with the legs of both sides, a file a leg: what rang is no missed call once its call is there."""
    source = system("freeswitch")
    caller, *rung = lines = [
        leg_line(1, "0612345678", "0201234501", "00:00", "00:20", context="public", cause="ORIGINATOR_CANCEL"),
        leg_line(2, "0612345678", "201", "00:01", "00:20", cause="ORIGINATOR_CANCEL"),
        leg_line(3, "0612345678", "202", "00:01", "00:11", cause="NO_ANSWER"),
    ]
    for each in (*rung, caller, *lines):
        take(source, each.encode())
    assert [(call[2], call[3], call[6]) for call in calls()] == [("inbound", "missed", "1001")]
    whole = left()
    assert sums() == counted()
    take(another(source), "".join(lines).encode())
    assert left() == whole


def test_page_of_results_that_is_fetched_again_when_more_calls_are_over() -> None:
    source = system("twilio")
    page = json.loads((SAMPLES / "calls.json").read_bytes())
    assert take(source, json.dumps(page).encode()).unread == 1
    [running] = [call for call in page["calls"] if call["status"] == "in-progress"]
    running |= {"status": "completed", "end_time": "Mon, 23 Nov 2026 08:40:30 +0000", "duration": "30"}
    result = take(source, json.dumps(page).encode())
    assert (result.calls, result.unread, result.rejected) == (1, 0, 0)


def test_object_that_cannot_be_read_is_kept_with_its_text() -> None:
    source = system("freeswitch")
    take(source, b'{"variables": {"uuid": "a"}}\n{"variables": 1}')
    assert list(BadLine.objects.order_by("line").values_list("line", "text")) == [
        (1, '{"variables": {"uuid": "a"}}'),
        (2, '{"variables": 1}'),
    ]


HEADS = {name: b"".join(parts(name)[0]) for name in FILES}
BITS = st.one_of(st.binary(max_size=30), st.sampled_from([b",", b'"', b"\n", b"{", b"}", b";", b"0612345678", b"\t-"]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_bytes_give_legs_bad_lines_or_one_refusal(format: str, data: st.DataObject) -> None:
    lines = text(format).splitlines(keepends=True)
    line = data.draw(st.sampled_from(lines))
    at, bits = data.draw(st.integers(0, len(line))), data.draw(BITS)
    broken = line[:at] + bits + line[at + data.draw(st.integers(0, 9)) :]
    try:
        reading = read(format, HEADS[format] + broken + b"\n" + lines[-2], tail_too=True)
    except Refused as refusal:
        assert "\n" not in str(refusal)
        return
    assert reading.lines == reading.rows.height + len(reading.bad)
    known = phone_system(format, "Europe/Amsterdam", ["SIP-KPN"], "c")
    if reading.rows.height:
        fold(grouped(in_utc(reading.rows, known.zone)), known)


def test_all_formats_are_here() -> None:
    assert set(READERS) == {*FILES, "asterisk", "generic"}
