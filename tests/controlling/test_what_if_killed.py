"""A what-if killed at any point and taken up again: every client once, the same sums, nothing measured in vain."""

import json
import signal

import pytest

from tests.installation import Installation, Installations

MONTHS, CLIENTS = ("2024-08", "2024-09", "2024-10"), 6
COLUMNS = {name: name for name in ("start", "direction", "caller", "callee", "agent", "talk", "key", "client")}
FAULTS = [
    ("what-if-measured", 3),
    ("what-if-recorded", 2),
    ("what-if-kept", 1),
    ("what-if-done", 1),
]
# As a manager's page does it; two clients in one transaction, so that there is something to kill between.
SET_UP = "import django; django.setup(); from django.utils import timezone\n"
ASK = """
from balie.controlling.whatif import ask_what_if
from balie.operator.actions import Author
from balie.tariffs.models import Tariff
ask_what_if(tariff=Tariff.objects.get(code="CALLS"), months=12, author=Author("test", timezone.now()))
"""
WORK = """
from balie.controlling import whatif
from balie.leases.actions import claim
whatif.TOGETHER = 2
row = claim(whatif.what_ifs_due(), now=timezone.now(), length=whatif.LEASE)
whatif.run_what_if(row, now=timezone.now(), keep=lambda: None)
"""
FREE = """
from balie.controlling.models import WhatIf
from balie.leases.models import FREE
WhatIf.objects.update(lease_until=FREE)
"""


def python(office: Installation, code: str, **more: str) -> int:
    """Runs this within the installation; -9 when it was killed."""
    return office.code(SET_UP + code, **more).wait(timeout=120)


@pytest.fixture(scope="module")
def filled(installations: Installations, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Six clients with three closed months, and a what-if with a tariff that counts in another way."""
    office, folder = installations.ready(), tmp_path_factory.mktemp("what-if")
    talk = {"meter": "talk_time", "price": "0.60", "increment": "60/1"}
    call = {"meter": "calls_accepted", "price": "1.00"}
    world = {
        "operator": {"name": "De Linde"},
        "phone_systems": [{"name": "list", "format": "generic", "columns": COLUMNS}],
        "agents": [{"code": "201", "name": "Anna"}],
        "tariffs": [
            {"code": code, "service": "telephone", "vat_percent": "21", "items": [item]}
            for code, item in (("TALK", talk), ("CALLS", call))
        ],
        "clients": [
            {"number": number, "name": number, "contracts": [{"tariff": "TALK", "start": "2024-01-01"}]}
            for number in numbers()
        ],
    }
    rows = [
        f"{month}-{day:02d} 10:00:00,inbound,0612345678,0201234567,201,{60 + place},{number}-{month}-{day},{number}"
        for place, number in enumerate(numbers())
        for month in MONTHS
        for day in range(1, 4)
    ]
    (folder / "world.json").write_text(json.dumps(world))
    (folder / "calls.csv").write_text("\n".join([",".join(COLUMNS), *rows]) + "\n")
    assert office.run("load", folder / "world.json").code == 0
    assert office.run("import", "calls", folder / "calls.csv", "--source", "list").code == 0
    assert [office.run("close", "--month", month).code for month in MONTHS] == [0, 0, 0]
    assert python(office, ASK) == 0
    return office


def numbers() -> list[str]:
    return [str(1001 + place) for place in range(CLIENTS)]


def kept(office: Installation) -> tuple[list[tuple[str, str, str]], list[str], int]:
    """Each client's difference, what the worker says it has done, and how many months are measured by calls."""
    rows = office.rows(
        "select number, present, difference from controlling_whatifclient w"
        " join accounts_client c on c.id = w.client_id order by number"
    )
    done = office.rows("select clients_done, months_done from controlling_whatif where done is not null")
    measured = "select m.id from billing_measuredmonth m join billing_definition d on d.id = m.definition_id"
    calls = office.rows(f"{measured} where cast(d.said as text) like '%calls_accepted%'")
    amounts = [(str(number), f"{present:.2f}", f"{difference:.2f}") for number, present, difference in rows]
    return amounts, [f"{clients}/{months}" for clients, months in done], len(calls)


@pytest.mark.parametrize(("fault", "nth"), FAULTS)
def test_killed_what_if_goes_on_where_it_was(
    installations: Installations, filled: Installation, fault: str, nth: int
) -> None:
    office = installations.new(template=filled)
    assert python(office, WORK, BALIE_FAULT=f"{fault}:{nth}") == -signal.SIGKILL
    before, done, _ = kept(office)
    assert len(before) == {"what-if-recorded": 2 * (nth - 1), "what-if-kept": 2 * nth}.get(
        fault, 6 * (fault[-4:] == "done")
    )
    assert done == []
    assert python(office, FREE + WORK) == 0
    # Three calls a month of 60 to 65 seconds at 0.60 a minute, against 1.00 each: 9.00 in three months.
    wanted = [
        (number, f"{5.40 + place * 0.09:.2f}", f"{3.60 - place * 0.09:.2f}") for place, number in enumerate(numbers())
    ]
    assert kept(office) == (wanted, ["6/3"], CLIENTS * len(MONTHS))
