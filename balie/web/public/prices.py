"""Price lists: of every public tariff, and of one by its code, in three languages.

What is not public is read by whoever has its code; what belongs to one client by its users and managers only. Unknown,
withdrawn, expired and other clients' codes get one answer, and wrong ones are counted (docs/decisions/tariff-codes.md).
"""

from collections.abc import Callable
from datetime import date
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from balie.accounts.models import Client, Role
from balie.contracts.models import Contract
from balie.operator.actions import Author
from balie.rules.errors import Refused
from balie.tariffs.actions import code_entered
from balie.tariffs.models import Tariff
from balie.tariffs.queries import offers, orderable, tariff_typed, versions_of
from balie.web.access import needs_second_factor
from balie.web.entry.address import address_of
from balie.web.listed import listed_offer, listed_tariff
from balie.web.request import OfficeRequest, typed


def in_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Speaks the language of `?language=`, which a link that is shared carries along; else the reader's own."""

    def spoken(request: HttpRequest, **named: str) -> HttpResponse:
        wanted = request.GET.get("language", "")
        if wanted not in dict(settings.LANGUAGES):
            return view(typed(request), **named)
        with override(wanted):
            response = view(typed(request), **named)
        response.headers.setdefault("Content-Language", wanted)
        return response

    return spoken


@require_safe
@in_language
def prices(request: OfficeRequest) -> HttpResponse:
    """All tariffs everyone may order, by service; a code that was typed leads to its list."""
    if code := request.GET.get("code", "").strip()[:40].strip("/"):
        return redirect(reverse("price_list", args=[code]) + carried(request))
    desk = request.desk
    found = sorted(offers(day=desk.today), key=lambda one: one.service)
    listed = {
        service: [listed_offer(one, desk) for one in rows]
        for service, rows in groupby(found, key=lambda one: one.service)
    }
    return render(request, "balie/public/prices.html", {"listed": listed, "carried": carried(request)})


@require_safe
@in_language
def price_list(request: OfficeRequest, code: str) -> HttpResponse:
    """One tariff's prices, to read, print and share."""
    try:
        tariff = readable(request, code[:40])
        listed = listed_tariff(tariff, versions_of([tariff]).get(tariff.pk, []), request.desk)
    except Refused as refusal:
        return unknown(request, code, refusal)
    known = {
        "listed": listed,
        "contract": contract_to_change(request, tariff),
        "offered": orderable(tariff, request.desk.today),
        "carried": carried(request),
    }
    response = render(request, "balie/public/price_list.html", known)
    if not tariff.public or tariff.client_id:
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
    return response


def unknown(request: OfficeRequest, code: str, refusal: Refused) -> HttpResponse:
    """The one answer to a code that opens nothing, whatever is wrong with it."""
    status = 429 if refusal.code == "too_many_tries" else 404
    known = {"problem": refusal.message, "code": code[:40], "carried": carried(request)}
    return render(request, "balie/public/unknown.html", known, status=status)


def readable(request: OfficeRequest, code: str) -> Tariff:
    """The tariff of a code, for whoever asks. Refused in the same words whatever is wrong, and too often not at all."""
    named = tariff_typed(code)
    client = client_of(request)
    if named and (is_open(named, request.desk.today) or is_known(request, named, client)):
        return named
    user = request.user
    author = Author(str(user) if user.is_authenticated else "visitor", request.desk.now, user.pk)
    return code_entered(code=code, client=client, address=address_of(request), author=author)


def client_of(request: OfficeRequest) -> Client | None:
    return request.user.client if request.user.is_authenticated else None


def is_open(tariff: Tariff, today: date) -> bool:
    """Whether everyone may read it: a public one, once it is offered; also when it is no longer."""
    return tariff.public and tariff.client_id is None and (tariff.orderable_from or date.min) <= today


def is_known(request: OfficeRequest, tariff: Tariff, client: Client | None) -> bool:
    """Whether the reader may know it anyway: a manager, or a client that has it or had it."""
    if client is not None:
        return Contract.objects.filter(client=client, tariff=tariff).exists()
    return request.user.is_authenticated and request.user.may(Role.MANAGER) and not needs_second_factor(request)


def contract_to_change(request: OfficeRequest, tariff: Tariff) -> Contract | None:
    """The reader's own contract that could change to this tariff."""
    client = client_of(request)
    if client is None or not orderable(tariff, request.desk.today):
        return None
    own = Contract.objects.filter(client=client, service=tariff.service, end=None, start__lte=request.desk.today)
    return own.exclude(tariff=tariff).first()


def carried(request: OfficeRequest) -> str:
    """The language a link asked for, for the links on the page."""
    wanted = request.GET.get("language", "")
    return f"?language={wanted}" if wanted in dict(settings.LANGUAGES) else ""
