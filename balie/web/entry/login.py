"""Login, logout, and setting a password by a link that works once."""

from django.contrib.auth import authenticate, logout
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme, urlsafe_base64_decode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from balie.accounts.login import forget_failures, may_try, plain, set_password
from balie.accounts.models import User
from balie.rules.errors import Refused
from balie.web import errors
from balie.web.entry.address import address_of
from balie.web.entry.entering import enter
from balie.web.request import typed


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Asks who it is; five wrong passwords within a quarter of an hour, and this address has to wait."""
    if request.user.is_authenticated:
        return redirect(safe_target(request))
    if request.method != "POST":
        return form(request, "")
    email, address, now = plain(request.POST.get("email", "")), address_of(request), typed(request).desk.now
    if not may_try(email=email, address=address, now=now):
        return form(request, _("Too many wrong passwords. Wait a quarter of an hour and try again."), status=429)
    user = authenticate(request, username=email, password=request.POST.get("password", ""))
    if not isinstance(user, User):
        return form(request, _("Email address and password do not belong together. Check both and try again."))
    forget_failures(email=email, address=address)
    return enter(request, user, safe_target(request))


def form(request: HttpRequest, problem: str, status: int = 200) -> HttpResponse:
    known = {"problem": problem, "email": request.POST.get("email", "")[:254], "next": target(request)}
    return render(request, "balie/login.html", known, status=status if status != 200 or not problem else 422)


def target(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next") or ""


def safe_target(request: HttpRequest) -> str:
    """Where the person wanted to go; never another server."""
    wanted = target(request)
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("login")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """Opening the link only shows the page: mail scanners open links. The button on it sets the password."""
    user = user_of(uidb64)
    if user is None or not default_token_generator.check_token(user, token):
        return errors.page(
            request,
            410,
            _("This link does not work any more"),
            _("It was used already, or it is too old. On the login page you can ask for a new one by mail."),
        )
    problem = ""
    if request.method == "POST":
        try:
            set_password(user, request.POST.get("password", ""))
        except Refused as weak:
            problem = weak.message
        else:
            return enter(request, user, "/")
    return render(request, "balie/password.html", {"person": user, "problem": problem}, status=422 if problem else 200)


def user_of(uidb64: str) -> User | None:
    """The active user a link speaks of; None for anything that is no such link."""
    try:
        key = int(urlsafe_base64_decode(uidb64).decode("ascii"))
    except (ValueError, UnicodeDecodeError):
        return None
    return User.objects.filter(pk=key, is_active=True).first() if 0 < key < 2**63 else None
