"""A gateway that is none: it writes down in a table what it was given, and says that all was delivered at once.

For the demo, for tests, for who wants to try. `down` in the settings: there is no line.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from balie.messages.gateways import Accepted, Fate, GatewayDown, Outcome, Receipt, Sms
from balie.messages.models import FakeSms

AT_ONCE = 1000


@dataclass
class Fake:
    """down: whether it cannot be reached."""

    down: bool = False
    told: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Fake":
        return cls(bool(settings.get("down")))

    def submit(self, texts: Iterable[Sms]) -> Iterator[Outcome]:
        self.look()
        for sms in texts:
            said = {"sender": sms.sender, "recipient": sms.recipient, "text": sms.text}
            FakeSms.objects.get_or_create(key=sms.key, defaults=said)
            yield Accepted(sms.key, (f"fake-{sms.key}",))

    def receipts(self) -> list[Receipt]:
        rows = list(FakeSms.objects.filter(told=False).order_by("pk")[:AT_ONCE])
        self.told = [row.pk for row in rows]
        return [Receipt(f"fake-{row.key}", Fate.DELIVERED, None) for row in rows]

    def confirm(self) -> None:
        FakeSms.objects.filter(pk__in=self.told).update(told=True)
        self.told = []

    def stops(self) -> list[str]:
        return []

    def look(self) -> str:
        if self.down:
            raise GatewayDown(_("The invented gateway is down."))
        return _("an invented gateway; SMS it was given: %(count)d.") % {"count": FakeSms.objects.count()}

    def close(self) -> None:
        """Nothing is kept."""
