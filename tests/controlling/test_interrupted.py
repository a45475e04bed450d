"""The watch killed in the middle, or run by several at once: each task and each offer once."""

import json
import signal
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.clock import where_it_is_noon
from tests.installation import Installation

ZONE = where_it_is_noon()
CLIENTS = ("1001", "1002", "1003")
FEE = {"meter": "basic_fee", "price": "100.00"}


def months_back(count: int) -> list[str]:
    """The months before the running one, the latest first."""
    found, day = [], datetime.now(ZoneInfo(ZONE)).replace(day=1)
    for _ in range(count):
        day = (day - timedelta(days=1)).replace(day=1)
        found.append(f"{day:%Y-%m}")
    return found


def ready(installation: Installation, folder: Path) -> None:
    """Three clients whose flat rate does not pay for the calls of the last months."""
    start = f"{months_back(6)[-1]}-01"
    contract = {"tariff": "FLAT", "start": start}
    world = {
        "operator": {"name": "De Linde", "timezone": ZONE, "costs": {"agent_per_hour": "30.00"}},
        "phone_systems": [{"name": "list", "format": "generic", "columns": COLUMNS}],
        "agents": [{"code": "201", "name": "Anna"}],
        "tariffs": [{"code": "FLAT", "service": "telephone", "vat_percent": "21", "items": [FEE]}],
        "clients": [{"number": number, "name": f"Client {number}", "contracts": [contract]} for number in CLIENTS],
    }
    rows = [
        f"{month}-{day:02d} 10:00:00,inbound,0612345678,0201234567,201,1500,{number}-{month}-{day},{number}"
        for number in CLIENTS
        for month in months_back(3)
        for day in range(1, 21)
    ]
    (folder / "world.json").write_text(json.dumps(world))
    (folder / "calls.csv").write_text("\n".join([",".join(COLUMNS), *rows]) + "\n")
    assert installation.run("load", folder / "world.json").code == 0
    assert installation.run("import", "calls", folder / "calls.csv", "--source", "list").code == 0


COLUMNS = {name: name for name in ("start", "direction", "caller", "callee", "agent", "talk", "key", "client")}


def kept(installation: Installation) -> tuple[list[str], int, int]:
    """Whose tasks are open, how many offers stand, how many individual tariffs were made."""
    rows = "select number from tasks_task t join accounts_client c on c.id = t.client_id where closed is null"
    tasks = sorted(str(row[0]) for row in installation.rows(rows))
    offers = len(installation.rows("select id from controlling_offer where withdrawn is null"))
    return tasks, offers, len(installation.rows("select id from tariffs_tariff where client_id is not null"))


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_watch_killed_in_the_middle_is_complete_when_run_again(
    installation: Installation, tmp_path: Path, nth: int
) -> None:
    ready(installation, tmp_path)
    killed = installation.run("watch", BALIE_FAULT=f"watch-before-commit:{nth}")
    assert killed.code == -signal.SIGKILL
    assert kept(installation) == (list(CLIENTS[: nth - 1]), nth - 1, nth - 1)
    again = installation.run("watch", "--json").json
    assert [(task["client"], task["new"], task["offer"]["fee"]) for task in again["tasks"]] == [
        (number, at >= nth - 1, "315.00") for at, number in enumerate(CLIENTS)
    ]
    assert kept(installation) == (list(CLIENTS), 3, 3)


def test_watches_at_once_make_each_task_and_offer_once(installation: Installation, tmp_path: Path) -> None:
    ready(installation, tmp_path)
    running = [installation.start("watch", "--json") for _ in range(4)]
    answers = [json.loads(one.communicate()[0]) for one in running]
    assert sum(task["new"] for answer in answers for task in answer["tasks"]) == len(CLIENTS)
    assert kept(installation) == (list(CLIENTS), 3, 3)
