"""The one way in, once it is known who it is: by allauth, which asks for the second factor of whoever has one."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse

from balie.accounts.models import User


def enter(request: HttpRequest, user: User, target: str) -> HttpResponse:
    """Logs in and leads to the local address `target`; to the page that asks for the second factor before that.

    The caller has seen the password, or the link that only this person's mailbox holds.
    """
    record_authentication(request, user, "password", email=user.email)
    response: HttpResponse = perform_login(request, user, redirect_url=target)
    return response
