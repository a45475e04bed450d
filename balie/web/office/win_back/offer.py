"""The mail that offers another tariff to a client that gave notice: to whom, with which words, as it will look."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from balie.accounts.models import Client, User
from balie.controlling import letters, links, win_back_letters
from balie.controlling.models import WinBack, WinBackOffer
from balie.controlling.offers import FOLLOWED_AFTER
from balie.controlling.win_back import offerable, send_win_back, would_be
from balie.notifications.mails import OPERATOR
from balie.notifications.queries import wording
from balie.notifications.wording import Wording, fill, unknown
from balie.rules.errors import Refused
from balie.tariffs.models import Tariff
from balie.tariffs.queries import no_such_code, tariff_typed
from balie.web import notices, written
from balie.web.access import office
from balie.web.given import whole_of
from balie.web.office.offer import FIELDS, LONGEST, Draft
from balie.web.office.win_back.one import Trouble, case_of
from balie.web.office.win_back.one import page as case_page
from balie.web.request import OfficeRequest, author
from balie.web.words import LANGUAGES


@require_http_methods(["GET", "HEAD", "POST"])
@office
def send(request: OfficeRequest, pk: int) -> HttpResponse:
    """The mail as it would be sent with the tariff in the address; sent when that is what the button said."""
    one, code = case_of(request, pk), request.GET.get("tariff", "").strip()[:40]
    tariff = tariff_typed(code) if code else None
    try:
        if tariff is None:
            raise no_such_code()
        draft = drafted(request, one.case, tariff)
    except Refused as refusal:
        return case_page(request, one, Trouble("code", refusal.where, refusal.message, {"tariff": code}))
    if request.method != "POST":
        return page(request, one.case, tariff, draft)
    if request.POST.get("do") != "send":
        return preview(request, one.case, tariff, draft)
    return sent(request, one.case, tariff, draft)


def sent(request: OfficeRequest, case: WinBack, tariff: Tariff, draft: Draft) -> HttpResponse:
    try:
        send_win_back(
            case=case,
            tariff=tariff,
            to=draft.recipients,
            words=draft.words,
            times=whole_of(request.POST.get("time", ""), "time") - 1,
            home=request.build_absolute_uri("/"),
            author=author(request),
        )
    except Refused as refusal:
        return page(request, case, tariff, draft, refusal)
    said = _("The offer to %(client)s is on its way. Until %(day)s the client can stay by it.")
    day = written.day(case.cancellation.ends)
    notices.done(request, said % {"client": case.client.name, "day": day})
    return redirect("win_back", pk=case.pk)


def drafted(request: OfficeRequest, case: WinBack, tariff: Tariff) -> Draft:
    """What was typed, else the standard words with every value in its place. Refused for a tariff that keeps nobody."""
    now, operator = request.desk.now, request.desk.operator
    begin, version = offerable(case, tariff, now)
    language = letters.language_for(case.client, operator)
    revenue = would_be(case, tariff, begin)
    values = win_back_letters.values_of(case, version, begin=begin, link=link_shown(request), revenue=revenue)
    if request.method == "POST":
        subject, body, button = (request.POST.get(name, "")[:LONGEST] for name in FIELDS)
        return Draft(request.POST.get("to", "")[:LONGEST], Wording(subject, body, button), values, language, begin)
    words = letters.opened(wording(kind=win_back_letters.MAIL, language=language), values)
    return Draft(next(iter(contacts(case.client)), ""), words, values, language, begin)


def link_shown(request: OfficeRequest) -> str:
    """Where the button of the preview would lead: the offer has no address before it is sent."""
    return f"{request.build_absolute_uri('/')}stay/"


def contacts(client: Client) -> Sequence[str]:
    """The client's own address first, then those of its users. One query."""
    people = User.objects.filter(client=client, is_active=True).order_by("pk").values_list("email", flat=True)
    return list(dict.fromkeys(one for one in (client.email, *people) if one))


def preview(request: OfficeRequest, case: WinBack, tariff: Tariff, draft: Draft) -> HttpResponse:
    """The mail as it would look; alone for htmx, with the whole page without a script."""
    if not request.htmx:
        return page(request, case, tariff, draft)
    return render(request, "balie/tasks/_mail.html", looks(draft, tariff, request.desk.operator.name))


def page(
    request: OfficeRequest, case: WinBack, tariff: Tariff, draft: Draft, refusal: Refused | None = None
) -> HttpResponse:
    desk = request.desk
    known = looks(draft, tariff, desk.operator.name) | {
        "case": case,
        "cancellation": case.cancellation,
        "tariff": tariff,
        "standing": WinBackOffer.objects.filter(case=case, withdrawn=None).select_related("tariff").first(),
        "price": draft.values["price"],
        "title": draft.values["tariff"],
        "draft": draft,
        "time": case.times_sent + 1,
        "contacts": contacts(case.client),
        "language_name": LANGUAGES.get(draft.language, draft.language),
        "until": written.day(min(case.cancellation.ends, desk.today + links.OPEN_FOR)),
        "remind": written.day(desk.today + FOLLOWED_AFTER),
        "waits": not desk.operator.mail.get("url"),
        "where": refusal.where if refusal else "",
        "problem": refusal.message if refusal else "",
    }
    return render(request, "balie/win_back/send.html", known, status=422 if refusal else 200)


def looks(draft: Draft, tariff: Tariff, operator: str) -> dict[str, Any]:
    """The mail these words make, or what is wrong with them."""
    values = {**draft.values, OPERATOR: operator}
    values |= dict.fromkeys(unknown(draft.words, values), "")
    filled = fill(draft.words, values, link=letters.LINK)
    wrong = ""
    try:
        letters.checked_words(draft.words, code=tariff.code, kind=win_back_letters.MAIL)
    except Refused as refusal:
        wrong = refusal.message
    shown = {"subject": filled.subject, "paragraphs": filled.paragraphs, "language": draft.language}
    return {"wrong": wrong, **shown}
