"""`balie import calls` with several files at once."""

import json
import resource

import pytest

from tests.inside import Inside

WORLD = {
    "phone_systems": [{"name": "pbx", "format": "asterisk", "timezone": "Europe/Amsterdam", "trunks": ["PJSIP/trunk"]}],
    "agents": [{"code": "201", "endpoint": "PJSIP/201"}, {"code": "202", "endpoint": "PJSIP/202"}],
    "clients": [{"number": "1001", "name": "Bakker"}],
    "numbers": [{"number": "0201234501", "client": "1001"}],
}


def leg(begin: str, answer: str, end: str, agent: str, call: int) -> str:
    """A line of cdr_csv: the caller's channel with an agent."""
    talk = int(end[-2:]) - int(answer[-2:])
    return (
        f'"","0612345678","0201234501","from-trunk","0612345678","PJSIP/trunk-{call:08x}","PJSIP/{agent}-{call:08x}",'
        f'"Dial","PJSIP/{agent},30","{begin}","{answer}","{end}",{talk + 5},{talk},"ANSWERED","DOCUMENTATION",'
        f'"a-{call}.1","","","a-{call}.1",1\n'
    )


@pytest.fixture
def office(inside: Inside) -> Inside:
    """One client, two agents, an Asterisk whose log was rotated within a call of 31 October."""
    (inside.home / "world.json").write_text(json.dumps(WORLD))
    assert inside.run("load", inside.home / "world.json").code == 0
    first = leg("2026-10-31 23:59:00", "2026-10-31 23:59:05", "2026-10-31 23:59:25", "201", 1)
    second = leg("2026-10-31 23:59:25", "2026-10-31 23:59:30", "2026-10-31 23:59:40", "202", 1)
    later = leg("2026-11-20 10:00:00", "2026-11-20 10:00:05", "2026-11-20 10:00:35", "201", 2)
    (inside.home / "Master.csv").write_text(second + later)
    (inside.home / "Master.csv.1").write_text(first)
    return inside


@pytest.mark.parametrize("names", [("Master.csv", "Master.csv.1"), ("Master.csv.1", "Master.csv")])
def test_call_over_two_files_is_whole_in_whatever_order_they_are_named(office: Inside, names: tuple[str, str]) -> None:
    answer = office.run("import", "calls", *(office.home / name for name in names), "--source", "pbx", "--json")
    assert (answer.code, answer.json["files"], answer.json["rejected"]) == (0, 2, 0), answer
    [call] = office.run("report", "calls", "--client", "1001", "--month", "2026-10", "--format", "json").json
    assert (call["time"], call["agent"], call["duration"], call["key"]) == ("23:59:00", "201", 30, "a-1.1")


@pytest.mark.parametrize("command", ["calls", "sms"])
def test_file_that_is_none_of_the_sources_is_named(office: Inside, command: str) -> None:
    (office.home / "other.txt").write_text("root:x:0:0\n" * 50)
    answer = office.run("import", command, office.home / "other.txt", "--source", "pbx", "--json")
    assert (answer.code, answer.json["error"]["where"]) == (1, f"{office.home / 'other.txt'}, line 1")


def test_no_file_is_read_where_one_is_missing(office: Inside) -> None:
    files = [office.home / "Master.csv", office.home / "missing.csv"]
    answer = office.run("import", "calls", *files, "--source", "pbx", "--json")
    assert (answer.code, answer.json["error"]["where"]) == (1, str(files[1]))
    assert office.run("report", "calls", "--client", "1001", "--month", "2026-11", "--format", "json").json == []


def test_more_files_than_a_program_may_open_at_first(office: Inside) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = [office.home / f"{number}.csv" for number in range(150)]
    for number, file in enumerate(files):
        begin = f"2026-11-20 {10 + number // 60}:{number % 60:02d}"
        file.write_text(leg(f"{begin}:00", f"{begin}:05", f"{begin}:35", "201", number))
    resource.setrlimit(resource.RLIMIT_NOFILE, (120, hard))
    try:
        answer = office.run("import", "calls", *files, "--source", "pbx", "--json")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert (answer.json["files"], answer.json["calls"]) == (150, 150)
