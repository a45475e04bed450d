"""What an SMPP gateway's address asks for is checked when a world file is loaded, in the words of `balie doctor`."""

from typing import Any

import pytest

from balie.messages.gateways import GatewayDown
from balie.messages.gateways.smpp_place import Place
from balie.rules.errors import Refused
from tests.world.sample import load

pytestmark = pytest.mark.django_db


def gateway(url: str) -> dict[str, Any]:
    return {"operator": {"sms_gateway": {"kind": "smpp", "url": url, "password": "env:SMS_PASSWORD"}}}


@pytest.mark.parametrize(
    "url",
    [
        "smpp://sms.example.com:2775",
        "smpp://linde@sms.example.com/path",
        "smpp://linde@sms.example.com?per_second=fast",
        "smpp://linde@sms.example.com?window=0",
        "smpp://linde@sms.example.com?window=1&window=2",
        "smpp://linde@sms.example.com?zone=Mars",
        "smpp://linde@sms.example.com?tls=perhaps",
        "smpp://linde@sms.example.com?colour=red",
    ],
)
def test_what_no_gateway_takes_is_refused_with_its_path_in_the_words_of_doctor(url: str) -> None:
    with pytest.raises(GatewayDown) as doctor:
        Place.parse({"kind": "smpp", "url": url})
    with pytest.raises(Refused) as refused:
        load(gateway(url))
    assert (refused.value.where, refused.value.message) == ("operator.sms_gateway.url", doctor.value.why)


def test_what_a_gateway_takes_is_loaded() -> None:
    said = gateway("smpp://linde@sms.example.com:2775?per_second=20&window=10&zone=Europe/Amsterdam&tls=yes")
    assert load(said).total.changed == 1
