"""Files with a call a line: what they say of numbers is shown as they say it."""

import pytest

from balie.calls.models import Call, Source
from tests.calls.sample import sample_world, take

pytestmark = pytest.mark.django_db
COLUMNS = {"start": 0, "direction": 1, "caller": 2, "callee": 3, "talk": 4, "client": 5}


def source() -> Source:
    return sample_world(name="csv", format="generic", options={"columns": COLUMNS})


@pytest.mark.parametrize(
    ("callee", "shown"),
    [
        ("112", "112"),
        ("support", "support"),
        ("sip:office@example.com", "sip:office@example.com"),
        ("0209999999", "+31209999999"),
        ("", "+31201234501"),
    ],
)
def test_number_called_stays_as_received_whoever_the_client_is(callee: str, shown: str) -> None:
    take(source(), f"2026-11-02 09:00:00,inbound,0612345678,{callee},30,1001\n".encode())
    call = Call.objects.get()
    assert (call.client and call.client.number, call.callee, call.type) == ("1001", shown, "accepted")


@pytest.mark.parametrize(("caller", "shown"), [("0687654321", ""), ("91001 0687654321", ""), ("201", "201")])
def test_caller_of_an_outbound_call_is_never_the_number_called(caller: str, shown: str) -> None:
    take(source(), f"2026-11-02 09:00:00,outbound,{caller},+31687654321,30,1001\n".encode())
    assert Call.objects.values_list("caller", "callee").get() == (shown, "+31687654321")
