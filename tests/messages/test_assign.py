"""SMS find their client afterwards: by a load of numbers or clients, by hand; and the sums go with them."""

import json
from typing import Any

import pytest

from balie.calls.actions import mark_closed
from balie.calls.models import ChangedMonth
from balie.messages.actions import assign_name, undo_assignment
from balie.messages.models import Message
from balie.messages.queries import unassigned_groups
from balie.operator.actions import Author
from balie.rules.errors import Refused
from balie.world.loading import load_world
from tests import make
from tests.messages.lists import an_office, counted, sums, take

pytestmark = pytest.mark.django_db

AUTHOR = Author("Marit", make.NOW)
LINES = ["2026-11-20 10:00:00,0301112233,0612345678,one", "2026-11-21 10:00:00,LINDE,0612345678,other"]


def load(**said: Any) -> None:
    load_world(json.dumps(said).encode(), name="world.json", author=AUTHOR)


def owners() -> dict[str, str | None]:
    return dict(Message.objects.values_list("text", "client__number"))


def test_numbers_loaded_later_give_stored_sms_their_client() -> None:
    an_office()
    take(LINES)
    load(numbers=[{"number": "+31301112233", "client": "1001", "from": "2026-11-01"}])
    assert owners() == {"one": "1001", "other": None}
    assert sums() == counted() == {("1001", 202611): (1, 1)}
    load(numbers=[{"number": "+31301112233", "client": "1001", "from": "2026-11-21"}])
    assert sums() == counted()


def test_clients_loaded_later_get_the_sms_that_name_them() -> None:
    an_office()
    take(["2026-11-20 10:00:00,0201234501,0612345678,2,1009"], header="sent_at,from,to,parts,client")
    load(clients=[{"number": "1009", "name": "New"}])
    assert sums() == counted() == {("1009", 202611): (1, 2)}


def test_other_time_zone_puts_sms_into_its_months() -> None:
    an_office()
    take(["2026-10-31 23:30:00,0201234501,0612345678,x"])
    assert sums() == {("1001", 202610): (1, 1)}
    load(operator={"timezone": "Europe/Moscow"})
    assert sums() == {("1001", 202611): (1, 1)}


def test_sender_given_by_hand_keeps_its_client_and_can_be_taken_back() -> None:
    one, _ = an_office()
    take(LINES)
    assert [(group.name, group.messages) for group in unassigned_groups()] == [("+31301112233", 1), ("LINDE", 1)]
    done = assign_name(name="LINDE", client=one, author=AUTHOR)
    assert done.messages == 1
    take(["2026-11-22 10:00:00,LINDE,0612345678,later"])
    assert owners() == {"one": None, "other": "1001", "later": "1001"}
    assert sums() == counted()

    assert undo_assignment(entry=done.entry, author=AUTHOR) == 2
    assert set(owners().values()) == {None}
    assert sums() == {}
    with pytest.raises(Refused, match="taken back already"):
        undo_assignment(entry=done.entry, author=AUTHOR)
    with pytest.raises(Refused, match="without a client any more"):
        assign_name(name="nobody", client=one, author=AUTHOR)


def test_assignment_in_a_closed_month_is_late_and_asks_for_a_correction() -> None:
    one, _ = an_office()
    take(LINES)
    mark_closed(month=202611, now=make.NOW)
    assign_name(name="LINDE", client=one, author=AUTHOR)
    assert Message.objects.get(text="other").late
    assert list(ChangedMonth.objects.values_list("client__number", "month")) == [("1001", 202611)]
