"""Whoever places, works on or ends orders is killed at every point: done again, each order goes its way, once."""

import re
import signal

import pytest

from tests.contracts.ordering import MAKE, ROOT, check, histories, run, statuses
from tests.installation import Installation, Installations

# As the loop of a worker does it, without the other lanes: to read their code takes longer than the test.
WORK = """
import importlib, signal
from datetime import date
from django.db import connections
from balie.leases import actions as leases, faults
from balie.leases.models import FREE
from balie.calls.models import Call
from balie.contracts.models import Contract
from balie.notifications.models import Mail
from balie.numbers.models import Assignment, FakeRoute, Number
from balie.worker import orders
from balie.worker.turn import Turn

def begin_anew():
    for rows in (Mail, Call, FakeRoute, Order, Cancellation, Contract, Number):
        rows.objects.all().delete()
    put_numbers(["+31201234501", "+31201234502"])

def work():
    orders.first_calls(timezone.now())
    orders.put_off(timezone.now())
    for due, act in ((orders.due, orders.advance), (orders.due_to_remove, orders.remove)):
        seen = []
        while row := leases.claim(due(timezone.now()).exclude(pk__in=seen), now=timezone.now(), length=orders.LEASE):
            seen.append(row.pk)
            act(row, Turn(row, orders.LEASE))

def down(verb):
    Operator.objects.update(switch={"kind": "fake", "down": verb})

def lease_runs_out():
    Order.objects.update(lease_until=FREE, due=timezone.now())

def day_passes():
    day = timedelta(days=1)
    for row in Assignment.objects.all():
        Assignment.objects.filter(pk=row.pk).update(first_day=row.first_day - day, last_day=row.last_day - day)

def killed(point, deed):
    # Does it in a process of its own, which dies at this point as by kill -9.
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            os.environ["BALIE_FAULT"] = point
            importlib.reload(faults)
            deed()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, (point, status)

def order():
    place("1001", "T0")
    place("1002", "T0")

def cancel():
    for client in Client.objects.filter(number__in=("1001", "1002")):
        actions.cancel_service(client=client, service="telephone", author=author())

def withdraw():
    for row in Order.objects.order_by("pk"):
        actions.withdraw_order(order=row, author=author())

def withdraw_cancellations():
    for row in Cancellation.objects.order_by("pk"):
        actions.withdraw_cancellation(cancellation=row, author=author())
"""
ORDERED = "order()"
READY = "order(); work()"
ENDED = "order(); work(); cancel(); day_passes()"
CALLED = """
from tests import make
order(); work()
for row in Order.objects.all():
    make.call(row.client, callee=row.number.number, start=timezone.now())
"""
NO_NUMBERS = "Number.objects.all().delete(); order(); put_numbers(['+31201234501', '+31201234502'])"
WAYS = {
    "ready": ["claimed", "configured", "ready"],
    "waited for a number": ["waiting", "claimed", "configured", "ready"],
    "waited for the phone system": ["claimed", "waiting", "ready"],
    "active": ["claimed", "configured", "ready", "active"],
    "withdrawn": ["claimed", "withdrawn"],
}
# Per point: what happened before, what is killed there (the n-th time) and done again, which way the orders go.
POINTS = {
    "number-claimed:2": ("", "order", "ready"),
    "mail-queued:3": ("", "order", "ready"),
    "order-placed:2": ("", "order", "ready"),
    "order-claimed:2": (NO_NUMBERS, "work", "waited for a number"),
    "order-claimed-stored": (ORDERED, "work", "ready"),
    "order-switched": (ORDERED, "work", "ready"),
    "order-configured": (ORDERED, "work", "ready"),
    "order-proven:2": (ORDERED, "work", "ready"),
    "order-ready": (ORDERED, "work", "ready"),
    "order-waits": ("order(); down('configure')", "work", "waited for the phone system"),
    "order-active:2": (CALLED, "work", "active"),
    "order-withdrawn:2": (ORDERED, "withdraw", "withdrawn"),
    "order-removed": (ENDED, "work", "ready"),
    "cancelled:2": (READY, "cancel", "ready"),
    "cancellation-withdrawn:2": (READY + "; cancel()", "withdraw_cancellations", "ready"),
}
ELSEWHERE = {"notice-given", "stock-told"}  # points in the same folders that are not on the way of an order
AGAIN = """
lease_runs_out()
{deed}()
down("")
lease_runs_out()
work()
"""


@pytest.fixture(scope="module")
def office(installations: Installations) -> Installation:
    """Two clients. One for all points: to copy a database for each would take longer than the rest."""
    made = installations.ready()
    assert run(made, MAKE.format(tariffs=1, clients=2)) == 0
    return made


def test_every_point_of_an_orders_way_is_killed_at() -> None:
    files = [*(ROOT / "balie/contracts").rglob("*.py"), *(ROOT / "balie/numbers").rglob("*.py")]
    files += [ROOT / "balie/worker/orders.py"]
    code = "\n".join(file.read_text() for file in files)
    named = set(re.findall(r'\bfault\("([^"]+)"\)', code))
    reached = {f"order-{status.lower()}" for status in re.findall(r"\breach\(.*status=Status\.(\w+)", code)}
    assert len(re.findall(r"\bfault\(", code)) == len(re.findall(r'\bfault\("', code)) + 1  # f"order-{status}"
    assert {point.partition(":")[0] for point in POINTS} == (named | reached | {"mail-queued"}) - ELSEWHERE


@pytest.mark.parametrize("point", POINTS)
def test_killed_and_done_again_each_order_goes_its_way_once(office: Installation, point: str) -> None:
    before, deed, way = POINTS[point]
    assert run(office, f"{WORK}begin_anew()\n{before}\nkilled({point!r}, {deed}){AGAIN.format(deed=deed)}") == 0
    check(office)
    assert histories(office) == {"1001": WAYS[way], "1002": WAYS[way]}
    assert statuses(office) == {WAYS[way][-1]: 2}
    contracts = office.rows('select c."end" is null from contracts_contract c')
    ended = deed == "cancel" or ("cancel" in before and deed == "work")
    assert [bool(goes_on) for (goes_on,) in contracts] == ([] if way == "withdrawn" else [not ended] * 2)
    removed = office.rows("select 1 from contracts_order where removed is not null")
    assert len(removed) == (2 if point in ("order-removed", "order-withdrawn:2") else 0)
    told_of = {"cancellation_receipt": "cancel" in before + deed, "cancellation_undone": deed.endswith("cancellations")}
    for kind, times in told_of.items():
        assert len(office.rows(f"select 1 from notifications_mail where kind = '{kind}'")) == 2 * times


def test_killed_command_goes_on_where_it_was(office: Installation) -> None:
    assert run(office, f"{WORK}begin_anew(); {ORDERED}") == 0
    for point in ("order-switched", "order-proven"):
        assert office.run("work", "--once", "--lane", "orders", BALIE_FAULT=point).code == -signal.SIGKILL
    assert run(office, WORK + "lease_runs_out(); work()") == 0
    assert histories(office) == {"1001": WAYS["ready"], "1002": WAYS["ready"]}
    check(office)
