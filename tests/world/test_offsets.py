"""Phone systems whose files say the moment itself: with an offset, or in seconds since 1970."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from balie.calls.models import Call
from tests.inside import Inside
from tests.world.sample import load

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("zone", ["UTC", "Europe/Amsterdam", "America/New_York"])
@pytest.mark.parametrize(
    ("date_format", "written", "moment"),
    [
        ("%Y-%m-%dT%H:%M:%S%z", "2026-11-02T23:30:00-0500", datetime(2026, 11, 3, 4, 30, tzinfo=UTC)),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-10-25T02:30:00+0100", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-10-25T02:30:00+0200", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("epoch", "1792889400", datetime(2026, 10, 25, 0, 50, tzinfo=UTC)),
        ("epoch", "1792893000", datetime(2026, 10, 25, 1, 50, tzinfo=UTC)),
    ],
)
def test_moment_that_a_line_says_exactly_is_that_moment_in_every_zone(
    inside: Inside, tmp_path: Path, zone: str, date_format: str, written: str, moment: datetime
) -> None:
    columns = {"start": "start", "direction": "way", "caller": "from", "callee": "to", "agent": "who", "talk": "talk"}
    system = {"name": "box", "format": "generic", "columns": columns, "date_format": date_format,
              "directions": {"in": "inbound"}, "timezone": zone}  # fmt: skip
    load({"phone_systems": [system]})
    file = tmp_path / "calls.csv"
    file.write_text(f"start,way,from,to,who,talk\n{written},in,0612345678,0201234501,201,60\n")
    answer = inside.run("import", "calls", file, "--source", "box", "--json")
    assert (answer.code, answer.json["rejected"]) == (0, 0), answer
    assert Call.objects.get().start == moment
