"""Starts the command `balie` without waiting for libraries: children of a process that has imported those already.

A child is forked before anything of Balie and its settings is read, and goes on as the console script does; to a test
it is a `Popen` like any other. What a command costs to start is Python and libraries for two thirds.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

LIBRARIES = (
    "asgiref.local", "babel", "click", "cryptography.fernet", "csp", "dateutil.parser", "django.core.handlers.wsgi",
    "django.core.management", "django.core.serializers.json", "django.db.models", "django.forms", "django.template",
    "django.utils.translation.trans_real", "email.message", "fsspec", "holidays", "importlib.metadata", "paramiko",
    "phonenumbers", "polars", "psycopg", "sqlite3", "ssl", "sqlparse", "typst", "zoneinfo",
)  # fmt: skip
MOST = 1 << 20
STATUS = struct.Struct("i")


class Nursling(subprocess.Popen[str]):
    """A command as a child of the nursery."""

    def _execute_child(self, args: Any, executable: Any, preexec_fn: Any, close_fds: Any, pass_fds: Any,
                       cwd: Any, env: Any, startupinfo: Any, creationflags: Any, shell: Any,
                       p2cread: int, p2cwrite: int, c2pread: int, c2pwrite: int, errread: int, errwrite: int,
                       restore_signals: Any, gid: Any, gids: Any, uid: Any, umask: Any, start_new_session: bool,
                       process_group: Any) -> None:  # fmt: skip
        """What Popen does to fork, done by the nursery."""
        ended, says = os.pipe()
        said = {
            "args": [str(one) for one in args],
            "cwd": str(cwd or Path.cwd()),
            "env": env,
            "session": start_new_session,
        }
        files = [own if mine == -1 else mine for own, mine in enumerate((p2cread, c2pwrite, errwrite))]
        self.pid = nursery().start(said, [*files, says])
        os.close(says)
        self.ended = ended
        for mine in {p2cread, c2pwrite, errwrite} - {-1}:
            os.close(mine)
        self._child_created = True

    def _try_wait(self, wait_flags: int) -> tuple[int, int]:
        """As waitpid, whose answer the nursery gives."""
        if wait_flags & os.WNOHANG and not select.select([self.ended], [], [], 0)[0]:
            return 0, 0
        told = os.read(self.ended, STATUS.size)
        if not told:
            raise AssertionError("the nursery ended before its child")
        os.close(self.ended)
        return self.pid, STATUS.unpack(told)[0]

    def _internal_poll(self, _deadstate: int | None = None) -> int | None:
        """What poll asks; of its own it would ask the system, whose child this is not."""
        if self.returncode is None:
            pid, status = self._try_wait(os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode


class Nursery:
    """The process that forks, and the line to it."""

    def __init__(self) -> None:
        self.line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BALIE_", "DJANGO_"))}
        self.owner = os.getpid()
        command = [sys.executable, "-P", __file__, str(theirs.fileno())]
        self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=kept)
        theirs.close()
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST)

    def start(self, said: dict[str, Any], files: list[int]) -> int:
        """Forks a child with these as its input, output, errors, and where its end is told; its process id."""
        socket.send_fds(self.line, [json.dumps(said).encode()], files)
        return int(self.line.recv(32))

    def end(self) -> None:
        self.line.close()
        self.process.wait()


_nursery: list[Nursery] = []


def nursery() -> Nursery:
    """That of this process."""
    if not _nursery or _nursery[0].owner != os.getpid():
        _nursery[:] = [Nursery()]
        atexit.register(_nursery[0].end)
    return _nursery[0]


def serve(line: socket.socket) -> None:
    """Forks on demand, and tells of each child how it ended, until nobody asks any more."""
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.freeze()
    watched: dict[int, tuple[int, int]] = {}  # pidfd: process id, where to tell
    while True:
        ready, _, _ = select.select([line.fileno(), *watched], [], [])
        for one in ready:
            if one != line.fileno():
                pid, tell = watched.pop(one)
                told(tell, os.waitpid(pid, 0)[1])
                os.close(one)
                continue
            said, files, _flags, _address = socket.recv_fds(line, MOST, 4)
            if not said:
                end_all([pid for pid, _tell in watched.values()])
                return
            pid = os.fork()
            if pid == 0:
                for other, (_pid, tell) in watched.items():
                    os.close(other)
                    os.close(tell)
                line.close()
                become(json.loads(said), files)
            for file in files[:3]:
                os.close(file)
            watched[os.pidfd_open(pid)] = pid, files[3]
            line.send(str(pid).encode())


def end_all(pids: list[int]) -> None:
    """Kills children and all in the sessions of their own: whoever asked for them is gone, killed perhaps."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if os.getpgid(pid) == pid else os.kill)(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def told(where: int, status: int) -> None:
    with contextlib.suppress(BrokenPipeError):  # nobody waits for it any more
        os.write(where, STATUS.pack(status))
    os.close(where)


def become(said: dict[str, Any], files: list[int]) -> None:
    """The child: does what the console script does, to its end; or as `python -c` these lines."""
    if said["session"]:
        os.setsid()
    for place, file in enumerate(files[:3]):
        os.dup2(file, place)
    for file in files:
        os.close(file)
    os.chdir(said["cwd"])
    os.environ.clear()
    os.environ.update(said["env"])
    sys.argv = said["args"]
    if sys.argv[0] == "-c":
        exec(compile(sys.argv.pop(1), "<string>", "exec"), {"__name__": "__main__"})
        sys.exit()
    from balie.cli.main import main

    main()
    sys.exit()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
