"""Settings that sums go by are not changed while call files are stored; who asks is told at once."""

from threading import Event, Thread

import pytest
from django.db import connection, transaction

from balie.calls.models import Source
from balie.operator.actions import Author
from balie.operator.models import LogEntry, Operator
from balie.rules.errors import Refused
from balie.world.changed import put
from tests import make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_time_zone_and_service_level_wait_for_an_import() -> None:
    make.operator()
    source = make.source()
    held, done = Event(), Event()

    def store() -> None:
        """What an import does while it stores a file."""
        try:
            with transaction.atomic():
                Source.objects.select_for_update().get(pk=source.pk)
                held.set()
                done.wait(60)
        finally:
            connection.close()

    reading = Thread(target=store)
    reading.start()
    assert held.wait(60)
    for wanted in ({"answer_seconds": 30}, {"timezone": "Europe/London"}):
        with pytest.raises(Refused, match="Call files are being read at this moment"):
            put(wanted, author=Author("Joris", make.NOW))
    assert put({"low_stock": 3}, author=Author("Joris", make.NOW)) is not None
    done.set()
    reading.join(60)
    assert put({"answer_seconds": 30}, author=Author("Joris", make.NOW)) is not None
    assert (Operator.objects.get().answer_seconds, LogEntry.objects.count()) == (30, 2)
