"""What the pages of staff, agents and tokens answer a stranger, a client's owner, agents, managers and administrators:
rows of the table in test_access.py; and what their addresses are about."""

from typing import Any

from balie.accounts.models import Agent, Role, Token, User
from balie.operator.models import LogEntry
from tests import make

Row = tuple[int, int, int, int, int]

OFFICE: Row = (302, 403, 403, 200, 200)
DEED: Row = (405, 405, 405, 405, 405)
ADMINISTRATORS: Row = (302, 403, 403, 403, 200)
STAFF = ("staff_member", "change_staff", "remove_staff", "restore_staff", "invite_staff_again")
AGENTS = ("agent_settings", "change_agent", "agent_leaves")
# What comes of it for an administrator: 422, told that the form is empty; 200, shown the link.
DEEDS = {
    "invite_staff": 422,
    "change_staff": 302,  # nothing given: nothing changed
    "remove_staff": 302,
    "restore_staff": 302,
    "invite_staff_again": 200,
    "undo_staff": 302,  # of a change that was changed again since
    "new_agent": 422,
    "change_agent": 302,
    "agent_leaves": 422,
    "give_endpoint": 422,
    "undo_endpoints": 302,
    "new_token": 422,
    "withdraw_token": 302,
}
GET: dict[str, Row] = {
    **dict.fromkeys(DEEDS, DEED),
    **dict.fromkeys(("staff_settings", "agents_settings", "agent_settings", "token_settings"), OFFICE),
    **dict.fromkeys(("staff_member", "remove_staff", "new_agent", "withdraw_token"), ADMINISTRATORS),
}
POST: dict[str, Row] = {name: (302, 403, 403, 403, status) for name, status in DEEDS.items()}


def kwargs(name: str) -> dict[str, dict[str, Any]]:
    """Somebody of staff who is none of those who ask, an agent, a token; made where there is none."""
    if name in STAFF:
        invited = name == "invite_staff_again"
        email = "invited@example.com" if invited else "other@example.com"
        found = User.objects.filter(email=email).first() or make.user(email, role=Role.AGENT)
        if invited:
            found.set_unusable_password()
            found.save()
        return {name: {"pk": found.pk}}
    if name in AGENTS:
        return {name: {"pk": Agent.objects.earliest("code").pk}}
    if name == "withdraw_token":
        made = {"role": Role.AGENT, "digest": "0" * 64, "created": make.NOW}
        return {name: {"pk": Token.objects.get_or_create(name="wallboard", defaults=made)[0].pk}}
    if name == "undo_staff":
        entry = LogEntry.objects.create(at=make.NOW, who="Joris", deed="staff.changed", about="staff:other@example.com")
        return {name: {"pk": entry.pk}}
    return {"undo_endpoints": {"pk": 999_999}}
