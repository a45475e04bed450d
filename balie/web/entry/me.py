"""Your login: password, second factor, keys, and where you are logged in. For everybody who can log in.

The steps are allauth's views with templates of ours; what changes factors or password asks first whether it is still
you. What is ours beside them: the page itself, its deeds about sessions, and the log.
"""

from collections.abc import Callable
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import ReauthenticateView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView, GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal.flows import remove_authenticator
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, ReauthenticateWebAuthnView
from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from balie.accounts.factors import factor_added, factor_removed, factors_of
from balie.accounts.login import set_password
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.access import needs_second_factor
from balie.web.entry.browsers import browser_of
from balie.web.request import OfficeRequest, author, typed

View = Callable[..., HttpResponseBase]


@require_safe
@login_required
@never_cache
def me(request: HttpRequest) -> HttpResponse:
    """What protects this login, and every place where it is in use."""
    ours = typed(request)
    factors = list(Authenticator.objects.filter(user_id=ours.user.pk).order_by("pk"))
    codes = next((one for one in factors if one.type == Authenticator.Type.RECOVERY_CODES), None)
    known: dict[str, Any] = {
        "frame": "balie/portal/portal.html" if ours.user.client else "balie/me/alone.html",
        "client": ours.user.client,
        "app": next((one for one in factors if one.type == Authenticator.Type.TOTP), None),
        "keys": [one.wrap() for one in factors if one.type == Authenticator.Type.WEBAUTHN],
        "codes": codes,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "needed": needs_second_factor(ours),
        "sessions": sessions(ours),
    }
    if ours.user.role and ours.user.may("manager"):
        known["frame"] = "balie/office.html"
    return render(request, "balie/me/me.html", known)


def sessions(request: OfficeRequest) -> list[dict[str, Any]]:
    """Where this person is logged in, the newest first, this browser marked."""
    found = sorted(UserSession.objects.purge_and_list(request.user), key=lambda one: one.created_at, reverse=True)
    return [{"row": one, "here": one.is_current(), "browser": browser_of(one.user_agent)} for one in found]


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Logs out there: whoever sits at that browser has to log in again."""
    found = get_object_or_404(UserSession, pk=pk, user_id=typed(request).user.pk)
    here = found.is_current()
    end_sessions(request, [found])
    if here:
        return redirect("login")
    notices.done(request, _("You are logged out there."))
    return redirect("mfa_index")


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    """Logs out everywhere but here."""
    end_other_sessions(request, request.user)
    notices.done(request, _("You are logged out everywhere but here."))
    return redirect("mfa_index")


@sensitive_post_parameters("password")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password, once it is sure that it is still you; every other session ends by it."""
    ours, problem = typed(request), ""
    if request.method == "POST":
        try:
            set_password(ours.user, request.POST.get("password", ""))
        except Refused as weak:
            problem = weak.message
        else:
            update_session_auth_hash(request, ours.user)
            UserSession.objects.create_from_request(request)
            notices.done(request, _("Your password is changed. Everywhere else you are logged out."))
            return redirect("mfa_index")
    return render(request, "balie/me/password.html", {"problem": problem}, status=422 if problem else 200)


def told(view: View, *, change: str) -> View:
    """The view of a step; where it did what it is for, that is logged and said. change: added or removed."""

    def stepped(request: HttpRequest, **named: Any) -> HttpResponseBase:
        ours = typed(request)
        if request.method != "POST":
            return view(request, **named)
        before = factors_of(ours.user).count()
        response = view(request, **named)
        after = factors_of(ours.user).count()
        if change == "added" and after > before:
            prove(ours, alone=before == 0)
            for_all = factor_added(user=ours.user, author=author(ours))
            notices.done(request, _("You have a second factor now. Keep the codes below for a lost telephone."))
            if for_all:
                notices.done(request, _("From now on all staff need a second factor; the settings can change that."))
        if change == "removed" and after < before:
            factor_removed(user=ours.user, author=author(ours))
            notices.done(request, _("It is removed."))
        return response

    return stepped


def prove(request: OfficeRequest, *, alone: bool) -> None:
    """This session showed the new factor just now. alone: by the first one every other session ends, which may be of
    somebody who has the password only."""
    newest = factors_of(request.user).latest("pk")
    record_authentication(request, request.user, "mfa", id=newest.pk, type=newest.type, reauthenticated=True)
    if alone:
        end_other_sessions(request, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once, then takes a key away."""
    key = get_object_or_404(Authenticator, pk=pk, user_id=typed(request).user.pk, type=Authenticator.Type.WEBAUTHN)
    allowed = get_adapter().can_delete_authenticator(key)
    if request.method == "POST" and allowed:
        remove_authenticator(request, key)
        return redirect("mfa_index")
    known = {"key": key.wrap(), "allowed": allowed}
    return render(request, "balie/me/remove_key.html", known, status=200 if request.method != "POST" else 422)


def of(view: Any, template: str, **settings: Any) -> View:
    """One of allauth's views with our template."""
    return never_cache(cast(View, view.as_view(template_name=f"balie/me/{template}", **settings)))


still_you = reauthentication_required(app="allauth.mfa")
ask_second = of(AuthenticateView, "second.html")
confirm = of(ReauthenticateView, "confirm.html")
confirm_by_code = of(ReauthenticateByCodeView, "confirm_code.html")
confirm_by_key = of(ReauthenticateWebAuthnView, "confirm_key.html")
app = login_required(told(of(ActivateTOTPView, "app.html"), change="added"))
remove_app = login_required(told(of(DeactivateTOTPView, "remove_app.html"), change="removed"))
codes = login_required(of(ViewRecoveryCodesView, "codes.html"))
new_codes = login_required(of(GenerateRecoveryCodesView, "new_codes.html"))
codes_file = login_required(of(DownloadRecoveryCodesView, "codes.txt"))
add_key = login_required(told(of(AddWebAuthnView, "add_key.html"), change="added"))
rename_key = login_required(of(EditWebAuthnView, "rename_key.html", success_url=reverse_lazy("mfa_index")))
drop_key = login_required(told(still_you(remove_key), change="removed"))
change_password = login_required(still_you(password))
