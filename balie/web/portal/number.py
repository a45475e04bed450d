"""The target number: where a client diverts its calls to, and how, for each kind of telephone. To print too."""

from django.http import HttpResponse
from django.shortcuts import render

from balie.contracts.queries import orders, ready_numbers
from balie.rules.activation import NEEDS_NUMBER, UNFINISHED
from balie.web.divert import target
from balie.web.portal.access import ClientRequest, own


@own
def number(request: ClientRequest) -> HttpResponse:
    """All numbers of today; while one is being made ready, its order instead."""
    desk, client = request.desk, request.client
    waiting = orders().filter(client=client, status__in=UNFINISHED, service__in=NEEDS_NUMBER).first()
    known = {
        "client": client,
        "targets": [target(one.number, desk.operator.country) for one in ready_numbers(client, desk.today)],
        "waiting": waiting,
    }
    return render(request, "balie/portal/number.html", known)
