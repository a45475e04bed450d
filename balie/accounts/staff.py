"""Staff: inviting somebody, sending the link again, what each may and which agent it is; a change taken back.
Who leaves: members.py."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.actions import StaffLink, check_role, checked_email, make_staff, password_path
from balie.accounts.members import is_invited, locked, refuse_last_administrator
from balie.accounts.models import Agent, Role, User
from balie.accounts.names import checked_name
from balie.notifications.actions import queue_mail
from balie.operator.actions import Author, log_changes, write_log, written
from balie.operator.models import LogEntry
from balie.operator.queries import locked_operator, operator, pages
from balie.rules.errors import Refused
from balie.rules.merge import Merged, lay_over

INVITATION, CHANGED = "staff_invitation", "staff.changed"


@dataclass(frozen=True)
class Place:
    """What somebody of staff is: name, role, and the code of the agent whose calls and notes are his; "" for none."""

    name: str
    role: str
    agent: str

    @classmethod
    def of(cls, user: User) -> "Place":
        return cls(user.name, user.role, user.agent.code if user.agent else "")


@dataclass(frozen=True)
class Invited:
    """Who was invited, and the address of the page that sets the password, once; whether a mail brings it there."""

    user: User
    link: str
    mailed: bool


@transaction.atomic
def invite_staff(*, email: str, place: Place, author: Author) -> Invited:
    """A new member of staff, and the mail with the link where there is a mail server.

    Without a code of an agent it is the one with the same email address. Whoever left loses the agent to this person.
    Refused, each at its field, for what is no name, email address, role or free agent, and for an address that is
    somebody's already.
    """
    name, address = checked_name(place.name), checked_email(email)
    check_role(place.role)
    locked_operator()
    refuse_known(address)
    made = make_staff(email=address, role=place.role, name=name, author=author, default_language=operator().language)
    if place.agent:
        made.user.agent = free_agent(place.agent, made.user)
        take_from_who_left(made.user, author)
        made.user.save(update_fields=["agent"])
    return sent(made, author)


def refuse_known(address: str) -> None:
    """Refused for the address of somebody who works here, or did; a client's user is refused where staff are made."""
    known = User.objects.filter(email__iexact=address, client=None).first()
    if known is None:
        return
    who = f"{known.name} ({known.email})" if known.name else known.email
    if known.is_active:
        said = _("%(who)s works here already; the role is changed on that person’s page.")
        raise Refused("is_staff", said % {"who": who}, "email")
    said = _("%(who)s worked here before; let this person in again, among those who left.")
    raise Refused("was_staff", said % {"who": who}, "email")


@transaction.atomic
def link_again(*, user: User, author: Author) -> Invited:
    """Another link for somebody who has no password yet; the one before is dead. Refused for anybody else."""
    held = locked(user)
    if not held.is_active:
        raise Refused("has_left", _("%(who)s cannot log in any more. Let this person in again first.") % {"who": held})
    if not is_invited(held):
        said = _("%(who)s has chosen a password already; a new one is asked for on the login page.")
        raise Refused("has_password", said % {"who": str(held)})
    held.set_unusable_password()  # another random one: links made before are void
    held.save(update_fields=["password"])
    write_log(author=author, deed="staff.invited_again",
              about=f"staff:{held.email}"[:200], details={"email": held.email})  # fmt: skip
    return sent(StaffLink(held, password_path(held), new=False), author)


def sent(link: StaffLink, author: Author) -> Invited:
    """The link, on its way by mail where there is a server for it."""
    settings, user = operator(), link.user
    made = Invited(user, pages(settings) + link.path, mailed=bool(settings.mail.get("url")))
    if made.mailed:
        values = {"name": str(user), "who": author.who, "link": made.link}
        queue_mail(kind=INVITATION, to=user.email, language=user.language, values=values,
                   about=f"staff:{user.email}"[:200], now=author.now)  # fmt: skip
    return made


@transaction.atomic
def change_staff(*, user: User, said: Place, was: Place, author: Author) -> LogEntry | None:
    """Gives somebody of staff another name, role or agent; None where nothing changed. was: what its page showed.

    Whoever left loses the agent to this person. Refused, each at its field, for what is no name, role or free agent,
    for the last administrator, and, with status `set_meanwhile`, where somebody else changed it since the page was
    shown.
    """
    check_role(said.role)
    name, held = checked_name(said.name), locked(user)
    if Place.of(held) != was:
        raise Refused("set_meanwhile", _("Somebody else changed this meanwhile. Store once more to replace it."))
    if said.role != Role.ADMINISTRATOR:
        refuse_last_administrator(held)
    agent = free_agent(said.agent, held) if said.agent else None
    values: Mapping[str, object] = {"name": name, "role": said.role, "agent": agent}
    before = lay_over(held, values)
    if not before:
        return None
    loser = take_from_who_left(held, author)
    held.save(update_fields=list(before))
    # Beside what people read: who it was, by what a name does not tell.
    known = {"user": held.pk, "was": asdict(was), "is": asdict(Place.of(held)), "loser": loser.pk if loser else None}
    told = {"before": written(before), "after": written({part: values[part] for part in before})}
    return write_log(author=author, deed=CHANGED, about=f"staff:{held.email}"[:200], details=told | known)


def way_back(entry: LogEntry) -> tuple[User, Place] | None:
    """Whom that change was about, and what he would be without it; None where it was changed again since."""
    if "user" not in entry.details:
        return None
    person = User.objects.select_related("agent").filter(pk=entry.details["user"], client=None).first()
    was, then = entry.details["was"], entry.details["is"]
    parts = {part: value for part, value in was.items() if value != then[part]}
    if person is None or any(getattr(Place.of(person), part) != then[part] for part in parts):
        return None
    return person, replace(Place.of(person), **parts)


@transaction.atomic
def take_back_change(entry: LogEntry, *, author: Author) -> bool:
    """Somebody of staff is again what that change made otherwise, and whoever lost the agent by it is it again. False
    where it was changed again since. Refused for the last administrator, and for an agent who is another's by now."""
    locked_operator()
    back = way_back(entry)
    if back is None:
        return False
    person, place = back
    agent = person.agent
    change_staff(user=person, said=place, was=Place.of(person), author=author)
    loser = User.objects.filter(pk=entry.details["loser"], agent=None, is_active=False).first()
    if loser and agent:
        set_agent(loser, agent, author)
    return True


def take_from_who_left(user: User, author: Author) -> User | None:
    """Takes this user's agent away from whoever cannot log in any more, and gives who that was."""
    if user.agent is None:
        return None
    loser = User.objects.filter(agent=user.agent, is_active=False).exclude(pk=user.pk).first()
    if loser:
        set_agent(loser, None, author)
    return loser


def set_agent(user: User, agent: Agent | None, author: Author) -> None:
    before = lay_over(user, {"agent": agent})
    user.save(update_fields=["agent"])
    log_changes(Merged(changed=[user], before=[before]), deed=CHANGED,
                about=lambda one: f"staff:{one.email}", author=author)  # fmt: skip


def free_agent(code: str, user: User) -> Agent:
    """The agent with this code. Refused, at "agent", where there is none, and where it is another who can log in."""
    found = Agent.objects.filter(code=code).select_related("user").first()
    if found is None:
        raise Refused("unknown_agent", _("That agent is not there any more; look again."), "agent")
    other = getattr(found, "user", None)
    if other and other.is_active and other.pk != user.pk:
        said = _("%(agent)s is %(who)s already. Take the agent away there first.")
        raise Refused("agent_taken", said % {"agent": f"{found.code} {found.name}".strip(), "who": str(other)}, "agent")
    return found
