"""Reads over clients, agents and their endpoints."""

from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from balie.accounts.models import Agent, Client, Digest, Registration, Role, User
from balie.rules.errors import Refused
from balie.rules.text import storable


def client_by_number(number: str, *, where: str = "client") -> Client:
    """The client with this number. Refused when there is none."""
    wanted = storable(number).strip()
    found = Client.objects.filter(number=wanted).first()
    if found is None:
        raise Refused("unknown_client", _('There is no client "%(number)s".') % {"number": wanted[:40]}, where)
    return found


def clients(search: str = "") -> QuerySet[Client]:
    """All clients by number, or those with each of these words in their number, name or email."""
    found = Client.objects.order_by("number")
    for word in search.split():
        found = found.filter(Q(number__icontains=word) | Q(name__icontains=word) | Q(email__icontains=word))
    return found


def agent_by_code(code: str, *, where: str = "agent") -> Agent:
    """The agent with this code. Refused when there is none."""
    found = Agent.objects.filter(code=code.strip()).first()
    if found is None:
        raise Refused("unknown_agent", _('There is no agent "%(code)s".') % {"code": code[:40]}, where)
    return found


def user_by_email(email: str) -> User | None:
    """Who logs in with this address, of staff or of a client."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).select_related("client").first()


def can_log_in() -> QuerySet[User]:
    """Everybody who has a password and was not removed."""
    return User.objects.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)


def login_of(email: str) -> User | None:
    """Whose login an address is: somebody's who has a password, or staff who are to choose one."""
    own = Q(role__gt="") | ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return User.objects.filter(own, email__iexact=email.strip(), is_active=True).first()


def staff() -> QuerySet[User]:
    """Everybody who works for the operator and may log in, by email."""
    return User.objects.exclude(role="").order_by("email")


def unconfirmed(search: str = "") -> QuerySet[Registration]:
    """Registrations nobody confirmed, the newest first, or those with each of these words in what was typed."""
    found = Registration.objects.filter(activated=None)
    for word in search.split():
        found = found.filter(Q(company__icontains=word) | Q(name__icontains=word) | Q(email__icontains=word))
    return found.order_by("-made", "-pk")


def users_of(client: Client) -> QuerySet[User]:
    """The users of a client, owners first, then by email; those who were removed too."""
    return User.objects.filter(client=client).order_by("-owner", "email")


def readers_of_digest(day: date) -> QuerySet[User]:
    """Managers whose digest of this local day is not done yet: every day, or on Mondays."""
    wanted = [Digest.DAILY, Digest.WEEKLY] if day.weekday() == 0 else [Digest.DAILY]
    managers = User.objects.filter(is_active=True, role__in=[Role.MANAGER, Role.ADMINISTRATOR], digest__in=wanted)
    return managers.filter(Q(digest_day=None) | Q(digest_day__lt=day)).order_by("pk")
