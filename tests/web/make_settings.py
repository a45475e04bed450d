"""Forms of settings as a browser sends them: with what the page remembers of what it showed."""

import re
from html import unescape
from typing import Any

from django.test import Client as Browser


def was_in(html: str) -> str:
    """What the page remembers of what it showed."""
    found = re.search(r'name="was" value="([^"]*)"', html)
    assert found
    return unescape(found[1])


def shown(browser: Browser, page: str) -> str:
    return was_in(browser.get(page).content.decode())


def put(browser: Browser, page: str, given: dict[str, str], *, was: str | None = None) -> Any:
    """Sends the form of a page, just opened unless `was` is what an older one remembers."""
    return browser.post(f"{page}set/", {"was": was or shown(browser, page), **given})


def problems(answer: Any) -> dict[str, str]:
    """What stands beside which field."""
    return {field.name: field.problem for field in answer.context["fields"].values() if field.problem}
