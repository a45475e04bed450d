"""How a process of ours ends: told by a signal, or with the process that started it. Needs no Django."""

import ctypes
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1


class Stop:
    """Whether the worker should stop. Set from signal handlers, where a threading.Event could lock up its waiter."""

    def __init__(self) -> None:
        self.told = False

    def set(self) -> None:
        self.told = True

    def is_set(self) -> bool:
        return self.told

    def wait(self, seconds: float) -> bool:
        """Waits so long, or until told to stop. Returns whether it was told."""
        end = time.monotonic() + seconds
        while not self.told and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))
        return self.told


def die_with_parent(parent: int, sign: signal.Signals = signal.SIGTERM) -> None:
    """Ends this process when `parent`, which started it, is gone, even by kill -9.

    Linux sends the signal at once; elsewhere a thread looks every second. Exits if it is gone already.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, sign)
    else:
        threading.Thread(target=watch_parent, args=(parent, sign), daemon=True).start()
    if os.getppid() != parent:
        sys.exit(0)


def watch_parent(parent: int, sign: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), sign)


def stop_on_signals(stop: Stop) -> None:
    """SIGTERM and SIGINT end the work at the next safe point."""
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
