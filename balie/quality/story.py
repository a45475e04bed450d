"""What became of the findings of one note: found, mailed, dismissed and by whom, opened again, right. Reads."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from balie.notes.models import Note
from balie.operator.models import LogEntry
from balie.quality.models import Finding

DEEDS = {"finding.dismissed": "dismissed", "finding.reopened": "reopened", "finding.said_by_client": "said"}


@dataclass(frozen=True)
class Step:
    """One thing that happened. what: found, told, dismissed, reopened, said or right."""

    at: datetime
    what: str
    who: str = ""
    why: str = ""


def stories(note: Note, findings: Sequence[Finding]) -> dict[int, list[Step]]:
    """Of each of the note's findings (by id) all that happened, in order. One query."""
    deeds = deeds_of(note, findings)
    return {one.pk: sorted([*own(one), *deeds.get(one.pk, ())], key=lambda step: step.at) for one in findings}


def own(finding: Finding) -> list[Step]:
    """What stands in the finding itself."""
    steps = [Step(finding.opened, "found")]
    if finding.told:
        steps.append(Step(finding.told, "told"))
    if finding.closed and not finding.dismissed:
        steps.append(Step(finding.closed, "right"))
    return steps


def deeds_of(note: Note, findings: Sequence[Finding]) -> dict[int, list[Step]]:
    """What people did, as the log has it: to the finding of that kind that was opened last before."""
    found: dict[int, list[Step]] = defaultdict(list)
    entries = LogEntry.objects.filter(about=f"note:{note.pk}", deed__in=DEEDS).order_by("at", "pk")
    for entry in entries:
        before = [one for one in findings if one.code == entry.details.get("code") and one.opened <= entry.at]
        if before:
            about = max(before, key=lambda one: (one.opened, one.pk))
            found[about.pk].append(Step(entry.at, DEEDS[entry.deed], entry.who, entry.details.get("reason", "")))
    return found
