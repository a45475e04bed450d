"""A world file into the tables: all of it or nothing, and nothing at all when it was loaded before."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from balie.accounts.models import AgentEndpoint
from balie.calls.actions import (
    follow_accounts,
    follow_answer_seconds,
    follow_assignments,
    follow_endpoints,
    follow_timezone,
)
from balie.messages import actions as sms
from balie.operator.actions import Author, set_up_operator, write_log
from balie.operator.queries import locked_operator
from balie.rules.merge import Counts
from balie.world.parts import WORLD
from balie.world.people import load_agents, load_clients, refuse_doubles
from balie.world.phone_systems import load_phone_systems
from balie.world.pool import load_numbers
from balie.world.prices import load_contracts, load_tariffs
from balie.world.reading import read
from balie.world.settings import load_operator, refuse_other_zone
from balie.world.shape import Said, checked_object


@dataclass(frozen=True)
class Loaded:
    """What came of a load: counts per part, codes made for tariffs without one, stored calls that changed owner, and
    what else somebody should know."""

    name: str
    parts: dict[str, Counts]
    made_codes: list[str]
    moved_calls: int
    notices: list[str]

    @property
    def total(self) -> Counts:
        return sum(self.parts.values(), Counts())

    def document(self) -> dict[str, Any]:
        """As `balie load --json` prints it."""
        parts = {part: {"new": c.new, "changed": c.changed, "unchanged": c.unchanged} for part, c in self.parts.items()}
        return {"file": self.name, "parts": parts, "codes": self.made_codes, "moved_calls": self.moved_calls,
                "notices": self.notices}  # fmt: skip


def load_world(data: bytes, *, name: str, author: Author) -> Loaded:
    """Checks a world file and loads it. Raises Refused, with the path of what is wrong; then nothing is stored.

    data: the file's bytes; name: what to call it.
    """
    said = read(data, name=name)
    checked_object(said, name if not isinstance(said, dict) else "")
    world = WORLD(said, "")
    for part, key in (("clients", "number"), ("phone_systems", "name")):
        refuse_doubles(world.get(part, []), key)
    return load(world, name, author)


@transaction.atomic
def load(world: Said, name: str, author: Author) -> Loaded:
    """The checked world into the tables."""
    set_up_operator()
    before = locked_operator()
    zone = before.timezone
    parts: dict[str, Counts] = {}
    if "operator" in world:
        parts["operator"] = load_operator(world["operator"], author)
    operator = locked_operator()
    refuse_other_zone(zone, operator.timezone, "operator.timezone")
    clients = world.get("clients", [])
    parts["phone_systems"] = load_phone_systems(world.get("phone_systems", []), operator, author)
    had = list(AgentEndpoint.objects.values_list("endpoint", "agent_id"))
    parts["agents"], parts["endpoints"], endpoints = load_agents(world.get("agents", []), author)
    parts["clients"] = load_clients(clients, operator, author)
    tariffs = load_tariffs(world.get("tariffs", []), author)
    parts["tariffs"] = tariffs.counts
    parts["contracts"], parts["bookings"], notices = load_contracts(clients, tariffs, author)
    parts["numbers"], parts["assignments"], numbers = load_numbers(world.get("numbers", []), operator, author)
    moved = follow_timezone() if operator.timezone != zone else 0
    if operator.answer_seconds != before.answer_seconds:
        follow_answer_seconds(before.answer_seconds)
    moved += follow_assignments(numbers=numbers) if numbers else 0
    moved += follow_accounts(accounts=[one["number"] for one in clients]) if clients else 0
    moved += follow_endpoints(endpoints=endpoints, before=had) if endpoints else 0
    sms_follow(zone != operator.timezone, numbers, [one["number"] for one in clients])
    loaded = Loaded(
        name, {part: counts for part, counts in parts.items() if counts != Counts()}, tariffs.made_codes, moved, notices
    )
    remember(loaded, author)
    return loaded


def sms_follow(is_other_zone: bool, numbers: list[str], clients: list[str]) -> int:
    """Stored SMS belong to whom they belong to as the file says; how many changed their client."""
    moved = sms.follow_timezone() if is_other_zone else 0
    moved += sms.follow_assignments(numbers=numbers) if numbers else 0
    return moved + (sms.follow_clients(numbers=clients) if clients else 0)


def remember(loaded: Loaded, author: Author) -> None:
    """One entry of the log for a load that changed anything."""
    if loaded.total:
        details = loaded.document()
        write_log(author=author, deed="world.loaded", about=f"file:{loaded.name}"[:200], details=details)
