"""The pages shown when something is not there, not allowed, refused or broken: what happened, what to do."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from balie.operator.phrases import told
from balie.rules.errors import Refused

log = logging.getLogger(__name__)


def page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    """One error page in our look; no database needed, so that it works when the database does not."""
    return render(request, "balie/error.html", {"title": title, "text": text, "status": status}, status=status)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Something the person can mend: the reason, and a way back."""
    status = 404 if refusal.code.startswith("unknown") else 400
    return page(request, status, _("That cannot be done"), told(refusal.message))


def not_for_you(request: HttpRequest) -> HttpResponse:
    """Somebody is logged in who may not see the office."""
    return page(
        request,
        403,
        _("This part is for managers"),
        _("The office pages are for managers and administrators. Ask an administrator if you need to see them."),
    )


def not_at_the_desk(request: HttpRequest) -> HttpResponse:
    """Somebody of staff who is no agent has come to the desk."""
    return page(
        request,
        403,
        _("The desk is for agents"),
        _("Your login belongs to no agent. An administrator can change that in the settings, under Staff."),
    )


def not_for_clients(request: HttpRequest) -> HttpResponse:
    """A client's user has come to a page of the office."""
    return page(
        request,
        403,
        _("This page is not for clients"),
        _("It belongs to the office of your answering service. Your own pages begin at the start page."),
    )


# What only owners of a client do, as members are told it.
USERS = gettext_lazy("Who may see your company's pages is decided by an owner among your colleagues. Ask one of them.")
CANCELLING = gettext_lazy("A service is cancelled, or kept, by an owner among your colleagues. Ask one of them.")
DATA = gettext_lazy("Your company's data is changed by an owner among your colleagues. Ask one of them.")
ALL_DATA = gettext_lazy("All data of your company is given to an owner among your colleagues. Ask one of them.")


def not_for_members(request: HttpRequest, said: Promise) -> HttpResponse:
    """A client's user who is no owner has come to what is an owner's."""
    return page(request, 403, _("This page is for owners"), str(said))


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """Somebody confirms too often that it is still him."""
    return page(
        request,
        429,
        _("Too many tries"),
        _("Wait a minute, then go back and try it again."),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return unreadable(request)


def unreadable(request: HttpRequest) -> HttpResponse:
    return page(request, 400, _("That request cannot be read"), _("Go back and try it again from the page itself."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return not_for_you(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came from elsewhere, or from a page that was open for too long."""
    log.warning("form refused: %s", reason)
    return page(
        request,
        403,
        _("This form is too old"),
        _("The page was open for too long or you logged in again meanwhile. Go back, load it anew and send it again."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(
        request,
        404,
        _("There is no such page"),
        _("The address may be mistyped, or what it showed is gone. Search for it, or begin at the start page."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        500,
        _("Something went wrong here"),
        _("It is written down for the administrator. Nothing you entered was stored; try it again in a moment."),
    )
