"""An office of its own that takes orders: code run in processes of the installation, and what came of it.

Read around Django, so that only what is committed counts.
"""

from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

from balie.rules.activation import may_follow
from tests.installation import Installation

ROOT = Path(__file__).parents[2]
BEGIN = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "balie.config.settings"
sys.path.insert(0, sys.argv[1])
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from balie.accounts.models import Client
from balie.contracts import actions
from balie.contracts.models import Cancellation, Order
from balie.numbers.actions import put_numbers
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.tariffs.models import Tariff

def author():
    return Author("test", timezone.now())

def place(client, tariff):
    return actions.place_order(
        client=Client.objects.get(number=client), tariff=Tariff.objects.get(code=tariff), author=author()
    )

def work():
    # Here, since what they import must not be in a process that forks.
    from balie.worker.jobs import lane_called
    from balie.worker.loop import Loop
    assert Loop(lane_called("orders"), once=True).run().failed == 0
"""
# Clients 1001 and on with an address each, tariffs T0 and on, the invented phone system.
MAKE = """
from tests import make
boxes = {{name: f"{{name}}@delinde.example" for name in ("orders", "tasks", "cancellations")}}
make.operator(switch={{"kind": "fake"}}, mailboxes=boxes)
for number in range({tariffs}):
    make.tariff(f"T{{number}}", items=({{"meter": "basic_fee", "price": "39.00"}},), notice="none")
for number in range(1001, 1001 + {clients}):
    make.client(str(number), email=f"{{number}}@x.example")
"""
NUMBERS = """
put_numbers(f"+3120123{{number:04d}}" for number in range({first}, {first} + {count}))
"""


def run(installation: Installation, code: str, **more: str) -> int:
    """Runs this in a process of the installation to its end; its exit status, -9 when it was killed."""
    return installation.code(BEGIN + code, str(ROOT), **more).wait(timeout=120)


def statuses(office: Installation) -> dict[str, int]:
    """How many orders stand where."""
    return dict(Counter(str(status) for (status,) in office.rows("select status from contracts_order")))


def histories(office: Installation) -> dict[str, list[str]]:
    """Per client (number) the statuses its orders went through, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = office.rows(
        "select c.number, s.status from contracts_orderstep s join contracts_order o on o.id = s.order_id"
        " join accounts_client c on c.id = o.client_id order by s.at, s.id"
    )
    for number, status in rows:
        found[str(number)].append(str(status))
    return dict(found)


def told(office: Installation) -> list[tuple[str, str]]:
    """The mails to clients about their orders: client's number and status, in order."""
    rows = office.rows(
        "select recipient, kind from notifications_mail where recipient like '%@x.example' and kind like 'order_%'"
    )
    return sorted((to.partition("@")[0], kind.removeprefix("order_")) for to, kind in rows)


def check(office: Installation) -> None:
    """What holds at any time, however many worked at it and whoever was killed."""
    gone_through = histories(office)
    for history in gone_through.values():
        assert all(may_follow(before, after) for before, after in pairwise(history))
    wanted = sorted((client, one) for client, history in gone_through.items() for one in set(history))
    assert told(office) == wanted, (told(office), wanted)
    assert len(office.rows("select 1 from notifications_mail where kind = 'order_new'")) == len(gone_through)
    nobody_twice(office)
    routes = office.rows("select number, client from numbers_fakeroute")
    assert sorted(routes) == sorted(
        office.rows(
            "select n.number, c.number from contracts_order o join numbers_number n on n.id = o.number_id"
            " join accounts_client c on c.id = o.client_id where o.status in ('ready', 'active') and removed is null"
        )
    )


def nobody_twice(office: Installation) -> None:
    """No number is given twice on one day; orders have the numbers that are their clients', nobody else has any."""
    rows = office.rows(
        "select number_id, first_day, coalesce(last_day, '9999-12-31') from numbers_assignment order by 1, 2"
    )
    for (number, _first, last), (other, begin, _last) in pairwise(rows):
        assert number != other or str(last) < str(begin), (number, last, begin)
    ever = office.rows("select number_id, client_id from numbers_assignment")
    held = office.rows("select number_id, client_id from numbers_assignment where last_day is null")
    ordered = office.rows(
        "select number_id, client_id from contracts_order"
        " where number_id is not null and removed is null and status <> 'withdrawn'"
    )
    assert set(held) <= set(ordered) <= set(ever) and len(set(ordered)) == len(ordered)
