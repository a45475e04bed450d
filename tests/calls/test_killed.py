"""An import killed at any point and run again: complete, nothing twice."""

import random
import signal
import time
from pathlib import Path

import pytest

from tests.calls.sample import SAMPLES
from tests.installation import Installation, Installations

MASTER = SAMPLES / "asterisk/Master.csv"
COPIES = 7000  # 91,000 lines: two chunks
FAULTS = ["import-before-commit:2", "import-after-commit"]


def big_file(folder: Path, copies: int = COPIES) -> Path:
    """Several chunks of calls: the sample again and at other hours and with call numbers of its own."""
    lines = MASTER.read_text().splitlines()
    path = folder / "big.csv"
    with path.open("w") as out:
        for copy in range(copies):
            for line in lines:
                day, hour = 1 + copy % 20, copy // 20 % 22
                moved = line.replace("2026-11-23 08:", f"2026-11-{day:02d} {hour:02d}:")
                out.write(moved.replace("taspbx-1795", f"c{copy:05d}-1795").replace("-000000", f"-{copy:06x}") + "\n")
    return path


def ready(installation: Installation) -> None:
    assert installation.run("load", str(SAMPLES / "world.json")).code == 0


def state(installation: Installation) -> object:
    """What the month report and one client's calls say, and that the file is known whole."""
    month = installation.run("report", "month", "--month", "2026-11", "--format", "json").json
    calls = installation.run("report", "calls", "--client", "1002", "--month", "2026-11", "--format", "json").json
    return month, calls


@pytest.fixture(scope="module")
def whole(installations: Installations, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, object]:
    """The big file, and what it gives when nobody is killed."""
    path = big_file(tmp_path_factory.mktemp("big"))
    fresh = installations.ready()
    ready(fresh)
    result = fresh.run("import", "calls", str(path), "--source", "pbx", "--json").json
    assert result["calls"] == 12 * COPIES
    return path, state(fresh)


@pytest.mark.parametrize("fault", FAULTS)
def test_import_killed_at_a_named_point_is_complete_when_run_again(
    installation: Installation, whole: tuple[Path, object], fault: str
) -> None:
    path, expected = whole
    ready(installation)
    first = installation.run("import", "calls", str(path), "--source", "pbx", "--json", BALIE_FAULT=fault)
    assert first.code in (-signal.SIGKILL, 0)  # PostgreSQL takes the whole file in one transaction: no second chunk
    again = installation.run("import", "calls", str(path), "--source", "pbx", "--json").json
    assert again["lines"] == 13 * COPIES
    assert again["calls"] + again["duplicates"] <= 13 * COPIES
    assert state(installation) == expected
    assert installation.run("import", "calls", str(path), "--source", "pbx", "--json").json["calls"] == 0


def test_import_killed_at_random_moments_is_complete_when_run_again(
    installation: Installation, whole: tuple[Path, object]
) -> None:
    path, expected = whole
    ready(installation)
    chance = random.Random(5)
    for _ in range(5):
        running = installation.start("import", "calls", str(path), "--source", "pbx", "--json")
        time.sleep(chance.uniform(0.3, 2.5))
        running.send_signal(signal.SIGKILL)
        running.communicate()
    assert installation.run("import", "calls", str(path), "--source", "pbx", "--json").code == 0
    assert state(installation) == expected
