"""Tariffs as somebody says them: a version is known by code and first day, and never changes once it is frozen."""

import secrets
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from balie.operator.actions import Author, Change, log_all
from balie.rules.code import SECRET, SIGNS, is_spelled, spelled
from balie.rules.errors import Refused
from balie.rules.merge import Counts, lay_over
from balie.tariffs.checks import WATCH, at
from balie.tariffs.models import Item, Tariff, TariffVersion
from balie.tariffs.queries import reaches_into, values_of

BATCH = 500


@dataclass(frozen=True)
class VersionSaid:
    """What is said of one version. `tariff`, `version`: values named as in the tables, only those mentioned; `items`:
    the whole list. A code that is empty is looked up, else made (docs/decisions)."""

    where: str
    code: str
    first_day: date | None
    tariff: Mapping[str, Any]
    version: Mapping[str, Any]
    items: Sequence[Mapping[str, Any]]
    price_change: int | None = None


@dataclass
class PutTariffs:
    """What came of it: counts of versions, codes that were made, ids of tariffs that are different from before."""

    counts: Counts = field(default_factory=Counts)
    made_codes: list[str] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)
    paths: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """One version on its way into the tables."""

    said: VersionSaid
    tariff: Tariff
    version: TariffVersion
    old_items: Sequence[Item]
    before: Mapping[str, Any]
    new: bool
    other_items: bool

    @property
    def changed(self) -> bool:
        return bool(self.before) or self.other_items


@transaction.atomic
def put_tariffs(said: Sequence[VersionSaid], *, closed: Collection[int], author: Author) -> PutTariffs:
    """Makes and changes versions of tariffs; `closed`: the keys (202611) of months that are billed.

    Raises Refused for a version a closed month has used, for a new one that would reach into such a month, for a
    tariff that would change its service, and for the same version twice.
    """
    if not said:
        return PutTariffs()
    stored = {tariff.code: tariff for tariff in Tariff.objects.select_for_update()}
    coded, made_codes = with_codes(said, stored)
    refuse_contradictions(coded)
    before = put_offers(coded, stored)
    drafts = drafted(coded, stored, before)
    refuse_closed(drafts, closed)
    store(drafts)
    put = PutTariffs(made_codes=made_codes, paths={draft.tariff.pk: draft.said.where for draft in drafts})
    for draft in drafts:
        different = draft.new or draft.changed
        put.counts += Counts(draft.new, different and not draft.new, not different)
        put.changed |= {draft.tariff.pk} if different else set()
    log_all(changes(drafts), deed="tariff.changed", author=author)
    return put


def with_codes(said: Sequence[VersionSaid], stored: Mapping[str, Tariff]) -> tuple[list[VersionSaid], list[str]]:
    """The same with a code for each; and the codes made for them now."""
    made = made_before(stored) if any(not one.code for one in said) else {}
    taken = {*stored, *(one.code for one in said)}
    coded, new = [], []
    for one in said:
        code = one.code or made.get(identity(one), "")
        if not code:
            code = made[identity(one)] = new_code(taken)
            taken.add(code)
            new.append(code)
        coded.append(replace(one, code=code))
    return coded, new


def made_before(stored: Mapping[str, Tariff]) -> dict[tuple[Any, ...], str]:
    """Codes that Balie made, by what tells their tariffs apart."""
    codes = {tariff.pk: tariff for tariff in stored.values() if is_spelled(tariff.code)}
    found: dict[tuple[Any, ...], str] = {}
    for version in TariffVersion.objects.filter(tariff__in=codes):
        tariff = codes[version.tariff_id]
        found[told_apart(tariff.service, tariff.client_id, version.first_day, version.title)] = tariff.code
    return found


def identity(said: VersionSaid) -> tuple[Any, ...]:
    return told_apart(
        said.tariff["service"], said.tariff.get("client_id"), said.first_day, said.version.get("title", {})
    )


def told_apart(service: str, client: int | None, first_day: date | None, title: Mapping[str, str]) -> tuple[Any, ...]:
    """What a tariff without a code is known by when it is loaded again."""
    return service, client, first_day, frozenset(title.items())


def new_code(taken: Collection[str]) -> str:
    """A code nobody has yet and nobody can guess."""
    while (code := spelled([secrets.randbelow(len(SIGNS)) for _ in range(SECRET)])) in taken:
        pass
    return code


def refuse_contradictions(said: Sequence[VersionSaid]) -> None:
    """The same version twice, or two versions that say different things of their tariff."""
    seen: dict[tuple[str, date | None], str] = {}
    offers: dict[str, dict[str, Any]] = defaultdict(dict)
    for one in said:
        known = seen.setdefault((one.code, one.first_day), one.where)
        if known != one.where:
            raise Refused(
                "tariff_twice",
                f"this version stands at {known} already; give it a code or a title of its own",
                one.where,
            )
        for name, value in one.tariff.items():
            if offers[one.code].setdefault(name, value) != value:
                path = at(at(one.where, "watch") if name in WATCH else one.where, name.removesuffix("_id"))
                raise Refused("tariff_twice", f'another version of "{one.code}" says something else', path)


def put_offers(said: Sequence[VersionSaid], stored: dict[str, Tariff]) -> dict[str, dict[str, Any]]:
    """Makes and changes the tariffs themselves (adding them to `stored`); what changed in each, by code."""
    new: dict[str, Tariff] = {}
    before: dict[str, dict[str, Any]] = defaultdict(dict)
    for one in said:
        tariff = stored.get(one.code)
        if tariff is None:
            new[one.code] = lay(new.get(one.code) or Tariff(code=one.code), one.tariff)
            continue
        if tariff.service != one.tariff["service"]:
            message = f'"{one.code}" is a tariff of the service "{tariff.service}"; another service needs another code'
            raise Refused("other_service", message, at(one.where, "service"))
        before[one.code] |= lay_over(tariff, one.tariff)
    Tariff.objects.bulk_create(new.values(), batch_size=BATCH)
    changed = [stored[code] for code, old in before.items() if old]
    if changed:
        names = sorted({name for old in before.values() for name in old})
        Tariff.objects.bulk_update(changed, names, batch_size=BATCH)
    stored |= new
    return before


def lay(tariff: Tariff, values: Mapping[str, Any]) -> Tariff:
    lay_over(tariff, values)
    return tariff


def drafted(
    said: Sequence[VersionSaid], stored: Mapping[str, Tariff], before: Mapping[str, Mapping[str, Any]]
) -> list[Draft]:
    """Each version laid over the stored one; what changed in its tariff counts as changed in it."""
    tariffs = {stored[one.code].pk for one in said}
    rows = TariffVersion.objects.filter(tariff__in=tariffs).prefetch_related("items")
    versions = {(row.tariff_id, row.first_day): row for row in rows}
    drafts = []
    for one in said:
        tariff = stored[one.code]
        version = versions.get((tariff.pk, one.first_day))
        if version is None:
            made_by = {"price_change_id": one.price_change}
            row = TariffVersion(tariff=tariff, first_day=one.first_day, **one.version, **made_by)
            drafts.append(Draft(one, tariff, row, [], {}, new=True, other_items=True))
            continue
        old = list(version.items.all())
        other = [values_of(item) for item in old] != [dict(item) for item in one.items]
        changed = {**before.get(one.code, {}), **lay_over(version, one.version)}
        drafts.append(Draft(one, tariff, version, old, changed, new=False, other_items=other))
    return drafts


def refuse_closed(drafts: Sequence[Draft], closed: Collection[int]) -> None:
    """Refused where a closed month's prices would change."""
    frozen = {draft.tariff.pk for draft in drafts}
    versions: dict[int, list[TariffVersion]] = defaultdict(list)
    for version in TariffVersion.objects.filter(tariff__in=frozen):
        versions[version.tariff_id].append(version)
    for draft in drafts:
        if not draft.new:
            if draft.version.frozen and (draft.other_items or set(draft.before) & set(draft.said.version)):
                message = _('a closed month has used this version; give the new prices a later "from"')
                raise Refused("frozen_version", message, draft.said.where)
        elif month := reaches_into(draft.said.first_day, versions[draft.tariff.pk], closed):
            message = _('%(month)s is closed and used the version before; choose a later "from"')
            shown = f"{month // 100}-{month % 100:02d}"
            raise Refused("frozen_version", message % {"month": shown}, at(draft.said.where, "from"))


def store(drafts: Sequence[Draft]) -> None:
    """Writes versions and their items; items are written anew where any differs."""
    new = [draft.version for draft in drafts if draft.new]
    TariffVersion.objects.bulk_create(new, batch_size=BATCH)
    names = sorted({name for draft in drafts if not draft.new for name in draft.before if name in draft.said.version})
    if names:
        changed = [draft.version for draft in drafts if draft.before and not draft.new]
        TariffVersion.objects.bulk_update(changed, names, batch_size=BATCH)
    anew = [draft for draft in drafts if draft.other_items]
    Item.objects.filter(version__in=[draft.version.pk for draft in anew if draft.old_items]).delete()
    items = [
        Item(version=draft.version, position=position, **values)
        for draft in anew
        for position, values in enumerate(draft.said.items)
    ]
    Item.objects.bulk_create(items, batch_size=BATCH)


def changes(drafts: Sequence[Draft]) -> list[Change]:
    """What the log keeps of changed versions."""
    found = []
    for draft in drafts:
        if draft.new or not draft.changed:
            continue
        before, after = dict(draft.before), {**draft.said.tariff, **draft.said.version}
        after = {name: after[name] for name in before}
        if draft.other_items:
            before["items"] = [values_of(item) for item in draft.old_items]
            after["items"] = [dict(item) for item in draft.said.items]
        found.append(Change(f"tariff:{draft.tariff.code}", before, after))
    return found
