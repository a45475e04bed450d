"""Where links in mails lead: to the operator's address, else to where this machine listens."""

import pytest

from balie.operator.models import Operator
from balie.operator.queries import PORT, pages


@pytest.mark.parametrize(
    ("base_url", "port", "found"),
    [
        ("", None, "http://127.0.0.1:8000"),
        ("", "8117", "http://127.0.0.1:8117"),
        ("https://linde.example/", "8117", "https://linde.example"),
    ],
)
def test_links_lead_to_the_operators_address_or_to_the_port_that_is_served(
    monkeypatch: pytest.MonkeyPatch, base_url: str, port: str | None, found: str
) -> None:
    monkeypatch.delenv(PORT, raising=False)
    if port:
        monkeypatch.setenv(PORT, port)
    assert pages(Operator(base_url=base_url)) == found
