"""Reads of the operator's settings."""

from balie.operator.models import Operator
from balie.rules.errors import Refused


def operator() -> Operator:
    """The operator's settings. Refused where the database has none yet."""
    found = Operator.objects.first()
    if found is None:
        raise Refused("not_set_up", "There is no operator yet; run `balie init`, then `balie load` a world file.")
    return found


def locked_operator() -> Operator:
    """The operator's row, held until the transaction ends: whoever changes settings or prices takes turns."""
    Operator.objects.select_for_update().filter(id=1).first()
    return operator()
