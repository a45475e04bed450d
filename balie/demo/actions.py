"""Builds the demo operator, or brings it up to the present: its world file, its people, the diary of what happened."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from balie.accounts.actions import make_clients_user, make_staff
from balie.accounts.login import set_password
from balie.accounts.models import Client, Role
from balie.demo.desks import set_up_desks
from balie.demo.diary import diary
from balie.demo.operator import NAME, ZONE, world
from balie.demo.place import MARK
from balie.demo.posting import newest, post
from balie.demo.registrations import TERMS, sign_ups
from balie.demo.tape import FOLDER, Tape
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.operator.terms import put_terms
from balie.rules.period import Period
from balie.world.loading import load_world

MONTHS = 3  # finished ones, when the demo is built
SETTLED = timedelta(days=5)  # after its end all that a month is told of has happened
PASSWORD = "lindebloesem"  # of everybody in the demo, and of nobody anywhere else
INSTALLER = "balie demo"


@dataclass(frozen=True)
class Login:
    """Somebody who can log in."""

    email: str
    name: str
    role: str
    language: str = "nl"
    client: str = ""  # number of the client whose user it is


CLIENTS_USER = "client"
LOGINS = (
    Login("marit@delinde.example", "Marit de Boer", Role.MANAGER),
    Login("joris@delinde.example", "Joris van Leeuwen", Role.ADMINISTRATOR),
    Login("anna@delinde.example", "Anna Visser", Role.AGENT),
    Login("kees@bakker.example", "Kees Bakker", CLIENTS_USER, client="1001"),
)


@dataclass(frozen=True)
class Built:
    """A demo ready to be served."""

    home: Path
    logins: tuple[Login, ...] = LOGINS

    def text(self, url: str) -> str:
        """What to tell a person: address, logins, where the data is."""
        width = max(len(login.email) for login in self.logins)
        people = [f"  {login.email:{width}}  {PASSWORD}  {login.name}, {login.role}" for login in self.logins]
        mails = "Nothing leaves this machine: mails written from now on wait in the outbox."
        where = f"Data in {self.home}; `balie demo --fresh` makes it anew."
        return "\n".join(["", f"{NAME}: {url}", "", *people, "", mails, where])

    def document(self) -> dict[str, Any]:
        """The same for programs."""
        logins = [{"email": login.email, "password": PASSWORD, "role": str(login.role)} for login in self.logins]
        return {"operator": NAME, "home": str(self.home), "logins": logins}


@dataclass
class Progress:
    """How far the demo has come, kept in its home: a demo that was killed goes on, one of yesterday is brought up."""

    path: Path
    first: date
    until: datetime | None = None

    @classmethod
    def of(cls, home: Path, now: datetime) -> "Progress":
        path = home / MARK
        if path.is_file():
            said = json.loads(path.read_text())
            until = datetime.fromisoformat(said["until"]) if said["until"] else None
            return cls(path, date.fromisoformat(said["first"]), until)
        period = Period.of(now, ZONE)
        for _ in range(MONTHS):
            period = period.previous()
        return cls(path, period.first_day)

    def reached(self, moment: datetime) -> None:
        self.until = moment
        self.save()

    def save(self) -> None:
        """Writes it whole or not at all."""
        draft = self.path.with_suffix(".new")
        until = self.until.isoformat() if self.until else None
        draft.write_text(json.dumps({"first": self.first.isoformat(), "until": until}))
        draft.replace(self.path)


def build(*, now: datetime, progress: Callable[[str], None], home: Path | None = None) -> Built:
    """The demo as of now: built where there is none, gone on with where it was, brought up where it is old.

    home: where its files lie, by default BALIE_HOME. progress: told what is being done.
    """
    home = home or settings.HOME
    home.mkdir(parents=True, exist_ok=True)
    reached = Progress.of(home, now)
    reached.save()
    call_command("migrate", verbosity=0, interactive=False)
    if reached.until is None or not Operator.objects.exists():
        progress("Setting up clients, agents, numbers and tariffs")
        reached.until = None
        set_up(home, reached.first, now)
    progress("Writing the phone systems' call files")
    begun = Period(reached.first.year, reached.first.month, ZONE).begin
    since = Period.of(max(reached.until - SETTLED, begun), ZONE) if reached.until else Period.of(begun, ZONE)
    tape = Tape(first=reached.first, since=since, now=now)
    tape.lay_out(home)
    live(reached, tape, now, progress)
    return Built(home)


def set_up(home: Path, first: date, now: datetime) -> None:
    """The operator as its world file says, and the people who log in."""
    begun = min(now, datetime(first.year, first.month, 1, tzinfo=UTC))
    author = Author(INSTALLER, begun)
    said = json.dumps(world(first, home / FOLDER), ensure_ascii=False, indent=1).encode()
    (home / "world.json").write_bytes(said)
    load_world(said, name="world.json", author=author)
    for login in LOGINS:
        who = {"email": login.email, "name": login.name, "language": login.language}
        if login.client:
            client = Client.objects.get(number=login.client)
            made = make_clients_user(client=client, author=author, owner=True, **who)
        else:
            made = make_staff(role=login.role, author=author, **who)
        set_password(made.user, PASSWORD)
    put_terms(texts=TERMS, author=author)
    set_up_desks(begun)
    sign_ups(now)
    post(after=0, present=now)


def live(reached: Progress, tape: Tape, now: datetime, progress: Callable[[str], None]) -> None:
    """Does what happened since the moment reached, in order. Deeds of that very moment may be repeated."""
    until = reached.until
    told = ""
    for deed in diary(first=reached.first, tape=tape, now=now):
        if until is None or deed.at >= until:
            if deed.what != told:
                progress(deed.what)
                told = deed.what
            before = newest()
            deed.do(deed.at)
            post(after=before, present=now)
            reached.reached(deed.at)
