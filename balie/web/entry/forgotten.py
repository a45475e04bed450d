"""Asking for a link that sets a new password. What the page says is the same for every address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from balie.accounts.asked import ask_for_password
from balie.rules.errors import Refused
from balie.web.entry.address import address_of
from balie.web.request import typed


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """The form, and after it the page that says to look into the mailbox."""
    email = request.POST.get("email", "").strip()[:254]
    problem, status = "", 200
    if request.method == "POST":
        try:
            if not email:
                raise Refused("no_email", _("This is empty."), "email")
            ask_for_password(email=email, address=address_of(request), now=typed(request).desk.now)
        except Refused as refusal:
            problem, status = refusal.message, 429 if refusal.code == "too_many_tries" else 422
        else:
            return redirect(f"{reverse('mail_sent')}?what=password")
    known = {"problem": problem, "email": email or request.GET.get("email", "")[:254]}
    return render(request, "balie/forgotten.html", known, status=status)
