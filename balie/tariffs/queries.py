"""Reads over tariffs and their versions: what holds on a day, what is offered, what a code opens."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.operator.queries import operator
from balie.rules import tariff as rules
from balie.rules.code import folded
from balie.rules.errors import Refused
from balie.rules.meter import USAGE, Meter
from balie.rules.period import Period
from balie.tariffs.checks import checked_items, checked_values
from balie.tariffs.models import CodeUse, Item, PriceChange, Tariff, TariffVersion

VERSION_FIELDS = (
    "title",
    "description",
    "notice",
    "vat_percent",
    "minimum_revenue",
    "cost_limit",
    "tolerance_percent",
    "prorate",
)
OF_JSON = ("title", "steps", "window")
ITEM_FIELDS = tuple(f.name for f in Item._meta.get_fields() if f.name not in ("id", "version", "position"))


def local_day(now: datetime) -> date:
    """The day it is for the operator."""
    return now.astimezone(ZoneInfo(operator().timezone)).date()


def next_month(day: date) -> date:
    """The first day of the month after a day's."""
    return Period(day.year, day.month).next().first_day


def tariff_by_code(code: str, *, where: str = "tariff") -> Tariff:
    """The tariff with this code. Refused when there is none."""
    found = Tariff.objects.filter(code=code.strip()).first()
    if found is None:
        raise Refused("unknown_tariff", _('There is no tariff "%(code)s".') % {"code": code[:40]}, where)
    return found


def version_on(tariff: Tariff, day: date) -> TariffVersion | None:
    """What the tariff says on a local day; None before its first version."""
    begun = tariff.versions.filter(Q(first_day=None) | Q(first_day__lte=day))
    return begun.order_by(F("first_day").desc(nulls_last=True)).first()


def history(tariff: Tariff) -> list[TariffVersion]:
    """All versions of a tariff with their items, the newest first."""
    return list(reversed(versions_of([tariff]).get(tariff.pk, [])))


def versions_of(tariffs: Iterable[Tariff] | None = None) -> dict[int, list[TariffVersion]]:
    """The versions of these tariffs, or of all, by the tariff's id, the earliest first. Two queries, items included."""
    rows = TariffVersion.objects.select_related("tariff")
    if tariffs is not None:
        rows = rows.filter(tariff__in={tariff.pk for tariff in tariffs})
    items = Prefetch("items", Item.objects.order_by("version", "position"))
    found: dict[int, list[TariffVersion]] = defaultdict(list)
    for version in rows.order_by("tariff_id", F("first_day").asc(nulls_first=True)).prefetch_related(items):
        found[version.tariff_id].append(version)
    return dict(found)


def in_force(versions: Sequence[TariffVersion], day: date) -> TariffVersion | None:
    """Of versions in order the one that holds on a day."""
    begun = [version for version in versions if version.first_day is None or version.first_day <= day]
    return begun[-1] if begun else None


def terms_by_tariff(tariffs: Iterable[Tariff] | None = None) -> dict[int, tuple[rules.Version, ...]]:
    """What these tariffs (all without any) say, for pricing: by id, the earliest version first. Two queries in all.

    Items that say the same are one object: thousands of tariffs have few different ones.
    """
    versions, items = TariffVersion.objects.select_related("tariff"), Item.objects.all()
    if tariffs is not None:
        wanted = {tariff.pk for tariff in tariffs}
        versions, items = versions.filter(tariff__in=wanted), items.filter(version__tariff__in=wanted)
    listed = listed_items(items)
    found: dict[int, list[rules.Version]] = defaultdict(list)
    for version in versions.order_by("tariff_id", F("first_day").asc(nulls_first=True)):
        found[version.tariff_id].append(version_terms(version, tuple(listed.get(version.pk, ()))))
    return {pk: tuple(rows) for pk, rows in found.items()}


def listed_items(items: QuerySet[Item]) -> dict[int, list[rules.Item]]:
    """Items by their version's id, in order. JSON is read as text first: each different item is made once."""
    texts = [Cast(name, TextField()) if name in OF_JSON else F(name) for name in ITEM_FIELDS]
    rows = items.order_by("version_id", "position").values_list("version_id", "position", *texts)
    made: dict[tuple[Any, ...], rules.Item] = {}
    found: dict[int, list[rules.Item]] = defaultdict(list)
    for version, *said in rows.iterator(chunk_size=10_000):
        key = tuple(said)
        item = made.get(key)
        if item is None:
            values = dict(zip(ITEM_FIELDS, key[1:], strict=True))
            parsed = {name: json.loads(values[name]) if values[name] else None for name in OF_JSON}
            item = made[key] = rules.Item.read(key[0], {**values, **parsed})
        found[version].append(item)
    return found


def terms_of(version: TariffVersion) -> rules.Version:
    """One version as it is priced; an unsaved one has its items in `draft_items`."""
    return version_terms(version, tuple(item_terms(item) for item in items_of(version)))


def version_terms(version: TariffVersion, items: tuple[rules.Item, ...]) -> rules.Version:
    return rules.Version(
        code=version.tariff.code,
        service=version.tariff.service,
        vat_percent=version.vat_percent,
        items=items,
        first_day=version.first_day,
        title=version.title,
        notice=rules.Notice(version.notice),
        minimum_revenue=version.minimum_revenue,
        cost_limit=version.cost_limit,
        tolerance_percent=version.tolerance_percent,
        prorate=version.prorate,
    )


def item_terms(item: Item) -> rules.Item:
    return rules.Item.read(item.position, {name: getattr(item, name) for name in ITEM_FIELDS})


def items_of(version: TariffVersion) -> list[Item]:
    """The items of a version in order, stored or drafted."""
    drafted: list[Item] | None = getattr(version, "draft_items", None)
    return drafted if drafted is not None else list(version.items.all())


def values_of(item: Item) -> dict[str, Any]:
    """What an item says, without its place."""
    return {name: getattr(item, name) for name in ITEM_FIELDS}


def unsaved_version(
    tariff: Tariff, first_day: date | None, version: Mapping[str, Any], items: Sequence[Mapping[str, Any]]
) -> TariffVersion:
    """A version as it would be, not stored: for showing what it does. What is not given is as in the version before.

    Its items are in `draft_items`. Refused, at the path of the field, where it says what cannot be.
    """
    base = version_on(tariff, first_day or date.min)
    before = {name: getattr(base, name) for name in VERSION_FIELDS} if base else {}
    return drafted(tariff, first_day, {**before, **checked_values(version)}, checked_items(items))


def drafted(
    tariff: Tariff, first_day: date | None, version: Mapping[str, Any], items: Sequence[Mapping[str, Any]]
) -> TariffVersion:
    """The same of all values a version has, checked before."""
    made = TariffVersion(tariff=tariff, first_day=first_day, **version)
    rows = [Item(version=made, position=position, **values) for position, values in enumerate(items)]
    made.draft_items = rows  # type: ignore[attr-defined]
    return made


def title_in(language: str, title: Mapping[str, str], *, own: str, otherwise: str) -> str:
    """A title in this language, else the operator's own, else any, else e.g. the meter's name."""
    return title.get(language) or title.get(own) or next((t for t in title.values() if t), otherwise)


def orderable(tariff: Tariff, day: date) -> bool:
    """Whether clients may order it, or change to it, on this day."""
    return (tariff.orderable_from or date.min) <= day <= (tariff.orderable_until or date.max)


def offers(service: str | None = None, *, day: date) -> list[Tariff]:
    """Public tariffs that may be ordered on this day and have a price then, by code; `version`: what holds."""
    open_now = Tariff.objects.filter(public=True, client=None).exclude(orderable_from__gt=day)
    open_now = open_now.exclude(orderable_until__lt=day)
    tariffs = list(open_now.filter(service=service) if service else open_now)
    versions = versions_of(tariffs)
    found = []
    for tariff in tariffs:
        if version := in_force(versions.get(tariff.pk, []), day):
            tariff.version = version
            found.append(tariff)
    return found


def uses(tariff: Tariff) -> QuerySet[CodeUse]:
    """Who used the code of a tariff when, the latest first; those taken back have `undone`."""
    return CodeUse.objects.filter(tariff=tariff).select_related("client")


def uses_left(tariff: Tariff) -> int | None:
    """How often its code may be used yet; None for any number."""
    if tariff.code_uses is None:
        return None
    return max(0, tariff.code_uses - CodeUse.objects.filter(tariff=tariff, undone=None).count())


def code_state(tariff: Tariff, day: date) -> str:
    """What its code does on a day: open, withdrawn, expired or used_up."""
    if tariff.code_withdrawn:
        return "withdrawn"
    if tariff.code_expires and tariff.code_expires < day:
        return "expired"
    return "used_up" if uses_left(tariff) == 0 else "open"


def may_take(tariff: Tariff, *, client: Client | None, day: date) -> bool:
    """Whether this client (None: nobody we know yet) may order it or change to it on a day: public, or by its code."""
    if tariff.client_id is not None and (client is None or tariff.client_id != client.pk):
        return False
    return orderable(tariff, day) and (tariff.public or code_state(tariff, day) == "open")


def tariff_typed(code: str) -> Tariff | None:
    """The tariff somebody means by a code as it was typed or heard; None where there is none, or two it could be."""
    exact = Tariff.objects.filter(code=code.strip()).first()
    if exact:
        return exact
    wanted = folded(code)
    found = [pk for pk, known in Tariff.objects.values_list("pk", "code") if folded(known) == wanted] if wanted else []
    return Tariff.objects.get(pk=found[0]) if len(found) == 1 else None


def opened_by(code: str, *, client: Client | None, day: date, where: str = "tariff") -> Tariff:
    """The tariff a code opens for a client. Refused with the same words for an unknown code, one that is withdrawn,
    expired or used up, and another client's. Counts no tries: what a person types goes through `actions.code_entered`.
    """
    tariff = tariff_typed(code)
    if tariff is None or not (may_take(tariff, client=client, day=day) or used_by(tariff, client, day)):
        raise no_such_code(where)
    return tariff


def used_by(tariff: Tariff, client: Client | None, day: date) -> bool:
    """Whether a code is used up by this very client, who may well send it twice; what counts uses is stricter."""
    if client is None or code_state(tariff, day) != "used_up" or not orderable(tariff, day):
        return False
    own = CodeUse.objects.filter(tariff=tariff, client=client, undone=None)
    return tariff.client_id in (None, client.pk) and own.exists()


def no_such_code(where: str = "tariff") -> Refused:
    """The one refusal of a code, whatever is wrong with it."""
    message = _("This code opens no tariff. Look at how it is written, or ask for a new one.")
    return Refused("unknown_code", message, where)


def unbilled_usage(version: TariffVersion) -> list[Meter]:
    """The meters of usage that no item of a version bills (rating 1)."""
    billed = {item.meter for item in items_of(version)}
    return [meter for meter in USAGE if meter not in billed]


def price_changes() -> QuerySet[PriceChange]:
    """Prices of many tariffs changed at once, the latest first."""
    return PriceChange.objects.all()


def can_undo(change: PriceChange, *, day: date) -> bool:
    """Whether a change of prices has not taken effect yet."""
    return change.undone is None and change.first_day > day and not change.versions.filter(frozen=True).exists()


def reaches_into(first_day: date | None, versions: Sequence[TariffVersion], closed: Collection[int]) -> int | None:
    """The first closed month that a new version would take from a frozen one."""
    begin = first_day or date.min
    ordered = sorted(versions, key=lambda version: version.first_day or date.min)
    earlier = [version for version in ordered if (version.first_day or date.min) < begin]
    later = [version.first_day for version in ordered if version.first_day and version.first_day > begin]
    if not earlier or not earlier[-1].frozen:
        return None
    end = later[0] if later else date.max
    return next((m for m in sorted(closed) if begin <= date(m // 100, m % 100, 1) < end), None)
