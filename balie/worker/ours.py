"""Files of this machine that are no call files: their lines, unreadable as they are, would be shown to staff."""

from pathlib import Path

from django.conf import settings

from balie.calls.models import Source
from balie.operator.models import Operator

NO_FILES = ("/proc/", "/sys/", "/dev/")  # what the system says of processes, and devices


def is_ours(path: str) -> bool:
    """Whether it holds secrets of this installation, wherever links lead: its key, its database, its environment."""
    found, database = Path(path).resolve(), settings.DATABASES["default"]
    if str(found).startswith(NO_FILES) or found == Path(settings.HOME).resolve() / "secret_key":
        return True
    if not database["ENGINE"].endswith("sqlite3") or database["NAME"] == ":memory:":
        return False
    return str(found).startswith(str(Path(database["NAME"]).resolve()))  # and its journal, balie.sqlite3-wal


def secret_files() -> frozenset[Path]:
    """The files that settings name as those in which a secret lies. Two queries."""
    held = [each for one in Operator.objects.all() for each in (one.mail, one.switch, one.sms_gateway)]
    held += [each for each in Source.objects.values_list("files", flat=True) if each]
    said = [str(each.get(name) or "").partition(":") for each in held for name in ("password", "secret", "key")]
    return frozenset(Path(place).resolve() for kind, _colon, place in said if kind == "file" and place.startswith("/"))
