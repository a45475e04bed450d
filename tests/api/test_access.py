"""Who may ask what: every address of the API for every role."""

import json
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver

from balie.accounts.models import Client
from balie.api.root import api
from balie.billing.models import FrozenBill
from balie.calls.models import ClosedMonth
from balie.contracts.actions import place_order
from balie.contracts.models import Order
from balie.controlling.models import WhatIf
from balie.messages.actions import queue_sms
from balie.messages.models import Outgoing
from balie.operator.actions import Author
from tests import make
from tests.api.ask import ROLES, error_of, program
from tests.web import make_what_if
from tests.worker.files import line

pytestmark = pytest.mark.django_db

# (method, address, query): the statuses without token, for agents, managers, administrators.
TABLE: dict[tuple[str, str, str], tuple[int, int, int, int]] = {
    ("GET", "/reports/calls", "client=1001&month=2026-11"): (401, 200, 200, 200),
    ("GET", "/reports/sms", "client=1001&month=2026-11"): (401, 200, 200, 200),
    ("GET", "/reports/month", "month=2026-11"): (401, 403, 200, 200),
    ("GET", "/reports/recording", "month=2026-11"): (401, 403, 200, 200),
    ("GET", "/findings", "month=2026-11"): (401, 403, 200, 200),
    ("GET", "/notes", ""): (401, 200, 200, 200),
    ("POST", "/notes", ""): (401, 200, 200, 200),
    ("POST", "/calls", "source=pbx"): (401, 403, 200, 200),
    ("POST", "/sms", "source=gateway"): (401, 403, 200, 200),
    ("POST", "/sms/send", ""): (401, 403, 200, 200),
    ("GET", "/sms/sent", ""): (401, 403, 200, 200),
    ("GET", "/sms/sent/{sms}", ""): (401, 403, 200, 200),
    ("POST", "/sms/sent/{sms}/again", ""): (401, 403, 200, 200),
    ("POST", "/sms/sent/{sms}/stop", ""): (401, 403, 200, 200),
    ("GET", "/sms/opt-outs", ""): (401, 403, 200, 200),
    ("POST", "/sms/opt-outs", ""): (401, 403, 200, 200),
    ("POST", "/sms/opt-outs/{number}/allow", ""): (401, 403, 200, 200),
    ("POST", "/sms/receipts", ""): (401, 401, 401, 401),  # the gateway signs them; a token lets nobody in
    ("GET", "/calls", ""): (401, 403, 200, 200),
    ("GET", "/clients", ""): (401, 403, 200, 200),
    ("GET", "/sources", ""): (401, 403, 200, 200),
    ("GET", "/imports", ""): (401, 403, 200, 200),
    ("GET", "/unassigned", ""): (401, 403, 200, 200),
    ("GET", "/prices", "month=2026-11"): (401, 403, 200, 200),
    ("GET", "/tariffs", ""): (401, 403, 200, 200),
    ("GET", "/contracts", ""): (401, 403, 200, 200),
    ("GET", "/tasks", ""): (401, 403, 200, 200),
    ("GET", "/what-ifs", ""): (401, 403, 200, 200),
    ("POST", "/what-ifs", "tariff=BASIS"): (401, 403, 200, 200),
    ("GET", "/what-ifs/clients", "what_if={what_if}"): (401, 403, 200, 200),
    ("GET", "/orders", ""): (401, 403, 200, 200),
    ("GET", "/orders/{reference}", ""): (401, 403, 200, 200),
    ("POST", "/orders", "client=1002&tariff=BASIS"): (401, 403, 200, 200),
    ("POST", "/cancellations", "client=1001&service=telephone"): (401, 403, 200, 200),
    ("POST", "/contracts/change", "client=1001&service=telephone&tariff=BASIS"): (401, 403, 200, 200),
}


@pytest.fixture(autouse=True)
def office() -> None:
    make.operator()
    client = make.client("1001")
    make.call(client, agent=make.agent("201"))
    tariff = make.contract(client).tariff
    make_what_if.done(tariff, (client, "9.00", "8.00"))
    place_order(client=make.client("1002"), tariff=tariff, author=Author("Marit", make.NOW))
    close_month(client)


def close_month(client: Client) -> None:
    """A what-if needs a closed month whose bills are kept."""
    bill = {"currency": "EUR", "net": 9, "vat": 1, "gross": 10, "rates": [], "created": make.NOW}
    FrozenBill.objects.create(client=client, month=202610, **bill)
    ClosedMonth.objects.create(month=202610, at=make.NOW)


BODIES: dict[str, Any] = {
    "/sms/send": {"client": "1001", "to": "+31612345678", "text": "Belt u terug?"},
    "/sms/opt-outs": {"number": "+31612345678"},
    "/sms/receipts": {"id": "1", "state": "delivered"},
}


def an_sms(address: str) -> int:
    """One that failed, where it is to be sent again; else one that waits."""
    author = Author("Marit", make.NOW)
    made = queue_sms(client=Client.objects.get(number="1001"), to="+31612345678", text="Hello", author=author)
    if address.endswith("/again"):
        Outgoing.objects.update(state="failed")
    return made.pk


def ask(client: Any, method: str, address: str, query: str) -> Any:
    path = address.format(reference=Order.objects.get().reference, sms=an_sms(address), number="+31612345678")
    url = f"/api/v1{path}?{query.format(what_if=WhatIf.objects.earliest('pk').pk)}"
    if method == "GET":
        return client.get(url)
    body = b"sent_at,from,to,text" if path == "/sms" else line(1)
    kind = "text/csv"
    if path in BODIES:
        body, kind = json.dumps(BODIES[path]).encode(), "application/json"
    if path == "/notes":
        body, kind = json.dumps({"client": "1001", "agent": "201", "text": "Belt terug"}), "application/json"
    return client.generic(method, url, body, content_type=kind)


@pytest.mark.parametrize(("request_line", "statuses"), TABLE.items(), ids=[" ".join(key[:2]) for key in TABLE])
@pytest.mark.parametrize("who", [None, *ROLES])
def test_address_for_role(request_line: tuple[str, str, str], statuses: tuple[int, ...], who: str | None) -> None:
    response = ask(program(who), *request_line)
    assert response.status_code == dict(zip([None, *ROLES], statuses, strict=True))[who], response.content
    if response.status_code >= 400:
        assert error_of(response)["code"] == {401: "unauthorized", 403: "forbidden"}[response.status_code]


def test_every_address_has_a_row() -> None:
    described = json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))["paths"]
    offered = {(method.upper(), path) for path, methods in described.items() for method in methods}
    assert offered == {key[:2] for key in TABLE}
    assert len(offered) == count(api.urls[0]) - 2  # the description itself, and the root that ninja keeps for links


def count(patterns: list[URLPattern | URLResolver]) -> int:
    """Addresses and methods that are routed, described or not."""
    total = 0
    for pattern in patterns:
        view = (
            getattr(getattr(pattern.callback, "__self__", None), "operations", None)
            if isinstance(pattern, URLPattern)
            else None
        )
        total += sum(len(operation.methods) for operation in view) if view else 1
    return total


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "bearer  ", "Bearer \x00", "Bearer " + "x" * 5000, "Token abc"],
)
def test_wrong_token_is_no_token(header: str) -> None:
    response = program(None, Authorization=header).get("/api/v1/clients")
    assert response.status_code == 401
    assert error_of(response)["code"] == "unauthorized"
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_withdrawn_token_is_no_token() -> None:
    from balie.accounts.models import Token

    client = program("manager")
    assert client.get("/api/v1/clients").status_code == 200
    Token.objects.all().delete()
    assert client.get("/api/v1/clients").status_code == 401


def test_session_of_a_manager_is_no_token() -> None:
    client = program(None)
    client.force_login(make.user())
    assert client.get("/api/v1/clients").status_code == 401
