"""A story of several steps, each done by processes that are killed or by several at once: each step happens once."""

import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.installation import Installation

ROOT = Path(__file__).parents[2]
SET_UP = "import sys; sys.path.insert(0, sys.argv[1]); import django; django.setup()\n"
AT_ONCE = 4


@dataclass(frozen=True)
class Story:
    """begin: what each process imports; make: what there is at first. Each step: its code, where its process dies, what
    is kept then (in the words of `kept`), and what is kept once it is done."""

    begin: str
    make: str
    steps: list[tuple[str, str, str, str]]
    kept: Callable[[Installation], str]

    def start(self, installation: Installation, code: str, **more: str) -> subprocess.Popen[str]:
        return installation.code(SET_UP + self.begin + code, str(ROOT), **more)

    def killed_in_the_middle(self, installation: Installation) -> None:
        """A step that was killed has not happened; done again, and once more, it happens once."""
        assert self.start(installation, self.make).wait(120) == 0
        for code, point, before, after in self.steps:
            assert self.start(installation, code, BALIE_FAULT=point).wait(120) == -signal.SIGKILL
            assert self.kept(installation) == before
            for _again in (1, 2):
                assert self.start(installation, code).wait(120) == 0
                assert self.kept(installation) == after

    def done_by_several(self, installation: Installation) -> None:
        """Several processes do a step at once; none fails, and it happens once."""
        assert self.start(installation, self.make).wait(120) == 0
        for code, _point, _before, after in self.steps:
            running = [self.start(installation, code) for _ in range(AT_ONCE)]
            assert [one.wait(120) for one in running] == [0] * AT_ONCE
            assert self.kept(installation) == after
