"""Notes that managers look at: what was thought of them, of each agent on average, how many wait; drawing some."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from balie.accounts.models import Agent
from balie.accounts.queries import agent_by_code
from balie.quality import reviewing
from balie.quality.names import names
from balie.quality.reviewed import done, judged, waiting
from balie.quality.reviewing import MOST_DRAWN
from balie.rules.errors import Refused
from balie.web import notices, written
from balie.web.access import office
from balie.web.months import choices
from balie.web.request import OfficeRequest, author, partly

PER_PAGE = 50
USUAL = 10


@office
def reviews(request: OfficeRequest) -> HttpResponse:
    """What was thought of a month's notes, the latest first."""
    desk, known = request.desk, names()
    period = desk.month(request.GET.get("month", ""))
    agent = agent_asked(request) if known.apart else None
    rows = done(period).filter(note__agent=agent) if agent else done(period)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown: dict[str, Any] = {
        "page": page,
        "rows": [(one, known.name(one.note.agent)) for one in page],
        "apart": known.apart,
        "agent": agent,
        "period": period,
    }
    if partly(request):
        return render(request, "balie/quality/_reviews.html", shown)
    team, each = judged(period)
    left = waiting(str(request.user))
    shown |= {
        "months": choices(period, desk),
        "team": team if known.enough(len(each)) else None,
        "count": team.count,
        "unread": team.unread,
        "each": each if known.apart else (),
        "waiting": left.count(),
        "agents": Agent.objects.order_by("name") if known.apart else (),
        "usual": USUAL,
        "most": MOST_DRAWN,
    }
    return render(request, "balie/quality/reviews.html", shown)


def agent_asked(request: OfficeRequest) -> Agent | None:
    code = request.GET.get("agent", "")
    return Agent.objects.filter(code=code[:40]).first() if code else None


@require_POST
@office
def draw(request: OfficeRequest) -> HttpResponseBase:
    """Draws notes of a month by lot and leads to the first of them."""
    period, known = request.desk.month(request.POST.get("month", "")), names()
    if request.POST.get("agent"):
        known.demand()
    text, code = request.POST.get("wanted", "").strip(), request.POST.get("agent", "")
    try:
        number = reviewing.draw_notes(
            period=period,
            wanted=int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0,
            agent=agent_by_code(code) if code else None,
            own=request.user.agent,
            author=author(request),
        )
    except Refused as refusal:
        notices.refused(request, refusal.message)
        return back(str(period))
    if not number:
        notices.refused(request, _("Every note of this month was drawn already, or there are none."))
        return back(str(period))
    said = ngettext("%(n)s note is drawn.", "%(n)s notes are drawn.", number)
    notices.done(request, said % {"n": written.count(number)})
    return redirect("next_review")


@require_POST
@office
def put_all_back(request: OfficeRequest) -> HttpResponseBase:
    """Nobody looks at the notes that wait; they may be drawn again."""
    number = reviewing.put_all_back()
    said = ngettext("%(n)s note is put back.", "%(n)s notes are put back.", number)
    notices.done(request, said % {"n": written.count(number)})
    return back(request.GET.get("month", ""))


def back(month: str) -> HttpResponse:
    return redirect(reverse("reviews") + (f"?month={month}" if month.replace("-", "").isdigit() else ""))
