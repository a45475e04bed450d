"""What managers think of an agent's own notes: score and comment, marked new until the agent opened them."""

from django.core.paginator import Paginator
from django.db.models import Avg
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from balie.quality.own import findings_of
from balie.quality.reviewed import reviews_of
from balie.quality.reviewing import mark_seen
from balie.web.desk.access import AgentRequest, agents
from balie.web.notes.shown import SCORES

PER_PAGE = 25


@agents
def reviews(request: AgentRequest) -> HttpResponse:
    """The latest first. Opening the page changes nothing; what it shows is marked by the page itself."""
    rows = reviews_of(request.agent)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    known = {
        "page": page,
        "rows": [(one, SCORES.get(one.score or 0, "")) for one in page],
        "new": [one.pk for one in page if one.seen is None],
        "mean": rows.order_by().aggregate(mean=Avg("score"))["mean"],
        "wrong": findings_of(request.agent).count(),
    }
    return render(request, "balie/desk/reviews.html", known)


@require_POST
@agents
def seen(request: AgentRequest) -> HttpResponseBase:
    """Marks those shown as opened. htmx asks when the page is opened, and needs no answer."""
    given = request.POST.getlist("review")[:PER_PAGE]
    numbers = [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 16]
    mark_seen(agent=request.agent, reviews=numbers, now=request.desk.now)
    return HttpResponse(status=204) if request.htmx else redirect("desk_reviews")
