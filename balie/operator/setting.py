"""One setting of the operator that is an object, stored whole as a form says it, and taken back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from balie.operator.actions import SECRETS, Author, write_log, written
from balie.operator.models import LogEntry
from balie.operator.queries import locked_operator
from balie.operator.secrets import shown
from balie.rules.errors import Refused

DEED, ABOUT = "operator.changed", "operator"
HIDDEN = shown("a secret that is stored itself")  # as logs and pages have it


@transaction.atomic
def put_setting(name: str, value: Mapping[str, Any], *, seen: Mapping[str, Any], author: Author) -> LogEntry | None:
    """Stores the setting (named as in the table); keys that are None fall away. None where it was so already.

    seen: what was stored when whoever changes it looked. Refused where somebody changed it since.
    """
    operator = locked_operator()
    held: dict[str, Any] = getattr(operator, name) or {}
    if held != seen:
        said = _("Somebody else changed this at the same moment. Look at it, and save once more.")
        raise Refused("set_meanwhile", said, "")
    wanted = {key: each for key, each in value.items() if each is not None}
    if wanted == held:
        return None
    setattr(operator, name, wanted)
    operator.save(update_fields=[name])
    details = {"before": written({name: held}), "after": written({name: wanted})}
    return write_log(author=author, deed=DEED, about=ABOUT, details=details)


def can_be_taken_back(entry: LogEntry) -> bool:
    """Whether the log has all that stood there: a secret that was stored itself is in no log."""
    before = entry.details["before"]
    return not any(hidden(value) for value in before.values())


def hidden(value: Any) -> bool:
    """Whether the log does not say all of this value."""
    if isinstance(value, Mapping):
        return any((name in SECRETS and part == HIDDEN) or hidden(part) for name, part in value.items())
    return False


@transaction.atomic
def take_back_setting(entry: LogEntry, name: str, *, author: Author) -> bool:
    """The setting is again as it was before that change; False where it was changed again since."""
    before, after = entry.details["before"].get(name), entry.details["after"].get(name)
    held = getattr(locked_operator(), name) or {}
    if before is None or written({name: held}) != {name: after} or not can_be_taken_back(entry):
        return False
    put_setting(name, before, seen=held, author=author)
    return True
