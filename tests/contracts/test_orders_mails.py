"""The mails of an order through a mail server that refuses, hangs or drops the line: each arrives, as the same mail."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from balie.contracts.actions import place_order
from balie.leases.models import FREE
from balie.notifications import post
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.worker.jobs import lane_called
from balie.worker.loop import Loop
from tests import make
from tests.notifications.mail_server import MailServer, mail_server

pytestmark = pytest.mark.django_db
KINDS = ["order_claimed", "order_configured", "order_new", "order_ready"]


def work(*lanes: str) -> None:
    for lane in lanes:
        Loop(lane_called(lane), once=True).run()


def ordered_from(server: MailServer) -> None:
    """An order that is ready, its mails in the outbox."""
    boxes = {"orders": "orders@delinde.example"}
    make.operator(switch={"kind": "fake"}, mail={"url": server.url}, mailboxes=boxes)
    make.number()
    client = make.client("1001", email="info@bakker.example")
    place_order(client=client, tariff=make.tariff("BASIS"), author=Author("Marit", make.NOW))
    work("orders")


@pytest.mark.parametrize(
    ("trouble", "copies"),
    [
        ({"to_data": ["451 Later", "452 Full"]}, 4),
        ({"to_sender": "421 Not now"}, 4),
        ({"hang_after_data": True}, 8),
        ({"drop_in_data": 3}, 4),
        ({"drop_after_data": 3}, 7),
    ],
    ids=["refuses mails", "refuses us", "hangs", "drops the line in DATA", "drops the line after DATA"],
)
def test_every_mail_of_an_order_is_in_the_outbox_once_and_arrives(
    trouble: dict[str, Any], copies: int, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    time_machine.move_to(make.NOW + timedelta(hours=1))
    with mail_server() as server:
        ordered_from(server)
        vars(server).update(trouble)
        monkeypatch.setattr(post, "STEP_SECONDS", 0.3)
        work("mails")
        assert Mail.objects.filter(sent=None).exists()
        server.hang_after_data, server.to_sender = False, ""
        server.released.set()
        monkeypatch.undo()
        Mail.objects.update(due=make.NOW, lease_until=FREE)
        work("orders", "mails")
    assert sorted(Mail.objects.values_list("kind", flat=True)) == KINDS
    assert not Mail.objects.filter(sent=None).exists()
    arrived = Counter(server.ids)
    assert set(arrived) == set(Mail.objects.values_list("message_id", flat=True))
    assert arrived.total() == copies
    assert len({one.content for one in server.taken}) == len(KINDS)
