"""Writes of clients and agents, of staff, of clients' users and of tokens."""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from balie.accounts.models import ROLE_ORDER, Agent, AgentEndpoint, Client, Role, Token, User
from balie.operator.actions import Author, log_changes, write_log
from balie.rules.errors import Phrase, Refused
from balie.rules.merge import Counts, Merged, Said, merge
from balie.rules.spans import Claim, SharedDay, Span, settle

BATCH = 500
TOKEN_BEGINS = "balie_"
LONGEST_EMAIL = 254  # what the tables hold, and mail servers
USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class NewToken:
    """A token in plain text, for the one time it is shown; whether an earlier one of that name died by it."""

    name: str
    plaintext: str
    replaced: bool


@dataclass(frozen=True)
class StaffLink:
    """A user, of staff or of a client, with the path of the page on which the password is set, good for one time."""

    user: User
    path: str
    new: bool


@transaction.atomic
def put_clients(said: Iterable[Said], *, language: str, author: Author) -> Counts:
    """Makes and changes clients, known by number; values are named as in the table. language: of new ones."""
    stored = {client.number: client for client in Client.objects.all()}
    merged = merge(stored, said, lambda one: Client(number=str(one.key), **{"language": language, **one.values}))
    Client.objects.bulk_create(merged.new, batch_size=BATCH)
    if merged.changed:
        Client.objects.bulk_update(merged.changed, merged.fields, batch_size=BATCH)
    log_changes(merged, deed="client.changed", about=lambda client: f"client:{client.number}", author=author)
    return merged.counts


@transaction.atomic
def put_agents(said: Iterable[Said], *, author: Author) -> Counts:
    """Makes and changes agents, known by code; values are named as in the table."""
    stored = {agent.code: agent for agent in Agent.objects.all()}
    merged = merge(stored, said, lambda one: Agent(code=str(one.key), **one.values))
    Agent.objects.bulk_create(merged.new, batch_size=BATCH)
    if merged.changed:
        Agent.objects.bulk_update(merged.changed, merged.fields, batch_size=BATCH)
    log_changes(merged, deed="agent.changed", about=lambda agent: f"agent:{agent.code}", author=author)
    return merged.counts


@transaction.atomic
def put_endpoints(claims: Sequence[tuple[str, Claim]], *, author: Author) -> tuple[Counts, list[str]]:
    """Says whose each endpoint is and when (owner: an agent's id); also the endpoints that changed hands.

    Raises Refused when an endpoint would be two agents' on one day.
    """
    rows: dict[str, list[Span]] = defaultdict(list)
    for row in AgentEndpoint.objects.filter(endpoint__in={endpoint for endpoint, _claim in claims}):
        rows[row.endpoint].append(Span(row.agent_id, row.first_day, row.last_day, row=row))
    asked: dict[str, list[Claim]] = defaultdict(list)
    moves: dict[int, set[str]] = defaultdict(set)
    for endpoint, claim in claims:
        asked[endpoint].append(claim)
        moves[claim.owner].add(endpoint)
    merged: Merged[AgentEndpoint] = Merged()
    for endpoint, own in asked.items():
        # Said without days that it is somebody else's, an endpoint goes over only from who is said to have another one.
        keep = {span.owner for span in rows[endpoint] if not moves[span.owner] - {endpoint}}
        settle_endpoint(endpoint, rows[endpoint], own, merged, keep=keep)
    AgentEndpoint.objects.bulk_create(merged.new, batch_size=BATCH)
    if merged.changed:
        AgentEndpoint.objects.bulk_update(merged.changed, ["agent_id", "first_day", "last_day"], batch_size=BATCH)
    log_changes(merged, deed="endpoint.changed", about=lambda row: f"endpoint:{row.endpoint}", author=author)
    return merged.counts, sorted({row.endpoint for row in (*merged.new, *merged.changed)})


def settle_endpoint(
    endpoint: str, stored: list[Span], claims: list[Claim], merged: Merged[AgentEndpoint], *, keep: Collection[int]
) -> None:
    """Settles one endpoint and adds its rows to those to make and to change. keep: see `balie.rules.spans.settle`."""
    try:
        spans = settle(stored, claims, keep=keep)
    except SharedDay as shared:
        raise endpoint_taken(endpoint, shared) from None
    for span in spans:
        values = {"agent_id": span.owner, "first_day": span.first, "last_day": span.last}
        if span.row is None:
            merged.new.append(AgentEndpoint(endpoint=endpoint, **values))
        else:
            merged.lay(span.row, values, said=bool(span.where))


def endpoint_taken(endpoint: str, shared: SharedDay) -> Refused:
    """The refusal of an endpoint that would be two agents' on one day, or one's twice."""
    first, second = (Agent.objects.get(pk=span.owner).code for span in (shared.earlier, shared.later))
    whose = Phrase("agent %(first)s twice", first=first)
    if first != second:
        whose = Phrase("agents %(first)s and %(second)s", first=first, second=second)
    todo = Phrase('give the earlier a "to"')
    if shared.later.first is None:
        todo = Phrase('give the earlier a "to", the later a "from"')
    said = Phrase('the endpoint "%(endpoint)s" would belong to %(whose)s on one day; %(todo)s',
                  endpoint=endpoint, whose=whose, todo=todo)  # fmt: skip
    return Refused("endpoint_taken", said, shared.where)


@transaction.atomic
def make_staff(
    *, email: str, role: str, author: Author, name: str = "", language: str = "", default_language: str = "nl"
) -> StaffLink:
    """Makes a staff user or changes the role (and name, language) of one, with a link to set the password.

    The link is good for one time and for a few days; asked again while no password is set, the earlier link dies.
    Refused for what is no email address and for the address of a client's user.
    """
    email = checked_email(email)
    check_role(role)
    user = User.objects.filter(email__iexact=email).first()
    new = user is None
    if user is None:
        user = User(email=email, name=name, language=default_language)
    elif user.client_id is not None:
        said = _("%(email)s is a user of client %(client)s; staff need another address.")
        raise Refused("clients_user", said % {"email": email, "client": user.client}, "email")
    before = (user.role, user.is_active)
    user.role, user.is_active = role, True
    user.name, user.language = name or user.name, language or user.language
    if not user.password or not user.has_usable_password():
        user.set_unusable_password()  # another random one: links made before are void
    user.agent = user.agent or agent_of(email)
    user.save()
    if before != (role, True):
        deed = "staff.made" if new else "staff.changed"
        write_log(author=author, deed=deed, about=f"staff:{email}"[:200], details={"before": before[0], "after": role})
    return StaffLink(user, password_path(user), new)


@transaction.atomic
def make_clients_user(
    *, email: str, client: Client, author: Author, name: str = "", language: str = "", owner: bool = False
) -> StaffLink:
    """Makes a user of a client, or changes name and language of one, with a link to set the password.

    The first user of a client is its owner. Who was removed, from whatever client, begins anew with the next password.
    Refused for what is no email address, and for the address of staff or of another client's user.
    """
    email = checked_email(email)
    user = User.objects.filter(email__iexact=email).first()
    if user and (user.role or (user.is_active and user.client_id != client.pk)):
        message = _("%(email)s is somebody else's login already; use another address.") % {"email": email}
        raise Refused("email_taken", message, "email")
    new = user is None or not user.is_active
    if user is None or not user.is_active:
        user = user or User(email=email)
        user.client, user.name, user.language = client, name, client.language
        user.owner = owner or not User.objects.filter(client=client, is_active=True).exists()
        user.set_unusable_password()
    user.name, user.language, user.is_active = name or user.name, language or user.language, True
    user.save()
    if new:
        write_log(author=author, deed="clients_user.made", about=f"client:{client.number}", details={"email": email})
    return StaffLink(user, password_path(user), new)


def checked_email(text: str) -> str:
    """An email address as it is stored. Refused for what is none."""
    email = text.strip().lower()
    try:
        if len(email) > LONGEST_EMAIL:  # Django's own check lets longer ones pass
            raise ValidationError("too long")
        validate_email(email)
    except ValidationError:
        message = _('"%(email)s" is no email address.') % {"email": email[:60]}
        raise Refused("bad_email", message, "email") from None
    return email


def password_path(user: User) -> str:
    """The path of the page on which this user sets a password, once."""
    return f"/password/{urlsafe_base64_encode(force_bytes(user.pk))}/{default_token_generator.make_token(user)}/"


def agent_of(email: str) -> Agent | None:
    """The one agent with this email who is no user yet."""
    found = list(Agent.objects.filter(email__iexact=email, user=None)[:2])
    return found[0] if len(found) == 1 else None


@transaction.atomic
def make_token(*, name: str, role: str, author: Author) -> NewToken:
    """A new token of that name; an earlier one of the same name dies."""
    check_role(role)
    name = " ".join(name.split())
    most = Token._meta.get_field("name").max_length or 0
    if not name or len(name) > most or not name.isprintable():
        raise Refused("bad_name", _("A token needs a name of 1 to %(most)s characters.") % {"most": most}, "name")
    plaintext = TOKEN_BEGINS + secrets.token_urlsafe(32)
    values = {"role": role, "digest": digest(plaintext), "created": author.now, "last_used": None}
    _token, new = Token.objects.update_or_create(name=name, defaults=values)
    write_log(author=author, deed="token.made", about=f"token:{name}", details={"role": role})
    return NewToken(name, plaintext, not new)


def token_role(plaintext: str, *, now: datetime) -> Token | None:
    """The token somebody shows, None when there is none such. Looked up by its SHA-256: no time tells how near it was.

    Remembers, to the minute, that it was used.
    """
    token = Token.objects.filter(digest=digest(plaintext)).first()
    if token and (token.last_used is None or token.last_used < now - USED_EVERY):
        Token.objects.filter(pk=token.pk).update(last_used=now)
        token.last_used = now
    return token


def digest(plaintext: str) -> str:
    return hashlib.sha256(plaintext.encode("utf-8", "surrogatepass")).hexdigest()


def check_role(role: str) -> None:
    if role not in ROLE_ORDER[1:]:
        said = _('There is no role "%(role)s"; use %(roles)s.')
        raise Refused("unknown_role", said % {"role": role[:40], "roles": ", ".join(Role)}, "role")
