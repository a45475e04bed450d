"""The worker that sends SMS, killed at any point: none is sent twice, none is lost, and what nobody knows is said."""

import signal
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.installation import Installation
from tests.messages.gateway_server import SmsServer, sms_server
from tests.notifications.test_killed import python, start

EACH = 12
# Where the worker dies; and of the SMS that were due then, how many may be unknown.
POINTS = {
    "sms-taken": EACH,
    "sms-answered:5": EACH,
    "sms-before-settled": EACH,
    "sms-settled": 0,
    "sms-before-taken": 0,
}
SET_UP = f"""
from django.utils import timezone
from balie.accounts.models import Client
from balie.messages.actions import queue_sms
from balie.messages.models import Outgoing
from balie.operator.actions import Author
from balie.operator.models import Operator
gateway = {{{{"kind": "http", "url": "{{url}}", "password": "of both"}}}}
Operator.objects.update_or_create(id=1, defaults={{{{"name": "De Linde", "sms_gateway": gateway}}}})
client = Client.objects.create(number="1001", name="Bakker")
for point in {list(POINTS)}:
    for at in range({EACH}):
        queue_sms(client=client, to="+31612345678", text=f"{{{{point}}}} {{{{at}}}}", about=point,
                  author=Author("test", timezone.now()))
Outgoing.objects.update(due="2100-01-01T00:00Z")
"""
# What a worker that died held is free again 90 seconds later; nobody waits for that here.
WORK = """
from balie.leases.models import FREE
from balie.messages.models import Line, Outgoing
from balie.worker.jobs import lane_called
from balie.worker.loop import run_all_once
from balie.worker.process import Stop
Line.objects.update(lease_until=FREE, attempts=0)
Outgoing.objects.filter(about="{point}").update(due="2020-01-01T00:00Z")
assert run_all_once([lane_called("sms")], Stop()).failed == 0
"""
WITHOUT_A_LEASE = """
from datetime import timedelta
from balie.messages.actions import the_line
from balie.messages.models import Outgoing
from balie.operator.models import Operator
from balie.worker.sms import Sending, kept
from balie.worker.turn import Turn
class Held(Turn):
    def keep(self):
        pass
Outgoing.objects.filter(state="waiting").update(due="2020-01-01T00:00Z")
sending = Sending(kept(Operator.objects.get().sms_gateway), Held(the_line(), timedelta(hours=1)))
while sending.round():
    pass
"""


@pytest.fixture(scope="module")
def server() -> Iterator[SmsServer]:
    with sms_server() as server:
        yield server


def states(office: Installation, point: str) -> Counter[str]:
    return Counter(
        state for about, state in office.rows("select about, state from sms_outgoing") if point in ("", about)
    )


def test_worker_killed_at_every_point_sends_nothing_twice_and_loses_nothing(
    installation: Installation, server: SmsServer
) -> None:
    assert python(installation, SET_UP.format(url=server.url)) == 0
    for point in POINTS:
        assert python(installation, WORK.format(point=point), BALIE_FAULT=point) == -signal.SIGKILL, point
    assert python(installation, WORK.format(point="")) == 0
    for point, most in POINTS.items():
        found = states(installation, point)
        assert set(found) <= {"sent", "unknown"} and found.total() == EACH, (point, found)
        assert found["unknown"] <= most, (point, found)
    keys = Counter(server.keys)
    assert keys.most_common(1)[0][1] == 1
    rows = installation.rows("select mark, state, id from sms_outgoing")
    assert {mark for mark, state, _pk in rows if state == "sent"} <= set(keys)
    # Every SMS the gateway acknowledged, and we know of it, is counted once.
    sent = {f"own-{pk}" for _mark, state, pk in rows if state == "sent"}
    assert sorted(key for (key,) in installation.rows("select key from sms_message")) == sorted(sent)
    assert installation.rows("select messages, parts from sms_smsmonth") == [(len(sent), len(sent))]


def test_two_who_believe_that_the_line_is_theirs_send_each_sms_once(
    installation: Installation, server: SmsServer
) -> None:
    assert python(installation, SET_UP.format(url=server.url)) == 0
    server.came.clear()
    both = [start(installation, WITHOUT_A_LEASE) for _ in range(2)]
    assert [one.wait(timeout=120) for one in both] == [0, 0]
    assert Counter(server.keys) == Counter({key for (key,) in installation.rows("select mark from sms_outgoing")})
    assert states(installation, "") == {"sent": EACH * len(POINTS)}
    assert installation.rows("select messages from sms_smsmonth") == [(EACH * len(POINTS),)]
