"""Which client is it? Searched at the desk for a note without a call: by name, number or telephone number."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from balie.accounts.models import Client
from balie.numbers.queries import in_force
from balie.web.desk.access import AgentRequest, agents
from balie.web.notes.fields import number_typed

SHORTEST, MOST, MOST_SHORT = 2, 40, 8


@dataclass(frozen=True)
class Hit:
    """A client and how the desk is opened for it."""

    client: Client
    query: str


@agents
def search(request: AgentRequest) -> HttpResponse:
    """Results as a page; for htmx the short list under the box."""
    text = request.GET.get("q", "").strip()[:80]
    kept = {name: number_typed(request.GET.get(name, ""), request.desk.operator.country) for name in ("did", "caller")}
    short = bool(request.htmx)
    found = look_for(text, request, MOST_SHORT if short else MOST)
    given = {name: value for name, value in kept.items() if value}
    hits = [Hit(client, urlencode({**given, "client": client.number})) for client in found]
    known = {"q": text, "hits": hits, "shortest": SHORTEST, "most": MOST, "kept": kept}
    return render(request, f"balie/desk/{'_found' if short else 'clients'}.html", known)


def look_for(text: str, request: AgentRequest, most: int) -> Sequence[Client]:
    """Two queries at most. Only names and numbers: an agent sees no more of clients than the desk needs."""
    if len(text) < SHORTEST:
        return []
    found = list(Client.objects.filter(Q(name__icontains=text) | Q(number__istartswith=text)).order_by("name")[:most])
    digits = "".join(sign for sign in text if sign.isdigit()).lstrip("0")
    if len(digits) > 3 and not any(sign.isalpha() for sign in text):
        rows = in_force(request.desk.today).filter(number__number__contains=digits).select_related("client")[:most]
        found += [row.client for row in rows if row.client not in found]
    return found[:most]
