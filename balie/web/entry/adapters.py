"""What allauth asks us: whose pages these are, where a request comes from, what may be done without asking again.

Its own messages and mails are switched off: our pages say what was done, in our words.
"""

import time
from ipaddress import ip_address
from typing import Any

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from balie.accounts.factors import factors_of, has_second_factor
from balie.accounts.models import User
from balie.operator.queries import operator
from balie.web.entry.address import address_of

WRONG_CODE = gettext_lazy("This code is not right, or it was used already. Wait for the next one.")
TOO_MANY = gettext_lazy("Too many wrong codes. Wait five minutes and try again.")
TOO_MANY_ANYWHERE = gettext_lazy("Too many wrong codes for this login. Wait an hour and try again.")
SVG = "http://www.w3.org/2000/svg"
NOWHERE = "0.0.0.0"


class Accounts(DefaultAccountAdapter):
    """Logging in and confirming that it is still you."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": gettext_lazy("This is not your password."),
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what was done."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Mails go through the outbox, and not in a request."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def is_safe_url(self, url: str | None) -> bool:
        secure = self.request.is_secure()
        return url_has_allowed_host_and_scheme(url, {self.request.get_host()}, require_https=secure)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address counted and shown; one that is none (a socket, a name) becomes 0.0.0.0."""
        try:
            return str(ip_address(address_of(request)))
        except ValueError:
            return NOWHERE

    def reauthenticate(self, user: User, password: str) -> bool:
        return user.check_password(password)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not right after a login with the password alone, for whoever sets up his first factor just typed it."""
        if has_second_factor(self.request.user):
            return True
        records = get_authentication_records(self.request, self.request.user)
        typed = [record["at"] for record in records if record["method"] == "password"]
        fresh: bool = bool(typed) and time.time() - max(typed) < app_settings.REAUTHENTICATION_TIMEOUT
        return not fresh


class Factors(DefaultMFAAdapter):
    """Apps with codes, and keys."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "too_many_code": TOO_MANY,
        "too_many_code_anywhere": TOO_MANY_ANYWHERE,
        "cannot_delete_authenticator": gettext_lazy(
            "Staff need a second factor here, and this is your only one. Add another one first."
        ),
    }

    def _get_site_name(self) -> str:
        return operator().name

    def build_totp_svg(self, url: str) -> str:
        """The picture to photograph: black on white in either scheme, since cameras want it so."""
        drawn: str = segno.make(url, error="m", micro=False).svg_inline(scale=4, border=4, light="white")
        return drawn.replace("<svg ", f'<svg xmlns="{SVG}" ', 1)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = self.request.user
        if not user.role or not operator().second_factor:
            return True
        return factors_of(user).exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Key %(number)s") % {"number": number}
