"""What the watch goes by for a tariff, as fields of a form: each says what the operator's value is."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from balie.controlling.yardstick import yardstick
from balie.rules.offer import CALL_STEP
from balie.tariffs.checks import WATCH
from balie.tariffs.models import Tariff
from balie.web import money
from balie.web.request import Desk
from balie.web.typed import point, shown


@dataclass(frozen=True)
class Field:
    """One value: what stands in it, and what holds where it is empty."""

    name: str
    label: str
    value: str
    usual: str
    help: str


def fields(tariff: Tariff, desk: Desk, given: Mapping[str, str] | None = None) -> list[Field]:
    """The fields of the form; after a refusal with what was given."""
    operator = desk.operator
    labels = {
        "target_margin_percent": (_("Target margin, %"), money.percent(operator.target_margin_percent)),
        "margin_months": (_("Months looked back on"), str(operator.margin_months)),
        "offer_step": (_("Step of offers"), money.money(operator.offer_step, operator.currency)),
    }
    assert set(labels) == set(WATCH)
    return [
        Field(
            name,
            label,
            given.get(name, "")[:40] if given is not None else typed(getattr(tariff, name)),
            typed(getattr(operator, name)),
            _("Empty: %(usual)s, as the operator") % {"usual": usual},
        )
        for name, (label, usual) in labels.items()
    ]


def typed(value: Decimal | int | None) -> str:
    """As somebody would type it."""
    return "" if value is None else shown(f"{Decimal(value).normalize():f}")


def values_given(given: Mapping[str, str]) -> dict[str, str]:
    """As the action takes them; a field that was not sent stays as it is."""
    return {name: point(given[name]) for name in WATCH if name in given}


def told(tariff: Tariff, desk: Desk) -> dict[str, Any]:
    """What holds for this tariff, and whether any of it is its own."""
    own = [name for name in WATCH if getattr(tariff, name) is not None]
    return {"by": yardstick(tariff, desk.operator), "own": own, "call_step": CALL_STEP}
