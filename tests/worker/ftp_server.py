"""An FTP server for tests, as real ones are: with or without MLSD, over TLS, picky about sessions. In threads."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

USER, PASSWORD = "linde", "open sesame"


@dataclass
class Ways:
    """What it is like. secured: lets people in over TLS only, and files go so too. one_session: files in the session of
    the commands only. listing: mlsd, unix (LIST as `ls -l`; nothing of a folder that is not there) or windows.
    """

    secured: ssl.SSLContext | None = None
    one_session: bool = True
    listing: str = "mlsd"
    greeting: str = "220 ready"


@dataclass
class FtpServer:
    folder: Path
    ways: Ways
    port: int = 0
    said: list[str] = field(default_factory=list)  # commands without what follows them

    def url(self, pattern: str = "Master*.csv") -> str:
        scheme = "ftps" if self.ways.secured else "ftp"
        return f"{scheme}://{USER}@localhost:{self.port}{self.folder}/{pattern}"


class Talk(socketserver.BaseRequestHandler):
    """One line of commands."""

    owner: FtpServer

    def handle(self) -> None:
        self.line: Any = self.request
        self.name, self.waits, self.is_in, self.is_private = "", None, False, False
        self.folder = Path("/")
        self.door: socket.socket | None = None
        self.tell(self.owner.ways.greeting)
        self.words = self.line.makefile("r", encoding="utf-8", newline="\r\n")
        with suppress(OSError):
            self.follow()
        for one in (self.words, self.line, self.door):
            if one:
                one.close()

    def follow(self) -> None:
        while line := self.words.readline():
            command, _space, rest = line.rstrip("\r\n").partition(" ")
            self.owner.said.append(command)
            deed = getattr(self, f"do_{command.lower()}", None)
            if deed is None or (not self.is_in and command not in ("USER", "PASS", "AUTH", "QUIT")):
                self.tell("530 log in first" if deed else "500 unknown command")
            else:
                deed(rest)

    def tell(self, line: str) -> None:
        self.line.sendall(f"{line}\r\n".encode())

    def do_auth(self, _kind: str) -> None:
        if not self.owner.ways.secured:
            return self.tell("502 no TLS here")
        self.tell("234 go on")
        self.words.close()
        self.line = self.owner.ways.secured.wrap_socket(self.line, server_side=True)
        self.words = self.line.makefile("r", encoding="utf-8", newline="\r\n")
        return None

    def do_user(self, name: str) -> None:
        if self.owner.ways.secured and not isinstance(self.line, ssl.SSLSocket):
            return self.tell("530 TLS first")
        self.name = name
        return self.tell("331 and the password")

    def do_pass(self, password: str) -> None:
        self.is_in = (self.name, password) == (USER, PASSWORD)
        self.tell("230 welcome" if self.is_in else "530 wrong name or password")

    def do_pbsz(self, _size: str) -> None:
        self.tell("200 0")

    def do_prot(self, kind: str) -> None:
        self.is_private = kind == "P"
        self.tell("200 so be it")

    def do_type(self, _kind: str) -> None:
        self.tell("200 fine")

    def do_cwd(self, path: str) -> None:
        if not Path(path).is_dir():
            return self.tell("550 Failed to change directory.")
        self.folder = Path(path)
        return self.tell("250 there")

    def do_quit(self, _rest: str) -> None:
        self.tell("221 bye")

    def do_pasv(self, _rest: str) -> None:
        if self.door:
            self.door.close()
        self.door = socket.create_server(("127.0.0.1", 0))
        port = self.door.getsockname()[1]
        self.tell(f"227 Entering Passive Mode (127,0,0,1,{port // 256},{port % 256})")

    def do_mlsd(self, _rest: str) -> None:
        if self.owner.ways.listing != "mlsd":
            return self.tell("500 Unknown command.")
        above = ["type=cdir;modify=20261101000000; .", "type=pdir;modify=20261101000000; .."]
        return self.give("\r\n".join([*above, *(mlsd_line(path) for path in self.entries()), ""]).encode())

    def do_list(self, _rest: str) -> None:
        shown = {"unix": unix_line, "windows": windows_line}[self.owner.ways.listing]
        head = ["total 8"] if self.owner.ways.listing == "unix" else []
        self.give("\r\n".join([*head, *(shown(path) for path in self.entries()), ""]).encode())

    def do_retr(self, path: str) -> None:
        self.give(Path(path).read_bytes()) if Path(path).is_file() else self.tell("550 Failed to open file.")

    def entries(self) -> list[Path]:
        return sorted(self.folder.iterdir())

    def give(self, data: bytes) -> None:
        assert self.door
        self.tell("150 here it comes")
        with self.door, self.door.accept()[0] as plain:
            self.door.settimeout(10)
            away = self.private(plain) if self.is_private else plain
            if away is None:
                return self.tell("522 SSL connection failed: session reuse required")
            away.sendall(data)
            with suppress(OSError):
                away = away.unwrap() if isinstance(away, ssl.SSLSocket) else away
            away.close()
        return self.tell("226 that was it")

    def private(self, plain: socket.socket) -> ssl.SSLSocket | None:
        assert self.owner.ways.secured
        away = self.owner.ways.secured.wrap_socket(plain, server_side=True)
        if self.owner.ways.one_session and not away.session_reused:
            away.close()
            return None
        return away


def changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.lstat().st_mtime, UTC)


def mlsd_line(path: Path) -> str:
    size = "" if path.is_dir() else f"size={path.stat().st_size};"
    return f"type={'dir' if path.is_dir() else 'file'};{size}modify={changed(path):%Y%m%d%H%M%S}; {path.name}"


def unix_line(path: Path) -> str:
    mode = "lrwxrwxrwx" if path.is_symlink() else "drwxr-xr-x" if path.is_dir() else "-rw-r--r--"
    name = f"{path.name} -> {path.readlink()}" if path.is_symlink() else path.name
    return f"{mode}    1 1001     ftp      {path.lstat().st_size:>8} {changed(path):%b %d %H:%M} {name}"


def windows_line(path: Path) -> str:
    size = "<DIR>         " if path.is_dir() else f"{path.stat().st_size:>14}"
    return f"{changed(path):%m-%d-%y  %I:%M%p}       {size} {path.name}"


class Threads(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def ftp_server(folder: Path, **ways: Any) -> Iterator[FtpServer]:
    """At a free port of this machine."""
    made = FtpServer(folder, Ways(**ways))
    server = Threads(("127.0.0.1", 0), type("Owned", (Talk,), {"owner": made}))
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
