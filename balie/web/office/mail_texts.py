"""The texts of mails in the operator's own words, with their variables explained and the mail as it would look."""

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.notifications import letter, texts
from balie.notifications.actions import queue_mail
from balie.notifications.kind import LANGUAGES, OPERATOR, Kind
from balie.notifications.mails import KINDS
from balie.notifications.queries import own_text, own_texts, wording
from balie.notifications.wording import Wording, fill, unknown
from balie.operator.models import Operator
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.access import office
from balie.web.frames import holds_frame, in_frame
from balie.web.request import OfficeRequest, author
from balie.web.words import LANGUAGES as LANGUAGE_NAMES

FIELDS = ("subject", "body", "button")


def kind_of(name: str, language: str) -> Kind:
    """Raises Http404 for a kind or a language there is none of."""
    if name not in KINDS or language not in LANGUAGES:
        raise Http404
    return KINDS[name]


@office
def all_texts(request: OfficeRequest) -> HttpResponse:
    """Every kind of mail with its texts: which are the operator's own."""
    own = own_texts()
    names = [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]
    rows = [(kind, [(code, name, own.get((kind.name, code))) for code, name in names]) for kind in KINDS.values()]
    return render(request, "balie/mails/texts.html", {"rows": rows, "languages": names})


@require_http_methods(["GET", "HEAD", "POST"])
@office
@holds_frame
def text(request: OfficeRequest, kind: str, language: str) -> HttpResponse:
    """One text: as it stands, as it would be with what was typed, or stored."""
    found = kind_of(kind, language)
    if request.method != "POST":
        return text_page(request, found, language, wording(kind=kind, language=language))
    words = typed_words(request.POST)
    if request.POST.get("do") != "save":
        return preview(request, found, language, words)
    try:
        texts.change_text(kind=found, language=language, words=words, author=author(request))
    except Refused as refusal:
        return text_page(request, found, language, words, refusal)
    notices.done(request, _("Saved: mails queued from now on say it like this."))
    return redirect("mail_text", kind=kind, language=language)


def typed_words(fields: QueryDict) -> Wording:
    """What stands in the form, no longer than anything may be."""
    subject, body, button = (fields.get(name, "")[: texts.LONGEST_BODY * 2] for name in FIELDS)
    return texts.tidy(Wording(subject, body, button))


def preview(request: OfficeRequest, kind: Kind, language: str, words: Wording) -> HttpResponse:
    """The mail as it would look; alone for htmx, with the whole page without a script."""
    if not request.htmx:
        return text_page(request, kind, language, words)
    return render(request, "balie/mails/_preview.html", looks(request.desk.operator, kind, language, words))


def text_page(
    request: OfficeRequest, kind: Kind, language: str, words: Wording, refusal: Refused | None = None
) -> HttpResponse:
    own = own_text(kind=kind.name, language=language)
    known = looks(request.desk.operator, kind, language, words) | {
        "own": own,
        "words": words,
        "where": refusal.where if refusal else "",
        "problem": refusal.message if refusal else "",
        "languages": [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        "variables": [
            (f"{{{one.name}}}", one.meaning, example, one.name in kind.needed)
            for one, example in zip(kind.variables, examples(request.desk.operator, kind, language), strict=True)
        ],
    }
    return render(request, "balie/mails/text.html", known, status=422 if refusal else 200)


def looks(operator: Operator, kind: Kind, language: str, words: Wording) -> dict[str, Any]:
    """The mail these words make with example values, and all that is wrong with them."""
    values = example(operator, kind, language, words)
    filled = fill(words, values, link=kind.link)
    head = letter.Head(operator.name, operator.address, language)
    framed = reverse("mail_text_html", args=[kind.name, language])
    return {
        "kind": kind,
        "language": language,
        "language_name": LANGUAGE_NAMES[language],
        "problems": list(texts.problems(kind, words)),
        "subject": filled.subject,
        "plain": letter.plain(filled, head),
        "html": letter.html(filled, head),
        "frame": f"{framed}?{urlencode({name: getattr(words, name) for name in FIELDS})}",
    }


def examples(operator: Operator, kind: Kind, language: str) -> list[str]:
    """A value for each variable of the kind, in order."""
    return [operator.name if one.name == OPERATOR else one.example_in(language) for one in kind.variables]


def example(operator: Operator, kind: Kind, language: str, words: Wording) -> dict[str, str]:
    """A value for each variable by its name; what is none stands there as it was typed, so that one sees it."""
    values = dict(zip(kind.names, examples(operator, kind, language), strict=True))
    return values | {name: f"{{{name}}}" for name in unknown(words, kind.names)}


@office
@in_frame
def html(request: OfficeRequest, kind: str, language: str) -> HttpResponse:
    """The HTML of the mail these words make, and nothing around it; stores nothing."""
    found = kind_of(kind, language)
    return HttpResponse(looks(request.desk.operator, found, language, typed_words(request.GET))["html"])


@require_POST
@office
def standard(request: OfficeRequest, kind: str, language: str) -> HttpResponse:
    """Back to the standard text; the own words can be taken back."""
    found = kind_of(kind, language)
    entry = texts.back_to_standard(kind=found, language=language, author=author(request))
    if entry:
        undo = reverse("undo_mail_text", args=[kind, language, entry.pk])
        notices.done(request, _("This mail has its standard text again."), undo=undo)
    return redirect("mail_text", kind=kind, language=language)


@require_POST
@office
def take_back(request: OfficeRequest, kind: str, language: str, entry: int) -> HttpResponse:
    """The own words again."""
    found = kind_of(kind, language)
    try:
        texts.take_back_standard(kind=found, language=language, entry=entry, author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        notices.done(request, _("Your own words hold again."))
    return redirect("mail_text", kind=kind, language=language)


@require_POST
@office
def to_myself(request: OfficeRequest, kind: str, language: str) -> HttpResponse:
    """Sends the mail, as its text is stored, with example values to whoever asks."""
    found = kind_of(kind, language)
    values = {one.name: one.example_in(language) for one in found.variables if one.name != OPERATOR}
    mail = queue_mail(kind=kind, to=request.user.email, language=language, values=values, now=request.desk.now)
    said = _("This mail with example values is on its way to %(address)s.") % {"address": request.user.email}
    notices.done(request, said)
    return redirect("mail", pk=mail.pk) if mail else redirect("mail_text", kind=kind, language=language)
