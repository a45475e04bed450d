"""Small makers of rows for tests: each fills in what the test does not care about.

They write tables directly, so that a test of one app does not stand on the actions of another. Sums kept beside the
calls are not made here: a test that reads them imports calls instead.
"""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from balie.accounts.models import Agent, AgentEndpoint, Client, Invitation, Registration, Role, User
from balie.calls.models import Call, Source
from balie.contracts.models import Contract
from balie.notifications.actions import queue_mail
from balie.notifications.mails import KINDS, OPERATOR
from balie.notifications.models import Mail
from balie.numbers.models import Assignment, Number
from balie.operator.models import Operator
from balie.rules.call import CallType, Direction
from balie.tariffs.models import Item, Tariff, TariffVersion

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
NUMBERS = itertools.count(1)


def operator(**values: Any) -> Operator:
    """The one operator: De Linde in Amsterdam."""
    wanted = {"name": "Telefoonservice De Linde", "address": ["Lindelaan 1", "1000 AA Amsterdam"], **values}
    return Operator.objects.update_or_create(id=1, defaults=wanted)[0]


def client(number: str = "1001", **values: Any) -> Client:
    return Client.objects.create(number=number, **{"name": f"Client {number}", **values})


def agent(code: str = "201", *, endpoint: str | None = None, **values: Any) -> Agent:
    """An agent at the endpoint `PJSIP/<code>`, unless another one is given."""
    made = Agent.objects.create(code=code, **{"name": f"Agent {code}", **values})
    AgentEndpoint.objects.create(agent=made, endpoint=endpoint or f"PJSIP/{code}")
    return made


def user(email: str = "manager@example.com", *, role: str = Role.MANAGER, **values: Any) -> User:
    """Somebody who can log in with PASSWORD; a manager unless told otherwise."""
    return User.objects.create_user(email, PASSWORD, **{"role": role, "language": "en", **values})


def invitation(client: Client, email: str = "eva@x.example", **values: Any) -> Invitation:
    """Somebody invited who did not answer; nobody has the link."""
    said = {"made": NOW, "sent": NOW, "digest": f"invited {client.number} {email}", **values}
    return Invitation.objects.create(client=client, email=email, **said)


def registration(email: str = "sanne@x.example", **values: Any) -> Registration:
    """Somebody who signed up NOW and has not confirmed; nobody knows the link."""
    wanted = {
        "company": f"Company {next(NUMBERS)}",
        "name": "Sanne",
        "made": NOW,
        "sent": NOW,
        "digest": email,
        **values,
    }
    return Registration.objects.create(email=email, **wanted)


def source(name: str = "pbx", **values: Any) -> Source:
    """An Asterisk whose clock is UTC and whose trunk is PJSIP/trunk."""
    wanted = {"format": "asterisk", "timezone": "UTC", "trunks": ["PJSIP/trunk"], "account_prefix": "c", **values}
    return Source.objects.get_or_create(name=name, defaults=wanted)[0]


def number(
    of: Client | None = None, number: str = "+31201234501", *, first: date | None = None, last: date | None = None
) -> Number:
    """A number of the pool, assigned to a client for these days (both included, open where none is given)."""
    made, _ = Number.objects.get_or_create(number=number)
    if of:
        Assignment.objects.create(number=made, client=of, first_day=first, last_day=last)
    return made


def tariff(code: str = "BASIS", *, items: tuple[dict[str, Any], ...] = (), **values: Any) -> Tariff:
    """A public tariff with one version from the beginning, 21 % VAT, and these items in order."""
    made = Tariff.objects.create(code=code, public=True)
    title = {"nl": code, "de": code, "en": code}
    version = TariffVersion.objects.create(tariff=made, **{"title": title, "vat_percent": 21, **values})
    for position, item in enumerate(items):
        Item.objects.create(version=version, position=position, **item)
    return made


def contract(of: Client, *, start: date = date(2026, 1, 1), end: date | None = None, **values: Any) -> Contract:
    """The telephone service from the first of the year, at a tariff without items unless one is given."""
    if "tariff" not in values:
        values["tariff"] = Tariff.objects.filter(code="BASIS").first() or tariff()
    return Contract.objects.create(client=of, start=start, end=end, **{"service": "telephone", **values})


def call(of: Client | None = None, *, start: datetime = NOW, talk: int = 60, **values: Any) -> Call:
    """An accepted inbound call of a minute after five seconds of ringing."""
    direction = values.get("direction", Direction.INBOUND)
    kinds = {Direction.INBOUND: CallType.ACCEPTED, Direction.FORWARDED: CallType.FORWARDED_MOBILE}
    wanted = {
        "source": values.get("source") or source(),
        "key": f"test-{next(NUMBERS)}",
        "type": kinds.get(Direction(direction), CallType.OUTBOUND_MOBILE),
        "caller": "+31612345678",
        "callee": "+31201234501",
        "ring": 5,
        "handling": talk,
        **values,
        "direction": direction,
    }
    return Call.objects.create(client=of, start=start, talk=talk, **wanted)


def calls(of: Client, count: int, *, start: datetime = NOW, every: timedelta = timedelta(minutes=5)) -> list[Call]:
    """So many accepted calls, one after the other."""
    return [call(of, start=start + position * every) for position in range(count)]


def mail(kind: str = "client_offer", *, to: str = "info@bakker.example", language: str = "nl", **values: Any) -> Mail:
    """A mail in the outbox with example values, queued NOW; `key` and `about` may be given, other values are stored."""
    example = {one.name: one.example_in(language) for one in KINDS[kind].variables if one.name != OPERATOR}
    given = {name: values.pop(name) for name in ("key", "about", "now") if name in values}
    made = queue_mail(kind=kind, to=to, language=language, values=example, **{"now": NOW, **given})
    assert made is not None
    Mail.objects.filter(pk=made.pk).update(**values)
    made.refresh_from_db()
    return made
