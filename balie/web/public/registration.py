"""Signing up, activating by the link of a mail, asking for another link, and the terms; for everybody.

Opening any of these pages changes nothing: programs that look through mails open links. The answer to a sign-up and to
asking for a link never tells whether the address is known.
"""

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from balie.accounts import registration as actions
from balie.accounts.models import Registration
from balie.accounts.queries import login_of
from balie.accounts.registration import SignUp
from balie.operator.terms import terms as terms_that_hold
from balie.operator.terms import text_in
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.entry.address import address_of
from balie.web.entry.entering import enter
from balie.web.public.prices import carried, in_language
from balie.web.request import OfficeRequest, typed

WHATS = ("sign-up", "link", "password")
ORDERED = "ordered_tariff"  # in the session: the code a registration carried, for the page that orders
FORM = ("GET", "HEAD", "POST")
PRESSED_TWICE = 20  # seconds: a slow phone, and nobody types another password that fast


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(FORM)
@in_language
def sign_up(request: OfficeRequest) -> HttpResponse:
    """The form; what was wrong beside each field. `?next=` and `?tariff=` are kept until it is activated."""
    if request.user.is_authenticated:
        return redirect("/")
    if request.method != "POST":
        return form(request, {})
    said = typed_in(request)
    if request.POST.get("website"):  # a field no person sees: a program filled it in
        return sent(request, "sign-up")
    if problems := dict(actions.problems(said)):
        return form(request, problems)
    mark = pressed(request, said)
    if mark and not cache.add(mark, "y", timeout=PRESSED_TWICE):
        return sent(request, "sign-up")
    try:
        actions.sign_up(said=said, address=address_of(request), now=request.desk.now)
    except Refused as refusal:
        cache.set(mark, "", timeout=0)  # not sent: the same may be tried again
        return form(request, {refusal.where: refusal.message}, 429 if refusal.code == "too_many_tries" else 422)
    return sent(request, "sign-up")


def pressed(request: OfficeRequest, said: SignUp) -> str:
    """Of this very form: what is sent with it a second time within moments is a button pressed twice, not a second
    sign-up. It would use up what one mailbox may get, and kill the link of the first mail. "" where the form has none.
    """
    form = form_of(request)
    told = "\0".join((form, said.company, said.name, said.email, said.language, said.tariff, said.next))
    return f"signed-up:{sha256(told.encode()).hexdigest()}" if form else ""


def typed_in(request: OfficeRequest) -> SignUp:
    given, agreed = request.POST, request.POST.get("agreed", "")
    return SignUp(
        company=given.get("company", ""),
        name=given.get("name", ""),
        email=given.get("email", ""),
        password=given.get("password", ""),
        language=given.get("language", ""),
        agreed=int(agreed) if agreed.isascii() and agreed.isdigit() and len(agreed) < 9 else None,
        tariff=given.get("tariff", ""),
        next=given.get("next", ""),
    )


def form(request: OfficeRequest, problems: dict[str, str], status: int = 422) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    known: dict[str, Any] = {
        "problems": problems,
        "first_problem": next(iter(problems), ""),
        "given": {name: given.get(name, "")[:300] for name in ("company", "name", "email", "next", "tariff", "agreed")},
        "spoken": given.get("language") or (get_language() or "en")[:2],
        "terms": terms_that_hold(),
        "carried": carried(request),
    }
    return render(request, "balie/public/sign_up.html", known, status=status if problems else 200)


def sent(request: OfficeRequest, what: str) -> HttpResponse:
    """On to the page that says to look into the mailbox: the same for every address."""
    language = f"&language={request.GET['language']}" if carried(request) else ""
    return redirect(f"{reverse('mail_sent')}?what={what}{language}")


@require_safe
@in_language
def mail_sent(request: OfficeRequest) -> HttpResponse:
    what = request.GET.get("what", "")
    known = {"what": what if what in WHATS else WHATS[0], "carried": carried(request)}
    return render(request, "balie/public/sent.html", known)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(FORM)
def activate(request: HttpRequest, key: str) -> HttpResponse:
    """The page behind the link: only its button activates. In the language of who signed up, or the one now chosen."""
    ours = typed(request)
    found = actions.registration_of(key[:100])
    asked = ours.GET.get("language", "")
    spoken = asked if asked in dict(settings.LANGUAGES) else found.language if found else get_language()
    with override(spoken):
        response = behind_link(ours, found, key)
    response.headers.setdefault("Content-Language", spoken or "en")
    response["X-Robots-Tag"] = "noindex"
    return response


def behind_link(request: OfficeRequest, found: Registration | None, key: str) -> HttpResponse:
    if found is None:
        return dead(request, _("This link does not work any more"), 410)
    if found.activated:
        return done_already(request, found)
    if actions.is_over(found, request.desk.now):
        return another(request, found)
    if request.method != "POST":
        return activation(request, found)
    cache.set(f"activating:{found.pk}", form_of(request), timeout=PRESSED_TWICE)
    try:
        done = actions.activate(key=key[:100], password=request.POST.get("password", ""), now=request.desk.now)
    except Refused as refusal:
        if refusal.code == "activated":
            return done_already(request, found)
        return activation(request, found, refusal.message, 422)
    response = enter(request, done.user, done.next or reverse("portal"))
    if done.tariff:
        request.session[ORDERED] = done.tariff
    notices.done(request, _("Welcome. %(company)s is client %(number)s now.")
                 % {"company": done.client.name, "number": done.client.number})  # fmt: skip
    return response


def done_already(request: OfficeRequest, found: Registration) -> HttpResponse:
    """The link is used. Its button pressed twice leads where the first press did: browsers wait for the last."""
    form = form_of(request) if request.method == "POST" else ""
    user = login_of(found.email) if form and cache.get(f"activating:{found.pk}") == form else None
    if user:
        return enter(request, user, found.next or reverse("portal"))
    return dead(request, _("This registration is activated already"), 410, used=True)


def form_of(request: OfficeRequest) -> str:
    """A mark of the very form that was sent, the same however often its button is pressed. "" where it has none."""
    token = request.POST.get("csrfmiddlewaretoken", "")
    return sha256(token.encode()).hexdigest() if token else ""


def activation(request: OfficeRequest, found: Registration, problem: str = "", status: int = 200) -> HttpResponse:
    known = {"registration": found, "problem": problem, "carried": carried(request)}
    return render(request, "balie/public/activate.html", known, status=status)


def dead(request: OfficeRequest, title: str, status: int, *, used: bool = False) -> HttpResponse:
    """A link of which nothing more comes, and the way on."""
    known = {"title": title, "used": used, "carried": carried(request), "problem": "", "email": ""}
    return render(request, "balie/public/link_dead.html", known, status=status)


def another(request: OfficeRequest, found: Registration) -> HttpResponse:
    """The link is right and too old: one press sends another one."""
    if request.method == "POST":
        try:
            actions.ask_for_link(email=found.email, address=address_of(request), now=request.desk.now)
        except Refused as refusal:
            return over(request, refusal.message, 429)
        return sent(request, "link")
    return over(request, "", 410)


def over(request: OfficeRequest, problem: str, status: int) -> HttpResponse:
    known = {"problem": problem, "carried": carried(request)}
    return render(request, "balie/public/link_over.html", known, status=status)


@never_cache
@require_http_methods(FORM)
@in_language
def new_link(request: OfficeRequest) -> HttpResponse:
    """Another link by one's email address, for whoever lost the mail or has an older one."""
    email = request.POST.get("email", "").strip()[:254]
    problem, status = "", 200
    if request.method == "POST":
        try:
            if not email:
                raise Refused("no_email", _("This is empty."), "email")
            actions.ask_for_link(email=email, address=address_of(request), now=request.desk.now)
        except Refused as refusal:
            problem, status = refusal.message, 429 if refusal.code == "too_many_tries" else 422
        else:
            return sent(request, "link")
    known = {"problem": problem, "email": email, "carried": carried(request)}
    return render(request, "balie/public/new_link.html", known, status=status)


@require_safe
@in_language
def terms(request: OfficeRequest) -> HttpResponse:
    """The terms that hold, to read and print."""
    held = terms_that_hold()
    language, own = (get_language() or "en")[:2], request.desk.operator.language
    known = {"terms": held, "text": text_in(language, held, own=own) if held else "", "carried": carried(request)}
    return render(request, "balie/public/terms.html", known)
