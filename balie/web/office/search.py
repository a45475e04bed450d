"""One search for everything: clients, telephone numbers, calls. As a page, and as the list under the search box."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from balie.accounts.models import Client
from balie.calls.models import Call
from balie.calls.queries import part_of_number
from balie.numbers.models import Assignment
from balie.web.access import office
from balie.web.request import OfficeRequest

SHORTEST = 2
SHORTEST_NUMBER = 3
CALL_DAYS = 92


@dataclass(frozen=True)
class Found:
    """What was found, at most so many of each kind; `more` names the kinds of which there is more."""

    clients: list[Client] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    more: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.clients or self.assignments or self.calls)


@office
def search(request: OfficeRequest) -> HttpResponse:
    """Results as a page; for htmx the short list under the box."""
    text = request.GET.get("q", "").strip()[:80]
    short = bool(request.htmx)
    found = look_for(text, 5 if short else 25, request.desk.now)
    template = "balie/_found.html" if short else "balie/search.html"
    return render(request, template, {"q": text, "found": found, "shortest": SHORTEST, "days": CALL_DAYS})


def look_for(text: str, most: int, now: datetime) -> Found:
    """At most `most` clients, numbers and calls of the last three months; three queries."""
    if len(text) < SHORTEST:
        return Found()
    named = Q(name__icontains=text) | Q(number__icontains=text) | Q(email__icontains=text)
    clients = list(Client.objects.filter(named).order_by("number")[: most + 1])
    digits = "".join(sign for sign in text if sign.isdigit()).lstrip("0")
    assignments: list[Assignment] = []
    calls: list[Call] = []
    if len(digits) >= SHORTEST_NUMBER and not any(sign.isalpha() for sign in text):
        assigned = Assignment.objects.filter(number__number__contains=digits).select_related("number", "client")
        assignments = list(assigned.order_by("number__number", "-first_day")[: most + 1])
        recent = Call.objects.filter(part_of_number(text), start__gte=now - timedelta(days=CALL_DAYS))
        calls = list(recent.select_related("client", "agent").order_by("-start")[: most + 1])
    counts = {"clients": len(clients), "assignments": len(assignments), "calls": len(calls)}
    more = frozenset(kind for kind, count in counts.items() if count > most)
    return Found(clients[:most], assignments[:most], calls[:most], more)
