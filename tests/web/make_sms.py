"""SMS for tests of pages: a list that was read, with what belongs to nobody and what could not be read."""

from typing import Any

from balie.messages.models import SmsImport
from tests.messages.lists import take

PAGES = ("client_sms", "client_sms_file", "sms_lists", "sms_list", "read_sms")
DEEDS = ("assign_sms", "undo_sms_assignment")
PORTAL_PAGES = ("portal_sms", "portal_sms_file")
POST = {"read_sms": 422, "assign_sms": 422, "undo_sms_assignment": 302}
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


def kwargs() -> dict[str, dict[str, Any]]:
    held = SmsImport.objects.first()
    return {
        "client_sms": {"number": "1001"},
        "client_sms_file": {"number": "1001", "format": "csv"},
        "sms_list": {"pk": (held or a_list()).pk},
        "undo_sms_assignment": {"pk": 1},
        "portal_sms_file": {"format": "csv"},
    }
