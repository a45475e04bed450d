"""Writes of the operator's settings and of the log."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from balie.operator.models import LogEntry, Operator
from balie.operator.secrets import shown
from balie.rules.merge import Counts, Merged, laid_over, lay_over

# Settings of several keys: what is said of one key leaves the others as they are.
OF_KEYS = ("mailboxes", "costs", "mail", "switch", "sms_gateway", "retention")
SECRETS = ("password", "secret", "key")


@dataclass(frozen=True)
class Author:
    """Who does something, and when: what every entry of the log begins with."""

    who: str
    now: datetime
    user_id: int | None = None


@dataclass(frozen=True)
class Change:
    """What fields of one row held and hold now."""

    about: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def set_up_operator() -> Operator:
    """The operator's row with every setting at its default, if there is none yet."""
    found, _ = Operator.objects.get_or_create(id=1, defaults={"name": "Balie"})
    return found


def write_log(*, author: Author, deed: str, about: str = "", details: dict[str, Any] | None = None) -> LogEntry:
    """Remembers who did what, when and to what. about: kind and key of it, such as client:1001."""
    by = {"at": author.now, "who": author.who, "user_id": author.user_id}
    return LogEntry.objects.create(**by, deed=deed, about=about, details=details or {})


def write_logs(*, author: Author, deed: str, entries: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """The same for many: what each is about, and its details."""
    by = {"at": author.now, "who": author.who, "user_id": author.user_id}
    made = (LogEntry(**by, deed=deed, about=about, details=details) for about, details in entries)
    LogEntry.objects.bulk_create(made, batch_size=500)


@transaction.atomic
def change_operator(values: Mapping[str, Any], *, author: Author) -> Counts:
    """Lays these settings (named as in the table) over the stored ones and logs what changed.

    Settings of several keys are laid over key by key; a key that is None is taken away, a setting that is None cleared.
    """
    operator = set_up_operator()
    said = {name: with_keys(getattr(operator, name), value, name) for name, value in values.items()}
    before = lay_over(operator, said)
    if not before:
        return Counts(unchanged=1)
    operator.save(update_fields=list(before))
    merged = Merged(changed=[operator], before=[before])
    log_changes(merged, deed="operator.changed", about=lambda row: "operator", author=author)
    return merged.counts


def with_keys(stored: Any, said: Any, name: str) -> Any:
    return laid_over(stored, said) if name in OF_KEYS and said is not None else said if name not in OF_KEYS else {}


def log_changes(merged: Merged[Any], *, deed: str, about: Callable[[Any], str], author: Author) -> None:
    """One entry of the log for every changed row: what its fields held and what they hold now, without secrets."""
    changes = [
        Change(about(row), before, {name: getattr(row, name) for name in before})
        for row, before in zip(merged.changed, merged.before, strict=True)
    ]
    log_all(changes, deed=deed, author=author)


def log_all(changes: Iterable[Change], *, deed: str, author: Author) -> None:
    """One entry of the log for each of these."""
    entries = [
        LogEntry(
            at=author.now,
            user_id=author.user_id,
            who=author.who,
            deed=deed,
            about=change.about[:200],
            details={"before": written(change.before), "after": written(change.after)},
        )
        for change in changes
    ]
    LogEntry.objects.bulk_create(entries, batch_size=500)


def written(value: Any) -> Any:
    """A value as the log keeps it: JSON, and of secrets only where they lie."""
    if isinstance(value, Mapping):
        return {
            name: shown(part) if name in SECRETS and isinstance(part, str) else written(part)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [written(part) for part in value]
    if isinstance(value, Model):
        return str(value)
    return value if value is None or isinstance(value, bool | int) else str(value)


def empty_details(entries: QuerySet[LogEntry], names: Collection[str], *, keep: Callable[[], None]) -> None:
    """Takes what these details say out of entries of the log, wherever in them; that it was done stays."""
    for entry in list(entries):
        emptied = without(entry.details, names)
        if emptied != entry.details:
            keep()
            LogEntry.objects.filter(pk=entry.pk).update(details=emptied)


def without(value: Any, names: Collection[str]) -> Any:
    """The value with nothing at these keys."""
    if not isinstance(value, Mapping):
        return value
    return {name: "" if name in names and part else without(part, names) for name, part in value.items()}
