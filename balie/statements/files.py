"""The files that are kept for good: below BALIE_FILES_URL, a folder of this machine or any place fsspec can write to.

A file is written as a draft first. Published, it has its final name at once and whole.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import fsspec
from django.conf import settings
from django.utils.translation import gettext as _

from balie.rules.errors import Refused

DRAFT = ".part"
LONGEST_NAME = 80
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


def name_for(text: str) -> str:
    """A client's number as a part of a file's name on every system; two numbers never get the same.

    Only small letters, digits and - _ stay: where a folder takes A for a, 1001a and 1001A must still differ.
    """
    name = "".join(sign if sign in PLAIN else "".join(f"%{byte:02x}" for byte in sign.encode()) for sign in text)
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[:40]}-{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def draft(path: str, data: bytes) -> None:
    """Writes the file beside its final name, down to the disk. Refused where it cannot be written."""
    try:
        if folder := _folder():
            _write(folder / f"{path}{DRAFT}", data)
        else:
            system, root = _elsewhere()
            system.makedirs(f"{root}/{path}".rpartition("/")[0], exist_ok=True)
            system.pipe_file(f"{root}/{path}{DRAFT}", data)
    except OSError as problem:
        said = _("%(path)s cannot be kept at %(place)s: %(why)s")
        said %= {"path": path, "place": settings.FILES_URL, "why": problem.strerror or problem}
        raise Refused("cannot_keep", said, "BALIE_FILES_URL") from None


def _write(target: Path, data: bytes) -> None:
    # Statements tell who called whom: other users of the machine have no business here.
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def publish(path: str) -> None:
    """Gives a draft its name, in place of what may have had it."""
    if folder := _folder():
        (folder / f"{path}{DRAFT}").replace(folder / path)
        return
    system, root = _elsewhere()
    system.mv(f"{root}/{path}{DRAFT}", f"{root}/{path}")


def clear_drafts(folder: str) -> None:
    """Removes what a killed process left behind. Nobody else may be writing there."""
    for path in list(_drafts(folder)):
        if own := _folder():
            (own / path).unlink(missing_ok=True)
        else:
            system, root = _elsewhere()
            system.rm_file(f"{root}/{path}")


def _drafts(folder: str) -> Iterable[str]:
    if own := _folder():
        return [f"{folder}/{found.name}" for found in (own / folder).glob(f"*{DRAFT}")]
    system, root = _elsewhere()
    return [f"{folder}/{found.rpartition('/')[2]}" for found in system.glob(f"{root}/{folder}/*{DRAFT}")]


def remove(path: str) -> None:
    """Deletes a kept file; nothing happens where it is gone. Refused where it cannot be deleted."""
    try:
        if folder := _folder():
            (folder / path).unlink(missing_ok=True)
            return
        system, root = _elsewhere()
        system.rm_file(f"{root}/{path}")
    except FileNotFoundError:
        return
    except OSError as problem:
        said = _("The kept file %(path)s cannot be deleted at %(place)s: %(why)s")
        said %= {"path": path, "place": settings.FILES_URL, "why": problem.strerror or problem}
        raise Refused("cannot_delete", said, path) from None


def read(path: str) -> bytes:
    """Refused where the file is gone."""
    try:
        if folder := _folder():
            return (folder / path).read_bytes()
        system, root = _elsewhere()
        return bytes(system.cat_file(f"{root}/{path}"))
    except FileNotFoundError:
        said = _("The kept file %(path)s is gone from %(place)s. Restore it from a backup.")
        raise Refused("file_missing", said % {"path": path, "place": settings.FILES_URL}, path) from None
    except OSError as problem:
        said = _("The kept file %(path)s cannot be read at %(place)s: %(why)s")
        said %= {"path": path, "place": settings.FILES_URL, "why": problem.strerror or problem}
        raise Refused("file_unreadable", said, path) from None


def _folder() -> Path | None:
    """The folder of this machine; None where files are kept elsewhere."""
    url = settings.FILES_URL.removeprefix("file://")
    return None if "://" in url else Path(url)


def _elsewhere() -> tuple[Any, str]:
    try:
        system, root = fsspec.core.url_to_fs(settings.FILES_URL)
    except (ImportError, ValueError) as problem:
        said = _("Files cannot be kept at %(place)s: %(why)s") % {"place": settings.FILES_URL, "why": problem}
        raise Refused("bad_files_url", said, "BALIE_FILES_URL") from None
    return system, str(root).rstrip("/")
