"""What stands around notes: names, addresses and fields of their clients, mails that failed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Max, Q

from balie.accounts.models import Agent, Client
from balie.calls.models import Source
from balie.messages.models import State
from balie.notes.delivery import MAIL
from balie.notes.models import Delivery, Desk, Recipient, When
from balie.operator.queries import operator
from balie.quality.belonging import Belonging
from balie.quality.window import NO_FIELDS, CallRow, NoteRow
from balie.rules.recording import Around, Noted, Talk, is_email, plain

SOME = 10_000
LOST = (State.FAILED, State.WITHHELD)
GONE = (State.SENT, State.DELIVERED, State.UNKNOWN)
REACHING = (State.WAITING, State.SENDING, *GONE)


@dataclass(frozen=True)
class Names:
    """Clients' numbers and agents' codes by id."""

    clients: Mapping[int, str]
    agents: Mapping[int, str]


def names() -> Names:
    return Names(dict(Client.objects.values_list("pk", "number")), dict(Agent.objects.values_list("pk", "code")))


@dataclass(frozen=True)
class Reach:
    """Addresses clients gave (by id), fields they require, which of them get no mail at some hours; notes (by id) whose
    mail was given up, and those that went out although their client cannot always be reached."""

    addresses: Mapping[int, tuple[str, ...]]
    needed: Mapping[int, tuple[str, ...]]
    at_times: frozenset[int]
    failed: frozenset[int]
    gone: frozenset[int]

    def reaches(self, note: NoteRow) -> bool:
        """Whether somebody can get this note."""
        always = note.client_id in self.addresses and note.client_id not in self.at_times
        return always or note.pk in self.gone


def reach(notes: Sequence[NoteRow]) -> Reach:
    """What stands around notes at their clients. A handful of queries."""
    known, some, versions = addresses(), at_times(), {note.pk: note.version for note in notes}
    parked = Delivery.objects.filter(copy=False, mail__sent=None).exclude(mail=None).exclude(mail__parked="")
    lost_sms = Delivery.objects.filter(copy=False, sms__state__in=LOST)
    rows_failed = [*parked.values_list("note_id", "version"), *lost_sms.values_list("note_id", "version")]
    failed = {note for note, version in rows_failed if versions.get(note) == version}
    lost, gone = [note.pk for note in notes if note.client_id not in known or note.client_id in some], set()
    # Without a gateway an SMS waits for ever: it reaches nobody. A mail that is not there any more was sent.
    ways = Q(kind=MAIL) | Q(sms__state__in=REACHING if operator().sms_gateway else GONE)
    for at in range(0, len(lost), SOME):
        rows = Delivery.objects.filter(ways, note__in=lost[at : at + SOME], copy=False)
        gone |= {note for note, version in rows.values_list("note_id", "version") if versions[note] == version}
    return Reach(known, needed(), some, frozenset(failed), frozenset(gone))


def addresses() -> dict[int, tuple[str, ...]]:
    """Everything clients (by id) gave as an address for mails: those of recipients, and their own."""
    found: dict[int, list[str]] = defaultdict(list)
    for client, to in Recipient.objects.filter(kind=MAIL).order_by("pk").values_list("client_id", "to"):
        found[client].append(to)
    for client, email in Client.objects.exclude(email="").values_list("pk", "email"):
        found[client].append(email)
    return {client: tuple(known) for client, known in found.items()}


def at_times() -> frozenset[int]:
    """Clients (by id) with recipients in some hours only and no address of their own: at others nobody gets a mail."""
    whens: dict[int, set[str]] = defaultdict(set)
    for client, when in Recipient.objects.filter(kind=MAIL).order_by().values_list("client_id", "when"):
        whens[client].add(when)
    some = [client for client, held in whens.items() if When.ALWAYS not in held and len(held) == 1]
    own = Client.objects.filter(pk__in=some).values_list("pk", "email")
    return frozenset(client for client, email in own if not is_email(email))


def needed() -> dict[int, tuple[str, ...]]:
    """Names of the fields that clients (by id) require."""
    return {pk: tuple(names) for pk, names in Desk.objects.exclude(required=[]).values_list("client_id", "required")}


def known_until() -> datetime | None:
    """How far the phone systems' data reaches: the newest line of the one that is furthest; None without any."""
    newest: datetime | None = Source.objects.aggregate(found=Max("newest"))["found"]
    return newest


@dataclass
class Copies:
    """Which notes have the words of an earlier one of that agent and local day; asked in order of time."""

    zone: ZoneInfo
    last: dict[tuple[int, str], datetime] = field(default_factory=dict)

    def holds(self, note: NoteRow) -> bool:
        words = (note.agent_id, plain(note.text))
        before, self.last[words] = self.last.get(words), note.at
        return before is not None and self.day(before) == self.day(note.at)

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


@dataclass(frozen=True)
class Surroundings:
    """What the checks need to know around any of the notes."""

    belonging: Belonging
    put_through: frozenset[int]  # calls
    reach: Reach
    names: Names
    copies: Copies
    unsure: frozenset[int]  # notes whose call may still come
    region: str

    def noted(self, note: NoteRow) -> Noted:
        given = self.reach.addresses.get(note.client_id, ())
        needed = self.reach.needed.get(note.client_id, ())
        emails = (*given, note.email) if note.email else given
        fields = {name: note.said(name) for name in needed} if needed else NO_FIELDS
        return Noted(
            note.pk, self.names.clients[note.client_id], self.names.agents[note.agent_id], note.at, note.text,
            note.outcome, note.callback, emails, bool(note.given), fields,
        )  # fmt: skip

    def stands(self, note: NoteRow, known: bool) -> Around:
        """known: call data reaches far enough beyond the note that no call of it is missing."""
        sure = note.pk not in self.unsure
        call = self.belonging.calls.get(note.pk) if sure else None
        return Around(
            call=self.talk(call) if call else None,
            region=self.region,
            received=note.received,
            # A call that was named was known when the note was taken: it is not one without a call.
            calls_known=known and sure and not note.given,
            copied=self.copies.holds(note),
            second=sure and note.pk in self.belonging.second,
            delivered=False if note.pk in self.reach.failed else None,
            reachable=self.reach.reaches(note),
            needed=self.reach.needed.get(note.client_id, ()),
        )

    def talk(self, call: CallRow) -> Talk:
        client = self.names.clients.get(call.client or 0, "")
        agent = self.names.agents.get(call.agent or 0, "")
        return Talk(call.key, client, agent, call.start, call.end, call.pk in self.put_through)
