"""What the log says of people and agents, in words: who did what when, and what it was and became."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from balie.accounts.endpoints import Held
from balie.accounts.models import Role
from balie.operator.models import LogEntry
from balie.web import written

MOST = 30
ROLES: Mapping[str, Promise] = {
    Role.AGENT: gettext_lazy("Agent"),
    Role.MANAGER: gettext_lazy("Manager"),
    Role.ADMINISTRATOR: gettext_lazy("Administrator"),
}
FIELDS: Mapping[str, Promise] = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("Email address"),
    "role": gettext_lazy("Role"),
    "agent": gettext_lazy("Agent"),
}


@dataclass(frozen=True)
class Told:
    """One entry of the log. who_it_was: the address or code it is about, where the page is about several."""

    entry: LogEntry
    changes: Sequence[str]
    who_it_was: str


def role_name(role: str) -> str:
    return str(ROLES.get(role, role))


def history(entries: QuerySet[LogEntry], *, several: bool = False) -> list[Told]:
    """The latest of these entries, the newest first. several: they are about more than one."""
    latest = entries.order_by("-pk")[:MOST]
    return [Told(one, list(changes(one.details)), one.about.partition(":")[2] if several else "") for one in latest]


def changes(details: Mapping[str, Any]) -> Iterator[str]:
    """What was and became: Role: Agent → Manager; of endpoints those that came and those that went."""
    before, after = details.get("before"), details.get("after")
    if isinstance(before, list) and isinstance(after, list):
        yield from (f"− {one}" for one in map(endpoint, before) if one not in map(endpoint, after))
        yield from (f"+ {one}" for one in map(endpoint, after) if one not in map(endpoint, before))
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for name, value in after.items():
            yield f"{FIELDS.get(name, name)}: {shown(name, before.get(name))} → {shown(name, value)}"
    elif before and after:
        yield f"{role_name(before)} → {role_name(after)}"  # of `balie staff`


def shown(name: str, value: Any) -> str:
    if not value:
        return _("nothing")
    return role_name(value) if name == "role" else str(value)


def endpoint(kept: Sequence[str | None]) -> str:
    """An endpoint with its days."""
    one = Held.read(kept)
    if one.first and one.last:
        days = _("%(first)s until %(last)s") % {"first": written.day(one.first), "last": written.day(one.last)}
    elif one.first:
        days = _("from %(day)s on") % {"day": written.day(one.first)}
    else:
        days = _("until %(day)s") % {"day": written.day(one.last)} if one.last else ""
    return f"{one.endpoint} {days}".strip()
