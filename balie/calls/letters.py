"""The mails about phone systems: what keeps their files from being read, and a silence nobody expects."""

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import override

from balie.calls.day import Silence, deliveries
from balie.calls.models import Source
from balie.notifications.actions import queue_mail
from balie.operator.models import Operator
from balie.operator.queries import operator as the_operator
from balie.operator.queries import pages
from balie.operator.written import moment


def tell_troubles(*, now: datetime) -> None:
    """Tells staff of each trouble once: a problem once a local day, a silence once.

    Problems with files go to the operator's address for imports, silence to that for tasks; none where it is not set.
    What the worker still tries again by itself, within the hour, is none yet. Meant to be called every minute or so.
    """
    operator = the_operator()
    if not (operator.mailboxes.get("imports") or operator.mailboxes.get("tasks")):
        return
    today = now.astimezone(ZoneInfo(operator.timezone)).date()
    for delivery in deliveries(today, now=now, zone=operator.timezone):
        source = delivery.source
        problem = source.parked or ("" if source.attempts else source.last_problem)
        if problem:
            known = hashlib.sha256(problem.encode()).hexdigest()[:16]
            values = {"source": source.name, "problem": problem}
            tell("imports", "source_problem", source, values, f"problem:{known}:{today}", operator, now)
        elif delivery.silence:
            values = of_silence(delivery.silence, operator)
            tell("tasks", "source_silent", source, values, f"silent:{delivery.silence.since}", operator, now)


def of_silence(silence: Silence, operator: Operator) -> dict[str, str]:
    """The variables of the mail about a silence."""
    with override(operator.language):
        since = moment(silence.since.astimezone(ZoneInfo(operator.timezone)))
    return {"source": silence.source.name, "since": since, "expected": f"{silence.expected:.0f}"}


def tell(
    box: str, kind: str, source: Source, values: dict[str, str], key: str, operator: Operator, now: datetime
) -> None:
    link = f"{pages(operator)}/calls/sources/#source-{source.pk}"
    queue_mail(
        kind=kind, to=operator.mailboxes.get(box) or "", language=operator.language, values={**values, "link": link},
        key=f"source:{source.pk}:{key}", about=f"source:{source.name}", now=now,
    )  # fmt: skip
