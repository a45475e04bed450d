"""Where a source's files lie: list those that match its address, fetch one. Knows nothing of calls.

Addresses: file, sftp, ftp, ftps, https and s3, with the wildcards * ? [a-z] in any part and ** for any depth.
Everything that can go wrong outside is one of `outside_errors()`; `words` says it as a manager would want to hear it.
"""

import ftplib
import socket
import ssl
import sys
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

import fsspec
import paramiko
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from balie.operator.phrases import told
from balie.operator.secrets import read_secret
from balie.rules.errors import Refused
from balie.worker import ftp, sftp
from balie.worker.ours import is_ours

SCHEMES = ("file", "sftp", "ftp", "ftps", "https", "s3")
NEEDS = {"https": "aiohttp", "s3": "s3fs"}
SILENT_SECONDS = 60
CHUNK = 1 << 20
MOST_FILES = 100_000  # of one address: a wildcard that matches more is a slip of the pen


@dataclass(frozen=True)
class RemoteFile:
    """A file as its server lists it. `mtime` as text: it is only ever compared with itself."""

    path: str
    name: str  # below the part of the address without wildcards
    size: int | None
    mtime: str


@dataclass(frozen=True)
class Address:
    """An address taken to pieces. Wildcards stay in `path`."""

    scheme: str
    host: str
    port: int | None
    user: str
    path: str

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Raises Refused for what is none of SCHEMES. A bare path is a folder of this machine."""
        if url.startswith("/"):
            return cls("file", "", None, "", url)
        scheme, _sign, rest = url.partition("://")
        if scheme not in SCHEMES or not rest:
            said = _("%(url)s is no address of files; it begins with one of %(known)s.")
            raise Refused("bad_url", said % {"url": repr(url), "known": known()}, "files.url")
        # A question mark is a wildcard here and the beginning of a query only on the web.
        place, slash, path = rest.partition("/")
        try:
            parts = urlsplit(f"//{place}")
            port = parts.port
        except ValueError as problem:
            said = _("%(url)s is no address of files: %(why)s.") % {"url": repr(url), "why": problem}
            raise Refused("bad_url", said, "files.url") from problem
        if scheme in ("https", "s3"):
            return cls(scheme, parts.hostname or "", port, "", url if scheme == "https" else rest)
        if scheme != "file" and not parts.hostname:
            raise Refused("bad_url", _("%(url)s names no server.") % {"url": repr(url)}, "files.url")
        return cls(scheme, parts.hostname or "", port, unquote(parts.username or ""), slash + unquote(path))

    @property
    def parts(self) -> list[str]:
        return self.path.split("/")

    @property
    def fixed(self) -> int:
        """How many parts of the path come before the first wildcard, the last part excepted."""
        return next((n for n, part in enumerate(self.parts) if self.wild(part)), len(self.parts) - 1)

    def wild(self, part: str) -> bool:
        """Whether a part has wildcards; on the web a question mark begins a query."""
        return bool(set(part) & set("*[" if self.scheme == "https" else "*?["))


def known() -> str:
    return ", ".join(f"{scheme}://" for scheme in SCHEMES)


class Place:
    """An open connection to where files lie. until: of the stopwatch `time.monotonic`, when listing must be over.

    secret: files of this machine that are never read as call files.
    """

    def __init__(
        self, files: Any, address: Address, until: float | None = None, secret: Container[Path] = frozenset()
    ) -> None:
        self.files = files
        self.address = address
        self.until = until
        self.secret = secret

    def found(self) -> list[RemoteFile]:
        """Every file that matches, the oldest first. Raises what the server answers: a folder that is not there, …"""
        fixed = self.address.fixed
        found = {}
        for info in self.matching("/".join(self.address.parts[:fixed]), self.address.parts[fixed:]):
            found[info["name"]] = info
            if len(found) > MOST_FILES:
                said = _("More than %(most)s files match the address.") % {"most": MOST_FILES}
                raise Refused("too_many_files", said, "files.url")
        if self.address.scheme == "file":
            self.leave_ours(found)
        if not found and not self.address.wild(self.address.path):
            said = _("%(path)s is not a file.") % {"path": self.address.path}
            raise Refused("not_a_file", said, "files.url")
        files = [self.described(info) for info in found.values()]
        return sorted(files, key=lambda file: (file.mtime, file.path))

    def leave_ours(self, found: dict[str, Any]) -> None:
        """Takes out what is no call file on any machine: lines that cannot be read are shown to staff."""
        for path in [path for path in found if is_ours(path) or Path(path).resolve() in self.secret]:
            if not self.address.wild(self.address.path):
                raise PermissionError(path)
            del found[path]

    def matching(self, folder: str, parts: list[str]) -> Iterator[dict[str, Any]]:
        """What lies below a folder under a path of these parts. Links are followed."""
        part, rest = parts[0], parts[1:]
        if part == "**":
            yield from self.matching(folder, rest or ["*"])
            for info in self.entries(folder, "*"):
                if info["type"] == "directory" and not info.get("islink"):  # a link may lead back up
                    yield from self.matching(info["name"].rstrip("/"), parts)
            return
        for info in self.entries(folder, part):
            if rest and info["type"] == "directory":
                yield from self.matching(info["name"].rstrip("/"), rest)
            elif not rest and info["type"] == "file":
                yield info

    def entries(self, folder: str, pattern: str) -> Iterator[dict[str, Any]]:
        """The entries of a folder whose name fits. Raises when the folder, or the one file named, is not there."""
        if self.until is not None and time.monotonic() > self.until:
            raise TimeoutError
        if not self.address.wild(pattern):
            try:
                yield self.files.info(f"{folder}/{pattern}" if folder or self.address.path[:1] == "/" else pattern)
            except FileNotFoundError:
                if not self.address.wild(self.address.path):
                    raise
            return
        for info in self.files.ls(f"{folder}/" if self.address.scheme == "https" else folder or "/", detail=True):
            base = info["name"].rstrip("/").rpartition("/")[2]
            # A server's temporary files begin with a dot (.Master.csv.x7Yq): only a pattern with a dot asks for them.
            if fnmatchcase(base, pattern) and base.startswith(".") <= pattern.startswith("."):
                yield self.followed(info)

    def followed(self, info: dict[str, Any]) -> dict[str, Any]:
        """What a link leads to, under the link's name; one that leads nowhere stays a link."""
        if info["type"] == "link" or info.get("islink"):
            with suppress(FileNotFoundError):
                return {**self.files.info(info["name"]), "islink": True}
        return info

    def described(self, info: dict[str, Any]) -> RemoteFile:
        if self.address.scheme == "https" and info.get("size") is None:
            info = self.files.info(info["name"])
        path = str(info["name"])
        return RemoteFile(path, "/".join(path.split("/")[self.address.fixed :]), info.get("size"), changed(info))

    def head(self, file: RemoteFile, most: int) -> bytes:
        """The first bytes of the file, so many at most; the rest is not waited for."""
        if self.address.scheme not in ("ftp", "ftps"):
            with self.files.open(file.path, "rb") as remote:
                return bytes(remote.read(most))
        found = BytesIO()

        def each(chunk: bytes) -> None:
            if found.tell() >= most:
                raise Enough

        with suppress(Enough):
            self.files.get_file(file.path, Copy(found, each))
        return found.getvalue()[:most]

    def fetch(self, file: RemoteFile, into: "Copy") -> None:
        """Copies the file. FTP sends a file in one go; reading it in parts would begin anew for each."""
        if self.address.scheme in ("ftp", "ftps"):
            self.files.get_file(file.path, into)
            return
        with self.files.open(file.path, "rb") as remote:
            if self.address.scheme == "sftp" and file.size:
                # Asks for many parts at once instead of waiting for each; more than this and some servers hang up.
                remote.prefetch(file.size, 32)
            while chunk := remote.read(CHUNK):
                into.write(chunk)


class Enough(Exception):
    """As much was fetched as was wanted."""


class Copy:
    """Where a fetched file goes: each part is shown to `each` first, which may stop the fetch, then written on."""

    def __init__(self, file: IO[bytes], each: Callable[[bytes], None]) -> None:
        self.file = file
        self.each = each

    def write(self, chunk: bytes) -> int:
        self.each(chunk)
        return self.file.write(chunk)

    def read(self, size: int = -1) -> bytes:
        return self.file.read(size)

    def tell(self) -> int:
        return self.file.tell()

    def close(self) -> None:
        """Whoever made the file closes it."""


def changed(info: dict[str, Any]) -> str:
    """When the file last changed, as text that sorts by time where the server tells the time at all."""
    for name in ("mtime", "LastModified", "modify", "last_modified", "ETag"):
        value = info.get(name)
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat()
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC).isoformat()
        if value:
            return str(value)[:64]
    return ""


@contextmanager
def opened(
    settings: dict[str, Any], *, seconds: float | None = None, secret: Container[Path] = frozenset()
) -> Iterator[Place]:
    """The place a source's `files` settings name, connected. Secrets are read now and forgotten afterwards.

    seconds: that any one step, and listing the files, may take; without it there is time, for a worker. secret: files
    that are none of calls (`balie.worker.ours.secret_files`).
    """
    address = Address.parse(str(settings.get("url") or ""))
    until = time.monotonic() + seconds if seconds else None
    files = connect(address, settings, seconds)
    try:
        yield Place(files, address, until, secret)
    finally:
        close = getattr(files, "close", None)
        if close:
            with suppress(OSError, EOFError):
                close()


def connect(address: Address, settings: dict[str, Any], seconds: float | None = None) -> Any:
    """fsspec's file system for this address, with a time limit on whatever it does."""
    password = secret(settings, "password")
    if address.scheme == "file":
        return fsspec.filesystem("file", skip_instance_cache=True)
    if address.scheme == "sftp":
        return known_sftp(address, settings, password, seconds)
    if address.scheme in ("ftp", "ftps"):
        is_secret, patience = address.scheme == "ftps", seconds or SILENT_SECONDS
        kind = ftp.KnownFTPS if is_secret else ftp.KnownFTP
        return kind(address.host, address.port or 21, address.user, password, timeout=patience, tls=is_secret)
    return over_the_web(address, password, seconds)


def known_sftp(
    address: Address, settings: dict[str, Any], password: str, seconds: float | None = None
) -> sftp.KnownSFTP:
    key = secret(settings, "key")
    expected = settings.get("host_key")
    return sftp.KnownSFTP(
        address.host,
        expected=sftp.host_key(str(expected)) if expected else None,
        seconds=seconds,
        port=address.port or 22,
        username=address.user or None,
        password=password or None,
        pkey=sftp.private_key(key) if key else None,
    )


def over_the_web(address: Address, password: str, seconds: float | None = None) -> Any:
    """https and s3, whose packages are installed by those who need them."""
    connect, silent = seconds or 15, seconds or SILENT_SECONDS
    try:
        if address.scheme == "https":
            aiohttp = import_module("aiohttp")
            limits = {"timeout": aiohttp.ClientTimeout(total=None, sock_connect=connect, sock_read=silent)}
            headers = {"Authorization": f"Bearer {password}"} if password else {}
            return fsspec.filesystem("https", client_kwargs=limits, headers=headers, skip_instance_cache=True)
        limits = {"connect_timeout": connect, "read_timeout": silent}
        return fsspec.filesystem("s3", config_kwargs=limits, skip_instance_cache=True)
    except ImportError as problem:
        said = _(
            "%(scheme)s:// needs the Python package %(package)s, which is not installed"
            " (pip install 'balie[%(scheme)s]')."
        )
        said %= {"scheme": address.scheme, "package": NEEDS[address.scheme]}
        raise Refused("package_missing", said, "files.url") from problem


def secret(settings: dict[str, Any], name: str) -> str:
    """A password or key named in the settings; Refused says which setting when it cannot be read."""
    return read_secret(settings[name]) if settings.get(name) else ""


def outside_errors() -> tuple[type[BaseException], ...]:
    """What servers, disks and networks do to us; nothing in it is a bug of ours."""
    found: list[type[BaseException]] = [Refused, OSError, EOFError, ftplib.Error, paramiko.SSHException]
    for module, name in (("aiohttp", "ClientError"), ("botocore.exceptions", "BotoCoreError")):
        if module in sys.modules:
            found.append(getattr(sys.modules[module], name))
    return tuple(found)


def words(problem: BaseException) -> str:
    """A problem from outside in one line that a manager can act on."""
    if isinstance(problem, Refused):
        return told(problem.message)
    said = str(problem)
    if isinstance(problem, FileNotFoundError) and problem.__cause__:
        # To fsspec a web server that refuses is a file that is not there; the reason stands behind it.
        said = f"{problem}: {problem.__cause__}"
    detail = " ".join(said.split())[:300]
    text = next((str(text) for kind, text in PLAIN if isinstance(problem, kind)), type(problem).__name__)
    return f"{text} ({detail})." if detail else f"{text}."


PLAIN: tuple[tuple[type[BaseException], str | Promise], ...] = (
    (paramiko.AuthenticationException, gettext_lazy("The server does not accept this user, key or password")),
    (paramiko.ssh_exception.NoValidConnectionsError, gettext_lazy("Nothing answers at that address")),
    (socket.gaierror, gettext_lazy("There is no server of that name")),
    (TimeoutError, gettext_lazy("The server did not answer in time")),
    (ssl.SSLCertVerificationError, gettext_lazy("The server's certificate cannot be trusted")),
    (ConnectionRefusedError, gettext_lazy("Nothing answers at that address")),
    (FileNotFoundError, gettext_lazy("There is no such file or folder")),
    (PermissionError, gettext_lazy("It may not be read")),
    (NotADirectoryError, gettext_lazy("That is not a folder")),
    (EOFError, gettext_lazy("The server hung up")),
    (ConnectionError, gettext_lazy("The server hung up")),
    (ftplib.Error, gettext_lazy("The server answers")),
    (paramiko.SSHException, gettext_lazy("No SFTP with this server")),
)
