"""The file a backup is: a tar that any program opens. Knows members and checksums, nothing of tables.

Its last 2,048 bytes are a member `sha256` with the digest of all bytes before it, and the end of the tar; so a byte
lost or changed anywhere is seen before anything is read.
"""

import fcntl
import hashlib
import json
import os
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from balie.rules.errors import Refused

HEAD, MANIFEST, DIGEST, KEY = "balie.json", "manifest.json", "sha256", "secret_key"
UNFINISHED = ".part"
BLOCK = tarfile.BLOCKSIZE
TAIL = 4 * BLOCK  # header and content of the digest, two empty blocks
CHUNK = 1 << 20


class Archive:
    """A tar being written, front to back: also onto a pipe. mtime: seconds since 1970, of every member."""

    def __init__(self, out: BinaryIO, *, mtime: int) -> None:
        self.out, self.mtime = out, mtime
        self.digest = hashlib.sha256()
        self.members: dict[str, dict[str, Any]] = {}
        self.size = 0

    def add(self, name: str, data: bytes) -> None:
        self.members[name] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        self._put(member(name, data, self.mtime))

    def close(self) -> str:
        """Writes the digest and the end; returns the digest."""
        found = self.digest.hexdigest()
        self._put(tail(found, self.mtime))
        self.out.flush()
        return found

    def _put(self, data: bytes) -> None:
        self.digest.update(data)
        self.size += len(data)
        self.out.write(data)


def member(name: str, data: bytes, mtime: int) -> bytes:
    """Header, content and filling of one member; only its owner may read what is unpacked."""
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = len(data), mtime, 0o600
    return info.tobuf(tarfile.PAX_FORMAT) + data + b"\0" * (-len(data) % BLOCK)


def tail(digest: str, mtime: int) -> bytes:
    """The end of a backup whose other bytes have this digest."""
    return member(DIGEST, f"{digest}\n".encode(), mtime) + b"\0" * (2 * BLOCK)


@contextmanager
def new_file(path: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """A file that has its name only once it is whole and on the disk. Refused where that cannot be.

    Killed on the way, a file with `.part` behind its name is left, which the next backup of that name writes anew.
    """
    refuse_existing(path, replace=replace)
    draft = path.with_name(path.name + UNFINISHED)
    try:
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=CHUNK) as out:
            _only_ours(out, path)
            with _gone_if_refused(draft):
                yield out
                out.flush()
                os.fsync(out.fileno())
                refuse_existing(path, replace=replace)
                draft.replace(path)
        _settle(path.parent)
    except OSError as problem:
        raise Refused(
            "cannot_write", f"The backup cannot be written: {problem.strerror or problem}", str(path)
        ) from None


@contextmanager
def _gone_if_refused(draft: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def refuse_existing(path: Path, *, replace: bool) -> None:
    if path.exists() and not replace:
        raise Refused("file_exists", "There is such a file already; --replace writes over it.", str(path))


def _only_ours(out: BinaryIO, path: Path) -> None:
    """Two backups at once into one file would mix. A killed one has left no lock."""
    try:
        fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refused("under_way", "Another backup writes this file right now.", str(path)) from None
    os.fchmod(out.fileno(), 0o600)
    out.truncate()


def _settle(folder: Path) -> None:
    """The name itself is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # not every file system can
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def standard_output() -> BinaryIO:
    """For `balie backup -`. Refused on a screen."""
    if sys.stdout.isatty():
        raise Refused("screen", "A backup is no text for a screen; send it into a file or a program.", "-")
    return sys.stdout.buffer


class Backup:
    """A backup that was checked byte by byte, to be read in order."""

    def __init__(self, path: Path) -> None:
        """Reads the whole file once. Refused when it is none, or damaged."""
        self.path = path
        try:
            self.sha256 = checked(path)
            with self.opened() as tar:
                self.head = self._json(tar, HEAD)
                self.manifest = self._json(tar, MANIFEST)
        except OSError as problem:
            raise Refused("no_file", f"This file cannot be read: {problem.strerror or problem}", str(path)) from None
        except (tarfile.TarError, KeyError, ValueError):
            raise not_a_backup(path) from None

    @contextmanager
    def opened(self) -> Iterator[tarfile.TarFile]:
        with self.path.open("rb", buffering=CHUNK) as stream, tarfile.open(fileobj=stream, mode="r:") as tar:
            yield tar

    def members(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        """What stands behind the prefix in the names, with the contents, in the order they were written."""
        with self.opened() as tar:
            for info in tar:
                if info.name.startswith(prefix):
                    yield info.name.removeprefix(prefix), content(tar, info)

    def one(self, name: str) -> bytes:
        with self.opened() as tar:
            return content(tar, tar.getmember(name))

    def _json(self, tar: tarfile.TarFile, name: str) -> dict[str, Any]:
        found = json.loads(content(tar, tar.getmember(name)))
        if not isinstance(found, dict):
            raise ValueError(name)
        return found


def content(tar: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    stream = tar.extractfile(info)
    return stream.read() if stream else b""


def checked(path: Path) -> str:
    """The digest of the whole file but its end. Refused unless every byte is as it was written."""
    with path.open("rb") as stream:
        rest = os.fstat(stream.fileno()).st_size - TAIL
        if not member_called(HEAD, stream.read(BLOCK)):
            raise not_a_backup(path)
        stream.seek(0)
        digest = hashlib.sha256()
        while rest > 0 and (data := stream.read(min(CHUNK, rest))):
            digest.update(data)
            rest -= len(data)
        end, found = stream.read(), digest.hexdigest()
    info = member_called(DIGEST, end[:BLOCK])
    if not info or end != tail(found, int(info.mtime)):
        message = "This backup is damaged or was cut off: its checksum is wrong. Nothing was changed; take another one."
        raise Refused("damaged_backup", message, str(path))
    return found


def member_called(name: str, header: bytes) -> tarfile.TarInfo | None:
    with suppress(tarfile.HeaderError):
        info = tarfile.TarInfo.frombuf(header, "utf-8", "strict")
        return info if info.name == name else None
    return None


def not_a_backup(path: Path) -> Refused:
    return Refused("not_a_backup", "This is no backup of Balie, or its beginning is damaged.", str(path))


def as_json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
