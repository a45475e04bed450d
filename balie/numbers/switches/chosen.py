"""The phone system that the operator's settings name. Nothing named: staff configure numbers by hand.

Keys of the setting `switch`: `kind`, `url`, `secret` (where it lies); of an Asterisk also `fingerprint`, `dial`,
`number_form`, `test_from` and `account_prefix`; docs/operate.md explains them.
"""

from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

from balie.numbers.switches import Switch, SwitchProblem
from balie.numbers.switches.asterisk import Asterisk
from balie.numbers.switches.fake import Fake
from balie.numbers.switches.manual import Manual
from balie.numbers.switches.webhook import Webhook
from balie.operator.models import Operator


class Visible(Switch, Protocol):
    """A phone system that can also be looked at."""

    def look(self) -> str:
        """What there is, in a line for staff; changes nothing. Raises SwitchProblem where something is wrong."""


def switch(operator: Operator, *, now: datetime) -> Visible:
    """Ready for one step: its requests are dated `now`. Raises SwitchProblem where the settings cannot be right."""
    settings = operator.switch or {}
    match settings.get("kind") or "manual":
        case "fake":
            return Fake(str(settings.get("down") or ""))
        case "manual":
            return Manual(now)
        case "asterisk":
            return Asterisk.of(settings, operator.country)
        case "webhook":
            return Webhook.of(settings, now)
        case other:
            raise SwitchProblem(_("There is no phone system of the kind %(kind)s.") % {"kind": repr(other)})
