"""The checks of `balie doctor`. Each looks at one thing, waits a few seconds at most, and says what to do."""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from balie.accounts.models import Client
from balie.api.health import missing_migrations
from balie.backup.queries import last_backup, unfinished_restore
from balie.calls.models import Source
from balie.leases.queries import alive
from balie.messages.gateways import GatewayDown
from balie.messages.gateways.chosen import gateway
from balie.messages.outbox import line_problem
from balie.notifications import post
from balie.notifications.queries import failed, waiting
from balie.numbers.switches import SwitchProblem, chosen
from balie.operator.models import Operator, Removal
from balie.rules.errors import Refused
from balie.rules.retention import Kept
from balie.worker.jobs import LANES

SECONDS = 5
LITTLE_SPACE, TOO_LITTLE_SPACE = 2 * 1024**3, 200 * 1024**2
OVERDUE = timedelta(hours=1)
BACKUP_TOO_OLD = timedelta(days=7)
LARGEST_DRIFT = timedelta(minutes=2)


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    WRONG = "wrong"


@dataclass(frozen=True)
class Found:
    """What a check found. `do`: what a person can do about it, empty where nothing is to be done."""

    check: str
    state: State
    message: str
    do: str = ""


Check = Callable[[list[Found]], list[Found]]


def ok(check: str, message: str) -> list[Found]:
    return [Found(check, State.OK, message)]


def warn(check: str, message: str, do: str) -> list[Found]:
    return [Found(check, State.WARN, message, do)]


def wrong(check: str, message: str, do: str) -> list[Found]:
    return [Found(check, State.WRONG, message, do)]


def has_database(before: list[Found]) -> bool:
    """Whether the checks before found a database of this version: the others cannot look without."""
    return any(found.check == "database" and found.state == State.OK for found in before)


def home(before: list[Found]) -> list[Found]:
    """BALIE_HOME can be written to."""
    try:
        with tempfile.TemporaryFile(dir=settings.HOME):
            pass
    except OSError as problem:
        do = "Give the user that runs Balie the right to write there, or set BALIE_HOME."
        return wrong("home", f"{settings.HOME} cannot be written to ({problem.strerror}).", do)
    return ok("home", f"{settings.HOME} can be written to.")


def secret_key(before: list[Found]) -> list[Found]:
    """Nobody else can read the signing key."""
    if os.environ.get("BALIE_SECRET_KEY"):
        return ok("secret key", "comes from BALIE_SECRET_KEY.")
    path = Path(settings.HOME) / "secret_key"
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return wrong("secret key", f"{path} can be read by others (mode {mode:o}).", f"chmod 600 {path}")
    return ok("secret key", f"{path} can be read by its owner only.")


def disk(before: list[Found]) -> list[Found]:
    """There is room for what comes."""
    free = shutil.disk_usage(settings.HOME).free
    message = f"{free / 1024**3:.1f} GB free in {settings.HOME}."
    if free < TOO_LITTLE_SPACE:
        return wrong("disk", message, "Make room at once: without it nothing can be stored.")
    if free < LITTLE_SPACE:
        return warn("disk", message, "Make room soon.")
    return ok("disk", message)


def database(before: list[Found]) -> list[Found]:
    """It answers and is of this version."""
    try:
        missing = missing_migrations()
    except DatabaseError as problem:
        text = " ".join(str(problem).split())
        return wrong("database", f"does not answer: {text}.", "Check BALIE_DATABASE_URL and that the server runs.")
    if missing:
        return wrong("database", f"is not of this version ({len(missing)} changes to make).", "Run `balie init`.")
    return ok("database", f"{connection.vendor} answers and is of this version.")


def files(before: list[Found]) -> list[Found]:
    """Statements can be kept."""
    from balie.statements import files as store

    name = f"doctor/{os.getpid()}"
    try:
        store.draft(name, b"doctor")
        kept = store.read(f"{name}{store.DRAFT}") == b"doctor"
        store.clear_drafts("doctor")
    except (OSError, Refused) as problem:
        return wrong("files", f"statements cannot be kept: {problem}.", "Check BALIE_FILES_URL.")
    if not kept:
        return wrong(
            "files", f"{settings.FILES_URL} gives back something else than was kept.", "Check BALIE_FILES_URL."
        )
    return ok("files", f"statements can be kept in {settings.FILES_URL}.")


def clock(before: list[Found]) -> list[Found]:
    """Zones are known, and the database's clock is ours."""
    if not has_database(before):
        return []
    found = Operator.objects.first()
    zone = found.timezone if found else "Europe/Amsterdam"
    try:
        local = datetime.now(ZoneInfo(zone))
    except (KeyError, ValueError, OSError):
        return wrong("clock", f"the time zone {zone} is not known here.", "Install the Python package tzdata.")
    drift = timezone.now() - database_time()
    if abs(drift) > LARGEST_DRIFT:
        message = f"differs from the database server's by {abs(drift).total_seconds():.0f} seconds."
        return wrong("clock", message, "Let both set their clocks from the network (NTP).")
    return ok("clock", f"{local:%Y-%m-%d %H:%M} in {zone}.")


def database_time() -> datetime:
    """What the database server's clock says; SQLite has ours."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)


def office(before: list[Found]) -> list[Found]:
    """There is an operator, with an address that links in mails can begin with."""
    if not has_database(before):
        return []
    found = Operator.objects.first()
    if found is None:
        return wrong("operator", "there is none yet.", "Run `balie init`, then `balie load FILE.json`.")
    if not found.base_url:
        return warn("operator", f"{found.name}; base_url is not set.", "Enter the address people open Balie at.")
    parts = urlsplit(found.base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return wrong("operator", f"base_url {found.base_url!r} is no address.", "It begins with https:// and a name.")
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        return warn("operator", f"{found.base_url} is not encrypted.", "Put a proxy with TLS before it, and use https.")
    if parts.scheme == "https" and not settings.TRUST_PROXY:
        message = f"{found.base_url} is served by a proxy that is not trusted: logins through it will be refused."
        return warn(
            "operator", message, "Set BALIE_TRUST_PROXY=yes where Balie runs, if the proxy sets X-Forwarded-Proto."
        )
    return ok("operator", f"{found.name} at {found.base_url}.")


def mail(before: list[Found]) -> list[Found]:
    """The mail server answers and takes the password; nothing is sent."""
    if not has_database(before):
        return []
    found = Operator.objects.first()
    if found is None or not found.mail.get("url"):
        return warn(
            "mail",
            "no mail server is set: mails wait in the outbox.",
            "Enter one in the office (Settings, Mailboxes and server) or a world file.",
        )
    try:
        server = post.Server.parse(found.mail)
        with post.connected(server, seconds=SECONDS):
            pass
    except Refused as refusal:
        return wrong("mail", refusal.message, "Mend it in the office (Settings, Mailboxes and server) or a world file.")
    except post.Undelivered as problem:
        return wrong("mail", problem.why, "Mend the server, or how it is set (Settings, Mailboxes and server).")
    if not found.mail.get("from"):
        sender = post.sender(found.mail, name=found.name, base_url=found.base_url).addr_spec
        return warn("mail", f"{server.host} answers; mails come from {sender}.", "Enter `from` beside the mail server.")
    return ok("mail", f"{server.host} answers.")


def outbox(before: list[Found]) -> list[Found]:
    """No mail was given up."""
    if not has_database(before):
        return []
    count = failed().count()
    if count:
        said = f"{count} mail{'' if count == 1 else 's'} could not be sent."
        return wrong("outbox", said, "See them under Settings, mend the cause and send them again.")
    waits = waiting().count()
    return ok("outbox", f"{waits} mail{' waits' if waits == 1 else 's wait'}.")


def sources(before: list[Found]) -> list[Found]:
    """Each phone system's files can be listed, and were looked at in time."""
    if not has_database(before):
        return []
    found: list[Found] = []
    for source in Source.objects.order_by("name"):
        found += one_source(source, timezone.now())
    return found or warn(
        "phone systems", "there are none yet.", "Enter one in the office (Settings, Phone systems) or a world file."
    )


def one_source(source: Source, now: datetime) -> list[Found]:
    from balie.worker import remote, sftp

    check = f"phone system {source.name}"
    if source.parked:
        do = "Mend that, then press `Look now` at the phone system."
        return wrong(check, f"its files are no longer looked at: {source.parked}", do)
    if not source.files:
        return ok(check, "files are given by hand or pushed.")
    sftp.CONNECT_SECONDS = remote.SILENT_SECONDS = sftp.SILENT_SECONDS = SECONDS
    try:
        with remote.opened(source.files) as place:
            count = len(place.found())
    except remote.outside_errors() as problem:
        return wrong(check, remote.words(problem), "Mend `files` of the phone system, or the server.")
    if source.next_look and source.next_look < now - OVERDUE:
        message = f"was to be looked at {source.next_look:%Y-%m-%d %H:%M} UTC."
        return wrong(check, message, "See whether a worker runs: `balie serve` or `balie work`.")
    if source.last_problem:
        return warn(check, f"at the last look: {source.last_problem}", "See the phone system's page.")
    if source.warning:
        return warn(check, source.warning, "See the phone system's page.")
    return ok(check, f"{count} file{'' if count == 1 else 's'} there.")


def switch(before: list[Found]) -> list[Found]:
    """The phone system that is configured for new clients answers and is prepared; nobody is rung."""
    if not has_database(before):
        return []
    found = Operator.objects.first()
    if found is None:
        return []
    try:
        said = chosen.switch(found, now=timezone.now()).look()
    except SwitchProblem as problem:
        return wrong("switch", problem.why, "See `switch` in docs/operate.md: orders wait until it works.")
    return ok("switch", said)


def sms_gateway(before: list[Found]) -> list[Found]:
    """The SMS gateway that is configured can be reached; nothing is sent. Waiting SMS without one are said."""
    if not has_database(before):
        return []
    found = Operator.objects.first()
    if found is None or not found.sms_gateway.get("kind"):
        return []
    line = None
    try:
        line = gateway(found.sms_gateway)
        said = line.look()
    except GatewayDown as problem:
        return wrong("sms gateway", problem.why, "See `sms_gateway` in docs/sms.md: SMS wait until it works.")
    finally:
        if line:
            line.close()
    held = line_problem()
    if held and held.parked:
        return wrong("sms gateway", held.parked, "Try it again on the office's page of SMS.")
    return ok("sms gateway", said)


def worker(before: list[Found]) -> list[Found]:
    """Somebody does the background work."""
    if not has_database(before):
        return []
    living = list(alive(now=timezone.now()))
    missing = [lane.name for lane in LANES if lane.name not in {beat.lane for beat in living}]
    if missing:
        return warn("worker", f"nobody works on {', '.join(missing)}.", "Run `balie serve` or `balie work`.")
    return ok("worker", f"{len(living)} at work on {', '.join(sorted({beat.host for beat in living}))}.")


def backup(before: list[Found]) -> list[Found]:
    """There is one of the last days, as far as `balie backup` knows; nothing is said while there is nothing to lose."""
    if not has_database(before):
        return []
    if half := unfinished_restore():
        return wrong("backup", f"the restore of {half.file} is unfinished.", "Run `balie restore` with it again.")
    found = last_backup()
    if found is None:
        none = warn("backup", "none was made yet.", "Run `balie backup FILE` every night.")
        return none if Client.objects.exists() else []
    days = (timezone.now() - found.at).days
    message = f"made {found.at:%Y-%m-%d %H:%M} UTC into {found.details['file']}."
    if timezone.now() - found.at > BACKUP_TOO_OLD:
        return warn("backup", f"the last is {days} days old; {message}", "Run `balie backup FILE` every night.")
    return ok("backup", message)


def retention(before: list[Found]) -> list[Found]:
    """Personal data has a time, and what outlived it is removed; nothing is said while there are no clients."""
    if not has_database(before):
        return []
    if stuck := Removal.objects.exclude(parked="").first():
        do = "Mend it; it is tried again in the next night, or at once by `balie retention --now`."
        return wrong("retention", f"{stuck.kind} could not be removed: {stuck.parked}", do)
    settings = Operator.objects.first()
    without = [str(kind) for kind in Kept if not (settings and settings.retention.get(kind))]
    if without and Client.objects.exists():
        do = "Set a time in the office (Settings, Retention), as privacy law asks for."
        return warn("retention", f"kept for good: {', '.join(without)}.", do)
    return ok("retention", "what outlived its time is removed every night.") if not without else []


def python(before: list[Found]) -> list[Found]:
    return ok("python", f"{sys.version.split()[0]} at {sys.executable}.")


CHECKS: tuple[Check, ...] = (
    python, home, secret_key, disk, database, files, clock, office, mail, outbox, sources, switch,
    sms_gateway, worker, retention, backup,
)  # fmt: skip
