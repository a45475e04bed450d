"""The worker killed while receipts come by its line: the gateway says again what was not confirmed, and each counts."""

import signal
from collections import Counter

import pytest

from tests.installation import Installation
from tests.messages.smpp_lines import until
from tests.messages.test_sending_killed import states
from tests.notifications.test_killed import python
from tests.telephony.smsc import Smsc, Ways

EACH = 4
POINTS = ("sms-before-receipts", "sms-heard")
SET_UP = f"""
from django.utils import timezone
from balie.accounts.models import Client
from balie.messages.actions import queue_sms
from balie.operator.actions import Author
from balie.operator.models import Operator
Operator.objects.update_or_create(id=1, defaults={{{{"name": "De Linde", "sms_gateway": {{gateway!r}}}}}})
client = Client.objects.create(number="1001", name="Bakker")
for at in range({EACH}):
    queue_sms(client=client, to="+31612345678", text=f"{{{{at}}}}", author=Author("test", timezone.now()))
"""
WORK = """
from balie.leases.models import FREE
from balie.messages.models import Line
from balie.worker.jobs import lane_called
from balie.worker.loop import run_all_once
from balie.worker.process import Stop
Line.objects.update(lease_until=FREE, attempts=0)
assert run_all_once([lane_called("sms")], Stop()).failed == 0
"""


@pytest.mark.parametrize("point", POINTS)
def test_receipts_are_stored_once_although_the_worker_was_killed(installation: Installation, point: str) -> None:
    smsc = Smsc(Ways(receipts=1))
    try:
        assert python(installation, SET_UP.format(gateway=smsc.settings)) == 0
        smsc.set(receipt_late=0.5)  # they come while the worker still listens, or with its next line
        ends: Counter[int] = Counter()

        def killed() -> bool:  # a turn ends as it should when it stopped listening before they came
            ends[python(installation, WORK, BALIE_FAULT=point)] += 1
            return ends[-signal.SIGKILL] == 2

        def confirmed() -> bool:
            ends[python(installation, WORK)] += 1
            return len(smsc.book.confirmed) >= EACH

        until(killed, 60)
        assert smsc.book.confirmed == []
        until(confirmed, 60)
        assert set(ends) <= {0, -signal.SIGKILL}, ends
    finally:
        smsc.stop()
    assert set(smsc.book.confirmed) == {"1", "2", "3", "4"} and smsc.book.submitted == EACH
    assert states(installation, "") == {"delivered": EACH}
    assert installation.rows("select messages, parts from sms_smsmonth") == [(EACH, EACH)]
    assert installation.rows("select count(*) from sms_smspart where fate = 'delivered'") == [(EACH,)]
