"""Who is away until when, and what to say meanwhile. Entered, changed, ended, taken away; each can be taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.notes.models import Absence
from balie.operator.actions import Author, write_log
from balie.operator.models import LogEntry
from balie.rules.errors import Refused

DEED = "absence."
LONGEST = {"who": 200, "say": 500}


@dataclass(frozen=True)
class Away:
    """What an exception says. ends: not included; None: until somebody ends it."""

    who: str
    say: str
    begins: datetime
    ends: datetime | None = None


@transaction.atomic
def put_absence(*, client: Client, away: Away, absence: Absence | None = None, author: Author) -> LogEntry:
    """Enters an exception, or changes one. Refused, at its field, for what cannot be."""
    said = checked(away)
    before = document(absence) if absence else None
    if absence is None:
        absence = Absence(client=client, by=author.who, made=author.now)
    for name, value in said.items():
        setattr(absence, name, value)
    absence.save()
    return log(client, absence.pk, before, document(absence), author)


def checked(away: Away) -> dict[str, Any]:
    """The columns of an absence. Refused without a name or words, where they are too long, or where it ends first."""
    who, say = (" ".join(text.split()) for text in (away.who, away.say))
    if not who:
        raise Refused("no_name", _("Say who is away, or what is different: “Mr Bakker”, “the shop”."), "who")
    if not say:
        raise Refused("no_words", _("Say what callers shall hear."), "say")
    for name, text in (("who", who), ("say", say)):
        if len(text) > LONGEST[name]:
            raise Refused(
                "too_long", _("At most %(most)s characters can be stored here.") % {"most": LONGEST[name]}, name
            )
    if away.ends is not None and away.ends <= away.begins:
        raise Refused("bad_end", _("This ends before it begins."), "ends")
    return {"who": who, "say": say, "begins": away.begins, "ends": away.ends}


@transaction.atomic
def remove_absence(*, absence: Absence, author: Author) -> LogEntry:
    """Takes an exception away."""
    entry = log(absence.client, absence.pk, document(absence), None, author)
    absence.delete()
    return entry


@transaction.atomic
def undo_absence(*, client: Client, entry: LogEntry, author: Author) -> LogEntry | None:
    """An exception is again what it was before this change; None where it is already. Refused for another's entry."""
    if not entry.deed.startswith(DEED) or entry.about != f"client:{client.number}":
        raise Refused("unknown_change", _("There is no such change of this client's exceptions."), "entry")
    pk, before = entry.details["absence"], entry.details["before"]
    held = Absence.objects.filter(pk=pk, client=client).first()
    if before is None:
        return remove_absence(absence=held, author=author) if held else None
    away = Away(
        before["who"], before["say"], moment(before["begins"]), moment(before["ends"]) if before["ends"] else None
    )
    if held is None:
        held = Absence(pk=pk, client=client, by=author.who, made=author.now)
        held.begins, held.who, held.say = away.begins, away.who, away.say
        held.save(force_insert=True)
    return put_absence(client=client, away=away, absence=held, author=author)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def document(absence: Absence) -> dict[str, Any]:
    """As the log keeps it."""
    ends = absence.ends.isoformat() if absence.ends else None
    return {"who": absence.who, "say": absence.say, "begins": absence.begins.isoformat(), "ends": ends}


def log(client: Client, pk: int, before: Any, after: Any, author: Author) -> LogEntry:
    deed = "removed" if after is None else "changed" if before else "entered"
    return write_log(
        author=author, deed=DEED + deed, about=f"client:{client.number}",
        details={"absence": pk, "before": before, "after": after},
    )  # fmt: skip
