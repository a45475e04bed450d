"""What monitoring asks: /livez, /readyz, /metrics."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from balie.calls.models import Source
from balie.leases import actions as leases
from tests import make
from tests.api.ask import program

pytestmark = pytest.mark.django_db


def samples(client: Client, **extra: str) -> dict[str, float]:
    """Name with labels -> value, checked line by line for Prometheus' own rules."""
    answer = client.get("/metrics", headers=extra)
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    found = {}
    for line in answer.text.splitlines():
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            found[name] = float(value)
    return found


@pytest.mark.parametrize("address", ["/livez", "/readyz"])
@pytest.mark.parametrize("host", ["testserver", "10.1.2.3:8000", "evil.example"])
def test_health_answers_under_every_name(address: str, host: str) -> None:
    answer = Client(headers={"Host": host}).get(address)
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_livez_needs_no_database(django_db_blocker: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "cursor", out_of_order)
    assert Client().get("/livez").status_code == 200


def out_of_order(*_: object) -> None:
    raise OperationalError("server closed the connection unexpectedly")


@pytest.mark.parametrize("address", ["/readyz", "/metrics"])
def test_without_a_database_it_says_so(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "cursor", out_of_order)
    answer = Client().get(address)
    assert (answer.status_code, answer.content) == (503, b"the database does not answer\n")


def test_readyz_with_an_older_database_says_what_to_do() -> None:
    MigrationRecorder.Migration.objects.filter(app="leases").delete()
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"the database is not of this version: balie init\n")


@pytest.mark.parametrize("address", ["/livez", "/readyz", "/metrics"])
def test_health_is_only_read(address: str) -> None:
    assert Client().post(address).status_code == 405


@pytest.mark.parametrize(
    ("role", "origin", "header", "status"),
    [
        (None, "127.0.0.1", "", 200),
        (None, "127.8.8.8", "", 200),
        (None, "::1", "", 200),
        (None, "127.0.0.1", "X-Forwarded-For", 401),
        (None, "127.0.0.1", "Forwarded", 401),
        (None, "127.0.0.1", "X-Real-IP", 401),
        (None, "192.0.2.1", "", 401),
        (None, "", "", 401),
        (None, "unix:", "", 401),
        ("agent", "192.0.2.1", "", 403),
        ("manager", "192.0.2.1", "", 200),
        ("administrator", "192.0.2.1", "X-Forwarded-For", 200),
    ],
)
def test_metrics_for_whom(role: str | None, origin: str, header: str, status: int) -> None:
    headers = {header: "127.0.0.1"} if header else {}
    assert program(role).get("/metrics", headers=headers, REMOTE_ADDR=origin).status_code == status


def test_metrics_of_an_empty_office() -> None:
    found = samples(Client())
    assert found["balie_unassigned_calls"] == 0
    assert found['balie_queue{job="look at files"}'] == 0
    assert found['balie_workers{lane="imports"}'] == 0


def test_metrics_count_what_came_and_what_waits() -> None:
    make.operator()
    now = timezone.now()
    source = make.source('p"b\\x', files={"url": "/nowhere/*.csv"}, look_every=5)
    Source.objects.filter(pk=source.pk).update(last_look=now - timedelta(hours=2), last_problem="It may not be read.")
    make.source("parked", files={"url": "/nowhere/*.csv"}, parked="A fault")
    make.call(None, source=source)
    leases.beat(host="h", pid=1, lane="imports", now=now)
    leases.beat(host="h", pid=2, lane="imports", now=now - timedelta(minutes=5))
    found = samples(Client())
    assert found["balie_unassigned_calls"] == 1
    assert found['balie_source_problem{source="p\\"b\\\\x"}'] == 1
    assert 7200 <= found['balie_source_last_look_age_seconds{source="p\\"b\\\\x"}'] < 7210
    assert found['balie_queue{job="look at files"}'] == 1
    assert found['balie_parked{job="look at files"}'] == 1
    assert found['balie_workers{lane="imports"}'] == 1


def test_metrics_of_imported_calls() -> None:
    from tests.worker.files import lines

    make.operator()
    make.source("pbx")
    client = program("manager")
    client.generic("POST", "/api/v1/calls?source=pbx", lines(1, 3) + "x\n", content_type="text/csv")
    found = samples(Client())
    assert found['balie_calls{source="pbx",type="accepted"}'] == 3
    assert found['balie_imports_total{source="pbx",outcome="done"}'] == 1
    assert found['balie_bad_lines{source="pbx"}'] == 1


def test_metrics_take_a_query_a_family(django_assert_max_num_queries: object) -> None:
    from balie.api.metrics import FAMILIES
    from balie.worker.jobs import LANES, lane_called

    jobs = sum(len(lane.jobs) for lane in LANES)  # two families ask each job
    for number in range(5):
        make.source(f"pbx{number}", files={"url": "/x"})
    assert callable(django_assert_max_num_queries)
    of_orders = 2 * len(lane_called("orders").jobs)  # each asks for the operator first
    with django_assert_max_num_queries(len(FAMILIES) - 2 + 2 * jobs + of_orders):
        samples(Client())
