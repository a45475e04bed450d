"""What tells one event is looked up by its key in an index, however much was ever sent."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from balie.messages.actions import queue_sms
from balie.operator.actions import Author
from tests import make

pytestmark = pytest.mark.django_db


def mail() -> None:
    make.mail(key="event")


def sms() -> None:
    queue_sms(client=make.client(), to="+31612345678", text="Hallo", key="event", author=Author("Anna", make.NOW))


@pytest.mark.parametrize(("queue", "index"), [(mail, "one_mail_an_event"), (sms, "one_sms_an_event")])
def test_a_key_is_looked_up_in_its_index(queue: Callable[[], None], index: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL finds the index of a part of a table by itself, and uses none for few rows")
    make.operator()
    with CaptureQueriesContext(connection) as asked:
        queue()
    lookups = [one["sql"] for one in asked if one["sql"].startswith("SELECT") and "= 'event'" in one["sql"]]
    assert lookups
    for sql in lookups:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}".replace("%", "%%"))
            assert index in str(cursor.fetchall())
