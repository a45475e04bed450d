"""Who owns which number, endpoint and account name: the frames that `balie.cdr.owner` takes, read from the tables."""

import polars as pl

from balie.accounts.models import Agent, AgentEndpoint, Client
from balie.calls.models import AccountOwner, Source
from balie.cdr.owner import ASSIGNED, CLIENTS, ENDPOINTS, Owners
from balie.numbers.models import Assignment
from balie.operator.models import Operator


def owners(operator: Operator, source: Source | None = None) -> Owners:
    """Everything that decides whose a call is, as it stands now; account names given by hand are a source's own."""
    assigned = Assignment.objects.values_list("number__number", "client_id", "first_day", "last_day")
    endpoints = AgentEndpoint.objects.values_list("endpoint", "agent_id", "agent__code", "first_day", "last_day")
    # Files may name agents by code who have no endpoint.
    alone = Agent.objects.filter(endpoints=None).values_list("pk", "code")
    coded = [("", agent, code, None, None) for agent, code in alone]
    named = [(client, number) for client, number in Client.objects.values_list("pk", "number")]
    by_hand = AccountOwner.objects.filter(source=source).values_list("client_id", "account")
    return Owners(
        zone=operator.timezone,
        region=operator.country,
        assigned=pl.DataFrame(list(assigned), schema=ASSIGNED, orient="row"),
        endpoints=pl.DataFrame([*endpoints, *coded], schema=ENDPOINTS, orient="row"),
        clients=pl.DataFrame([*named, *by_hand], schema=CLIENTS, orient="row"),
    )
