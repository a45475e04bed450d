"""Secrets of other systems. Settings hold where a secret lies (`env:NAME`, `file:PATH`); it is read when needed.

A setting may also hold the secret itself; it is never shown either way.
"""

import os
from pathlib import Path

from balie.rules.errors import Refused

LONGEST = 64 * 1024


def read_secret(reference: str) -> str:
    """The secret itself: of an environment variable, a file (without the newline at its end), or as it stands.

    Raises Refused, naming the place and never the secret, when there is none.
    """
    kind, _, place = reference.partition(":")
    if kind == "env":
        return from_environment(place)
    return from_file(place) if kind == "file" else reference


def from_environment(name: str) -> str:
    secret = os.environ.get(name)
    if not secret:
        raise Refused("no_secret", f"The environment variable {name} is not set; it should hold a secret.", name)
    return secret


def from_file(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            content = file.read(LONGEST + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "impossible name"
        raise Refused("no_secret", f"The secret in the file {path} cannot be read: {why}.", path) from None
    if len(content) > LONGEST:
        raise Refused("no_secret", f"The file {path} is too long to be a secret.", path)
    try:
        secret = content.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Refused("no_secret", f"The file {path} is no text; it should hold a secret.", path) from None
    if not secret:
        raise Refused("no_secret", f"The file {path} is empty; it should hold a secret.", path)
    return secret


def shown(reference: str) -> str:
    """What pages and logs may show of it: where it lies, or only that there is one."""
    return reference if reference.startswith(("env:", "file:")) else "••••" if reference else ""


def file_of(reference: str) -> str | None:
    """The path of a secret kept in a file, for programs that want the file itself (private keys); else None."""
    kind, _, path = reference.partition(":")
    return path if kind == "file" else None
