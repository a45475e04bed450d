"""What columns, separators and quotes of call files are called."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from balie.web.office.settings.phone.fields import TAB

SEPARATORS: dict[str, Any] = {
    ",": gettext_lazy("comma ,"),
    ";": gettext_lazy("semicolon ;"),
    TAB: pgettext_lazy("separator", "tab"),
    "|": gettext_lazy("bar |"),
}
QUOTINGS: dict[str, Any] = {
    '"': gettext_lazy('double quotes "'),
    "'": gettext_lazy("single quotes '"),
    "none": pgettext_lazy("quotes", "none"),
}
DATE_HELP = gettext_lazy(
    "%(example)s is 23.11.2026 09:29:34; epoch is seconds since 1970; %(offset)s stands for an offset such as +01:00."
)
# What a column is called, and what it is for.
COLUMNS: Mapping[str, tuple[Any, Any]] = {
    "start": (pgettext_lazy("column", "Start"), gettext_lazy("day and time at which the call began")),
    "talk": (pgettext_lazy("column", "Talk"), gettext_lazy("how long people talked: 75 or 1:15")),
    "direction": (pgettext_lazy("column", "Direction"), gettext_lazy("without it every call is inbound")),
    "caller": (pgettext_lazy("column", "Caller"), gettext_lazy("the number that called")),
    "callee": (pgettext_lazy("column", "Called number"),
               gettext_lazy("tells whose call it is, unless a column names the client")),
    "agent": (pgettext_lazy("column", "Agent"), gettext_lazy("the code or the endpoint of who answered")),
    "ring": (pgettext_lazy("column", "Waiting"), gettext_lazy("how long it rang: 12 or 0:12")),
    "client": (pgettext_lazy("column", "Client"), gettext_lazy("the client’s number")),
    "key": (pgettext_lazy("column", "Key"),
            gettext_lazy("what is different in every line; without it the whole line is")),
}  # fmt: skip
