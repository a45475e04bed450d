"""What the nursery starts does not outlive who asked for it: a killed test run leaves nothing behind that works."""

import os
import signal
import subprocess
import sys
import time

ASKS = """
import os, subprocess, sys, time
from tests.nursery import Nursling

sleeps = ["-c", "import time; time.sleep(600)"]
child = Nursling(sleeps, env=dict(os.environ), stdin=subprocess.DEVNULL, start_new_session=sys.argv[1] == "session")
print(child.pid, flush=True)
time.sleep(600)
"""


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_child_ends_with_who_asked_for_it() -> None:
    asking = [
        subprocess.Popen([sys.executable, "-c", ASKS, kind], stdout=subprocess.PIPE, text=True)
        for kind in ("plain", "session")
    ]
    for one in asking:
        assert one.stdout
        child = int(one.stdout.readline())
        assert runs(child)
        one.send_signal(signal.SIGKILL)
        one.communicate()
        end = time.monotonic() + 20
        while runs(child) and time.monotonic() < end:
            time.sleep(0.05)
        assert not runs(child)
