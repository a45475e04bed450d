"""A month of calls and notes made by chance from a seed, clean but for the faults planted in it.

Agents on duty by day and one by night talk with clients and write a note after nearly every call; calls lie across
midnight and in the hour that comes twice, some while another caller is on hold. Faults are planted on notes of theirs,
and on those of agents so quiet that no other call of a client is near.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from balie.accounts.models import Agent, Client
from balie.calls import store
from balie.calls.models import Call, Source
from balie.notes.models import Desk, Note
from balie.operator.queries import operator
from balie.quality.models import Finding
from balie.rules.call import CallType, Direction
from tests import make

ZONE = ZoneInfo("Europe/Amsterdam")
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
OVER = date(2026, 11, 1)  # the last night ends then
NOW = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PLATE, NO_ADDRESS = "1900", "1901"  # a client that requires a field; one that cannot be reached


@dataclass(eq=False)
class PlannedCall:
    """A call; kind: accepted, passed_on (then connected to outside), outbound, missed or forwarded."""

    key: str
    agent: str
    client: str
    start: datetime
    ring: int = 6
    talk: int = 60
    kind: str = "accepted"

    @property
    def end(self) -> datetime:
        return self.start + timedelta(seconds=self.ring + self.talk)

    def rows(self) -> list[dict[str, Any]]:
        """As the call table has them."""
        kinds = {"accepted": CallType.ACCEPTED, "passed_on": CallType.ACCEPTED, "outbound": CallType.OUTBOUND_MOBILE,
                 "missed": CallType.MISSED, "forwarded": CallType.FORWARDED}  # fmt: skip
        direction = Direction.OUTBOUND if self.kind == "outbound" else Direction.INBOUND
        talk = self.talk if self.kind not in ("missed", "forwarded") else 0
        agent = self.agent if talk else ""
        row = {"key": self.key, "start": self.start, "direction": str(direction), "type": str(kinds[self.kind]),
               "client": self.client, "agent": agent, "ring": self.ring, "talk": talk}  # fmt: skip
        if self.kind not in ("passed_on", "forwarded"):
            return [row]
        onward = {"key": f"{self.key}/1", "start": self.end, "direction": str(Direction.FORWARDED), "talk": 40}
        return [row, row | onward | {"type": str(CallType.FORWARDED_MOBILE), "ring": 0, "agent": ""}]


@dataclass(eq=False)
class PlannedNote:
    """A note about a call, or none; values: columns of its own; codes: what is wrong with it."""

    agent: str
    client: str
    at: datetime
    call: PlannedCall | None
    values: dict[str, Any] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)


@dataclass
class Month:
    """The plan, and the rows made of it. notes[i] becomes the row with key `i`."""

    rng: random.Random
    calls: list[PlannedCall] = field(default_factory=list)
    notes: list[PlannedNote] = field(default_factory=list)

    def call(self, agent: str, client: str, start: datetime, **values: Any) -> PlannedCall:
        made = PlannedCall(f"p{len(self.calls):06d}", agent, client, start.astimezone(UTC), **values)
        self.calls.append(made)
        return made

    def note(self, call: PlannedCall, after: timedelta, *, given: bool = False, **values: Any) -> PlannedNote:
        """A clean note about a call, submitted so long after its end."""
        wanted = {"text": f"Vraagt om een offerte, dossier {len(self.notes)}", "outcome": "message", **values}
        if call.client == PLATE:
            wanted["fields"] = {"plate": "AB-123-C"}
        made = PlannedNote(
            call.agent, call.client, call.end + after, call, wanted | {"given": call.key if given else ""}
        )
        self.notes.append(made)
        return made


def month(seed: int, *, agents: int = 8, clients: int = 12, last: date = LAST) -> Month:
    """Clean traffic from the 1st on: so many agents by day, and one by night."""
    made = Month(random.Random(seed))
    day = FIRST
    while day <= last:
        for number in range(agents):
            duty(made, f"{201 + number}", clients, datetime.combine(day, time(8), ZONE), hours=9)
        duty(made, "299", clients, datetime.combine(day, time(21), ZONE), hours=9)
        day += DAY
    return made


def duty(made: Month, agent: str, clients: int, begin: datetime, *, hours: int) -> None:
    """One agent's calls, one after the other, with their notes. A quarter of the notes name their call."""
    rng = made.rng
    at = begin.astimezone(UTC)
    end = at + hours * HOUR
    while (at := at + rng.randint(20, 900) * SECOND) < end:
        kind = rng.choices(("accepted", "passed_on", "outbound", "missed", "forwarded"), (80, 6, 6, 6, 2))[0]
        client = PLATE if rng.random() < 0.05 else f"{1001 + rng.randrange(clients)}"
        call = made.call(agent, client, at, ring=rng.randint(2, 20), talk=rng.randint(5, 400), kind=kind)
        if kind in ("missed", "forwarded"):
            continue
        if kind == "accepted" and call.talk > 200 and rng.random() < 0.1:
            held = made.call(agent, client, call.start + 40 * SECOND, ring=3, talk=60)  # while the first one waits
            made.note(held, 5 * SECOND)
        delay = rng.randint(1, 120) * SECOND
        if rng.random() > (0.5 if kind == "outbound" else 0.03):
            written(made, call, delay)
        at = call.end + delay


def written(made: Month, call: PlannedCall, delay: timedelta) -> None:
    rng = made.rng
    values: dict[str, Any] = {}
    if call.kind == "passed_on" and rng.random() < 0.8:
        values["outcome"] = "forwarded"
    elif rng.random() < 0.2:
        values |= {"outcome": "callback", "callback": f"06{rng.randint(10_000_000, 58_999_999)}"}
    if rng.random() < 0.1:
        values["email"] = f"klant{rng.randrange(999)}@voorbeeld.example"
    made.note(call, delay, given=rng.random() < 0.25, **values)


@dataclass
class Quiet:
    """Calls of agents of their own, hours from any other: what is planted there is seen for itself."""

    made: Month
    count: int = 0

    def call(self, client: str = "1001", **values: Any) -> PlannedCall:
        """The next one; four a day and agent."""
        day, part = divmod(self.count // 5, 4)
        start = datetime.combine(FIRST + timedelta(days=day % 31), time(2 + 6 * part), ZONE)
        agent = f"{400 + 5 * (day // 31) + self.count % 5}"
        self.count += 1
        return self.made.call(agent, client, start, **values)


Fault = Callable[[Month, PlannedNote], None]


def content(code: str, **values: Any) -> Fault:
    """A fault of what the note says."""

    def plant(made: Month, note: PlannedNote) -> None:
        note.values |= values
        note.codes.add(code)

    return plant


def so_long(code: str, characters: int) -> Fault:
    """A text of so many characters."""

    def plant(made: Month, note: PlannedNote) -> None:
        note.values["text"] = f"{made.rng.randrange(10**10):0{characters}d}"
        note.codes.add(code)

    return plant


def copied(made: Month, note: PlannedNote) -> None:
    """The same words as another note of the agent that day, a little later than it."""
    assert note.call is not None
    call = made.call(note.agent, note.client, note.call.end + 100 * MINUTE)
    later = made.note(call, MINUTE, given=True, text=f"  {note.values['text'].upper()}\n")
    later.codes.add("copied_text")


def other_client(made: Month, note: PlannedNote) -> None:
    assert note.call is not None
    note.values["given"], note.client = note.call.key, "1002" if note.client != "1002" else "1003"
    note.codes.add("other_client")


def other_agent(made: Month, note: PlannedNote) -> None:
    assert note.call is not None
    note.values["given"], note.agent = note.call.key, "298"
    note.codes.add("other_agent")


def no_field(made: Month, note: PlannedNote) -> None:
    assert note.call is not None
    note.client = note.call.client = PLATE
    note.values["fields"] = {"plate": "  "}
    note.codes.add("missing_field")


def no_address(made: Month, note: PlannedNote) -> None:
    assert note.call is not None
    note.client = note.call.client = NO_ADDRESS
    note.codes.add("undelivered")


def moved(code: str, place: Callable[[PlannedCall], datetime], *, given: bool = False) -> Fault:
    """A fault of when the note was submitted."""

    def plant(made: Month, note: PlannedNote) -> None:
        assert note.call is not None
        note.at = place(note.call)
        if given:
            note.values["given"] = note.call.key
        note.codes.add(code)

    return plant


def early_received(made: Month, note: PlannedNote) -> None:
    note.values["received"] = note.at - 2 * MINUTE - SECOND
    note.codes.add("impossible_times")


def twice(given: bool) -> Fault:
    """A second note of the same call. Given: both name it, else the second follows on the first."""

    def plant(made: Month, note: PlannedNote) -> None:
        assert note.call is not None
        note.values["given"] = note.call.key if given else note.values["given"]
        made.note(note.call, note.at - note.call.end + 40 * SECOND, given=given).codes.add("two_notes")

    return plant


# Of what a note says: planted anywhere. The others: where no other call is near.
ANYWHERE: dict[str, Fault] = {
    "outcome": content("outcome", outcome="forwarded"),
    "no callback": content("callback_number", outcome="callback", callback=""),
    "half a number": content("callback_number", outcome="callback", callback="0612345"),
    "bad email": content("bad_email", email="jan@bakker"),
    "empty": content("empty_text", text=" \n"),
    "14 characters": so_long("short_text", 14),
    "other client": other_client,
    "other agent": other_agent,
    "received before": early_received,
}
QUIET: dict[str, Fault] = {
    "copied": copied,
    "no field": no_field,
    "no address": no_address,
    "late": moved("late_note", lambda call: call.end + 30 * MINUTE + SECOND),
    "late, given": moved("late_note", lambda call: call.end + 26 * HOUR, given=True),
    "late as can be": moved("late_note", lambda call: call.end + 60 * MINUTE),
    "no call": moved("no_call", lambda call: call.end + 60 * MINUTE + SECOND),
    "no call before": moved("no_call", lambda call: call.start - 60 * MINUTE - SECOND),
    "before it rang": moved("impossible_times", lambda call: call.start - 2 * MINUTE - SECOND),
    "before it rang, given": moved("impossible_times", lambda call: call.start - 3 * HOUR, given=True),
    "twice": twice(given=False),
    "twice, given": twice(given=True),
}
# Right by one second, one sign.
NEIGHBOURS: tuple[Fault, ...] = (
    moved("", lambda call: call.end + 30 * MINUTE),
    moved("", lambda call: call.start - 2 * MINUTE),
    moved("", lambda call: call.start),
    moved("", lambda call: call.end),
    so_long("", 15),
    content("", outcome="callback", callback="06 1234 5678"),
)
PAIRS = [(one, other) for place, one in enumerate(ANYWHERE) for other in [*ANYWHERE, *QUIET][place + 1 :]]
AT_ODDS = [
    {"no callback", "half a number", "outcome"}, {"empty", "14 characters", "copied"},
    {"other client", "no field", "no address", "twice", "twice, given"}, {"other client", "other agent"},
    {"received before", "before it rang", "before it rang, given"},
]  # fmt: skip
# With a call that is named, a note has a call, wherever it lies; and nobody else is near who could copy or be second.
NAMED = {"other client", "other agent"}
NOT_NAMED = {"no call", "no call before", "copied", "twice"}


def can_be_both(one: str, other: str) -> bool:
    """Whether two faults can be of one note, each still to be found."""
    if NAMED & {one, other} and NOT_NAMED & {one, other}:
        return False
    if "outcome" in (one, other) and {"no call", "no call before"} & {one, other}:
        return False  # without a call nothing is known of it
    return not any({one, other} <= odd for odd in AT_ODDS)


def plant(made: Month, *, times: int = 5) -> None:
    """Every fault so often, those right by one second or sign, and every two faults that one note can have."""
    quiet, faults = Quiet(made), ANYWHERE | QUIET
    clean = [note for note in made.notes if note.call and note.call.kind == "accepted" and note.client != PLATE]
    chosen = made.rng.sample(clean, times * len(ANYWHERE))
    for place, note in enumerate(chosen):
        list(ANYWHERE.values())[place % len(ANYWHERE)](made, note)
    for name in list(QUIET) * times:
        QUIET[name](made, made.note(quiet.call(), MINUTE))
    for right in NEIGHBOURS:
        note = made.note(quiet.call(), MINUTE)
        right(made, note)
        note.codes.clear()
    for one, other in PAIRS:
        if can_be_both(one, other):
            note = made.note(quiet.call(), MINUTE)
            faults[other](made, note)
            faults[one](made, note)


def stage(made: Month) -> None:
    """The office: everybody in the plan."""
    agents = {one.agent for one in made.calls} | {one.agent for one in made.notes}
    clients = {one.client for one in made.calls} | {one.client for one in made.notes}
    make.operator()
    Agent.objects.bulk_create([Agent(code=code, name=f"Agent {code}") for code in sorted(agents)])
    for number in sorted(clients | {"1002", "1003", PLATE, NO_ADDRESS}):
        make.client(number, email="" if number == NO_ADDRESS else f"info@k{number}.example")
    Desk.objects.create(client=Client.objects.get(number=PLATE), required=["plate"])
    make.source(newest=NOW)


def put_calls(calls: Iterable[PlannedCall]) -> None:
    """These calls as an import stores them, with their sums."""
    agents, clients = dict(Agent.objects.values_list("code", "pk")), dict(Client.objects.values_list("number", "pk"))
    rows = [
        {**row, "client_id": clients[row["client"]], "agent_id": agents.get(row["agent"])}
        for call in calls
        for row in call.rows()
    ]
    if not rows:
        return
    frame = pl.DataFrame(rows, infer_schema_length=None).drop("client", "agent")
    common = {"source_id": Source.objects.get().pk, "caller": "+31612345678", "callee": "+31201234501", "endpoint": "",
              "account": "", "service": "telephone", "billable": True, "late": False}  # fmt: skip
    frame = frame.with_columns(
        *(pl.lit(value).alias(name) for name, value in common.items()), pl.col("talk").alias("handling"),
        pl.col("start").cast(pl.Datetime("us", "UTC")), pl.col("agent_id").cast(pl.Int64),
    )  # fmt: skip
    store.insert(store.with_local(frame, str(ZONE)), operator())


def put_notes(made: Month, places: Sequence[int] | None = None) -> None:
    """The notes of these places in the plan, all without; a call that is named must be there, or comes later."""
    agents, clients = dict(Agent.objects.values_list("code", "pk")), dict(Client.objects.values_list("number", "pk"))
    calls = dict(Call.objects.values_list("key", "pk"))
    rows = []
    for place in range(len(made.notes)) if places is None else places:
        note = made.notes[place]
        received = note.values.get("received", note.at)
        values = {name: value for name, value in note.values.items() if name != "received"}
        rows.append(
            Note(
                key=str(place), agent_id=agents[note.agent], client_id=clients[note.client], at=note.at, by="test",
                received=received, call_id=calls.get(values["given"]), **values,
            )
        )  # fmt: skip
    Note.objects.bulk_create(rows, batch_size=500)


def expected(made: Month) -> dict[int, set[str]]:
    """What should be found: codes by the note's place in the plan."""
    return {place: note.codes for place, note in enumerate(made.notes) if note.codes}


def found() -> dict[int, set[str]]:
    """What was."""
    rows: dict[int, set[str]] = {}
    for key, code in Finding.objects.filter(closed=None).values_list("note__key", "code"):
        rows.setdefault(int(key or -1), set()).add(code)
    return rows
