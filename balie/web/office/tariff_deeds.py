"""What a manager does about a tariff: its code, an individual copy, a version that nobody wants any more."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.accounts.models import Client
from balie.calls.queries import closed_months
from balie.rules.errors import Refused
from balie.tariffs.actions import (
    change_offer,
    copy_for_client,
    delete_version,
    restore_code,
    set_watch,
    withdraw_code,
)
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import version_on
from balie.web import notices
from balie.web.access import office
from balie.web.office.contracts import title_of
from balie.web.office.draft import LANGUAGES
from balie.web.office.example import client_named
from balie.web.office.tariff import months_ahead, tariff_of, tariff_page
from balie.web.office.tariff_watch import values_given
from balie.web.request import Desk, OfficeRequest, author

DAYS = ("orderable_from", "orderable_until", "code_expires")


@require_POST
@office
def code(request: OfficeRequest, pk: int) -> HttpResponse:
    """Withdraws a code or opens it again, or sets whom it serves, how long and how often."""
    tariff = tariff_of(pk)
    try:
        done(request, tariff, request.POST.get("do") or request.GET.get("do", ""))
    except Refused as refusal:
        return tariff_page(request, tariff, refusal.message, refusal.where)
    return redirect("tariff", pk=pk)


def done(request: OfficeRequest, tariff: Tariff, deed: str) -> None:
    by, address = author(request), reverse("tariff_code", args=[tariff.pk])
    if deed == "withdraw":
        withdraw_code(tariff=tariff, author=by)
        said = _("The code opens nothing any more; contracts go on.")
        notices.done(request, said, undo=f"{address}?do=restore")
    elif deed == "restore":
        restore_code(tariff=tariff, author=by)
        notices.done(request, _("The code works again."), undo=f"{address}?do=withdraw")
    elif deed == "offer":
        change_offer(tariff=tariff, values=offer_of(request.POST), author=by)
        notices.done(request, _("Saved."))
    else:
        raise Refused("no_deed", _("Nothing was chosen, so nothing was changed."))


def offer_of(given: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the form as the action takes them. Refused, at its field, for a day that is none."""
    values: dict[str, Any] = {name: day_or_none(given.get(name, ""), name) for name in DAYS}
    return values | {"public": bool(given.get("public")), "code_uses": given.get("code_uses", "").strip()}


def day_or_none(text: str, where: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("bad_day", _("“%(text)s” is not a day.") % {"text": text[:20]}, where) from None


@require_POST
@office
def watch(request: OfficeRequest, pk: int) -> HttpResponse:
    """Sets what the watch goes by for this tariff; taking it back names in the address what it was."""
    tariff = tariff_of(pk)
    try:
        values = values_given({**request.GET.dict(), **request.POST.dict()})
        before = set_watch(tariff=tariff, values=values, author=author(request))
    except Refused as refusal:
        return tariff_page(request, tariff, refusal.message, refusal.where)
    if before:
        was = urlencode({name: "" if value is None else str(value) for name, value in before.items()})
        said = _("Saved. The watch goes by it from its next look on.")
        notices.done(request, said, undo=f"{reverse('tariff_watch', args=[pk])}?{was}")
    return redirect("tariff", pk=pk)


@require_POST
@office
def delete(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes away a version that no closed month has used."""
    version = get_object_or_404(TariffVersion, pk=pk)
    try:
        delete_version(version=version, author=author(request))
    except Refused as refusal:
        return tariff_page(request, tariff_of(version.tariff_id), refusal.message)
    notices.done(request, _("The version is deleted; the one before it goes on."))
    return redirect("tariff", pk=version.tariff_id)


@require_http_methods(["GET", "HEAD", "POST"])
@office
def copy(request: OfficeRequest, pk: int) -> HttpResponse:
    """An individual tariff in one step: same items, own code, for one client; then its prices can be changed."""
    tariff, desk, given = tariff_of(pk), request.desk, request.POST
    if request.method != "POST":
        return copy_page(request, tariff)
    client = client_named(given.get("client", ""))
    try:
        if client is None:
            raise Refused("unknown_client", _("Choose the client by its number, for instance 1001."), "client")
        period = desk.month(given.get("month", ""))
        made = copy_for_client(
            tariff=tariff,
            client=client,
            first_day=period.first_day,
            values={"title": titles_given(given, tariff, client, desk)},
            closed=closed_months(),
            author=author(request),
        )
    except Refused as refusal:
        return copy_page(request, tariff, refusal.message, refusal.where)
    said = _("Made for %(client)s with the code %(code)s. Change its prices here.")
    notices.done(request, said % {"client": client.name, "code": made.code})
    return redirect(f"{reverse('edit_tariff', args=[made.pk, str(period)])}?client={client.number}")


def titles_given(given: Mapping[str, str], tariff: Tariff, client: Client, desk: Desk) -> dict[str, str]:
    """As they stand in the form; the tariff's with the client's name where the form was only a client's number."""
    if not any(f"title_{language}" in given for language in LANGUAGES):
        return titles_for(tariff, client, desk)
    return {language: given.get(f"title_{language}", "") for language in LANGUAGES}


def titles_for(tariff: Tariff, client: Client | None, desk: Desk) -> dict[str, str]:
    """The tariff's titles, with the client's name behind them; in the operator's language there is always one."""
    version = version_on(tariff, desk.today) or tariff.versions.first()
    known = version.title if version else {}
    titles = {language: known.get(language, "") for language in LANGUAGES}
    titles[desk.operator.language] = titles[desk.operator.language] or title_of(known, desk, tariff.code)
    return {language: f"{title} {client.name}" if title and client else title for language, title in titles.items()}


def copy_page(request: OfficeRequest, tariff: Tariff, problem: str = "", where: str = "") -> HttpResponse:
    desk, given = request.desk, request.POST
    client = client_named(given.get("client", "") or request.GET.get("client", ""))
    titles = titles_for(tariff, client, desk)
    known = {
        "tariff": tariff,
        "title": title_of(titles_for(tariff, None, desk), desk, tariff.code),
        "client": given.get("client", "") or (client.number if client else ""),
        "clients": Client.objects.order_by("number").only("number", "name"),
        "titles": [(language, given.get(f"title_{language}", title)) for language, title in titles.items()],
        "months": months_ahead(desk),
        "month": given.get("month", ""),
        "problem": problem,
        "where": where,
    }
    return render(request, "balie/tariffs/copy.html", known, status=422 if problem else 200)
