"""Asking the API in tests, as a program with a token of some role would."""

import json
from typing import Any

from django.test import Client

from balie.accounts.actions import make_token
from balie.operator.actions import Author
from tests.make import NOW

ROLES = ("agent", "manager", "administrator")


def token(role: str) -> str:
    """A token of that role, new each time."""
    return make_token(name=f"test {role}", role=role, author=Author("test", now=NOW)).plaintext


def program(role: str | None = "manager", **headers: str) -> Client:
    """A program that shows a token of this role, or none."""
    shown = {"Authorization": f"Bearer {token(role)}"} if role else {}
    return Client(headers={**shown, **headers}, raise_request_exception=False)


def error_of(response: Any) -> dict[str, str]:
    """The error of an answer that must be one, in the shape of every error."""
    assert response.headers["Content-Type"] == "application/json", response.content[:300]
    document = json.loads(response.content)
    assert list(document) == ["error"]
    assert sorted(document["error"]) == ["code", "message", "where"]
    assert all(isinstance(value, str) for value in document["error"].values())
    assert "Traceback" not in document["error"]["message"]
    found: dict[str, str] = document["error"]
    return found
