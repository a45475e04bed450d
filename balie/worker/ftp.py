"""FTP, plain or over TLS, as servers speak it: fsspec's file system with what real ones need beside.

MLSD, a listing made for programs, is not known everywhere (vsftpd, IIS). LIST is made for people: as `ls -l` writes it,
or as the command line of Windows does. Its times are on the server's clock, of which nobody knows the zone: they
are read as if it were UTC, and told without one.
"""

import ftplib
import re
import socket
import ssl
from calendar import isleap
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from fsspec.implementations.ftp import FTPFileSystem

UNIX = re.compile(r"([-dl])\S{9,10} +\d+ +(?:\S+ +){1,2}(\d+) +(\S+ +\S+ +\S+) (.+)")  # some leave the group out
WINDOWS = re.compile(r"(\d\d-\d\d-\d\d(?:\d\d)? +\d\d:\d\d[AP]M) +(<DIR>|\d+) +(.+)")
# Of the last half year with the time, of before with the year. A year, any leap year: strptime knows 29 February by it.
UNIX_TIMES = (("%Y %b %d %H:%M", "2000 "), ("%b %d %Y", ""))
LEAP = (2, 29)
WINDOWS_TIMES = ("%m-%d-%y %I:%M%p", "%m-%d-%Y %I:%M%p")


class KnownFTP(FTPFileSystem):
    """Lists folders of servers without MLSD too, and says when a folder is not there."""

    def ls(self, path: str, detail: bool = True, **_more: Any) -> list[Any]:
        folder = self._strip_protocol(path)
        if folder not in self.dircache:
            self.dircache[folder] = list(self.entries(folder))
        found = self.dircache[folder]
        return found if detail else sorted(entry["name"] for entry in found)

    def entries(self, folder: str) -> Iterator[dict[str, Any]]:
        """Raises FileNotFoundError, caused by what the server answered."""
        try:
            self.ftp.cwd(folder)  # of a folder that is not there, LIST may show nothing instead of saying so
            found = self.listed()
        except ftplib.error_perm as answer:
            raise FileNotFoundError(folder) from answer
        for entry in found:
            yield {**entry, "name": f"{folder.rstrip('/')}/{entry['name']}"}

    def listed(self) -> list[dict[str, Any]]:
        """What the folder has in which we are."""
        try:
            return list(machine_entries(self.ftp.mlsd()))
        except ftplib.error_perm:
            lines: list[str] = []
            self.ftp.dir(lines.append)
            return list(listing(lines, datetime.now(UTC)))


class OneSession(ftplib.FTP_TLS):
    """Files come in the TLS session of the commands: servers that expect so, as they come (vsftpd, ProFTPD, FileZilla),
    keep somebody else from fetching a file in our place (RFC 4217, 10.2). Python's client begins a new one for each.
    """

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        plain, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        assert isinstance(self.sock, ssl.SSLSocket)  # since the login
        try:
            return self.context.wrap_socket(plain, server_hostname=self.host, session=self.sock.session), size
        except BaseException:
            plain.close()
            raise


class KnownFTPS(KnownFTP):
    """Over TLS, only with a server whose certificate is good: Python's client would take any. tls=True: files too."""

    def _connect(self) -> None:
        self.ftp = OneSession(timeout=self.timeout, encoding=self.encoding, context=ssl.create_default_context())
        self.ftp.connect(self.host, self.port)
        self.ftp.login(*self.cred)


def machine_entries(found: Iterable[tuple[str, dict[str, str]]]) -> Iterator[dict[str, Any]]:
    """What MLSD shows, without the folder itself and the one above. A link is fetched as the file it most likely is."""
    for name, facts in found:
        kind = facts.get("type", "").lower()
        if kind == "dir":
            yield {"name": name, "type": "directory", "size": None, "modify": facts.get("modify", "")}
        elif kind == "file" or kind.startswith("os.unix=s"):
            size = facts.get("size", "")
            yield {
                "name": name, "type": "file", "size": int(size) if size.isdigit() else None,
                "modify": facts.get("modify", ""),
            }  # fmt: skip


def listing(lines: Iterable[str], now: datetime) -> Iterator[dict[str, Any]]:
    """The entries that LIST shows. What is no entry, such as a first line with the sum, is left out."""
    for line in lines:
        entry = unix_entry(line, now) or windows_entry(line)
        if entry and entry["name"] not in (".", ".."):
            yield entry


def unix_entry(line: str, now: datetime) -> dict[str, Any] | None:
    found = UNIX.fullmatch(line.rstrip("\r"))
    if not found:
        return None
    kind, size, written, name = found.groups()
    if kind == "l":  # as above: a file most likely
        name = name.partition(" -> ")[0]
    about = {"type": "directory" if kind == "d" else "file", "size": None if kind == "l" else int(size)}
    return {"name": name, **about, "modify": unix_time(written, now)}


def unix_time(written: str, now: datetime) -> str:
    """As 2026-11-30 23:59, or only the day; as it is written where it says neither. now: any zone."""
    for form, before in UNIX_TIMES:
        try:
            found = datetime.strptime(before + written, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        if not before:
            return f"{found:%Y-%m-%d}"
        return f"{in_its_year(found, now):%Y-%m-%d %H:%M}"
    return written


def in_its_year(found: datetime, now: datetime) -> datetime:
    """In the newest year in which it is not to come, but for the hours that zones are apart."""
    years = [
        year for year in (now.year + 1, now.year, now.year - 1) if isleap(year) or (found.month, found.day) != LEAP
    ]
    usual = (found.replace(year=year) for year in years)
    return next((one for one in usual if one <= now + timedelta(days=1)), found)


def windows_entry(line: str) -> dict[str, Any] | None:
    found = WINDOWS.fullmatch(line.rstrip("\r"))
    if not found:
        return None
    written, size, name = found.groups()
    is_file = size != "<DIR>"
    entry = {"name": name, "type": "file" if is_file else "directory", "size": int(size) if is_file else None}
    return {**entry, "modify": windows_time(" ".join(written.split()))}


def windows_time(written: str) -> str:
    for form in WINDOWS_TIMES:
        try:
            return f"{datetime.strptime(written, form).replace(tzinfo=UTC):%Y-%m-%d %H:%M}"
        except ValueError:
            continue
    return written
