"""Reads over tariffs and their versions."""

from collections.abc import Mapping
from datetime import date

from django.db.models import F, Q

from balie.rules.errors import Refused
from balie.tariffs.models import Tariff, TariffVersion


def tariff_by_code(code: str, *, where: str = "tariff") -> Tariff:
    """The tariff with this code. Refused when there is none."""
    found = Tariff.objects.filter(code=code.strip()).first()
    if found is None:
        raise Refused("unknown_tariff", f'There is no tariff "{code[:40]}".', where)
    return found


def version_on(tariff: Tariff, day: date) -> TariffVersion | None:
    """What the tariff says on a local day; None before its first version."""
    begun = tariff.versions.filter(Q(first_day=None) | Q(first_day__lte=day))
    return begun.order_by(F("first_day").desc(nulls_last=True)).first()


def title_in(language: str, title: Mapping[str, str], *, own: str, otherwise: str) -> str:
    """A title in this language, else the operator's own, else any, else e.g. the meter's name."""
    return title.get(language) or title.get(own) or next((t for t in title.values() if t), otherwise)
