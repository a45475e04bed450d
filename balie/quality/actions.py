"""Writes what was found: notes get their calls, calls their handling time, findings open and close by themselves."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from balie.calls import bulk
from balie.calls.actions import record_handling
from balie.calls.models import Call, Source
from balie.leases.faults import fault
from balie.notes.models import Note
from balie.operator.actions import Author, write_log
from balie.quality.looking import Look, Looked, look, stand
from balie.quality.models import CLIENT_WRONG, Finding
from balie.quality.window import CallRow, Window, window
from balie.rules.errors import Refused
from balie.rules.garbage import without_collecting
from balie.rules.period import Period

BATCH = 500
AT_ONCE = 10_000  # databases take so many values in one question
DAYS_AT_ONCE = 11  # so that a month of any size fits into memory


@dataclass(frozen=True)
class Checked:
    """What came of a look: notes, findings opened and closed, months (202611) whose handling times changed."""

    notes: int = 0
    opened: int = 0
    closed: int = 0
    months: frozenset[int] = frozenset()

    def __add__(self, other: "Checked") -> "Checked":
        return Checked(
            self.notes + other.notes, self.opened + other.opened, self.closed + other.closed, self.months | other.months
        )


def check_days(*, first: date, last: date, now: datetime) -> Checked:
    """Looks at the notes of these local days, both included. The same days again change nothing.

    Some days at a time: reads first, without holding anybody up, and writes in one transaction; the next days are
    looked at meanwhile. What came or changed in between is found by the next look: whoever asks for one compares what
    is there with what was looked at.
    """
    found, before = Checked(), None
    with without_collecting(), ThreadPoolExecutor(1) as other:
        for days in window(first, last).parts(DAYS_AT_ONCE):
            name_again(days)
            coming = other.submit(look, stand(days, now=now))
            if before is not None:
                found += write(before.result())
            before = coming
        return found + write(before.result()) if before is not None else found


def write(look: Look) -> Checked:
    """Stores what came of a look."""
    with transaction.atomic():
        give_calls(look.looked)
        opened, closed = open_and_close(look.looked, look.days, look.now)
        fault("recording-checked")
        months = record_handling(seconds=look.handled, starts={pk: call.start for pk, call in look.calls.items()})
    return Checked(len(look.looked), opened, closed, months)


def name_again(days: Window) -> None:
    """Notes that named a call whose row was replaced since get the new row."""
    at = Q(at__gte=days.wider.begin, at__lt=days.wider.end)
    lost = Note.objects.filter(at).exclude(given="").filter(Q(call=None) | ~Q(call__key=F("given")))
    named = {pk: (key, client) for pk, key, client in lost.order_by().values_list("pk", "given", "client_id")}
    if not named:
        return
    keys = {key for key, _client in named.values()}
    found: dict[tuple[str, int | None], int] = {}
    # By source too, since calls are known by both.
    calls = Call.objects.filter(source__in=list(Source.objects.values_list("pk", flat=True)), key__in=keys)
    for pk, key, client in calls.order_by("start").values_list("pk", "key", "client_id"):
        found[key, None] = found[key, client] = pk
    for note, (key, client) in named.items():
        if call := found.get((key, client)) or found.get((key, None)):
            Note.objects.filter(pk=note, given=key).update(call=call)


def give_calls(looked: Iterable[Looked]) -> None:
    """Notes are given the call they belong to, unless they named one that is there."""
    moved = [one for one in looked if differs(one)]
    # What was deleted while we looked is nobody's call; the next look finds another.
    there = still_there(one.call for one in moved if one.call)
    plain: dict[int, int | None] = {}
    for note, call, _findings in moved:
        if call is not None and call.pk not in there:
            continue
        wanted = None if call is None else call.pk
        if note.given:
            Note.objects.filter(pk=note.pk).exclude(call__key=F("given")).update(call=wanted)
        else:
            plain[note.pk] = wanted
    bulk.set_column(Note._meta.db_table, "call_id", plain, where="given = ''")  # somebody may have named one meanwhile


def still_there(calls: Iterable[CallRow]) -> set[int]:
    """Those calls, by id, that nobody deleted meanwhile."""
    starts = [call.start for call in calls]
    if not starts:
        return set()
    found = Call.objects.filter(start__gte=min(starts), start__lte=max(starts))
    return set(found.order_by().values_list("pk", flat=True))


def differs(one: Looked) -> bool:
    return one.note.call_id != (one.call.pk if one.call else None)


def open_and_close(looked: Sequence[Looked], days: Window, now: datetime) -> tuple[int, int]:
    """Findings that are there now and those that are not any more; what somebody dismissed stays so."""
    there = Finding.objects.filter(Q(closed=None) | Q(dismissed=True), note__at__gte=days.begin, note__at__lt=days.end)
    stored = {(row.note_id, row.code): row for row in there.order_by("pk")}
    new, changed, seen = [], [], set()
    for one in looked:
        for found in one.findings:
            key = (one.note.pk, found.code)
            seen.add(key)
            wanted = finding(one, found.code, found.figures, days, now)
            if key not in stored:
                new.append(wanted)
            elif told_otherwise(stored[key], wanted):
                changed.append(stored[key])
    gone = [row.pk for key, row in stored.items() if key not in seen and row.closed is None and by_check(row)]
    # Two looks at once find the same: the table keeps one.
    Finding.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
    Finding.objects.bulk_update(changed, ["client", "agent", "month", "figures"], batch_size=BATCH)
    for part in parts(gone):
        Finding.objects.filter(pk__in=part, closed=None).update(closed=now)
    return len(new), len(gone)


SAYS = ("client_id", "agent_id", "month", "figures")


def told_otherwise(row: Finding, wanted: Finding) -> bool:
    """Whether an open finding says something else by now; then the row says it too."""
    if row.closed is not None or all(getattr(row, name) == getattr(wanted, name) for name in SAYS):
        return False
    for name in SAYS:
        setattr(row, name, getattr(wanted, name))
    return True


def by_check(finding: Finding) -> bool:
    """Whether a check opened it, and so may close it: what a client says is wrong only a person closes."""
    return finding.code != CLIENT_WRONG


def parts(numbers: Sequence[int], size: int = AT_ONCE) -> Iterable[Sequence[int]]:
    return (numbers[at : at + size] for at in range(0, len(numbers), size))


def finding(one: Looked, code: str, figures: Mapping[str, str | list[str]], days: Window, now: datetime) -> Finding:
    note = one.note
    month = Period.of(one.call.start if one.call else note.at, days.zone).key
    return Finding(
        note_id=note.pk, code=code, client_id=note.client_id, agent_id=note.agent_id, month=month,
        figures=dict(figures), opened=now,
    )  # fmt: skip


@transaction.atomic
def dismiss_finding(*, finding: Finding, reason: str, author: Author) -> None:
    """Somebody says that it is right as it is; it does not open again. Refused without a reason, or closed already."""
    if not dismiss_findings(numbers=[finding.pk], reason=reason, author=author):
        raise Refused("finding_closed", _("This finding is closed already."), "finding")


@transaction.atomic
def dismiss_findings(*, numbers: Iterable[int], reason: str, author: Author) -> list[int]:
    """Several (by id), for the same reason; which of them: others were closed meanwhile. Refused without a reason."""
    said = " ".join(reason.split())[:300]
    if not said:
        raise Refused("no_reason", _("Say in a few words why this is right."), "reason")
    held = list(Finding.objects.select_for_update().filter(pk__in=set(numbers), closed=None).order_by("pk"))
    done = [finding.pk for finding in held]
    Finding.objects.filter(pk__in=done).update(closed=author.now, closed_by=author.who, dismissed=True, reason=said)
    for finding in held:
        log(finding, "finding.dismissed", author, reason=said)
    return done


@transaction.atomic
def reopen_finding(*, finding: Finding, author: Author) -> bool:
    """Takes a dismissal back; repeated without harm. Whether it was one."""
    held = Finding.objects.select_for_update().get(pk=finding.pk)
    others = Finding.objects.filter(note=held.note_id, code=held.code, closed=None)
    if not held.dismissed or others.exists():
        return False
    Finding.objects.filter(pk=held.pk).update(closed=None, closed_by="", dismissed=False, reason="")
    log(held, "finding.reopened", author)
    return True


def log(finding: Finding, deed: str, author: Author, **details: object) -> None:
    write_log(author=author, deed=deed, about=f"note:{finding.note_id}", details={"code": finding.code, **details})
