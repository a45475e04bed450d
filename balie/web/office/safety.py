"""Settings of logging in: whether staff need a second factor, who has one; and the terms of signing up."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.accounts.factors import has_app, has_second_factor, reset_factors, with_factors
from balie.accounts.models import Role, User
from balie.accounts.queries import staff
from balie.operator.actions import change_operator
from balie.operator.models import Terms
from balie.operator.terms import put_terms, terms
from balie.rules.errors import Refused
from balie.web import errors, notices
from balie.web.access import administrator, office
from balie.web.request import OfficeRequest, author

# What the form says, and what it is in the settings.
CHOICES = {"yes": True, "no": False, "first": None}


@office
def login_settings(request: OfficeRequest) -> HttpResponse:
    """The setting, and every member of staff with whether he has a second factor."""
    asked = request.desk.operator.second_factor
    known = {
        "chosen": next(name for name, value in CHOICES.items() if value is asked),
        "may": request.user.may(Role.ADMINISTRATOR),
        "staff": with_factors(staff().filter(is_active=True)),
    }
    return render(request, "balie/settings/login.html", known)


@require_POST
@administrator
def put_second_factor(request: OfficeRequest) -> HttpResponse:
    """Whether staff need a second factor from now on."""
    chosen = request.POST.get("second_factor", "")
    if chosen not in CHOICES:
        raise Refused("bad_choice", _("Choose one of the possibilities."), "second_factor")
    change_operator({"second_factor": CHOICES[chosen]}, author=author(request))
    notices.done(request, {
        "yes": _("Staff need a second factor from now on."),
        "no": _("Staff need no second factor."),
        "first": _("Staff need a second factor as soon as an administrator has set one up."),
    }[chosen])  # fmt: skip
    return redirect("login_settings")


@require_http_methods(["GET", "HEAD", "POST"])
@office
def reset_second_factor(request: OfficeRequest, pk: int) -> HttpResponse:
    """Says what it does; its button takes the factors of somebody away who lost his telephone and codes.

    Of a client's user by any manager, of staff by administrators. One's own goes away at /me/, which asks first.
    """
    person = get_object_or_404(User.objects.select_related("client"), pk=pk)
    if person.client is None and not request.user.may(Role.ADMINISTRATOR):
        return errors.not_for_you(request)
    if person == request.user:
        return redirect("mfa_deactivate_totp" if has_app(person) else "mfa_index")
    back = reverse("client_users", args=[person.client.number]) if person.client else reverse("login_settings")
    if request.method != "POST":
        known = {"person": person, "has": has_second_factor(person), "back": back}
        return render(request, "balie/settings/reset_factor.html", known)
    if reset_factors(user=person, author=author(request)):
        notices.done(request, _("%(who)s logs in with the password alone, until a second factor is set up anew.")
                     % {"who": str(person)})  # fmt: skip
    return redirect(back)


@office
def terms_settings(request: OfficeRequest) -> HttpResponse:
    return terms_page(request)


def terms_page(request: OfficeRequest, problem: Refused | None = None) -> HttpResponse:
    held = terms()
    texts = request.POST if problem else held.texts if held else {}
    known = {
        "held": held,
        "fields": [(code, name, texts.get(code, "")) for code, name in settings.LANGUAGES],
        "problem": problem,
        "may": request.user.may(Role.ADMINISTRATOR),
        "versions": list(Terms.objects.order_by("-version")),
    }
    return render(request, "balie/settings/terms.html", known, status=422 if problem else 200)


@require_POST
@administrator
def new_terms(request: OfficeRequest) -> HttpResponse:
    """The words of the form are the next version, where they differ from those that hold."""
    before = terms()
    try:
        made = put_terms(texts=request.POST.dict(), author=author(request))
    except Refused as refusal:
        return terms_page(request, refusal)
    if before and before.version == made.version:
        notices.done(request, _("Nothing changed."))
    else:
        said = _("These are version %(version)s; whoever signs up agrees to them from now on.")
        notices.done(request, said % {"version": made.version})
    return redirect("terms_settings")


urlpatterns = [
    path("settings/login/", login_settings, name="login_settings"),
    path("settings/login/second-factor/", put_second_factor, name="put_second_factor"),
    path("settings/login/<int:pk>/reset/", reset_second_factor, name="reset_second_factor"),
    path("settings/terms/", terms_settings, name="terms_settings"),
    path("settings/terms/new/", new_terms, name="put_terms"),
]
