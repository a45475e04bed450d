"""Named points at which a test may kill the process, to show that nothing is lost: BALIE_FAULT=name or name:3.

Outside of tests the variable is not set and the points do nothing.
"""

import os
import signal

_point, _, _count = os.environ.get("BALIE_FAULT", "").partition(":")
_left = int(_count or 1)


def fault(point: str) -> None:
    """Dies here as by kill -9, if this is the point asked for, the n-th time it is passed."""
    global _left
    if point != _point:
        return
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
