"""An offer goes to the client: to whom, with which words, as it will look; and the client's no, as staff heard it."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.controlling import letters
from balie.controlling.links import OPEN_FOR
from balie.controlling.models import Offer
from balie.controlling.offers import FOLLOWED_AFTER, address, beginning, decline_offer, refuse_closed, send_offer
from balie.controlling.queries import offers_of
from balie.rules.errors import Refused
from balie.tasks.models import Task
from balie.web import notices, written
from balie.web.access import office
from balie.web.given import whole_of
from balie.web.office import letter
from balie.web.office.figures import figures_of
from balie.web.office.letter import Draft
from balie.web.office.tasks import rows, to_list
from balie.web.request import OfficeRequest, author


def offer_of(pk: int) -> tuple[Task, Offer]:
    """The task with the offer that is to be sent or was. 404 where there is none."""
    task = get_object_or_404(Task.objects.select_related("client"), pk=pk)
    offer = offers_of([task]).get(task.pk)
    if offer is None:
        raise Http404
    return task, offer


@require_http_methods(["GET", "HEAD", "POST"])
@office
def send(request: OfficeRequest, pk: int) -> HttpResponse:
    """The mail as it would be sent; sent when that is what the button said."""
    task, offer = offer_of(pk)
    try:
        refuse_closed(offer, request.desk.today)
        draft = drafted(request, task, offer)
    except Refused as refusal:
        notices.refused(request, refusal.message)
        return redirect("tasks")
    if request.method == "POST" and request.POST.get("do") == "send":
        return sent(request, task, offer, draft)
    if request.method == "POST" and request.htmx:
        return letter.preview(request, draft)
    return page(request, task, offer, draft)


def sent(request: OfficeRequest, task: Task, offer: Offer, draft: Draft) -> HttpResponse:
    try:
        send_offer(
            offer=offer,
            to=draft.recipients,
            words=draft.words,
            times=whole_of(request.POST.get("time", ""), "time") - 1,
            home=request.build_absolute_uri("/"),
            author=author(request),
        )
    except Refused as refusal:
        return page(request, task, offer, draft, refusal)
    day = written.day(request.desk.today + FOLLOWED_AFTER)
    said = _("The offer to %(client)s is on its way. Without an answer a task reminds you on %(day)s.")
    notices.done(request, said % {"client": task.client.name, "day": day})
    return redirect("tasks")


def drafted(request: OfficeRequest, task: Task, offer: Offer) -> Draft:
    now = request.desk.now
    begin, version = beginning(offer, now)
    link = address(offer, home=request.build_absolute_uri("/"), now=now)
    values = letters.values_of(offer, version, begin=begin, link=link)
    return letter.drafted(request, task.client, values, kind=letters.MAIL, begin=begin)


def page(
    request: OfficeRequest, task: Task, offer: Offer, draft: Draft, refusal: Refused | None = None
) -> HttpResponse:
    more = {
        "row": rows([(task, figures_of(task, request.desk))], request.desk)[0],
        "time": offer.times_sent + 1,
        "again": offer.times_sent > 0,
        "until": written.day(request.desk.today + OPEN_FOR),
    }
    return letter.page(request, "balie/tasks/send.html", draft, more, refusal)


@require_POST
@office
def decline(request: OfficeRequest, pk: int) -> HttpResponse:
    """The client does not want the offer, as somebody heard on the telephone or read."""
    task, offer = offer_of(pk)
    try:
        decline_offer(offer=offer, reason=request.POST.get("reason", ""), author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        said = _("%(client)s does not want the offer; it is noted. The contract still does not pay.")
        notices.done(request, said % {"client": task.client.name})
    return to_list(request)
