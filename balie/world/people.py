"""The clients and agents of a world file."""

from collections.abc import Sequence
from typing import Any

from balie.accounts.actions import put_agents, put_clients, put_endpoints
from balie.accounts.models import Agent
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.rules import merge
from balie.rules.errors import Refused
from balie.rules.merge import Counts
from balie.rules.spans import SILENT, Claim
from balie.world.shape import Said, bad

OF_CLIENT = ("name", "language", "email", "hide_numbers")
OF_AGENT = ("name", "email")


def load_clients(said: Sequence[Said], operator: Operator, author: Author) -> Counts:
    """Makes and changes clients, known by number."""
    rows = [merge.Said(one.where, one["number"], {key: one[key] for key in OF_CLIENT if key in one}) for one in said]
    return put_clients(rows, language=operator.language, author=author)


def load_agents(said: Sequence[Said], author: Author) -> tuple[Counts, Counts, list[str]]:
    """Makes and changes agents, known by code, and says whose endpoints are; also the endpoints that changed hands.

    An agent may stand there more than once, each time with another endpoint or time.
    """
    rows: dict[str, merge.Said] = {}
    for one in said:
        values = {key: one[key] for key in OF_AGENT if key in one}
        known = rows.get(one["code"])
        if known and not one.get("endpoint"):
            raise bad(f'agent "{one["code"]}" stands at {known.where} already', one.path("code"))
        rows[one["code"]] = joined(known, values, one) if known else merge.Said(one.where, one["code"], values)
    agents = put_agents(rows.values(), author=author)
    ids = dict(Agent.objects.values_list("code", "pk"))
    claims = [(one["endpoint"], claim(one, ids[one["code"]])) for one in said if one.get("endpoint")]
    endpoints, changed = put_endpoints(claims, author=author)
    return agents, endpoints, changed


def joined(known: merge.Said, values: dict[str, Any], one: Said) -> merge.Said:
    """The same agent said again; what is said twice must be the same."""
    for key, value in values.items():
        if known.values.get(key, value) != value:
            raise bad(f'agent "{one["code"]}" has another {key} at {known.where}', one.path(key))
    return merge.Said(known.where, known.key, {**known.values, **values})


def claim(said: Said, owner: int) -> Claim:
    """What is said of the time in which somebody has something."""
    return Claim(said.where, owner, said.get("from", SILENT), said.get("to", SILENT))


def refuse_doubles(said: Sequence[Said], key: str) -> None:
    """Refused when two objects of a list are known by the same name."""
    seen: dict[str, str] = {}
    for one in said:
        known = seen.setdefault(one[key], one.where)
        if known != one.where:
            raise Refused("double", f'"{one[key]}" stands at {known} already', one.path(key))
