"""What a what-if prices with: versions of a tariff as they were when it was asked for, kept as values and back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from balie.rules.period import Period
from balie.rules.tariff import Version
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import ITEM_FIELDS, VERSION_FIELDS, drafted, items_of, terms_of

EXACT = ("vat_percent", "minimum_revenue", "cost_limit", "tolerance_percent")
Said = dict[str, Any]


def version_said(version: TariffVersion) -> Said:
    """A version, stored or drafted, as plain values."""
    first_day = version.first_day and version.first_day.isoformat()
    items = [{name: plain(getattr(item, name)) for name in ITEM_FIELDS} for item in items_of(version)]
    return {"first_day": first_day, **{name: plain(getattr(version, name)) for name in VERSION_FIELDS}, "items": items}


def plain(value: Any) -> Any:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def version_kept(said: Mapping[str, Any], tariff: Tariff) -> TariffVersion:
    """The version again, not stored."""
    first_day = date.fromisoformat(said["first_day"]) if said["first_day"] else None
    items = [{**item, "vat_percent": exact(item["vat_percent"])} for item in said["items"]]
    values = {name: exact(said[name]) if name in EXACT else said[name] for name in VERSION_FIELDS}
    return drafted(tariff, first_day, values, items)


def exact(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def versions_read(said: Sequence[Mapping[str, Any]], tariff: Tariff, *, draft: bool) -> tuple[Version, ...]:
    """As they are priced. A draft prices every month as if it had held always."""
    versions = tuple(terms_of(version_kept(one, tariff)) for one in said)
    return tuple(replace(one, first_day=None) for one in versions) if draft else versions


def held_in(versions: tuple[Version, ...], period: Period) -> tuple[Version, ...]:
    """The versions for a month; one before the first is priced as if that had held already."""
    if versions and versions[0].first_day and versions[0].first_day > period.first_day:
        return (replace(versions[0], first_day=None), *versions[1:])
    return versions
