"""The mail that offers another tariff to a client that gave notice: to whom, with which words, as it will look."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from balie.controlling import links, win_back_letters
from balie.controlling.models import WinBack, WinBackOffer
from balie.controlling.win_back import offerable, send_win_back, would_be
from balie.rules.errors import Refused
from balie.tariffs.models import Tariff
from balie.tariffs.queries import no_such_code, tariff_typed
from balie.web import notices, written
from balie.web.access import office
from balie.web.given import whole_of
from balie.web.office import letter
from balie.web.office.contracts import title_of
from balie.web.office.letter import Draft
from balie.web.office.win_back.one import Trouble, case_of
from balie.web.office.win_back.one import page as case_page
from balie.web.request import OfficeRequest, author


@dataclass(frozen=True)
class Offered:
    """The mail in its client's language, and what it offers in the reader's."""

    draft: Draft
    title: str
    price: str


@require_http_methods(["GET", "HEAD", "POST"])
@office
def send(request: OfficeRequest, pk: int) -> HttpResponse:
    """The mail as it would be sent with the tariff in the address; sent when that is what the button said."""
    one, code = case_of(request, pk), request.GET.get("tariff", "").strip()[:40]
    tariff = tariff_typed(code) if code else None
    try:
        if tariff is None:
            raise no_such_code()
        offered = drafted(request, one.case, tariff)
    except Refused as refusal:
        return case_page(request, one, Trouble("code", refusal.where, refusal.message, {"tariff": code}))
    if request.method == "POST" and request.POST.get("do") == "send":
        return sent(request, one.case, tariff, offered)
    if request.method == "POST" and request.htmx:
        return letter.preview(request, offered.draft)
    return page(request, one.case, tariff, offered)


def sent(request: OfficeRequest, case: WinBack, tariff: Tariff, offered: Offered) -> HttpResponse:
    draft = offered.draft
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
        return page(request, case, tariff, offered, refusal)
    said = _("The offer to %(client)s is on its way. Until %(day)s the client can stay by it.")
    day = written.day(case.cancellation.ends)
    notices.done(request, said % {"client": case.client.name, "day": day})
    return redirect("win_back", pk=case.pk)


def drafted(request: OfficeRequest, case: WinBack, tariff: Tariff) -> Offered:
    """Refused for a tariff that keeps nobody."""
    begin, version = offerable(case, tariff, request.desk.now)
    # Where the button of the preview would lead: the offer has no address before it is sent.
    link = f"{request.build_absolute_uri('/')}stay/"
    revenue = would_be(case, tariff, begin)
    values = win_back_letters.values_of(case, version, begin=begin, link=link, revenue=revenue)
    return Offered(
        draft=letter.drafted(request, case.client, values, kind=win_back_letters.MAIL, begin=begin),
        title=title_of(version.title, request.desk, tariff.code),
        price=win_back_letters.price(case, version, revenue, request.desk.operator.currency),
    )


def page(
    request: OfficeRequest, case: WinBack, tariff: Tariff, offered: Offered, refusal: Refused | None = None
) -> HttpResponse:
    standing = WinBackOffer.objects.filter(case=case, withdrawn=None).select_related("tariff").first()
    more = {
        "case": case,
        "tariff": tariff,
        "offered": offered,
        "standing": standing,
        "time": case.times_sent + 1,
        "again": bool(standing and standing.tariff_id == tariff.pk),
        "until": written.day(min(case.cancellation.ends, request.desk.today + links.OPEN_FOR)),
    }
    return letter.page(request, "balie/win_back/send.html", offered.draft, more, refusal)
