"""Where the demo lives: a BALIE_HOME of its own, so that it never touches a real installation.

Pure Python, since it is asked before the settings are read.
"""

import os
import shutil
from pathlib import Path

MARK = "demo.json"
# What would lead to a real installation's data.
FOREIGN = ("BALIE_DATABASE_URL", "BALIE_FILES_URL", "BALIE_SECRET_KEY")


def demo_home() -> Path:
    """`demo` below BALIE_HOME where that is set, else ~/.local/share/balie-demo."""
    given = os.environ.get("BALIE_HOME")
    home = Path(given) / "demo" if given else Path.home() / ".local/share/balie-demo"
    return home.expanduser().absolute()


def move_in() -> None:
    """Makes the demo's home this process's BALIE_HOME, and that of the processes it starts."""
    os.environ["BALIE_HOME"] = str(demo_home())
    for name in FOREIGN:
        os.environ.pop(name, None)


def clear(home: Path) -> None:
    """Throws the demo away. Nothing happens to a folder that is no demo's."""
    if (home / MARK).is_file():
        shutil.rmtree(home)
