"""The beginning of a file read with settings that need not be stored: as an import would, and nothing is kept."""

from pathlib import Path

import pytest

from balie.calls.actions import import_calls
from balie.calls.models import Call, Import, LegDay, Source
from balie.calls.sample import LONGEST, MOST, read_sample
from balie.rules.errors import Refused
from tests import make

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parents[1] / "samples/asterisk"
GENERIC = {"columns": {"start": "start", "talk": "talk", "callee": "to", "agent": "agent", "client": "client"}}


def asterisk(**values: object) -> Source:
    return Source(**{"name": "x", "format": "asterisk", "timezone": "UTC", "trunks": ["PJSIP/trunk"], **values})


@pytest.mark.parametrize("name", ["Master.csv", "transfers-Master.csv", "internal.csv", "cdr-custom-Master.csv"])
def test_a_sample_reads_as_the_import_does(name: str) -> None:
    make.agent("201", endpoint="PJSIP/201")
    make.number(make.client("1001"))
    data = (SAMPLES / name).read_bytes()
    found = read_sample(asterisk(), data, make.operator(), is_cut=False)
    assert not (Call.objects.exists() or Import.objects.exists() or LegDay.objects.exists())
    result = import_calls(source=make.source(), name=name, data=data, now=make.NOW)
    assert (found.call_count, found.bad_count, found.lines, found.internal) == (
        result.calls, result.rejected, result.lines, result.internal,
    )  # fmt: skip
    stored = Call.objects.order_by("start", "key")[:MOST].values_list(
        "start", "direction", "type", "caller", "callee", "ring", "talk"
    )
    shown = [(c.start, c.direction, c.type, c.caller, c.callee, c.ring, c.talk) for c in found.calls]
    assert shown == list(stored)


def test_agents_and_clients_are_named_and_strangers_said() -> None:
    make.agent("201", name="Anna")
    make.client("1001", name="Bakker")
    data = b"start,talk,to,agent,client\n2026-11-23 09:00:00,5,0201234501,201,1001\n2026-11-23 09:01:00,5,1,299,9\n"
    found = read_sample(asterisk(format="generic", options=GENERIC), data, make.operator(), is_cut=False)
    assert [(call.agent, call.client) for call in found.calls] == [("Anna", "Bakker"), ("299", "")]
    assert found.endpoints == ["299"]


def test_a_cut_last_line_is_left_and_a_whole_one_is_read() -> None:
    data, source = b"start,talk,to\n2026-11-23 09:00:00,5,1\n2026-11-23 09:0", asterisk(format="generic", options={
        "columns": {"start": "start", "talk": "talk", "callee": "to"}})  # fmt: skip
    assert read_sample(source, data, make.operator(), is_cut=True).bad == []
    [bad] = read_sample(source, data, make.operator(), is_cut=False).bad
    assert (bad.line, bad.text) == (3, "2026-11-23 09:0")


def test_no_more_is_shown_than_fits_and_everything_is_counted() -> None:
    lines = [f"2026-11-23 09:{at:02d}:00,5,020{at}" for at in range(30)] + ["nonsense,1,2"] * 25
    source = asterisk(format="generic", options={"columns": {"start": 0, "talk": 1, "callee": 2}})
    found = read_sample(source, "\n".join(lines).encode(), make.operator(), is_cut=False)
    assert (len(found.calls), found.call_count, len(found.bad), found.bad_count) == (MOST, 30, MOST, 25)


def test_nothing_in_a_file_is_no_call_and_a_stranger_is_refused() -> None:
    assert read_sample(asterisk(), b"", make.operator(), is_cut=False).calls == []
    with pytest.raises(Refused):
        read_sample(asterisk(), b"GIF89a\x00\x01\n" * 2000, make.operator(), is_cut=True)
    assert LONGEST == 64 * 1024


def test_without_a_trunk_a_sample_warns_as_an_import_would() -> None:
    found = read_sample(asterisk(trunks=[]), (SAMPLES / "Master.csv").read_bytes(), make.operator(), is_cut=False)
    assert found.calls == [] and "No trunk is named" in found.warning and found.internal > 0
