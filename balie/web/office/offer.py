"""An offer goes to the client: to whom, with which words, as it will look; and the client's no, as staff heard it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.controlling import letters
from balie.controlling.links import OPEN_FOR
from balie.controlling.models import Offer
from balie.controlling.offers import FOLLOWED_AFTER, address, beginning, decline_offer, refuse_closed, send_offer
from balie.controlling.queries import offers_of
from balie.notifications.mails import OPERATOR
from balie.notifications.queries import wording
from balie.notifications.wording import Wording, fill, unknown
from balie.rules.errors import Refused
from balie.tasks.models import Task
from balie.web import notices, written
from balie.web.access import office
from balie.web.given import whole_of
from balie.web.office.figures import figures_of
from balie.web.office.tasks import contacts, rows, to_list
from balie.web.request import OfficeRequest, author
from balie.web.words import LANGUAGES

FIELDS = ("subject", "body", "button")
LONGEST = 20_000  # of what is read from a form


@dataclass(frozen=True)
class Draft:
    """A mail with an offer before it is sent: to whom, with which words, and what the variables stand for."""

    to: str
    words: Wording
    values: Mapping[str, str]
    language: str
    begin: date

    @property
    def recipients(self) -> Sequence[str]:
        return self.to.replace(";", ",").split(",")


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
    if request.method != "POST":
        return page(request, task, offer, draft)
    if request.POST.get("do") != "send":
        return preview(request, task, offer, draft)
    return sent(request, task, offer, draft)


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
    """What was typed, else the standard words with every value in its place."""
    now, operator = request.desk.now, request.desk.operator
    begin, version = beginning(offer, now)
    language = letters.language_of(offer, operator)
    link = address(offer, home=request.build_absolute_uri("/"), now=now)
    values = letters.values_of(offer, version, begin=begin, link=link)
    if request.method == "POST":
        subject, body, button = (request.POST.get(name, "")[:LONGEST] for name in FIELDS)
        return Draft(request.POST.get("to", "")[:LONGEST], Wording(subject, body, button), values, language, begin)
    known = contacts([task]).get(task.client_id, ())
    words = letters.opened(wording(kind=letters.MAIL, language=language), values)
    return Draft(next(iter(known), ""), words, values, language, begin)


def preview(request: OfficeRequest, task: Task, offer: Offer, draft: Draft) -> HttpResponse:
    """The mail as it would look; alone for htmx, with the whole page without a script."""
    if not request.htmx:
        return page(request, task, offer, draft)
    return render(request, "balie/tasks/_mail.html", looks(draft, offer, request.desk.operator.name))


def page(
    request: OfficeRequest, task: Task, offer: Offer, draft: Draft, refusal: Refused | None = None
) -> HttpResponse:
    desk = request.desk
    known = looks(draft, offer, desk.operator.name) | {
        "task": task,
        "row": rows([(task, figures_of(task, desk))], desk)[0],
        "draft": draft,
        "time": offer.times_sent + 1,
        "contacts": contacts([task]).get(task.client_id, ()),
        "language_name": LANGUAGES.get(draft.language, draft.language),
        "until": written.day(desk.today + OPEN_FOR),
        "remind": written.day(desk.today + FOLLOWED_AFTER),
        "waits": not desk.operator.mail.get("url"),
        "where": refusal.where if refusal else "",
        "problem": refusal.message if refusal else "",
    }
    return render(request, "balie/tasks/send.html", known, status=422 if refusal else 200)


def looks(draft: Draft, offer: Offer, operator: str) -> dict[str, Any]:
    """The mail these words make, or what is wrong with them."""
    values = {**draft.values, OPERATOR: operator}
    values |= dict.fromkeys(unknown(draft.words, values), "")
    filled = fill(draft.words, values, link=letters.LINK)
    wrong = ""
    try:
        letters.checked_words(draft.words, code=offer.tariff.code)
    except Refused as refusal:
        wrong = refusal.message
    return {
        "wrong": wrong,
        "subject": filled.subject,
        "paragraphs": filled.paragraphs,
        "language": draft.language,
    }


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
