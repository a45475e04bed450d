"""Each phone system's own format through the commands: load, import calls, report month."""

import json
from typing import Any

import pytest

from tests.cdr.formats import SAMPLES
from tests.cdr.legs_json import ANNA, CALLER, leg, profile, uuid
from tests.inside import Inside

# Calls of November and their seconds of client 1001 (accepted, forwarded, outbound) and the missed ones of 1002.
SYSTEMS: dict[str, tuple[list[str], dict[str, Any], str]] = {
    "freeswitch": (["Master.csv"], {"account_prefix": "c"}, "201"),
    "cucm": (["cucm.csv"], {"account_prefix": "c", "trunks": ["SIP-KPN"]}, "SEP001122334401"),
    "3cx": (["cdr.log"], {}, "201"),
    "kamailio": (["cdrs.csv", "acc.csv"], {}, "201"),
    "starface": (["output.csv"], {"account_prefix": "c"}, "1201"),
    "twilio": (["calls.json"], {}, "client:anna"),
}
EXPECTED = {
    "freeswitch": {"inbound": (1, 65), "forwarded": (0, 0), "outbound": (2, 33)},
    "cucm": {"inbound": (2, 105), "forwarded": (1, 60), "outbound": (2, 33)},
    "3cx": {"inbound": (2, 65), "forwarded": (1, 120), "outbound": (1, 33)},
    "kamailio": {"inbound": (1, 59), "forwarded": (0, 0), "outbound": (0, 0)},
    "starface": {"inbound": (1, 65), "forwarded": (0, 0), "outbound": (2, 33)},
    "twilio": {"inbound": (1, 65), "forwarded": (0, 0), "outbound": (0, 0)},
}


@pytest.mark.parametrize("format", SYSTEMS)
def test_month_of_a_phone_system(inside: Inside, format: str) -> None:
    files, settings, endpoint = SYSTEMS[format]
    world = {
        "operator": {"timezone": "Europe/Amsterdam", "region": "NL"},
        "phone_systems": [{"name": "pbx", "format": format, "timezone": "Europe/Amsterdam", **settings}],
        "agents": [{"code": "A1", "name": "Anna", "endpoint": endpoint}],
        "clients": [{"number": f"100{each}", "name": f"Client {each}"} for each in (1, 2, 3)],
        "numbers": [{"number": f"020123450{each}", "client": f"100{each}", "from": "2026-01-01"} for each in (1, 2, 3)],
    }
    (inside.home / "world.json").write_text(json.dumps(world))
    loaded = inside.run("load", inside.home / "world.json")
    assert loaded.code == 0, loaded
    paths = [SAMPLES / name for name in files]
    answer = inside.run("import", "calls", *paths, "--source", "pbx", "--json")
    assert (answer.code, answer.json["rejected"], answer.json["internal"]) == (0, len(files), 1), answer
    report = inside.run("report", "month", "--month", "2026-11", "--format", "json")
    rows = {row["client"]: row for row in report.json["clients"]}
    found = {way: (rows["1001"][way]["calls"], rows["1001"][way]["seconds"]) for way in EXPECTED[format]}
    assert found == EXPECTED[format]
    assert rows["1002"]["inbound"]["missed"] >= 1
    again = inside.run("import", "calls", *paths, "--source", "pbx", "--json")
    assert (again.code, again.json["calls"]) == (0, 0)
    assert inside.run("report", "month", "--month", "2026-11", "--format", "json").json == report.json


def test_a_file_for_each_leg(inside: Inside) -> None:
    world = {
        "phone_systems": [{"name": "pbx", "format": "freeswitch", "timezone": "Europe/Amsterdam"}],
        "clients": [{"number": "1001", "name": "Bakker"}],
        "numbers": [{"number": "0201234501", "client": "1001"}],
    }
    (inside.home / "world.json").write_text(json.dumps(world))
    assert inside.run("load", inside.home / "world.json").code == 0
    by = profile(1, CALLER, "0612345678", "0201234501")
    (inside.home / f"a_{uuid(1)}.cdr.json").write_text(
        leg(1, CALLER, "0612345678", "0201234501", start="09:00:00", answer="09:00:06", end="09:01:11")
    )
    (inside.home / f"{uuid(2)}.cdr.json").write_text(
        leg(2, ANNA, "0612345678", "201", start="09:00:01", answer="09:00:06", end="09:01:11", by=by)
    )
    paths = sorted(inside.home.glob("*.cdr.json"))
    for expected in (1, 0):
        answer = inside.run("import", "calls", *paths, "--source", "pbx", "--json")
        assert (answer.code, answer.json["lines"], answer.json["calls"]) == (0, 2, expected), answer
    [call] = inside.run("report", "calls", "--client", "1001", "--month", "2026-11", "--format", "json").json
    assert (call["time"], call["type"], call["duration"], call["key"]) == ("09:00:00", "accepted", 65, uuid(1))
