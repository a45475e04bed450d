"""Cookies are marked for encrypted connections where people use https."""

import pytest
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("base_url", "host", "encrypted", "is_marked"),
    [
        ("", "localhost", False, False),
        ("", "localhost", True, True),
        ("http://linde.example.nl", "linde.example.nl", False, False),
        ("https://linde.example.nl", "linde.example.nl", False, True),
        ("https://linde.example.nl:8443", "Linde.example.NL:8443", False, True),
        ("https://linde.example.nl", "127.0.0.1:8000", False, False),
    ],
)
def test_cookie_of_a_login_page(base_url: str, host: str, encrypted: bool, is_marked: bool) -> None:
    make.operator(base_url=base_url)
    answer = Client(headers={"Host": host}).get("/login/", secure=encrypted)
    assert answer.status_code == 200
    assert {bool(cookie["secure"]) for cookie in answer.cookies.values()} == {is_marked}
