"""What formats of call files are called on pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

# Of a format that is not here the name is shown that settings have for it.
FORMATS: Mapping[str, Any] = {
    "asterisk": "Asterisk",
    "generic": gettext_lazy("Any other, one line a call"),
    "freeswitch": "FreeSWITCH",
    "3cx": "3CX",
    "cucm": "Cisco CUCM",
    "starface": "STARFACE",
    "kamailio": "Kamailio",
    "twilio": "Twilio",
}


def format_name(name: str) -> str:
    return str(FORMATS.get(name, name))
