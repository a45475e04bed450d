"""Files of this machine that are no call files: their lines, unreadable as they are, would be shown to staff."""

from pathlib import Path

from django.conf import settings

NO_FILES = ("/proc/", "/sys/", "/dev/")  # what the system says of processes, and devices


def is_ours(path: str) -> bool:
    """Whether it holds secrets of this installation, wherever links lead: its key, its database, its environment."""
    found, database = Path(path).resolve(), settings.DATABASES["default"]
    if str(found).startswith(NO_FILES) or found == Path(settings.HOME).resolve() / "secret_key":
        return True
    if not database["ENGINE"].endswith("sqlite3") or database["NAME"] == ":memory:":
        return False
    return str(found).startswith(str(Path(database["NAME"]).resolve()))  # and its journal, balie.sqlite3-wal
