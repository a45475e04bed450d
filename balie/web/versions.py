"""What a version of a tariff changed against the one before it, in words; and whether what was shown still holds."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from balie.rules.errors import Refused
from balie.rules.tariff import Item, Version
from balie.web import pricelist


def mark(version: Version | None) -> str:
    """Short for all a version says: a page that shows prices sends it along, so that nobody agrees to others unseen."""
    return hashlib.sha256(repr(version).encode()).hexdigest()[:16]


def refuse_others(shown: str, version: Version | None) -> None:
    """Refused where the page whose button was pressed showed other prices or conditions than hold now."""
    if shown and shown != mark(version):
        said = _("Prices or conditions were changed while you were reading. This is how they are now.")
        raise Refused("prices_changed", said, "shown")


@dataclass(frozen=True)
class Change:
    """What changed: an item or a condition, as it was and as it is; empty where it was not there."""

    name: str
    old: str
    new: str


def changes(before: Version, after: Version, currency: str) -> Iterator[Change]:
    """Conditions first, then items in their new order, then those that are gone."""
    old_terms, new_terms = dict(pricelist.conditions(before, currency)), dict(pricelist.conditions(after, currency))
    for name in {**new_terms, **old_terms}:
        if old_terms.get(name) != new_terms.get(name):
            yield Change(name, old_terms.get(name, ""), new_terms.get(name, ""))
    old, new = ranked(before), ranked(after)
    for key, item in new.items():
        was, now = said(old[key], currency) if key in old else "", said(item, currency)
        if was != now:
            yield Change(pricelist.reads(item, currency).title, was, now)
    for key, item in old.items():
        if key not in new:
            yield Change(pricelist.reads(item, currency).title, said(item, currency), _("removed"))


def ranked(version: Version) -> dict[tuple[str, int], Item]:
    """Items by their meter and the how many-th of it they are: order among different meters says nothing."""
    seen: dict[str, int] = defaultdict(int)
    found = {}
    for item in version.items:
        found[item.meter.value, seen[item.meter]] = item
        seen[item.meter] += 1
    return found


def said(item: Item, currency: str) -> str:
    read = pricelist.reads(item, currency)
    return ", ".join([f"{read.price} {read.per}" if read.price else _("no price"), *read.details])
