"""A mail with an offer before it is sent: to whom, with which words, as it will look. One page for every kind of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from balie.accounts.models import Client, User
from balie.controlling import letters
from balie.controlling.offers import FOLLOWED_AFTER
from balie.notifications.mails import OPERATOR
from balie.notifications.queries import wording
from balie.notifications.wording import Wording, fill, unknown
from balie.rules.errors import Refused
from balie.web import written
from balie.web.request import OfficeRequest
from balie.web.words import LANGUAGES

FIELDS = ("subject", "body", "button")
LONGEST = 20_000  # of what is read from a form


@dataclass(frozen=True)
class Draft:
    """The mail to a client, and what its variables stand for. kind: of mail; begin: first day of the tariff offered."""

    client: Client
    kind: str
    language: str
    values: Mapping[str, str]
    begin: date
    to: str
    words: Wording

    @property
    def recipients(self) -> Sequence[str]:
        return self.to.replace(";", ",").split(",")

    @property
    def language_name(self) -> str:
        return str(LANGUAGES.get(self.language, self.language))


def drafted(request: OfficeRequest, client: Client, values: Mapping[str, str], *, kind: str, begin: date) -> Draft:
    """What was typed, else the standard words with every value in its place to the client's first address."""
    language = letters.language_for(client, request.desk.operator)
    if request.method == "POST":
        to, words = request.POST.get("to", ""), Wording(*(request.POST.get(name, "")[:LONGEST] for name in FIELDS))
    else:
        to = next(iter(contacts([client])[client.pk]), "")
        words = letters.opened(wording(kind=kind, language=language), values)
    return Draft(client, kind, language, values, begin, to[:LONGEST], words)


def contacts(clients: Iterable[Client]) -> dict[int, Sequence[str]]:
    """The addresses of these clients, their own first, then those of their users. One query."""
    found = {client.pk: [client.email] if client.email else [] for client in clients}
    people = User.objects.filter(client__in=found, is_active=True).order_by("pk") if found else User.objects.none()
    for client, email in people.values_list("client_id", "email"):
        found[client].append(email)
    return {client: list(dict.fromkeys(addresses)) for client, addresses in found.items()}


def preview(request: OfficeRequest, draft: Draft) -> HttpResponse:
    """The mail alone as it would look, which htmx asks for while somebody types."""
    return render(request, "balie/tasks/_mail.html", looks(draft, request.desk.operator.name))


def page(
    request: OfficeRequest, template: str, draft: Draft, more: Mapping[str, Any], refusal: Refused | None = None
) -> HttpResponse:
    """The form with the mail as it would look."""
    known = looks(draft, request.desk.operator.name) | {
        "draft": draft,
        "here": request.get_full_path(),
        "contacts": contacts([draft.client])[draft.client.pk],
        "remind": written.day(request.desk.today + FOLLOWED_AFTER),
        "waits": not request.desk.operator.mail.get("url"),
        "where": refusal.where if refusal else "",
        "problem": refusal.message if refusal else "",
        **more,
    }
    return render(request, template, known, status=422 if refusal else 200)


def looks(draft: Draft, operator: str) -> dict[str, Any]:
    """The mail these words make, or what is wrong with them."""
    values = {**draft.values, OPERATOR: operator}
    values |= dict.fromkeys(unknown(draft.words, values), "")
    filled = fill(draft.words, values, link=letters.LINK)
    wrong = ""
    try:
        letters.checked_words(draft.words, code=draft.values[letters.CODE], kind=draft.kind)
    except Refused as refusal:
        wrong = refusal.message
    shown = {"subject": filled.subject, "paragraphs": filled.paragraphs, "language": draft.language}
    return {"wrong": wrong, **shown}
