"""What-ifs on top of a small office, as a worker leaves them."""

from decimal import Decimal
from typing import Any

from balie.accounts.models import Client
from balie.controlling.compared import sums_of
from balie.controlling.draft import version_said
from balie.controlling.models import WhatIf, WhatIfClient
from balie.tariffs.models import Tariff
from tests.web.make_office import NOW

MISSING = {"code": "no_price", "where": "tariff BASIS, items[0]", "message": "Client …: it has no price."}


def asked(tariff: Tariff, **values: Any) -> WhatIf:
    """Of September and October, waiting for a worker."""
    versions = [version_said(version) for version in tariff.versions.all()]
    known = {"draft": False, "versions": versions, "months": [202609, 202610], "asked": NOW, "asked_by": "Marit"}
    return WhatIf.objects.create(tariff=tariff, **{**known, **values})


def done(tariff: Tariff, *rows: tuple[Client, str, str | None], **values: Any) -> WhatIf:
    """Worked out: client, as billed, with these prices (none: a price is missing), all of it in October."""
    row = asked(tariff, done=NOW, months_done=2, **values)
    made = [one(row, *each) for each in rows]
    WhatIfClient.objects.bulk_create(made)
    row.sums = sums_of((each.present, each.other, 1, 0, each.limits_after) for each in made)
    row.clients = row.clients_done = len(made)
    row.save()
    return row


def one(row: WhatIf, client: Client, present: str, other: str | None) -> WhatIfClient:
    amount = None if other is None else Decimal(other)
    return WhatIfClient(
        what_if=row,
        client=client,
        bills=1,
        present=Decimal(present),
        other=amount,
        difference=None if amount is None else amount - Decimal(present),
        limits_before=0,
        limits_after=int(amount is not None and amount > 99),
        months=[[202610, present, other, False, amount is not None and amount > 99]],
        problem=MISSING if other is None else None,
    )
