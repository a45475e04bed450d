"""SFTP servers for tests: one in this process that can misbehave, and a real sshd where the machine has one."""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_SUCCEEDED

from tests.ports import free_port

SSHD = shutil.which("sshd", path=f"{os.defpath}:/usr/sbin")
SSH_KEYGEN = shutil.which("ssh-keygen")


@dataclass
class Server:
    """A running server: where it listens, what is known of it. `before` runs before each file operation."""

    folder: Path
    port: int
    host_key: str
    user: str
    key: Path
    before: Callable[[str, str], None] = field(default=lambda deed, path: None)

    def url(self, pattern: str = "Master*.csv") -> str:
        return f"sftp://{self.user}@127.0.0.1:{self.port}{self.folder}/{pattern}"


def new_key(path: Path) -> paramiko.PKey:
    """An Ed25519 key pair on disk as ssh-keygen leaves it."""
    assert SSH_KEYGEN
    subprocess.run([SSH_KEYGEN, "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return paramiko.Ed25519Key.from_private_key_file(str(path))


class Door(paramiko.ServerInterface):
    """Lets in whoever has the key, or the password `open sesame`."""

    def __init__(self, key: paramiko.PKey) -> None:
        self.key = key

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return AUTH_SUCCESSFUL if key == self.key else AUTH_FAILED

    def check_auth_password(self, username: str, password: str) -> int:
        return AUTH_SUCCESSFUL if password == "open sesame" else AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:
        return "publickey,password"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return OPEN_SUCCEEDED


class Shelf(paramiko.SFTPServerInterface):
    """The files of this machine, read only."""

    def __init__(self, server: paramiko.ServerInterface, owner: Server) -> None:
        super().__init__(server)
        self.owner = owner

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
        self.owner.before("list", path)
        try:
            entries = sorted(Path(path).iterdir())
            return [paramiko.SFTPAttributes.from_stat(entry.lstat(), entry.name) for entry in entries]
        except OSError as problem:
            return paramiko.SFTPServer.convert_errno(problem.errno or 0)

    def stat(self, path: str) -> paramiko.SFTPAttributes | int:
        try:
            return paramiko.SFTPAttributes.from_stat(Path(path).stat())
        except OSError as problem:
            return paramiko.SFTPServer.convert_errno(problem.errno or 0)

    lstat = stat

    def open(self, path: str, flags: int, attr: paramiko.SFTPAttributes) -> paramiko.SFTPHandle | int:
        try:
            self.owner.before("open", path)
            handle = Handle(flags, self.owner, path)
        except OSError as problem:
            return paramiko.SFTPServer.convert_errno(problem.errno or 0)
        return handle


class Handle(paramiko.SFTPHandle):
    """An open file of a Shelf."""

    def __init__(self, flags: int, owner: Server, path: str) -> None:
        super().__init__(flags)
        self.owner, self.path = owner, path
        self.readfile = Path(path).open("rb")  # noqa: SIM115  # closed by paramiko with the handle

    def read(self, offset: int, length: int) -> bytes | int:
        self.owner.before("read", self.path)
        return super().read(offset, length)

    def stat(self) -> paramiko.SFTPAttributes:
        return paramiko.SFTPAttributes.from_stat(Path(self.path).stat())


@contextmanager
def inside(folder: Path, keys: Path) -> Iterator[Server]:
    """A server in a thread of this process."""
    host, own = new_key(keys / "host"), new_key(keys / "own")
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = Server(folder, port, f"{host.get_name()} {host.get_base64()}", "balie", keys / "own")
    transports: list[paramiko.Transport] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transports.append(transport)
            transport.add_server_key(host)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, Shelf, server)
            transport.start_server(event=threading.Event(), server=Door(own))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
        for transport in transports:
            transport.close()


@contextmanager
def outside(folder: Path, keys: Path) -> Iterator[Server]:
    """A real sshd, as this user."""
    assert SSHD
    host, own = new_key(keys / "host"), new_key(keys / "own")
    (keys / "authorized").write_text(f"{own.get_name()} {own.get_base64()}\n")
    port = free_port()
    config = keys / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {keys}/host\nPidFile none\nStrictModes no\nUsePAM no\n"
        f"AuthorizedKeysFile {keys}/authorized\nPasswordAuthentication no\nSubsystem sftp internal-sftp\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    process = subprocess.Popen([SSHD, "-D", "-f", config, "-E", keys / "log"])
    try:
        wait_for(port)
        user = os.environ.get("USER") or ("root" if os.geteuid() == 0 else os.getlogin())
        yield Server(folder, port, f"{host.get_name()} {host.get_base64()}", user, keys / "own")
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nothing listens on {port}")
