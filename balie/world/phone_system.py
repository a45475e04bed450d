"""One phone system as a page says it: stored whole, taken back, removed. Its parts are checked as in a world file."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from balie.calls.models import BadLine, Call, Import, LegDay, Source, SourceHour, Upload
from balie.operator.actions import Author, write_log, written
from balie.operator.models import LogEntry
from balie.operator.setting import HIDDEN
from balie.rules.errors import Refused
from balie.rules.merge import lay_over
from balie.worker.sources import look_now
from balie.world.phone_systems import refuse_unmapped, values_of
from balie.world.shape import Said

ADDED, CHANGED, REMOVED = "source.added", "source.changed", "source.removed"
SETTINGS = (
    "name", "format", "timezone", "trunks", "account_prefix", "options", "files", "look_at", "look_every",
)  # fmt: skip
# How lines read before would read now: calls already stored stay as they are.
OF_READING = ("timezone", "trunks", "account_prefix")


def about(source: Source) -> str:
    """What the log says a change of it is about."""
    return f"source:{source.name}"


def settings_of(source: Source) -> dict[str, Any]:
    """What people set of a phone system, beside what the worker writes down of it."""
    return {name: getattr(source, name) for name in SETTINGS}


def values_said(said: Said, source: Source) -> dict[str, Any]:
    """The columns of the table for what is said, all of it: what is not said is taken away.

    How columns are mapped belongs to the format `generic`; under another it is kept, for whoever comes back to it.
    """
    plain = {"name": said["name"], "trunks": [], "account_prefix": "", "timezone": source.timezone}
    values = plain | values_of(said, Source(name=said["name"], timezone=source.timezone))
    if said["format"] != "generic":
        values["options"] = source.options
    refuse_unmapped(values, said)
    return {name: values.get(name) for name in SETTINGS}


@transaction.atomic
def put_phone_system(said: Said, source: Source, *, author: Author) -> LogEntry | None:
    """Stores the phone system; new or changed it is looked at soon. None where everything was so already.

    said: by `balie.world.parts.PHONE_SYSTEM`; source: as whoever changes it saw it, not stored yet for a new one.
    Refused for a name that another has, and where somebody changed it since.
    """
    values = values_said(said, source)
    refuse_taken(values["name"], source)
    if source.pk is None:
        lay_over(source, values)
        save(source)
        if source.files:
            look_now(source, now=author.now)
        return log(ADDED, source, {}, settings_of(source), author)
    return change(source, values, author)


def change(source: Source, values: Mapping[str, Any], author: Author) -> LogEntry | None:
    held = Source.objects.select_for_update().filter(pk=source.pk).first()
    if held is None or settings_of(held) != settings_of(source):
        said = _("Somebody else changed this at the same moment. Look at it, and save once more.")
        raise Refused("set_meanwhile", said, "")
    before = lay_over(held, values)
    if not before:
        return None
    save(held, *before)
    if not held.files:
        Source.objects.filter(pk=held.pk).update(next_look=None)
    elif set(before) - {"name"}:
        look_now(held, now=author.now)
    return log(CHANGED, held, before, {name: getattr(held, name) for name in before}, author)


def save(source: Source, *fields: str) -> None:
    """All of it, or these fields. Refused where somebody gave its name to another at the same moment."""
    try:
        with transaction.atomic():
            source.save(update_fields=fields or None)
    except IntegrityError:
        raise name_taken(source.name) from None


def name_taken(name: str) -> Refused:
    said = _("There is a phone system named “%(name)s” already.")
    return Refused("name_taken", said % {"name": name}, "name")


def refuse_taken(name: str, source: Source) -> None:
    """Refused for the name of another, in small or large letters: people take the two for one. A name that stays is not
    looked at, since a world file may have given both."""
    held = dict(Source.objects.values_list("pk", "name"))
    if held.pop(source.pk, None) == name:
        return
    for other in held.values():
        if other.casefold() == name.casefold():
            raise name_taken(other)


def log(deed: str, source: Source, before: Mapping[str, Any], after: Mapping[str, Any], author: Author) -> LogEntry:
    details = {"before": logged(before), "after": logged(after), "source": source.pk}
    return write_log(author=author, deed=deed, about=about(source)[:200], details=details)


def last_changed(source: Source) -> LogEntry | None:
    """Who made or last changed it, as far as the log knows."""
    of_it = LogEntry.objects.filter(deed__in=(ADDED, CHANGED), about=about(source)[:200])
    return of_it.order_by("-at", "-pk").first()


@transaction.atomic
def take_back_change(entry: LogEntry, *, author: Author) -> bool:
    """A phone system is again as it was before that change. False where it was changed again since, or removed."""
    source = Source.objects.select_for_update().filter(pk=entry.details.get("source")).first()
    after, before = entry.details["after"], dict(entry.details["before"])
    if source is None or logged({name: getattr(source, name) for name in after}) != after or hidden(before):
        return False
    if before.get("look_at"):
        before["look_at"] = time.fromisoformat(before["look_at"])
    refuse_taken(before.get("name", source.name), source)
    change(source, {**settings_of(source), **before}, author)
    return True


def can_be_taken_back(entry: LogEntry) -> bool:
    return entry.deed == CHANGED and not hidden(entry.details["before"])


def hidden(values: Mapping[str, Any]) -> bool:
    """Whether the log does not say where a secret of these settings lies, since it was stored itself."""
    return HIDDEN in (values.get("files") or {}).values()


def logged(values: Mapping[str, Any]) -> Any:
    """Settings as the log keeps them. Of a column it says the name, which is no secret, be it the one of the key."""
    return {**written(values), **({"options": values["options"]} if "options" in values else {})}


def has_calls(source: Source) -> bool:
    """Whether calls came from it, or lines that were internal: what is known of them must not be forgotten."""
    return any(rows._default_manager.filter(source=source).exists() for rows in (Call, LegDay, SourceHour))


def kept_of(source: Source) -> dict[str, int]:
    """What is lost with a phone system that is removed: how many files read, unreadable lines, files given by hand."""
    counted = {"imports": Import, "bad_lines": BadLine, "uploads": Upload}
    return {name: rows._default_manager.filter(source=source).count() for name, rows in counted.items()}


@transaction.atomic
def remove_phone_system(source: Source, *, author: Author) -> None:
    """Removes one that no calls came from, with all that is known of its files. Refused otherwise, and while it is
    read."""
    held = Source.objects.select_for_update().filter(pk=source.pk).first()
    if held is None:
        return
    if has_calls(held):
        said = _(
            "Calls came from %(name)s: it stays, so that they keep where they came from. Take its files away instead."
        )
        raise Refused("has_calls", said % {"name": held.name}, "")
    if is_read(held, author.now):
        said = _("%(name)s is being read just now; try again in a few minutes.") % {"name": held.name}
        raise Refused("busy", said, "")
    log(REMOVED, held, settings_of(held), kept_of(held), author)
    held.delete()


def is_read(source: Source, now: datetime) -> bool:
    """Whether a worker looks at its files, or reads one given by hand."""
    return source.lease_until > now or Upload.objects.filter(source=source, lease_until__gt=now).exists()
