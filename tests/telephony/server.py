"""A private Asterisk: everything on loopback, all its files in one folder, and its manager interface."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.telephony.sip import NETWORK

CONFIGURATION = Path(__file__).resolve().parent / "etc"
FOLDERS = ("lib", "db", "spool", "run", "log/cdr-csv", "log/cdr-custom", "etc")
MANAGER_PORT = 15039
PROGRAM = shutil.which("asterisk", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin") or "asterisk"


class Manager:
    """Asterisk's manager interface (AMI)."""

    def __init__(self, network: str) -> None:
        self.socket = socket.create_connection((f"{network}.1", MANAGER_PORT))
        self.file = self.socket.makefile("rb")
        self.file.readline()
        self.act(Action="Login", Username="record", Secret="record", Events="off")

    def act(self, **fields: str) -> list[str]:
        """Send an action and return the lines of its answer; RuntimeError when Asterisk refuses it."""
        self.socket.sendall("".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode() + b"\r\n")
        lines = []
        while line := self.file.readline().decode(errors="replace").rstrip():
            lines.append(line)
        if not lines or "Error" in lines[0]:
            raise RuntimeError(f"{fields}: {lines}")
        return lines

    def close(self) -> None:
        self.file.close()
        self.socket.close()

    def channels(self) -> list[str]:
        lines = self.act(Action="Command", Command="core show channels concise")
        return [line.split(": ", 1)[-1].split("!")[0] for line in lines if "!" in line]


class Server:
    """An Asterisk that runs in `work`, at the first address of a loopback network, until it is stopped."""

    def __init__(self, work: Path, network: str = NETWORK) -> None:
        self.work, self.network = work, network
        self.command = [PROGRAM, "-C", str(work / "etc/asterisk.conf")]
        self.furnish()
        self.start()

    def furnish(self) -> None:
        """Its folders and its configuration."""
        for folder in FOLDERS:
            (self.work / folder).mkdir(parents=True, exist_ok=True)
        for file in CONFIGURATION.iterdir():
            text = file.read_text().replace("@DIR@", str(self.work)).replace(f"{NETWORK}.", f"{self.network}.")
            (self.work / "etc" / file.name).write_text(text)

    def start(self) -> None:
        """Starts Asterisk with its times in UTC and waits until it is up; RuntimeError when it never is."""
        surroundings = {**os.environ, "TZ": "UTC"}
        with (self.work / "console").open("ab") as console:
            self.process = subprocess.Popen(
                [*self.command, "-f", "-n"], stdout=console, stderr=console, stdin=subprocess.DEVNULL, env=surroundings
            )
        try:
            self.wait_until_booted()
            self.manager = Manager(self.network)
        except BaseException:
            self.process.terminate()
            raise

    def wait_until_booted(self) -> None:
        for _ in range(400):
            done = subprocess.run([*self.command, "-rx", "core waitfullybooted"], capture_output=True, check=False)
            if b"fully booted" in done.stdout:
                return
            time.sleep(0.05)
        raise RuntimeError("Asterisk does not start, see the file console in its folder")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.manager.close()
            self.process.terminate()
            self.process.wait(20)

    def log(self, kind: str) -> bytes:
        """The CDR lines so far, of `cdr-csv` or `cdr-custom`."""
        path = self.work / "log" / kind / "Master.csv"
        return path.read_bytes() if path.exists() else b""

    def settle(self) -> None:
        """Wait until Asterisk has no channel left (30 s at most) and its last lines are written."""
        for _ in range(300):
            if not self.manager.channels():
                break
            time.sleep(0.1)
        else:
            print("channels left:", self.manager.channels())
        size = -1
        while size != (size := len(self.log("cdr-csv")) + len(self.log("cdr-custom"))):
            time.sleep(0.4)


@contextmanager
def running(work: Path) -> Iterator[Server]:
    """An Asterisk in a folder, stopped in the end."""
    server = Server(work)
    try:
        yield server
    finally:
        server.stop()
