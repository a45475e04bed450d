"""A private Asterisk: everything on loopback, all its files in one folder, and its manager interface."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONFIGURATION = Path(__file__).resolve().parent / "etc"
FOLDERS = ("lib", "db", "spool", "run", "log/cdr-csv", "log/cdr-custom", "etc")
MANAGER = ("127.0.0.1", 15039)


class Manager:
    """Asterisk's manager interface (AMI)."""

    def __init__(self) -> None:
        self.socket = socket.create_connection(MANAGER)
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

    def channels(self) -> list[str]:
        lines = self.act(Action="Command", Command="core show channels concise")
        return [line.split(": ", 1)[-1].split("!")[0] for line in lines if "!" in line]


class Server:
    """An Asterisk that runs in `work`."""

    def __init__(self, work: Path) -> None:
        self.work, self.manager = work, Manager()

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
    """Start Asterisk in a folder, with its times in UTC, and stop it in the end."""
    for folder in FOLDERS:
        (work / folder).mkdir(parents=True, exist_ok=True)
    for file in CONFIGURATION.iterdir():
        (work / "etc" / file.name).write_text(file.read_text().replace("@DIR@", str(work)))
    command = ["asterisk", "-C", str(work / "etc/asterisk.conf")]
    surroundings = {**os.environ, "TZ": "UTC"}
    with (work / "console").open("wb") as console:
        process = subprocess.Popen(
            [*command, "-f", "-n"], stdout=console, stderr=console, stdin=subprocess.DEVNULL, env=surroundings
        )
    try:
        booted(command)
        yield Server(work)
    finally:
        process.terminate()
        process.wait(20)


def booted(command: list[str]) -> None:
    """Wait until Asterisk says that it is up; RuntimeError when it never does."""
    for _ in range(100):
        done = subprocess.run([*command, "-rx", "core waitfullybooted"], capture_output=True, check=False)
        if b"fully booted" in done.stdout:
            return
        time.sleep(0.2)
    raise RuntimeError("Asterisk does not start, see the file console in its folder")
