"""Who works here: inviting, what each may and which agent it is, who leaves. staff_deeds.py does it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from balie.accounts.factors import with_factors
from balie.accounts.members import is_invited
from balie.accounts.models import ROLE_ORDER, Agent, Role, User
from balie.accounts.queries import staff
from balie.accounts.staff import Invited, Place
from balie.operator.models import LogEntry
from balie.web.access import administrator, office
from balie.web.office.settings.told import history, role_name
from balie.web.office.settings.typed import State, Trouble
from balie.web.request import OfficeRequest

MAY = {
    Role.AGENT: gettext_lazy("answers calls and writes notes at the desk, sees no money"),
    Role.MANAGER: gettext_lazy("sees and does everything of the office: clients, prices, bills, quality"),
    Role.ADMINISTRATOR: gettext_lazy("that, and alone changes the settings and says who works here"),
}


@dataclass(frozen=True)
class Person:
    """One of staff, as the list shows it."""

    user: User
    here: bool

    @property
    def role(self) -> str:
        """What may be done, and of an agent who it is: Agent 201."""
        agent = self.user.agent
        return f"{role_name(self.user.role)} {agent.code}" if agent and self.is_agent else role_name(self.user.role)

    @property
    def is_agent(self) -> bool:
        """Whether the role says already which agent it is."""
        return self.user.role == Role.AGENT and self.user.agent is not None

    @property
    def invited(self) -> bool:
        return is_invited(self.user)


def state(place: Place) -> State:
    """What somebody is, as the fields of the form hold it."""
    return {"name": place.name, "role": place.role, "agent": place.agent}


@office
def staff_settings(request: OfficeRequest) -> HttpResponse:
    return staff_page(request)


def staff_page(request: OfficeRequest, problem: Trouble | None = None) -> HttpResponse:
    """Everybody who works here, who is invited and who left; with what was refused beside the form."""
    people = [Person(one, one.pk == request.user.pk) for one in with_factors(staff().select_related("agent"))]
    at_work = [one for one in people if one.user.is_active]
    known = {
        "people": sorted((one for one in at_work if not one.invited), key=by_role),
        "invited": [one for one in at_work if one.invited],
        "left": [one for one in people if not one.user.is_active],
        "history": history(LogEntry.objects.filter(about__startswith="staff:"), several=True),
        "given": request.POST.dict() if problem else {},
        "problem": problem,
        "mailed": bool(request.desk.operator.mail.get("url")),
        **choices(request),
    }
    return render(request, "balie/settings/staff.html", known, status=problem.status if problem else 200)


def by_role(person: Person) -> tuple[int, str]:
    """Administrators first, then by name."""
    return -ROLE_ORDER.index(person.user.role), str(person.user).lower()


def choices(request: OfficeRequest, person: User | None = None) -> dict[str, Any]:
    """What can be chosen: the roles, and the agents who are the login of nobody else who can still log in; who loses
    the agent stands beside it."""
    free = Q(user=None) | Q(user__is_active=False) | (Q(user=person) if person else Q())
    rows = Agent.objects.filter(free).select_related("user").order_by("code")
    agents = [(one, loser_of(one, person)) for one in rows]
    return {
        "may": request.user.may(Role.ADMINISTRATOR),
        "roles": [(role.value, role_name(role), words) for role, words in MAY.items()],
        "agents": agents,
        "losers": any(loser for _agent, loser in agents),
    }


def loser_of(agent: Agent, person: User | None) -> User | None:
    """Who left and is still this agent, unless that is the person himself."""
    found: User | None = getattr(agent, "user", None)
    return found if found and found != person and not found.is_active else None


def one_of_staff(pk: int) -> User:
    """Somebody of staff; a client's user is not there."""
    return get_object_or_404(with_factors(staff()).select_related("agent"), pk=pk, client=None)


@administrator
def staff_member(request: OfficeRequest, pk: int) -> HttpResponse:
    person = one_of_staff(pk)
    held = state(Place.of(person))
    return member_page(request, person, held, held)


def member_page(
    request: OfficeRequest, person: User, fields: State, was: State, problem: Trouble | None = None
) -> HttpResponse:
    """One person. fields: what stands in the form; was: what the page showed, sent along with it."""
    known = {
        "person": person,
        "row": Person(person, person.pk == request.user.pk),
        "fields": fields,
        "was": was,
        "problem": problem,
        "history": history(LogEntry.objects.filter(about=f"staff:{person.email}"[:200])),
        **choices(request, person),
    }
    return render(request, "balie/settings/staff_member.html", known, status=problem.status if problem else 200)


@never_cache
def link_page(request: OfficeRequest, made: Invited) -> HttpResponse:
    """The link for somebody whom no mail reaches: shown this one time, and kept nowhere."""
    return render(request, "balie/settings/staff_link.html", {"made": made})
