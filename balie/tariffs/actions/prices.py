"""Prices of many tariffs changed at once: one deed, one transaction, undone as one until it takes effect."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from balie.operator.actions import Author, write_log
from balie.operator.queries import locked_operator
from balie.rules.errors import Refused
from balie.tariffs.actions.put import VersionSaid, put_tariffs
from balie.tariffs.models import PriceChange, TariffVersion
from balie.tariffs.price_change import PriceRule, Raised, price_change_preview, refuse_refused
from balie.tariffs.queries import VERSION_FIELDS, can_undo, items_of, local_day, values_of


@transaction.atomic
def apply_price_change(*, rule: PriceRule, closed: Collection[int], author: Author) -> PriceChange:
    """Makes the versions that `price_change_preview` showed. The same change again returns the one that stands.

    Tariffs of which no price changes get no version. Refused where any of the tariffs cannot be changed.
    """
    locked_operator()
    document = rule.document()
    standing = PriceChange.objects.filter(rule=document, first_day=rule.first_day, undone=None).first()
    if standing:
        return standing
    rows = price_change_preview(rule, closed=closed)
    refuse_refused(rows)
    changed = [row for row in rows if row.changed]
    if not changed:
        raise Refused("no_change", _("No price would change."), "adjustments")
    made = PriceChange.objects.create(at=author.now, who=author.who, first_day=rule.first_day, rule=document)
    put_tariffs([said(row, made) for row in changed], closed=closed, author=author)
    details = {**document, "changed": [row.tariff.code for row in changed]}
    remember(made, "prices.changed", details, author)
    return made


def said(row: Raised, change: PriceChange) -> VersionSaid:
    assert row.version is not None
    values = {name: getattr(row.version, name) for name in VERSION_FIELDS}
    items = [values_of(item) for item in items_of(row.version)]
    offer = {"service": row.tariff.service}
    return VersionSaid("", row.tariff.code, change.first_day, offer, values, items, change.pk)


@transaction.atomic
def undo_price_change(*, change: PriceChange, author: Author) -> PriceChange:
    """Takes its versions away again. Undone already: nothing happens. Refused once the prices hold."""
    locked_operator()
    held = PriceChange.objects.select_for_update().get(pk=change.pk)
    if held.undone:
        return held
    if not can_undo(held, day=local_day(author.now)):
        raise Refused("in_effect", _("These prices hold already; change them with a new version."), "price_change")
    codes = list(held.versions.order_by("tariff__code").values_list("tariff__code", flat=True))
    TariffVersion.objects.filter(price_change=held).delete()
    held.undone = author.now
    held.save(update_fields=["undone"])
    remember(held, "prices.undone", {"from": str(held.first_day), "tariffs": codes}, author)
    return held


def remember(change: PriceChange, deed: str, details: dict[str, object], author: Author) -> None:
    about = f"price_change:{change.pk}"
    write_log(author=author, deed=deed, about=about, details=details)
