"""What-ifs as files and for the API: JSON with each client's months, CSV and XLSX with one row a client."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from balie.controlling.models import WhatIf, WhatIfClient
from balie.rules.period import Period
from balie.statements.exports.sheet import Sheet

SHEET = Sheet(
    "what if",
    {
        "client": ("text", 10),
        "name": ("text", 34),
        "bills": ("count", 8),
        "present": ("money", 14),
        "other": ("money", 14),
        "difference": ("money", 14),
        "limits_before": ("count", 14),
        "limits_after": ("count", 13),
        "problem": ("text", 80),
    },
)
SUMMED = ("bills", "present", "other", "difference", "limits_before", "limits_after")


def what_if_file(row: WhatIf, rows: QuerySet[WhatIfClient], format: str) -> bytes:
    """These rows of a what-if that is done, in their order; below them, in a sheet, the sums of those with a price."""
    found = list(rows.select_related("client"))
    documents = [client_document(one) for one in found]
    priced = [one for one in found if one.other is not None]
    sums = {name: sum(getattr(one, name) for one in priced) for name in SUMMED}
    return SHEET.file(documents, format, sums=sums, whole={**document(row), "clients": documents})


def document(row: WhatIf) -> dict[str, Any]:
    """A what-if without its clients. `state`: waiting, done, or given_up with its reason in `problem`."""
    return {
        "what_if": row.pk,
        "tariff": row.tariff.code,
        "service": row.tariff.service,
        "draft": row.draft,
        "only_at": row.only_at.code if row.only_at else None,
        "months": [str(Period.from_key(key, "UTC")) for key in row.months],
        "asked": row.asked.isoformat(timespec="seconds"),
        "asked_by": row.asked_by,
        "state": "done" if row.done else "given_up" if row.parked else "waiting",
        "problem": row.parked or None,
        "sums": row.sums or None,
    }


def client_document(one: WhatIfClient) -> dict[str, Any]:
    return {
        "client": one.client.number,
        "name": one.client.name,
        "bills": one.bills,
        "present": str(one.present),
        "other": written(one.other),
        "difference": written(one.difference),
        "limits_before": one.limits_before,
        "limits_after": one.limits_after,
        "problem": one.problem["message"] if one.problem else None,
        "months": [month_document(*said) for said in one.months],
    }


def month_document(month: int, present: str, other: str | None, before: bool, after: bool) -> dict[str, Any]:
    limits = {"limit_before": before, "limit_after": after}
    return {"month": str(Period.from_key(month, "UTC")), "present": present, "other": other, **limits}


def written(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
