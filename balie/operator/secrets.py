"""Secrets of other systems. Settings hold where a secret lies (`env:NAME`, `file:PATH`); it is read when needed.

A setting may also hold the secret itself; it is never shown either way.
"""

import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from balie.rules.errors import Refused

LONGEST = 64 * 1024
OURS = "BALIE_"  # variables of this installation: its signing key, its database's password
NO_FILES = ("proc", "sys", "dev")  # folders of the machine itself


def read_secret(reference: str) -> str:
    """The secret itself: of an environment variable, a file (without the newline at its end), or as it stands.

    Raises Refused, naming the place and never the secret, when there is none.
    """
    kind, _colon, place = reference.partition(":")
    if kind == "env":
        return from_environment(place)
    return from_file(place) if kind == "file" else reference


def refuse_unless_place(reference: str, where: str) -> None:
    """Of what is typed on a page: only where a secret lies, and not where one of Balie's own does.

    Else whoever may change settings could send the signing key to a server as the password of another.
    """
    kind, _colon, place = reference.partition(":")
    if kind not in ("env", "file"):
        said = _("Write where the password lies, not the password itself: env:NAME or file:/path.")
        raise Refused("no_place", said, where)
    path = Path(place).resolve() if kind == "file" and place.startswith("/") and "\0" not in place else None
    own_file = path is not None and (
        path == Path(settings.HOME).resolve() / "secret_key" or path.parts[1:2] in [(name,) for name in NO_FILES]
    )
    if own_file or (kind == "env" and place.upper().startswith(OURS)):
        raise Refused("own_secret", _("That is no password of another system; give it a place of its own."), where)


def from_environment(name: str) -> str:
    secret = os.environ.get(name)
    if not secret:
        said = _("The environment variable %(name)s is not set; it should hold a secret.")
        raise Refused("no_secret", said % {"name": name}, name)
    return secret


def from_file(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            content = file.read(LONGEST + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else _("impossible name")
        said = _("The secret in the file %(path)s cannot be read: %(why)s.") % {"path": path, "why": why}
        raise Refused("no_secret", said, path) from None
    if len(content) > LONGEST:
        raise Refused("no_secret", _("The file %(path)s is too long to be a secret.") % {"path": path}, path)
    try:
        secret = content.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        said = _("The file %(path)s is no text; it should hold a secret.") % {"path": path}
        raise Refused("no_secret", said, path) from None
    if not secret:
        raise Refused("no_secret", _("The file %(path)s is empty; it should hold a secret.") % {"path": path}, path)
    return secret


def shown(reference: str) -> str:
    """What pages and logs may show of it: where it lies, or only that there is one."""
    return reference if reference.startswith(("env:", "file:")) else "••••" if reference else ""
