"""The phone systems of a world file: how their files read, where they lie, when to look."""

from collections.abc import Mapping, Sequence
from typing import Any

from balie.calls.models import Source
from balie.operator.actions import Author, log_changes
from balie.operator.models import Operator
from balie.rules.errors import Phrase, Refused
from balie.rules.merge import Counts, Merged, laid_over
from balie.worker.sources import look_now
from balie.world.sense import OF_GENERIC
from balie.world.shape import Said

PLAIN = ("format", "timezone", "trunks", "account_prefix")
SCHEDULE = {"at": "look_at", "every_minutes": "look_every"}


def load_phone_systems(said: Sequence[Said], operator: Operator, author: Author) -> Counts:
    """Makes and changes phone systems, known by name; one that is new or changed is looked at once."""
    stored = {source.name: source for source in Source.objects.all()}
    merged: Merged[Source] = Merged()
    for one in said:
        source = stored.get(one["name"]) or Source(name=one["name"], timezone=operator.timezone)
        values = values_of(one, source)
        refuse_unmapped(values, one)
        merged.lay(source, values)
    store(merged)
    for source in merged.changed:
        if source.files:
            look_now(source, now=author.now)
    log_changes(merged, deed="source.changed", about=lambda source: f"source:{source.name}", author=author)
    return merged.counts


def refuse_unmapped(values: Mapping[str, Any], said: Said) -> None:
    if values["format"] == "generic" and not values["options"].get("columns"):
        raise Refused("missing_key", Phrase("this is needed: it says which column is what"), said.path("columns"))


def values_of(said: Said, source: Source) -> dict[str, Any]:
    """The columns of the table for what is said, laid over what is stored."""
    values = {name: said[name] for name in PLAIN if name in said}
    values["options"] = laid_over(source.options, {name: plain(said[name]) for name in OF_GENERIC if name in said})
    values |= {"files": source.files, "look_at": source.look_at, "look_every": source.look_every}
    if "files" in said:
        files = said["files"]
        nowhere = {"files": None, "look_at": None, "look_every": None, "next_look": None}
        values |= nowhere if files is None else files_of(files, source)
    return values


def files_of(said: Said, source: Source) -> dict[str, Any]:
    """Where the files lie and when to look, laid over what is stored."""
    place = {name: value for name, value in said.items() if name not in SCHEDULE}
    schedule = {SCHEDULE[name]: value for name, value in said.items() if name in SCHEDULE}
    return {"files": laid_over(source.files or {}, place), **schedule}


def plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def store(merged: Merged[Source]) -> None:
    """Writes what differs; a source that is not stored yet was laid over an empty one."""
    pairs = list(zip(merged.changed, merged.before, strict=True))
    merged.new = [source for source, _ in pairs if source.pk is None]
    merged.changed = [source for source, _ in pairs if source.pk is not None]
    merged.before = [before for source, before in pairs if source.pk is not None]
    Source.objects.bulk_create(merged.new)
    if merged.changed:
        Source.objects.bulk_update(merged.changed, merged.fields)
