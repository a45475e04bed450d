"""What tests do with a page: read it as a person does, find its undo button, count the queries it takes."""

import re
from typing import Any

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

# What keeps a day or a number within a sentence whole.
ONE_LINE = re.compile(r'<span class="one-line">([^<]*)</span>')


def text(page: str) -> str:
    """The page as a person reads it, or a part of one that htmx asked for."""
    seen = ONE_LINE.sub(r"\1", page[page.index("<main") :] if "<main" in page else page)
    return " ".join(re.sub(r"<[^>]+>", " ", seen).split())


def body(answer: Any) -> str:
    """What was answered, also where it is sent part by part."""
    return b"".join(answer).decode()


def undo_of(page: str) -> str:
    """The address of the undo button in the notice."""
    return page.partition('<div class="notice')[2].partition('action="')[2].partition('"')[0]


def queries(browser: Browser, address: str) -> int:
    """How many queries a page takes. Fails on anything but 200."""
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address)
    assert answer.status_code == 200, answer.content
    return len(asked)
