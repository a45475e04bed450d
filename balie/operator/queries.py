"""Reads of the operator's settings and costs."""

import os

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from balie.operator.models import CostsFrom, FixedCost, Operator
from balie.rules.errors import Refused

# Where `balie serve` and `balie demo` listen, for the processes they start.
PORT = "BALIE_PORT"


def operator() -> Operator:
    """The operator's settings. Refused where the database has none yet."""
    found = Operator.objects.first()
    if found is None:
        raise Refused("not_set_up", _("There is no operator yet; run `balie init`, then `balie load` a world file."))
    return found


def pages(settings: Operator) -> str:
    """Where the operator's pages are, without a slash at the end: as the settings say, else on this machine."""
    return (settings.base_url or f"http://127.0.0.1:{os.environ.get(PORT, '8000')}").rstrip("/")


def locked_operator() -> Operator:
    """The operator's row, held until the transaction ends: whoever changes settings or prices takes turns."""
    Operator.objects.select_for_update().filter(id=1).first()
    return operator()


def costs_from_days() -> QuerySet[CostsFrom]:
    """The sets of costs that hold from a day on, the latest first."""
    return CostsFrom.objects.filter(removed=None).order_by("-first_day")


def fixed_costs() -> list[FixedCost]:
    """What months cost whatever is worked in them."""
    return list(FixedCost.objects.filter(removed=None))
