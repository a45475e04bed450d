"""The gateway that the operator's settings name. Nothing named: SMS wait in the outbox, as mails do without a server.

Keys of the setting `sms_gateway`: `kind`, `url`, `password` (where it lies); docs/sms.md explains them.
"""

import importlib
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from balie.messages.gateways import Gateway, GatewayDown
from balie.messages.gateways.ahead import Ahead

# Imported when asked for: a web process needs none of them.
KINDS = {
    "fake": "balie.messages.gateways.fake:Fake",
    "http": "balie.messages.gateways.http:Http",
    "smpp": "balie.messages.gateways.smpp:Smpp",
}
OURS = {"fake"}  # its messages lie in our own database


def gateway(settings: Mapping[str, Any]) -> Gateway:
    """Of the setting `sms_gateway`. Raises GatewayDown where the settings cannot be right."""
    kind = str(settings.get("kind") or "")
    if kind not in KINDS:
        raise GatewayDown(_("There is no SMS gateway of the kind %(kind)s.") % {"kind": repr(kind)})
    module, _colon, name = KINDS[kind].partition(":")
    of: Callable[[Mapping[str, Any]], Gateway] = getattr(importlib.import_module(module), name).of
    made = of(settings)
    return made if kind in OURS else Ahead(made)
