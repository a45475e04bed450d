"""What an agent needs to know while it speaks: of the client whose telephone it answers, and of who is calling.

Reads only, at the desk; what it says is written by balie.notes.actions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from balie.accounts.models import Agent, Client
from balie.calls.models import Call
from balie.notes.delivery import MAIL, SMS
from balie.notes.hours import open_at
from balie.notes.models import Absence, Desk, Draft, Note, OpenHours, Recipient, When
from balie.notes.opening import changes_at
from balie.numbers.queries import in_force
from balie.operator.models import Operator
from balie.rules.call import CallType
from balie.rules.holidays import public_holidays
from balie.rules.recording import is_email

EARLIER_NOTES, EARLIER_CALLS = 4, 4
MOST_ONWARD = 9  # outside numbers tried in the course of one call
CALLS_BACK = timedelta(days=30)
ABSENCES_AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Told:
    """What the desk says for one client at one moment. changes: when it opens or closes next."""

    client: Client
    desk: Desk
    open: bool
    changes: datetime | None
    absences: Sequence[Absence]
    coming: Sequence[Absence]
    recipients: Sequence[Recipient]
    addresses: Sequence[str]
    telephones: Sequence[str]

    @property
    def reached(self) -> Sequence[str]:
        """To where a note goes at this hour: addresses, and telephones that get an SMS."""
        return [*self.addresses, *self.telephones]

    @property
    def instructions(self) -> str:
        return self.desk.in_hours if self.open else self.desk.out_of_hours

    def greeting(self, agent: str) -> str:
        """With the names of who answers and of whom it is answered for."""
        first = agent.split(" ")[0]
        return self.desk.greeting.replace("{agent}", first).replace("{client}", self.client.name)


def told(client: Client, settings: Operator, now: datetime, *, ahead: timedelta | None = ABSENCES_AHEAD) -> Told:
    """Four queries: its words, hours, exceptions and recipients. settings: the operator's; ahead: how soon exceptions
    begin that are told of, None for all."""
    desk = Desk.objects.filter(client=client).first() or Desk(client=client)
    hours = list(OpenHours.objects.filter(client=client))
    region, zone = desk.region or settings.region, settings.timezone
    local = now.astimezone(ZoneInfo(zone))
    holiday = local.date() in public_holidays(region, [local.year])
    away = absences(client, now, ahead=ahead)
    opened = open_at(hours, local, holiday=holiday) if hours else True
    rows = list(Recipient.objects.filter(client=client))
    hour = When.OPEN if opened else When.CLOSED
    holding = [one for one in rows if one.when in (When.ALWAYS, hour)]
    return Told(
        client=client,
        desk=desk,
        open=opened,
        changes=changes_at(hours, now, region=region, zone=zone),
        absences=[one for one in away if one.begins <= now],
        coming=[one for one in away if one.begins > now],
        recipients=holding,
        addresses=receiving(holding, client),
        # Without a gateway an SMS waits for ever.
        telephones=[one.to for one in holding if one.kind == SMS] if settings.sms_gateway else [],
    )


def receiving(recipients: Sequence[Recipient], client: Client) -> list[str]:
    """The addresses a note goes to: those of these recipients, else the client's own."""
    found = [one.to.strip() for one in recipients if one.kind == MAIL] or [client.email.strip()]
    return [address for address in dict.fromkeys(found) if is_email(address)]


def absences(client: Client, now: datetime, *, ahead: timedelta | None = ABSENCES_AHEAD) -> Sequence[Absence]:
    """Exceptions that hold now or begin so soon, the earliest first. ahead: None for all that are still to come, as
    whoever enters, changes and ends them must see."""
    lasting = Q(ends=None) | Q(ends__gt=now)
    soon = Q() if ahead is None else Q(begins__lt=now + ahead)
    return list(Absence.objects.filter(lasting, soon, client=client).order_by("begins", "pk"))


def desk_of(client: Client) -> Desk:
    """What is stored for a client's desk; an empty one where nothing is."""
    return Desk.objects.filter(client=client).first() or Desk(client=client)


def client_of_number(number: str, day: date) -> Client | None:
    """Whose telephone number (E.164) this is on a local day."""
    found = in_force(day).filter(number__number=number)
    assignment = found.select_related("client").first()
    return assignment.client if assignment else None


@dataclass(frozen=True)
class Caller:
    """What is known of a number at one client. name: as the latest note says it; calls: inbound ones, without `but`."""

    number: str
    name: str
    email: str
    notes: Sequence[Note]
    calls: Sequence[Call]


def caller_known(client: Client, number: str, now: datetime, but: int | None = None) -> Caller:
    """Two queries; nothing for a number that was not sent along. but: a call (id) that is not an earlier one."""
    if not number or number == "anonymous":
        return Caller(number, "", "", (), ())
    notes = list(Note.objects.filter(client=client, caller=number).select_related("agent")[:EARLIER_NOTES])
    since = now - CALLS_BACK
    calls = Call.objects.filter(client=client, start__gte=since, caller=number, direction="inbound")
    calls = calls.exclude(pk=but) if but else calls
    name = next((note.caller_name for note in notes if note.caller_name), "")
    email = next((note.email for note in notes if note.email), "")
    return Caller(number, name, email, notes, list(calls.select_related("agent").order_by("-start")[:EARLIER_CALLS]))


def was_passed_on(call: Call) -> bool:
    """Whether an outside number was connected in the course of this call, and somebody answered there."""
    keys = [f"{call.key}/{number}" for number in range(1, MOST_ONWARD + 1)]
    onward = Call.objects.filter(source=call.source_id, key__in=keys, type__startswith="forwarded", talk__gt=0)
    return call.type == CallType.ACCEPTED and onward.exists()


def note_of_call(call: Call | None, agent: Agent, other_than: str) -> Note | None:
    """The latest note this agent took for a call, but for the one with this key; None without a call."""
    if call is None:
        return None
    notes = Note.objects.filter(call=call, agent=agent).order_by("-pk")
    if other_than and notes.filter(key=other_than).exists():
        return None
    return notes.first()


def draft(agent_id: int, place: str) -> Draft | None:
    """What this agent typed there and did not send."""
    return Draft.objects.filter(agent=agent_id, place=place).first()
