"""SMS for tests of pages: a list that was read, with what belongs to nobody and what could not be read."""

from typing import Any

from balie.accounts.models import Client
from balie.messages.actions import queue_sms
from balie.messages.models import Outgoing, SmsImport
from balie.operator.actions import Author
from tests import make
from tests.messages.lists import take

PAGES = (
    *("client_sms", "client_sms_file", "sms_lists", "sms_list", "read_sms"),
    *("sms_out", "sms_one", "sms_new", "sms_ways", "sms_opt_outs", "client_sms_ways"),
)
DEEDS = (
    *("assign_sms", "undo_sms_assignment"),
    *("sms_again", "sms_all_again", "sms_stop", "sms_line", "sms_count", "sms_opt_in"),
)
PORTAL_PAGES = ("portal_sms", "portal_sms_file")
POST = {
    "read_sms": 422,
    "assign_sms": 422,
    "undo_sms_assignment": 302,
    "sms_again": 422,  # it did not fail
    **dict.fromkeys(("sms_all_again", "sms_stop", "sms_line", "sms_opt_in", "sms_ways", "client_sms_ways"), 302),
    **dict.fromkeys(("sms_new", "sms_opt_outs"), 422),
    "sms_count": 200,
}
LINES = (
    "2026-11-20 10:00:00,+31201231001,+31612345678,Hello",
    "2026-11-21 10:00:00,+31201231001,+31687654321," + "x" * 200,
    "2026-11-22 10:00:00,LINDE,+31687654321,Hello",
    "what is this",
)


def a_list() -> SmsImport:
    """Two SMS of client 1001 in November, three parts; one of nobody; a bad line."""
    take(LINES)
    return SmsImport.objects.latest("pk")


def an_sms() -> Outgoing:
    """One to client 1001's customer that waits for a gateway."""
    author = Author("Marit", make.NOW)
    return queue_sms(client=Client.objects.get(number="1001"), to="+31612345678", text="Belt u terug?", author=author)


def kwargs() -> dict[str, dict[str, Any]]:
    held = SmsImport.objects.first()
    sms = {"pk": (Outgoing.objects.first() or an_sms()).pk}
    return {
        **dict.fromkeys(("sms_one", "sms_again", "sms_stop"), sms),
        "sms_opt_in": {"pk": 1},
        "client_sms_ways": {"number": "1001"},
        "client_sms": {"number": "1001"},
        "client_sms_file": {"number": "1001", "format": "csv"},
        "sms_list": {"pk": (held or a_list()).pk},
        "undo_sms_assignment": {"pk": 1},
        "portal_sms_file": {"format": "csv"},
    }
