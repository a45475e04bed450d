"""The signing key of a restored installation: links in mails already sent are signed with it."""

import os
from pathlib import Path

from django.conf import settings


def path() -> Path:
    return Path(settings.HOME) / "secret_key"


def aside() -> Path:
    """Where a key lies until it holds."""
    return path().with_name("secret_key.restored")


def is_set_outside() -> bool:
    """The environment says which key holds; we cannot change that."""
    return bool(os.environ.get("BALIE_SECRET_KEY"))


def put_aside(key: str) -> None:
    """Beside the present one, on the disk."""
    descriptor = os.open(aside(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(key)
        out.flush()
        os.fsync(out.fileno())


def put_in_place() -> None:
    """What was put aside holds from the next start on."""
    aside().replace(path())
