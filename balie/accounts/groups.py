"""Writes of groups of agents: made, removed while empty, agents put into them. Each is logged; who is where can be
undone."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Agent, AgentGroup
from balie.operator.actions import Author, write_log
from balie.operator.models import LogEntry
from balie.rules.errors import Refused

LONGEST_NAME = 100
GROUPED = "agents.grouped"


@transaction.atomic
def make_group(*, name: str, author: Author) -> AgentGroup:
    """A new group without agents. Refused without a name, or with that of another."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused("bad_name", _("Give the group a name of at most 100 characters."), "group_name")
    if AgentGroup.objects.filter(name__iexact=name).exists():
        raise Refused("name_taken", _("There is a group with this name already."), "group_name")
    group = AgentGroup.objects.create(name=name)
    log(author, "agent_group.made", group, {})
    return group


@transaction.atomic
def remove_group(*, group: AgentGroup, author: Author) -> None:
    """Refused while an agent is in it."""
    if Agent.objects.filter(group=group).exists():
        said = _("Agents are in the group %(name)s; put them elsewhere first.")
        raise Refused("group_in_use", said % {"name": group.name}, "groups")
    log(author, "agent_group.removed", group, {})
    group.delete()


def log(author: Author, deed: str, group: AgentGroup, details: dict[str, str]) -> None:
    about = f"agent_group:{group.name}"[:200]
    write_log(author=author, deed=deed, about=about, details=details)


@transaction.atomic
def put_into_groups(*, groups: Mapping[str, int | None], author: Author) -> int | None:
    """Says in which group (id, None: in none) agents (codes) are. Gives the log's entry that undoes it; None where
    nothing changed. Refused for a group there is not."""
    known = set(AgentGroup.objects.values_list("pk", flat=True))
    if set(groups.values()) - known - {None}:
        raise Refused("unknown_group", _("That group is not there any more; look again."), "groups")
    before: dict[str, int | None] = {}
    for agent in Agent.objects.select_for_update().filter(code__in=list(groups)):
        if agent.group_id != groups[agent.code]:
            before[agent.code] = agent.group_id
            Agent.objects.filter(pk=agent.pk).update(group=groups[agent.code])
    if not before:
        return None
    details = {"before": before, "after": {code: groups[code] for code in before}}
    return write_log(author=author, deed=GROUPED, about="agents", details=details).pk


@transaction.atomic
def undo_groups(*, entry: int, author: Author) -> None:
    """Agents are again in the groups they were in before; those moved since, or whose group is gone, stay."""
    row = LogEntry.objects.filter(pk=entry, deed=GROUPED).first()
    if row is None:
        raise Refused("nothing_to_undo", _("There is nothing to take back."))
    known = {*AgentGroup.objects.values_list("pk", flat=True), None}
    now = dict(Agent.objects.filter(code__in=list(row.details["after"])).values_list("code", "group_id"))
    back = {
        code: group
        for code, group in row.details["before"].items()
        if group in known and code in now and now[code] == row.details["after"][code]
    }
    if put_into_groups(groups=back, author=author) is None:
        raise Refused("nothing_to_undo", _("The agents were moved since, so nothing was taken back."))
