"""Two calls of a phone system that would have one key: the first line read keeps it, the other is a bad line.

So rare that it is looked for only once the table has refused a key.
"""

import polars as pl

from balie.calls.folding import Folding
from balie.calls.fresh import digests
from balie.calls.models import Call, Source

AT_ONCE = 500


def taken(source: Source, made: Folding) -> dict[int, str]:
    """The groups whose calls cannot all be stored, each with a key that another call has. Needs the source's lock."""
    stored = stored_keys(source, made.calls["key"].to_list())
    lines = made.legs.group_by("group").agg(pl.col("line").min())
    calls = made.calls.join(lines, on="group").sort("line", "group", maintain_order=True)
    found: dict[int, str] = {}
    held: set[str] = set()
    for group, keys in calls.group_by("group", maintain_order=True).agg("key").iter_rows():
        known = stored - set(made.old_keys.get(group, [])) | held
        clash = next((key for key in keys if key in known), "")
        if clash:
            found[group] = clash
        else:
            held.update(keys)
    return found


def stored_keys(source: Source, keys: list[str]) -> set[str]:
    """Those of the keys that calls of the source have."""
    calls = Call.objects.filter(source=source)
    parts = [keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE)]
    return {key for part in parts for key in calls.filter(key__in=part).values_list("key", flat=True)}


def without(made: Folding, lost: dict[int, str]) -> Folding:
    """The same without the groups that are lost: their new legs become bad lines and are not remembered as read."""
    is_lost = pl.col("group").is_in(list(lost))
    legs = made.legs.filter(is_lost)
    again = any(group in made.old_keys for group in lost)
    return Folding(
        legs=made.legs.filter(~is_lost),
        calls=made.calls.filter(~is_lost),
        inside=made.inside,
        bad=made.bad | {line: reason(lost[group]) for line, group in legs.select("line", "group").iter_rows()},
        digests=made.digests | dict(zip(legs["line"], digests(legs), strict=True)),
        decided=[] if again else made.decided,  # some of these may belong to what is lost: they stay bad lines
        old_keys={group: keys for group, keys in made.old_keys.items() if group not in lost},
        moved=made.moved,
    )


def reason(key: str) -> str:
    return f"another call of this phone system has the key {key[:200]}"
