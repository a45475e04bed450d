"""Who the operator is: name and letterhead, country, time zone and money, where its pages are, how it counts."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from babel.core import Locale
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from balie.billing.models import FrozenBill
from balie.calls.models import Call
from balie.calls.queries import closed_months, in_another_month, quick_between
from balie.numbers.stock import stock
from balie.operator.models import Operator
from balie.operator.queries import operator
from balie.operator.written import locale
from balie.rules.errors import Refused
from balie.rules.holidays import state_names, states
from balie.statements.exports import pdf
from balie.tariffs.models import Tariff
from balie.web import hosts, money, written
from balie.web.access import administrator, office
from balie.web.office.settings.labels import SMS_COUNTS
from balie.web.office.settings.page import Ask, Field, SettingsPage
from balie.web.request import OfficeRequest, partly
from balie.web.words import LANGUAGES
from balie.world import kinds
from balie.world.changed import State

NAMES = (
    "name", "address", "timezone", "region", "currency", "language", "base_url", "answer_seconds", "sms_count",
    "quarantine_days", "low_stock",
)  # fmt: skip
# What a page counts anew while somebody waits: some seconds' work. More is for `balie load`.
MOST_CALLS = 100_000
CONTINENTS = (
    "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
    "Pacific/",
)  # fmt: skip
LONGEST = 1000


@dataclass(frozen=True)
class Choice:
    """One line of a list to search in: what is stored, and what it means."""

    value: str
    text: str


@cache
def zone_choices() -> list[str]:
    """Time zones by a place in them; the others are old names of the same."""
    return [*sorted(zone for zone in kinds.zones() if zone.startswith(CONTINENTS)), "UTC"]


@cache
def region_choices(language: str) -> list[Choice]:
    """Every country with a calendar, and its states where those have names, by their names in the language."""
    names = Locale.parse(language).territories
    found = []
    for country in sorted(set(states()) & set(kinds.countries()), key=lambda code: names.get(code, code)):
        name = names.get(country, country)
        found.append(Choice(country, name))
        found += [Choice(f"{country}-{code}", f"{name}, {state}") for code, state in state_names(country).items()]
    return found


@cache
def currency_choices(language: str) -> list[Choice]:
    names = Locale.parse(language).currencies
    return [Choice(code, names.get(code, code)) for code in sorted(kinds.currencies())]


def coded(form: Mapping[str, str]) -> Mapping[str, str]:
    """The form with the codes of a country and a currency that were given by their names."""
    found = {name: form[name] for name in form}
    for name, choices in (("region", region_choices), ("currency", currency_choices)):
        if name in found:
            words = found[name].strip()
            codes = {one.text.casefold(): one.value for one in choices(locale())}
            found[name] = codes.get(words.casefold(), words)
    return found


def known(request: OfficeRequest, fields: Mapping[str, Field]) -> dict[str, Any]:
    """The lists to choose from, and how things stand beside the settings."""
    desk, language = request.desk, locale()
    here = request.build_absolute_uri("/").rstrip("/")
    return {
        "zones": zone_choices(),
        "regions": region_choices(language),
        "region_name": next((one.text for one in region_choices(language) if one.value == desk.operator.region), ""),
        "currencies": currency_choices(language),
        "languages": LANGUAGES.items(),
        "sms_counts": SMS_COUNTS.items(),
        "closed": bool(closed_months()),
        "here": here,
        "elsewhere_now": desk.operator.base_url and desk.operator.base_url != here,
        "stock": stock(desk.today, desk.operator),
        "letterhead": letterhead_at(fields["name"].value, fields["address"].value),
    }


def letterhead_at(name: str, address: str) -> str:
    """Where the picture of a letter with these lines is."""
    return f"{reverse('operator_letterhead')}?{urlencode({'name': name[:200], 'address': address[:LONGEST]})}"


def asks(request: OfficeRequest, fresh: State) -> Iterator[Ask]:
    """What these settings would do beyond themselves. Refused for what would keep everybody waiting."""
    ours = request.desk.operator
    if zone := fresh.get("timezone"):
        yield from ask_zone(ours, zone)
    if (seconds := fresh.get("answer_seconds")) is not None:
        refuse_many(quick_between(ours.answer_seconds, seconds).count(), "answer_seconds")
    if currency := fresh.get("currency"):
        yield from ask_currency(ours, currency)
    if "base_url" in fresh and not hosts.answers_to(request.get_host(), fresh["base_url"]):
        yield ask_address(request.get_host(), fresh["base_url"])


def ask_zone(ours: Operator, zone: str) -> Iterator[Ask]:
    """Calls belong to local days. Once a month is closed the zone is not asked about: it stays."""
    count = 0 if closed_months() else Call.objects.count()
    refuse_many(count, "timezone")
    if not count:
        return
    moved = in_another_month(ours.timezone, zone).count()
    all_calls = ngettext(
        "%(n)s call is sorted into days and hours anew, by the clock of %(zone)s.",
        "%(n)s calls are sorted into days and hours anew, by the clock of %(zone)s.",
        count,
    ) % {"n": written.count(count), "zone": zone}
    other_month = ngettext(
        "%(n)s of them then belongs to another month.", "%(n)s of them then belong to another month.", moved
    ) % {"n": written.count(moved)}
    none = _("None changes its month.")
    yield Ask(f"timezone={zone}", f"{all_calls} {other_month if moved else none}")


def refuse_many(count: int, where: str) -> None:
    if count > MOST_CALLS:
        said = _("%(n)s calls would be counted anew, which takes minutes. Load a world file with it: balie load.")
        raise Refused("many_calls", said % {"n": written.count(count)}, where)


def ask_currency(ours: Operator, currency: str) -> Iterator[Ask]:
    """Prices are numbers: nobody converts them."""
    if not Tariff.objects.exists() and not FrozenBill.objects.exists():
        return
    was, now = (money.price("39.00", one) for one in (ours.currency, currency))
    said = _("Nothing is converted: a price of %(was)s becomes %(now)s. Closed months keep %(currency)s.")
    yield Ask(f"currency={currency}", said % {"was": was, "now": now, "currency": ours.currency})


def ask_address(host: str, base_url: str) -> Ask:
    if not base_url:
        said = _("You have this page open at %(host)s. Balie will answer there no longer, only on its own machine.")
        return Ask("base_url=", said % {"host": host})
    said = _("You have this page open at %(host)s. Balie will answer there no longer, only at %(url)s.")
    return Ask(f"base_url={base_url}", said % {"host": host, "url": base_url})


PAGE = SettingsPage(
    names=NAMES, template="balie/settings/operator.html", view="operator_settings", put="put_operator",
    undo="undo_operator", known=known, asks=asks, given=coded,
)  # fmt: skip


@office
def show(request: OfficeRequest) -> HttpResponse:
    """The page; for htmx the letterhead as it would be with what is typed."""
    if partly(request):
        typed = letterhead_at(request.GET.get("name", ""), request.GET.get("address", ""))
        return render(request, "balie/settings/_letterhead.html", {"letterhead": typed})
    return PAGE.draw(request)


@office
def letterhead(request: OfficeRequest) -> HttpResponse:
    """The head of a letter as a picture, with this name and these lines; stores nothing."""
    ours = copy(request.desk.operator)
    ours.name = request.GET.get("name", ours.name)[:200]
    lines = request.GET.get("address", "\n".join(ours.address))[:LONGEST].splitlines()
    ours.address = [line.strip() for line in lines if line.strip()][:8]
    return HttpResponse(pdf.letterhead(ours, now=request.desk.now), content_type="image/svg+xml")


@require_POST
@administrator
def put(request: OfficeRequest) -> HttpResponse:
    """Stores the form. Where that moved the pages to another address, this one answers no other request: it is said
    now where they are."""
    answer = PAGE.store(request)
    if answer.status_code != 302 or hosts.answers_to(request.get_host()):
        return answer
    return render(request, "balie/settings/moved.html", {"base_url": operator().base_url})


@require_POST
@administrator
def undo(request: OfficeRequest, pk: int) -> HttpResponse:
    return PAGE.take_back(request, pk)


urlpatterns = [
    path("settings/operator/", show, name="operator_settings"),
    path("settings/operator/letterhead.svg", letterhead, name="operator_letterhead"),
    path("settings/operator/set/", put, name="put_operator"),
    path("settings/operator/undo/<int:pk>/", undo, name="undo_operator"),
]
