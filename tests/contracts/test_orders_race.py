"""A hundred orders at once for fifty numbers, from eight processes, with workers at it meanwhile: none given twice."""

import pytest

from tests.contracts.ordering import MAKE, NUMBERS, check, histories, run, statuses, told
from tests.installation import Installation

PLACING, WORKING, ORDERS, FREE = 8, 3, 100, 50
# Real processes, forked from one that has read the code: they begin at the same moment, not one by one.
CROWD = """
import multiprocessing, time
from django.db import connections
forking = multiprocessing.get_context("fork")
placed = forking.Event()
gates = []  # kept: the memory of a gate that nobody holds here is given to the next one

def at_once(*deeds):
    # Runs each in a process of its own; none begins before all are there.
    gate = forking.Barrier(len(deeds))
    gates.append(gate)
    connections.close_all()  # two processes on one line to the database would read each other's answers
    def child(deed):
        gate.wait(30)
        deed()
    crowd = [forking.Process(target=child, args=(deed,), daemon=True) for deed in deeds]
    for one in crowd:
        one.start()
    return crowd

def ended(crowd):
    for one in crowd:
        one.join(60)
    assert [one.exitcode for one in crowd] == [0] * len(crowd), [one.exitcode for one in crowd]

def keep_working():
    while not placed.is_set():
        work()
        time.sleep(0.05)
    work()
"""
# A tariff for each process: orders of one tariff take turns at its code, and would never meet at the numbers.
ORDER = f"""
def placing(process):
    for number in range(1001 + process, 1001 + {ORDERS}, {PLACING}):
        place(str(number), f"T{{process}}")

from functools import partial
workers = at_once(*[keep_working] * {WORKING})
ended(at_once(*[partial(placing, process) for process in range({PLACING})]))
placed.set()
ended(workers)
work()
"""
WORK = f"""
placed.set()
ended(at_once(*[keep_working] * {WORKING}))
work()
"""


@pytest.fixture
def office(installation: Installation) -> Installation:
    made = MAKE.format(tariffs=PLACING, clients=ORDERS) + NUMBERS.format(first=0, count=FREE)
    assert run(installation, made) == 0
    return installation


def test_a_hundred_orders_at_once_for_fifty_numbers_get_each_number_once(office: Installation) -> None:
    assert run(office, CROWD + ORDER) == 0
    assert statuses(office) == {"ready": FREE, "waiting": ORDERS - FREE}
    assert len(office.rows("select distinct number_id from contracts_order where number_id is not null")) == FREE
    check(office)
    waited = {client for client, history in histories(office).items() if history[-1] == "waiting"}
    assert run(office, NUMBERS.format(first=FREE, count=ORDERS - FREE) + CROWD + WORK) == 0
    assert statuses(office) == {"ready": ORDERS}
    assert len(office.rows("select distinct number_id from contracts_order where number_id is not null")) == ORDERS
    check(office)
    for client in waited:
        assert histories(office)[client] == ["waiting", "claimed", "configured", "ready"]
    assert {client for client, status in told(office) if status == "ready"} == set(histories(office))
