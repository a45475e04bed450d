"""A client's order: its progress, the number once it is ready, and taking it back before that."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from balie.contracts.actions import withdraw_order
from balie.contracts.models import Order
from balie.contracts.queries import orders
from balie.rules.activation import UNFINISHED
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.ordered import about, part
from balie.web.portal.access import ClientRequest, own
from balie.web.request import author, partly


def own_order(request: ClientRequest, pk: int) -> Order:
    """An order of this client. 404 for anybody else's."""
    return get_object_or_404(orders(), pk=pk, client=request.client)


@own
def order(request: ClientRequest, pk: int) -> HttpResponse:
    """Progress, live while there is something to wait for; then how to divert."""
    known = {**about(own_order(request, pk), request.desk), "client": request.client, "own": True}
    if partly(request):
        return part(request, known)
    return render(request, "balie/portal/order.html", known)


@require_http_methods(["GET", "HEAD", "POST"])
@own
def withdraw(request: ClientRequest, pk: int) -> HttpResponse:
    """Shows what taking it back does; the button on that page does it."""
    found = own_order(request, pk)
    if request.method != "POST" and found.status in UNFINISHED:
        return render(request, "balie/portal/withdraw_order.html", {"client": request.client, "order": found})
    if request.method == "POST":
        try:
            withdraw_order(order=found, author=author(request))
        except Refused as refusal:
            notices.refused(request, refusal.message)
        else:
            notices.done(request, _("Order %(order)s is taken back. Nothing is billed.") % {"order": found.reference})
    return redirect("portal_order", pk=found.pk)
