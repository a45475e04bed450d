"""The short text of a note's SMS: a template with variables in braces, filled and cut to what a telephone shows."""

import re
from collections.abc import Mapping

from balie.accounts.models import Client
from balie.messages.settings import client_settings, sms_settings
from balie.rules.sms import segments

LANGUAGES = ("nl", "de", "en")
LONGEST_TEMPLATE = 1000
MOST_PARTS = 3
NAMES = ("client", "urgent", "caller", "number", "reason", "text", "callback", "promised", "agent", "time")
VARIABLE = re.compile(r"\{([^{}\n]{0,60})\}")
STANDARD = {
    "nl": "{urgent} Gesprek {time}: {caller} {number}\n{reason}\n{text}\n{callback}",
    "de": "{urgent} Anruf {time}: {caller} {number}\n{reason}\n{text}\n{callback}",
    "en": "{urgent} Call {time}: {caller} {number}\n{reason}\n{text}\n{callback}",
}
CUT = "..."


def template_for(client: Client) -> str:
    """The client's own, else the operator's in the client's language, else the standard one."""
    texts = sms_settings().note_text
    language = client.language if client.language in LANGUAGES else "en"
    return client_settings(client).note_text or str(texts.get(language) or STANDARD[language])


def unknown_names(template: str) -> list[str]:
    """What stands in braces and is no variable."""
    return [name for name in VARIABLE.findall(template) if name not in NAMES]


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with these values; lines of which nothing is left are dropped, long texts cut to three parts."""
    text = VARIABLE.sub(lambda found: values.get(found[1], ""), template)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return cut("\n".join(line for line in lines if line))


def cut(text: str) -> str:
    """At most three parts; what was cut off is said by dots."""
    if segments(text).parts <= MOST_PARTS:
        return text
    low, high = 0, len(text)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if segments(text[:middle] + CUT).parts <= MOST_PARTS else (low, middle - 1)
    return text[:low].rstrip() + CUT
