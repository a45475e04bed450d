"""How recording is watched: checks on or off, their parameters, tolerance, mails. Changes, and who made them.

What a check looks at is said once, flat: {"short_text.on": True, "short_text.parameter": 15, "tolerance": 60, …}. The
log keeps of each change what it was and what it is, so that it can be taken back.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from balie.operator.actions import Author, write_log
from balie.operator.models import LogEntry
from balie.quality.looking import settings
from balie.quality.models import CheckSetting, RecordingSettings
from balie.quality.stale import ask_again
from balie.rules.errors import Refused
from balie.rules.meanwhile import merged
from balie.rules.recording import CODES, Limits

ABOUT, DEED = "recording", "recording.changed"
USUAL = Limits()
# Parameters of checks: the usual value, the least and the most. Characters; minutes.
PARAMETERS: Mapping[str, tuple[int, int, int]] = {
    "short_text": (USUAL.shortest, 2, 500),
    "late_note": (int(USUAL.late_after.total_seconds()) // 60, 1, 1440),
}
# Minutes: the least and the most.
TIMES: Mapping[str, tuple[int, int]] = {"tolerance": (1, 720), "most_after": (0, 120)}
SWITCHES = ("at_once", "aggregated")
# Which checks say something else once a call is sought nearer or farther from its note.
BY_CALL = ("no_call", "other_client", "other_agent", "outcome", "late_note", "two_notes", "impossible_times")

State = dict[str, Any]


class SetMeanwhile(Refused):
    """Somebody else set the same otherwise meanwhile; was: what the page showed, with that brought up to date."""

    def __init__(self, where: str, was: State) -> None:
        super().__init__(
            "set_meanwhile", _("Somebody else changed this meanwhile. Store once more to replace it."), where
        )
        self.was = was


def state() -> State:
    """Everything as it is set now. Two queries."""
    rows, held = {row.code: row for row in CheckSetting.objects.all()}, settings()
    found: State = {}
    for code in CODES:
        row = rows.get(code)
        found[f"{code}.on"] = row.on if row else True
        if code in PARAMETERS:
            given = row.parameter if row else None
            found[f"{code}.parameter"] = PARAMETERS[code][0] if given is None else given
    return found | {name: getattr(held, name) for name in (*TIMES, *SWITCHES)}


@transaction.atomic
def change(wanted: State, *, author: Author, was: State | None = None) -> LogEntry | None:
    """Sets what is named; None where everything was so already. Days it matters for are looked at again.

    was: what the page showed, if known: what it did not change stays as others set it since. Raises SetMeanwhile where
    both changed the same; refused for numbers out of bounds.
    """
    check_bounds(wanted)
    RecordingSettings.objects.get_or_create(id=1)
    RecordingSettings.objects.select_for_update().get()
    held = state()
    if was is not None:
        found = merged(was, {**was, **wanted}, held)
        if found.clashes:
            raise SetMeanwhile(found.clashes[0], was | {name: held[name] for name in found.clashes})
        wanted = {name: found.values[name] for name in wanted}
    before = {name: held[name] for name, value in wanted.items() if held[name] != value}
    if not before:
        return None
    after = {name: wanted[name] for name in before}
    store(held | after, set(after))
    if set(after) - set(SWITCHES):  # how it is told and shown finds nothing else
        ask_again(concerned(set(after)), now=author.now)
    return write_log(author=author, deed=DEED, about=ABOUT, details={"before": before, "after": after})


def take_back(entry: LogEntry, *, author: Author) -> LogEntry | None:
    """What that change set is again as it was before it; what was set otherwise since stays."""
    held, details = state(), entry.details
    same = {name: old for name, old in details["before"].items() if held.get(name) == details["after"].get(name)}
    return change(same, author=author)


def check_bounds(wanted: State) -> None:
    bounds: dict[str, tuple[int, int]] = dict(TIMES)
    bounds |= {f"{code}.parameter": (least, most) for code, (_usual, least, most) in PARAMETERS.items()}
    for name, (least, most) in bounds.items():
        if name in wanted and not least <= wanted[name] <= most:
            said = _("Give a whole number from %(least)s to %(most)s.") % {"least": least, "most": most}
            raise Refused("out_of_bounds", said, name)


def store(whole: State, changed: set[str]) -> None:
    """Writes the rows of what changed."""
    for code in {name.partition(".")[0] for name in changed if "." in name}:
        values = {"on": whole[f"{code}.on"], "parameter": whole.get(f"{code}.parameter")}
        CheckSetting.objects.update_or_create(code=code, defaults=values)
    if plain := {name: whole[name] for name in changed if "." not in name}:
        RecordingSettings.objects.filter(id=1).update(**plain)


def concerned(changed: set[str]) -> set[str]:
    """The checks that find something else by what changed."""
    codes = {name.partition(".")[0] for name in changed if "." in name}
    return codes | set(BY_CALL) if "tolerance" in changed else codes


def changes() -> list[LogEntry]:
    """Who changed what, the latest first; the last thirty."""
    return list(LogEntry.objects.filter(about=ABOUT, deed=DEED).order_by("-at", "-pk")[:30])
