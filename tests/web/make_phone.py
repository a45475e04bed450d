"""What the settings of telephone and SMS answer a stranger, a client's owner, agents, managers and administrators: rows
of the table in test_access.py; and what their addresses are about."""

from html import unescape
from typing import Any

from django.test import Client as Browser

from balie.calls.models import Source
from balie.operator.models import LogEntry
from tests import make
from tests.web.make_settings import was_in
from tests.web.reading import text as words

LIST, NEW, PUT = "/settings/phone-systems/", "/settings/phone-systems/new/", "/settings/phone-systems/put/"
PLACE, FILE = "/settings/phone-systems/try-place/", "/settings/phone-systems/try-file/"
Row = tuple[int, int, int, int, int]

OFFICE: Row = (302, 403, 403, 200, 200)
DEED: Row = (405, 405, 405, 405, 405)
PAGES = (
    *("phone_systems", "new_phone_system", "phone_system", "remove_phone_system"),
    *("switch_settings", "sms_gateway_settings"),
)
# What comes of it for an administrator who sends nothing: 422, told that the form is empty; 404: no such change.
DEEDS = {
    **dict.fromkeys(("put_phone_system", "try_phone_place", "try_phone_file"), 422),
    **dict.fromkeys(("undo_phone_system", "undo_switch", "undo_sms_gateway"), 404),
    **dict.fromkeys(("put_switch", "put_sms_gateway"), 302),
    **dict.fromkeys(("try_switch", "try_sms_gateway"), 200),
}
GET: dict[str, Row] = {
    **dict.fromkeys(PAGES, OFFICE),
    "new_phone_system": (302, 403, 403, 403, 200),
    **dict.fromkeys(DEEDS, DEED),
}
POST: dict[str, Row] = {
    **{name: (302, 403, 403, 403, status) for name, status in DEEDS.items()},
    "remove_phone_system": (302, 403, 403, 403, 302),
}


def kwargs() -> dict[str, dict[str, Any]]:
    """A phone system that has calls, and no change that could be taken back."""
    source = {"pk": Source.objects.earliest("pk").pk}
    undo = {name: {"pk": 999_999} for name in ("undo_phone_system", "undo_switch", "undo_sms_gateway")}
    return {"phone_system": source, "remove_phone_system": source, **undo}


def last_change() -> LogEntry:
    """The last entry of the log."""
    return LogEntry.objects.latest("pk")


def generic(**values: Any) -> Source:
    """A phone system whose files have a line a call."""
    options = {"columns": {"start": "Beginn", "talk": "Dauer", "callee": "Ziel"}, "separator": ";"}
    return make.source("export", **{"format": "generic", "options": options, **values})


def text(page: str) -> str:
    """The page as a person reads it, with its signs as they are."""
    return unescape(words(page))


def one(source: Source) -> str:
    """Where its page is."""
    return f"{LIST}{source.pk}/"


def sent(browser: Browser, source: Source | None, address: str = PUT, **fields: Any) -> Any:
    """The form as the page shows it, with some fields filled in otherwise."""
    page = browser.get(one(source) if source else NEW)
    said = {**page.context["form"], "was": was_in(page.content.decode()), "source": source.pk if source else ""}
    named = {name.replace("files_", "files.").replace("columns_", "columns."): value for name, value in said.items()}
    return browser.post(address, {**named, **{name.replace("__", "."): value for name, value in fields.items()}})
