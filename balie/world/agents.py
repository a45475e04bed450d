"""One agent as a page says it: with the checks of a world file's "agents"; stored calls follow its endpoints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.actions import put_agents
from balie.accounts.endpoints import Changed, Held, give_endpoint, held_by, leave, set_endpoints, undo_endpoints
from balie.accounts.groups import put_into_groups
from balie.accounts.models import Agent
from balie.accounts.queries import agent_by_code
from balie.calls.actions import follow_endpoints, hold_sources
from balie.operator.actions import Author, write_log
from balie.operator.queries import locked_operator
from balie.rules import merge
from balie.rules.errors import Refused
from balie.world.parts import AGENT
from balie.world.people import OF_AGENT
from balie.world.shape import Said


@dataclass(frozen=True)
class Typed:
    """What the form of an agent holds, as it was typed. rows: endpoint, from and to of each line of it."""

    code: str
    name: str
    email: str
    group: int | None
    rows: Sequence[Mapping[str, str]]

    def own(self) -> Said:
        """The agent itself. Refused, at code, name or email, for what a world file may not say either."""
        return agent_part({"code": self.code, "name": self.name, "email": self.email or None}, "")

    def held(self) -> list[Held]:
        """Its endpoints; lines left empty are none. Refused at endpoints[1].from and so on."""
        named = [
            agent_part({"code": "-", **{key: text.strip() or None for key, text in row.items()}}, f"endpoints[{place}]")
            for place, row in enumerate(self.rows)
            if any(text.strip() for text in row.values())
        ]
        return [Held(one["endpoint"], one["from"], one["to"]) for one in named]


@dataclass(frozen=True)
class Entered:
    """What was done: whose endpoints, the log's entry that undoes it (None: no endpoint changed), how many stored calls
    have another agent now; whether anything changed at all."""

    agent: Agent
    entry: int | None
    moved: int
    changed: bool


def agent_part(said: Mapping[str, Any], where: str) -> Said:
    found: Said = AGENT(said, where)
    return found


def state(agent: Agent) -> dict[str, Any]:
    """All that the form of an agent shows: what a page sends along, so that nobody overwrites what he has not seen."""
    held = [one.written() for one in held_by(agent)]
    return {"name": agent.name, "email": agent.email, "group": agent.group_id, "endpoints": held}


@transaction.atomic
def enter_agent(*, typed: Typed, author: Author) -> Entered:
    """A new agent. Refused for what a world file may not say, and for the code or the email address of another."""
    said, held = typed.own(), typed.held()
    locked_operator()
    if Agent.objects.filter(code__iexact=said["code"]).exists():
        raise Refused("code_taken", _("There is an agent with this code already."), "code")
    refuse_taken(said["email"])
    put_agents([merge.Said("", said["code"], {key: said[key] for key in OF_AGENT})], author=author)
    agent = agent_by_code(said["code"])
    details = {"name": agent.name, "email": agent.email}
    write_log(author=author, deed="agent.made", about=f"agent:{agent.code}", details=details)
    if typed.group is not None:
        put_into_groups(groups={agent.code: typed.group}, author=author)
    return followed(agent, set_endpoints(agent=agent, held=held, author=author), changed=True)


@transaction.atomic
def change_agent(*, agent: Agent, typed: Typed, was: Mapping[str, Any], author: Author) -> Entered:
    """Another name, address, group, other endpoints. was: the `state` that the page showed.

    Refused for what a world file may not say, for the email address of another, and where somebody else changed the
    agent since the page was shown.
    """
    said, held = typed.own(), typed.held()
    locked_operator()
    stored = Agent.objects.get(pk=agent.pk)
    if state(stored) != was:
        raise Refused("set_meanwhile", _("Somebody else changed this meanwhile. Store once more to replace it."))
    # A world file may have said the same of two: what it said does not keep a name from being changed.
    if said["email"].casefold() != stored.email.casefold():
        refuse_taken(said["email"])
    own = put_agents([merge.Said("", stored.code, {key: said[key] for key in OF_AGENT})], author=author)
    grouped = put_into_groups(groups={stored.code: typed.group}, author=author)
    endpoints = set_endpoints(agent=stored, held=held, author=author)
    return followed(stored, endpoints, changed=bool(own or grouped))


def refuse_taken(email: str) -> None:
    """Refused where an agent has this email address: whoever is invited with it could not tell which of them he is."""
    other = Agent.objects.filter(email__iexact=email).order_by("code").first() if email else None
    if other:
        said = _("The agent %(agent)s has this email address already.")
        raise Refused("email_taken", said % {"agent": f"{other.code} {other.name}".strip()}, "email")


@transaction.atomic
def let_leave(*, agent: Agent, last: date, author: Author) -> Entered:
    """The agent's endpoints end on this day."""
    return followed(agent, leave(agent=agent, last=last, author=author))


@transaction.atomic
def let_have(*, agent: Agent, endpoint: str, first: str, author: Author) -> Entered:
    """The endpoint is this agent's from a day on, as typed; from ever where none is."""
    row = {"endpoint": endpoint or None, "from": first.strip() or None, "to": None}
    said = agent_part({"code": agent.code, **row}, "")
    given = Held(said["endpoint"], said["from"], None)
    return followed(agent, give_endpoint(agent=agent, endpoint=given, author=author))


@transaction.atomic
def take_back(*, entry: int, author: Author) -> Entered:
    """The agent has the endpoints again that he had before this entry of the log."""
    return followed(*undo_endpoints(entry=entry, author=author))


def followed(agent: Agent, endpoints: Changed, *, changed: bool = False) -> Entered:
    """Stored calls belong to whoever has their endpoint on their day."""
    if endpoints.entry is None:
        return Entered(agent, None, 0, changed)
    hold_sources()
    had = [(one.endpoint, agent.pk) for one in endpoints.before]
    moved = follow_endpoints(endpoints=endpoints.endpoints, since=endpoints.since, before=had)
    return Entered(agent, endpoints.entry, moved, changed=True)
