"""Mails about what is wrong with notes, to the operator's address for incorrect recording."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import override

from balie.notifications.actions import queue_mail
from balie.operator.models import Operator
from balie.operator.queries import operator as the_operator
from balie.operator.queries import pages
from balie.quality.looking import settings
from balie.quality.models import Finding
from balie.quality.names import Names, names
from balie.quality.queries import untold
from balie.quality.words import explained

DIGEST_AT = time(7, 0)  # local
DAY = timedelta(days=1)
MOST_AT_ONCE = 20  # more in one go, as after a first import, are one mail
MOST_LINES = 40


@transaction.atomic
def tell_findings(*, now: datetime) -> int:
    """Queues what was not told yet: each note's findings in a mail of their own, many at once in one; how many mails.

    As a digest: once a day, what was found until seven. Nothing where the operator has no such address: they stay in
    the list.
    """
    operator = the_operator()
    box = operator.mailboxes.get("incorrect_recording") or ""
    if not box:
        return 0
    at_once = settings().at_once
    until = now if at_once else last_digest(now.astimezone(ZoneInfo(operator.timezone)))
    found = list(untold(until).select_for_update(of=("self",)))
    by_note: dict[int, list[Finding]] = {}
    for row in found:
        by_note.setdefault(row.note_id, []).append(row)
    groups = list(by_note.values())
    mails = groups if at_once and len(groups) <= MOST_AT_ONCE else [found] if found else []
    for rows in mails:
        tell(rows, operator, box, now)
    Finding.objects.filter(pk__in=[row.pk for row in found]).update(told=now)
    return len(mails)


def last_digest(now: datetime) -> datetime:
    """When the digest of today was due, or that of yesterday. now: local."""
    today = datetime.combine(now.date(), DIGEST_AT, now.tzinfo)
    return today if today <= now else datetime.combine(now.date() - DAY, DIGEST_AT, now.tzinfo)


def tell(rows: Sequence[Finding], operator: Operator, box: str, now: datetime) -> None:
    notes, known = {row.note_id for row in rows}, names()
    place = f"notes/{rows[0].note_id}/" if len(notes) == 1 else "quality/"
    with override(operator.language):
        lines = [line(row, known) for row in rows[:MOST_LINES]]
        if len(rows) > MOST_LINES:
            lines.append(f"- … +{len(rows) - MOST_LINES}")
    queue_mail(
        kind="findings",
        to=box,
        language=operator.language,
        values={"count": str(len(rows)), "findings": "\n".join(lines), "link": f"{pages(operator)}/{place}"},
        key=f"findings:{rows[0].pk}:{len(rows)}",
        about=f"note:{rows[0].note_id}" if len(notes) == 1 else "quality",
        now=now,
    )


def line(row: Finding, known: Names) -> str:
    """Whose note, for which client, and what is wrong with it; whose, only where agents are told apart."""
    who = f"{known.name(row.agent)}, " if known.apart else ""
    return f"- {who}{row.client.number} {row.client.name}: {explained(row, apart=known.apart)}"
