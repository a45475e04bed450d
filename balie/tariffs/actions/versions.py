"""Tariffs and versions one at a time, as the pages edit them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.operator.actions import Author, log_changes, write_log
from balie.rules.errors import Refused
from balie.rules.merge import Merged
from balie.tariffs.actions.put import VersionSaid, made_before, new_code, put_tariffs, told_apart
from balie.tariffs.checks import WATCH, bad, checked_items, checked_values, checked_watch, whole
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import VERSION_FIELDS, in_force, items_of, values_of, versions_of

OFFER = ("public", "orderable_from", "orderable_until", "code_expires", "code_uses")


@transaction.atomic
def make_tariff(
    *,
    offer: Mapping[str, Any],
    first_day: date | None,
    version: Mapping[str, Any],
    items: Sequence[Mapping[str, Any]],
    closed: Collection[int],
    author: Author,
) -> Tariff:
    """A new tariff with its first version. offer: `service`, and of `code`, `client_id`, `public` … what is said.

    Without a code it gets one; the same service, client, first day and title again are the same tariff.
    Refused, at the path of the field, for what cannot be, and for a code that is taken.
    """
    said = checked_offer(offer)
    code = str(said.pop("code", "") or "").strip()
    if len(code) > 40:
        raise bad(_("A code has at most 40 signs."), "code")
    if code and Tariff.objects.filter(code=code).exists():
        raise Refused("code_taken", _("Another tariff has this code."), "code")
    if version.get("vat_percent") in (None, ""):
        raise bad(_("A tariff needs a VAT rate."), "vat_percent")
    one = VersionSaid("", code, refuse_no_first(first_day), said, checked_values(version), checked_items(items))
    put = put_tariffs([one], closed=closed, author=author)
    made = Tariff.objects.get(pk=next(iter(put.paths)))
    if put.counts.new:
        write_log(author=author, deed="tariff.made", about=f"tariff:{made}")
    return made


@transaction.atomic
def change_offer(*, tariff: Tariff, values: Mapping[str, Any], author: Author) -> Tariff:
    """Changes to whom and when a tariff is offered, and how long and how often its code opens it.

    values: of `public`, `orderable_from`, `orderable_until`, `code_expires`, `code_uses` what is said.
    """
    held = Tariff.objects.select_for_update().get(pk=tariff.pk)
    said = checked_offer({"client_id": held.client_id, **values})
    merged = Merged[Tariff]()
    merged.lay(held, {name: said[name] for name in OFFER if name in said})
    refuse_backwards(held.orderable_from, held.orderable_until)
    if merged.changed:
        held.save(update_fields=merged.fields)
        log_changes(merged, deed="tariff.changed", about=lambda row: f"tariff:{row.code}", author=author)
    return held


@transaction.atomic
def set_watch(*, tariff: Tariff, values: Mapping[str, Any], author: Author) -> dict[str, Any]:
    """What the watch goes by for this tariff, at once; gives what it went by before of that which changed.

    values: of `target_margin_percent`, `margin_months`, `offer_step` what is said; empty: as the operator says.
    """
    held = Tariff.objects.select_for_update().get(pk=tariff.pk)
    merged = Merged[Tariff]()
    merged.lay(held, checked_watch(values))
    if not merged.changed:
        return {}
    held.save(update_fields=merged.fields)
    log_changes(merged, deed="watch.changed", about=lambda row: f"tariff:{row.code}", author=author)
    return merged.before[0]


def checked_offer(values: Mapping[str, Any]) -> dict[str, Any]:
    said = dict(values)
    if "code_uses" in said:
        said["code_uses"] = whole(said["code_uses"], 1, "code_uses") if said["code_uses"] not in (None, "") else None
    if said.get("client_id") and said.get("public"):
        raise bad(_("A price for one client is not offered to everybody."), "public")
    refuse_backwards(said.get("orderable_from"), said.get("orderable_until"))
    return said


def refuse_backwards(first: date | None, last: date | None) -> None:
    if first and last and last < first:
        raise bad(_("The last day is before the first."), "orderable_until")


def refuse_no_first(day: date | None) -> date | None:
    """Versions begin on the first of a month (rating 13)."""
    if day and day.day != 1:
        raise bad(_("Prices change on the first of a month."), "from")
    return day


@transaction.atomic
def draft_version(
    *,
    tariff: Tariff,
    first_day: date | None,
    version: Mapping[str, Any],
    items: Sequence[Mapping[str, Any]],
    closed: Collection[int],
    author: Author,
) -> TariffVersion:
    """A version from this day on: a new one, or that day's changed in place. items: the whole list.

    What `version` does not mention is as in that day's version, else as in the one before.
    Refused where a closed month has used it, or would get other prices by it.
    """
    versions = versions_of([tariff]).get(tariff.pk, [])
    base = in_force(versions, first_day or date.min)
    before = {name: getattr(base, name) for name in VERSION_FIELDS} if base else {}
    values = checked_values({**before, **version})
    if "vat_percent" not in values:
        raise bad(_("A tariff needs a VAT rate."), "vat_percent")
    offer = {"service": tariff.service}
    said = VersionSaid("", tariff.code, refuse_no_first(first_day), offer, values, checked_items(items))
    put = put_tariffs([said], closed=closed, author=author)
    made = TariffVersion.objects.get(tariff=tariff, first_day=first_day)
    if put.counts.new:
        log_version(made, "tariff.version_made", author)
    return made


@transaction.atomic
def delete_version(*, version: TariffVersion, author: Author) -> None:
    """Takes a version away; the one before goes on instead. Gone already: nothing happens.

    Refused once a closed month has used it, and for the only version of a tariff.
    """
    Tariff.objects.select_for_update().get(pk=version.tariff_id)
    held = TariffVersion.objects.select_related("tariff").filter(pk=version.pk).first()
    if held is None:
        return
    if held.frozen:
        raise Refused("frozen_version", _("A closed month has used this version; it stays."), "version")
    if not TariffVersion.objects.filter(tariff=held.tariff_id).exclude(pk=held.pk).exists():
        raise Refused("only_version", _("This is the tariff's only version; change it instead."), "version")
    log_version(held, "tariff.version_deleted", author)
    held.delete()


def log_version(version: TariffVersion, deed: str, author: Author) -> None:
    """Remembers a version with all it says."""
    prices = [{"meter": item.meter, "price": item.price, "steps": item.steps} for item in items_of(version)]
    details = {"from": str(version.first_day) if version.first_day else None, "items": prices}
    about = f"tariff:{version.tariff.code}"
    write_log(author=author, deed=deed, about=about, details=details)


def freeze_versions(*, tariffs: Iterable[Tariff], day: date) -> None:
    """A month with this day is closed: what these tariffs said in it never changes again. Repeated without harm.

    Two queries for any number of tariffs.
    """
    rows = TariffVersion.objects.filter(tariff__in={tariff.pk for tariff in tariffs})
    latest: dict[int, tuple[date, int, bool]] = {}
    for pk, tariff, first_day, frozen in rows.values_list("pk", "tariff_id", "first_day", "frozen"):
        begin = first_day or date.min
        if begin <= day and (tariff not in latest or latest[tariff][0] < begin):
            latest[tariff] = (begin, pk, frozen)
    used = [pk for _begin, pk, frozen in latest.values() if not frozen]
    TariffVersion.objects.filter(pk__in=used).update(frozen=True)


@transaction.atomic
def copy_for_client(
    *,
    tariff: Tariff,
    client: Client,
    first_day: date,
    values: Mapping[str, Any],
    items: Sequence[Mapping[str, Any]] | None = None,
    closed: Collection[int] = (),
    author: Author,
) -> Tariff:
    """An individual tariff: what `tariff` says on `first_day`, for one client, with a code of its own.

    values: what is different of the version, its `title` at least. items: the whole list with other prices; None: the
    same prices. The watch goes by the same as for `tariff`. The same copy asked for again is the same tariff; with
    other prices or another limit it is another one with another code, since the first may have been told already.
    """
    base = in_force(versions_of([tariff]).get(tariff.pk, []), first_day)
    if base is None:
        raise Refused("no_version", _("This tariff has no prices on that day."), "from")
    said = checked_values({**{name: getattr(base, name) for name in VERSION_FIELDS}, **values})
    listed = checked_items([values_of(item) for item in items_of(base)] if items is None else items)
    offer = {"service": tariff.service, "public": False, "client_id": client.pk}
    if same := standing_copy(offer, first_day, said, listed):
        return same
    held = Tariff.objects.select_for_update().get(pk=tariff.pk)
    offer |= {name: getattr(held, name) for name in WATCH}
    code = new_code(set(Tariff.objects.values_list("code", flat=True)))
    version = VersionSaid("", code, refuse_no_first(first_day), offer, said, listed)
    put_tariffs([version], closed=closed, author=author)
    details = {"copied": tariff.code, "client": client.number}
    write_log(author=author, deed="tariff.copied", about=f"tariff:{code}", details=details)
    return Tariff.objects.get(code=code)


def standing_copy(
    offer: Mapping[str, Any], first_day: date, values: Mapping[str, Any], items: Sequence[Mapping[str, Any]]
) -> Tariff | None:
    """The individual tariff that says just this and can be ordered, if there is one."""
    own = Tariff.objects.filter(client=offer["client_id"], service=offer["service"], code_withdrawn=False)
    stored = {tariff.code: tariff for tariff in own}
    wanted = told_apart(offer["service"], offer["client_id"], first_day, values["title"])
    known = made_before(stored)
    found = stored.get(known.get(wanted, ""))
    versions = versions_of([found]).get(found.pk, []) if found else []
    for version in versions:
        items_same = [values_of(item) for item in version.items.all()] == [dict(item) for item in items]
        same = items_same and all(getattr(version, name) == value for name, value in values.items())
        if version.first_day == first_day and same:
            return found
    return None
