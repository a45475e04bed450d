"""A list whose import is killed: nothing of it is there, or all of it; run again it is complete and nothing twice."""

import random
import signal
import time
from pathlib import Path

import pytest

from tests.calls.sample import SAMPLES
from tests.installation import Installation

LINES = 20_000
COUNT = "select count(*) from sms_message"


def a_list(folder: Path) -> Path:
    path = folder / "list.csv"
    rows = (f"2026-11-{1 + n % 28:02d} 10:00:00,+31201234501,+316{n:08d},{n}\n" for n in range(LINES))
    path.write_text("sent_at,from,to,text\n" + "".join(rows))
    return path


def complete(installation: Installation, path: Path) -> None:
    again = installation.run("import", "sms", path, "--source", "gateway", "--json").json
    assert again["messages"] + again["duplicates"] == LINES
    assert installation.rows(COUNT) == [(LINES,)]
    sums = installation.rows("select coalesce(sum(parts), 0) from sms_smsmonth")
    owned = installation.rows("select coalesce(sum(parts), 0) from sms_message where client_id is not null")
    assert sums == owned


@pytest.mark.parametrize(("fault", "there"), [("sms-before-commit", 0), ("sms-after-commit", LINES)])
def test_list_killed_at_a_named_point_is_there_whole_or_not_at_all(
    installation: Installation, tmp_path: Path, fault: str, there: int
) -> None:
    assert installation.run("load", str(SAMPLES / "world.json")).code == 0
    path = a_list(tmp_path)
    killed = installation.run("import", "sms", path, "--source", "gateway", BALIE_FAULT=fault)
    assert killed.code == -signal.SIGKILL
    assert installation.rows(COUNT) == [(there,)]
    complete(installation, path)


def test_list_killed_at_random_moments_is_complete_when_run_again(installation: Installation, tmp_path: Path) -> None:
    assert installation.run("load", str(SAMPLES / "world.json")).code == 0
    path, chance = a_list(tmp_path), random.Random(7)
    for _ in range(4):
        running = installation.start("import", "sms", str(path), "--source", "gateway")
        time.sleep(chance.uniform(0.5, 3))
        running.send_signal(signal.SIGKILL)
        running.communicate()
        assert installation.rows(COUNT) in ([(0,)], [(LINES,)])
    complete(installation, path)
