"""Closing months: asked for by a person, by the calendar or by the command; done by whoever holds the row's lease."""

import hashlib
import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.billing.actions import freeze_bills
from balie.billing.bill import Bill
from balie.billing.queries import fresh_bills
from balie.calls.actions import mark_closed
from balie.calls.queries import clients_calls, closed_months
from balie.contracts.queries import contracts_between
from balie.leases import actions as leases
from balie.leases.faults import fault
from balie.leases.models import FREE
from balie.operator.actions import Author, write_log
from balie.operator.models import Operator
from balie.operator.queries import operator as the_operator
from balie.operator.retention import gone_before
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.rules.retention import Kept
from balie.statements import files, queries
from balie.statements.exports import pdf
from balie.statements.letters import mail_statements, tell_that_it_waits
from balie.statements.models import Closing, Statement
from balie.statements.paper.press import Printed
from balie.statements.paper.presses import Order, print_all
from balie.statements.reasons import before_all, price_missing, reasons_against
from balie.tariffs.actions import freeze_versions

# Renewed every few seconds. The next closer need not wait for its end where it sees that the holder was killed.
LEASE = timedelta(seconds=20)
PATIENCE = timedelta(minutes=15)
LOOK_AGAIN_SECONDS = 0.2
TOGETHER = 20  # statements in one transaction
PASSES = 3
Keep = Callable[[], None]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Closed:
    """What closing a month made now."""

    period: Period
    statements: int
    revisions: int
    seconds: float

    def document(self) -> dict[str, Any]:
        """The JSON of `balie close`."""
        return {
            "month": str(self.period),
            "statements": self.statements,
            "revisions": self.revisions,
            "seconds": round(self.seconds, 2),
        }


class ClosingLost(Refused):
    """Somebody else closes this month by now; what was made so far stays."""

    def __init__(self, period: Period) -> None:
        said = _("Somebody else closes %(month)s by now; look again in a minute.") % {"month": period}
        super().__init__("closing_lost", said, "month")


def ask_to_close(*, period: Period, by: str, now: datetime) -> Closing:
    """The month is closed in the background as soon as a worker is free; asked for again: closed anew.

    Refused while the month is not over.
    """
    refuse_unfinished(period, now)
    asked = {"asked": now, "asked_by": by[:200]}
    closing, _new = Closing.objects.update_or_create(month=period.key, defaults=asked)
    leases.revive(Closing.objects.filter(pk=closing.pk))
    closing.refresh_from_db()
    return closing


def ask_when_due(*, now: datetime) -> Closing | None:
    """Asks for the month just ended once the operator's day and hour have come and nothing speaks against it.

    Only for that month, and only if nobody asked yet; None otherwise. Meant to be called every minute or so.
    """
    settings = Operator.objects.first()
    if settings is None:
        return None
    period = Period.of(now, settings.timezone).previous()
    if now < closing_moment(period, settings) or period.key in closed_months():
        return None
    if Closing.objects.filter(month=period.key).exists() or before_all(period):
        return None
    reasons = list(reasons_against(period))
    if not reasons and (missing := price_missing(period)):
        reasons.append(missing)
    if reasons:
        tell_that_it_waits(period, reasons, now=now)
        return None
    return ask_to_close(period=period, by="", now=now)


def closing_moment(period: Period, settings: Operator) -> datetime:
    """When the month closes by itself: day and hour of the month after it, local; the 31st of April is the 30th."""
    after = period.next()
    day = min(settings.close_day, after.last_day.day)
    return datetime.combine(date(after.year, after.month, day), settings.close_at, tzinfo=ZoneInfo(settings.timezone))


def refuse_unfinished(period: Period, now: datetime) -> None:
    """Refused too: a month whose statements were removed after their time. It would get its first ones again."""
    if now < period.end:
        said = _("%(month)s is not over yet; only past months can be closed.") % {"month": period}
        raise Refused("month_not_over", said, "month")
    gone = gone_before(Kept.STATEMENTS)
    if gone and period.first_day < gone:
        said = _("The statements of %(month)s were removed after their time; it cannot be closed anew.")
        raise Refused("month_removed", said % {"month": period}, "month")


def close_month(*, period: Period, by: str, now: datetime, progress: Progress | None = None) -> Closed:
    """Closes a month here and now: a statement for every client that had a contract in it, calls or not.

    Run again it makes revisions of the statements that calls have changed since, and finishes what was killed. While
    somebody else closes the same month it waits for them first. Refused while the month is not over.
    """
    refuse_unfinished(period, now)
    started = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - started)

    closing = take(period, by, now, clock)

    def keep() -> None:
        left = closing.lease_until - clock()
        if left < LEASE * 2 / 3 and not leases.renew(closing, now=clock(), length=LEASE):
            raise ClosingLost(period)

    try:
        return run_closing(closing, now=now, keep=keep, progress=progress)
    finally:
        leases.give_back(closing, held_by="")  # nothing happens where it was done already


def take(period: Period, by: str, now: datetime, clock: Callable[[], datetime]) -> Closing:
    """The month's row, held by us. Waits while somebody else holds it, for a quarter of an hour at most."""
    asked = {"asked": now, "asked_by": by[:200]}
    held = {"lease_until": clock() + LEASE, "attempts": 1, "held_by": this_process()}
    closing, new = Closing.objects.get_or_create(month=period.key, defaults=asked | held)
    if new:
        return closing
    rows = Closing.objects.filter(pk=closing.pk)
    while clock() < now + PATIENCE:
        free_if_killed(rows.get())
        # A person stands before it: attempts that failed before do not count.
        rows.filter(lease_until__lte=clock()).update(attempts=0, parked="")
        if mine := leases.claim(rows, now=clock(), length=LEASE):
            leases.own(mine).update(**asked)
            return mine
        time.sleep(LOOK_AGAIN_SECONDS)
    said = _("%(month)s is being closed by somebody else; try again later.") % {"month": period}
    raise Refused("being_closed", said, "month")


def this_process() -> str:
    return f"{os.getpid()}@{socket.gethostname()}"


def free_if_killed(closing: Closing) -> None:
    """Takes the lease from a process of this machine that is no more."""
    pid, _at, host = closing.held_by.partition("@")
    if host != socket.gethostname() or not pid.isdigit():
        return
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        leases.own(closing).filter(held_by=closing.held_by).update(lease_until=FREE, held_by="")
    except PermissionError:
        return  # it lives, as somebody else


def run_closing(closing: Closing, *, now: datetime, keep: Keep, progress: Progress | None = None) -> Closed:
    """Closes the month of a row the caller holds, and gives the row back.

    keep: called often, renews the lease or raises. Statements already made for the same calls are left as they are,
    so a closing that was killed goes on where it was.
    """
    started, settings = time.monotonic(), the_operator()
    period = Period.from_key(closing.month, settings.timezone)
    refuse_unfinished(period, now)
    if not leases.own(closing).update(held_by=this_process()):
        raise ClosingLost(period)
    files.clear_drafts(f"statements/{period}")
    run = Run(closing, period, settings, now, keep, progress or (lambda done, clients: None))
    for attempt in range(1, PASSES + 1):
        before = queries.sums_fingerprint(period)
        run.price()
        run.make_statements()
        if run.finish(unless_changed_since=before if attempt < PASSES else None):
            break
    return Closed(period, run.statements, run.revisions, time.monotonic() - started)


@dataclass(frozen=True)
class Sheet:
    """A statement to be made: which revision of whose, and what of it goes into the table."""

    client: Client
    revision: int
    content: str
    rows: int
    path: str


@dataclass
class Run:
    """One run of a closing. All it makes it makes while it holds the row: see `hold`."""

    closing: Closing
    period: Period
    operator: Operator
    now: datetime
    keep: Keep
    progress: Progress
    statements: int = 0
    revisions: int = 0
    clients: int = 0
    done: int = 0
    waiting: list[tuple[Sheet, Printed]] = field(default_factory=list)
    bills: Sequence[Bill] = ()  # of a month that is not closed yet

    def price(self) -> None:
        """Prices a month that is closed for the first time. Refused, before any statement is made, without a price."""
        self.bills = () if self.period.key in closed_months() else fresh_bills(self.period)
        self.keep()

    def make_statements(self) -> None:
        """A statement for every client whose calls say something else than its newest one."""
        clients = queries.clients_to_state(self.period)
        self.clients, self.done = len(clients), 0
        self.hold()
        for sheet, paper in print_all(self.orders(clients), self.keep):
            files.draft(sheet.path, paper.pdf)
            fault("closing-drafted")
            self.waiting.append((sheet, paper))
            if len(self.waiting) >= TOGETHER:
                self.publish()
            self.progress(self.done + len(self.waiting), self.clients)
        self.publish()
        self.progress(self.clients, self.clients)

    def orders(self, clients: list[Client]) -> Iterator[Order[Sheet]]:
        """What has to be printed, worked out client by client as the presses ask for it."""
        newest = queries.newest_statements(self.period)
        for client in clients:
            self.keep()
            facts = queries.facts(clients_calls(client, self.period))
            content, before = queries.content(facts), newest.get(client.pk)
            if before and before.content_sha256 == content:
                self.done += 1
                continue
            revision = before.revision + 1 if before else 1
            path = f"statements/{self.period}/{files.name_for(client.number)}-r{revision}.pdf"
            report = queries.report_of(client, self.period, facts)
            replaces = (before.revision, before.created) if before else None
            edition = pdf.Edition(self.operator, self.now, revision, replaces)
            sheet = Sheet(client, revision, content, len(facts), path)
            yield Order(sheet, pdf.STATEMENT, pdf.calls_data(report, edition))

    def publish(self) -> None:
        """The drafts get their names and their rows, all or nothing while the row is ours.

        Files first: a row whose file is missing would be a lie, a file without a row is written anew next time.
        """
        with transaction.atomic():
            self.done += len(self.waiting)
            self.hold()
            for sheet, _pdf in self.waiting:
                files.publish(sheet.path)
                fault("closing-published")
            made = Statement.objects.bulk_create([self.row(sheet, paper) for sheet, paper in self.waiting])
            mail_statements(made, self.period, now=self.now)
            fault("closing-recorded")
        fault("closing-kept")
        self.statements += sum(1 for sheet, _pdf in self.waiting if sheet.revision == 1)
        self.revisions += sum(1 for sheet, _pdf in self.waiting if sheet.revision > 1)
        self.waiting.clear()

    def row(self, sheet: Sheet, paper: Printed) -> Statement:
        return Statement(
            client=sheet.client,
            month=self.period.key,
            revision=sheet.revision,
            created=self.now,
            path=sheet.path,
            sha256=hashlib.sha256(paper.pdf).hexdigest(),
            content_sha256=sheet.content,
            pages=paper.pages,
            rows=sheet.rows,
        )

    def hold(self) -> None:
        """Notes how far we are, on the row. Within a transaction nobody can take the row before its end."""
        if not leases.own(self.closing).update(clients=self.clients, clients_done=self.done):
            raise ClosingLost(self.period)

    def finish(self, *, unless_changed_since: str | None) -> bool:
        """Marks the month closed and gives the row back. False when calls came in while statements were made."""
        with transaction.atomic():
            first = self.period.key not in closed_months()
            if first and unless_changed_since not in (None, queries.sums_fingerprint(self.period)):
                return False
            if first:
                # The last pass takes the calls as they are: nothing else is written while it holds the lock.
                bills = self.bills if unless_changed_since else fresh_bills(self.period)
                freeze_bills(bills=bills, now=self.now)
                fault("closing-frozen")
            mark_closed(month=self.period.key, now=self.now)
            contracts = contracts_between(self.period.first_day, self.period.last_day)
            freeze_versions(tariffs={contract.tariff for contract in contracts}, day=self.period.first_day)
            fault("closing-marked")
            if not leases.give_back(self.closing, done=self.now, clients_done=self.clients, held_by=""):
                raise ClosingLost(self.period)
            made = {"statements": self.statements, "revisions": self.revisions}
            by = self.closing.asked_by or "Balie"
            write_log(author=Author(by, self.now), deed="month.closed", about=f"month:{self.period}", details=made)
        fault("closing-done")
        return True
