"""The telephone numbers of a world file."""

from collections.abc import Sequence

from balie.accounts.models import Client
from balie.contracts.queries import ended_with_service
from balie.numbers.actions import put_assignments, put_numbers
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.rules.merge import Counts
from balie.rules.phone import e164
from balie.world.people import claim
from balie.world.prices import client_id
from balie.world.shape import Said


def load_numbers(said: Sequence[Said], operator: Operator, author: Author) -> tuple[Counts, Counts, list[str]]:
    """Adds numbers to the pool and says whose they are; also the numbers for which that changed.

    Numbers as somebody in the operator's country would dial them. One without client only joins the pool.
    """
    if not said:
        return Counts(), Counts(), []
    clients = dict(Client.objects.values_list("number", "pk"))
    numbers = [e164(one["number"], operator.country) for one in said]
    pool = put_numbers(numbers)
    claims = [
        (number, claim(one, client_id(one["client"], clients, one.path("client"))))
        for number, one in zip(numbers, said, strict=True)
        if one.get("client")
    ]
    assignments, changed = put_assignments(claims, ended=ended_with_service(), author=author)
    return pool, assignments, changed
