"""Imports what commands and pages use once, so that Python keeps what it compiles of it.

    python -m tools.warm

Part of `make setup`, also where PYTHONDONTWRITEBYTECODE is set: a command then starts in a third of the time. Compiling
every file that the packages bring takes five times as long, and most of them are never imported.
"""

import compileall
import importlib
import os
import sys
from pathlib import Path

NOWHERE = {"BALIE_SECRET_KEY": "none", "BALIE_DATABASE_URL": "sqlite:///:memory:"}
# What no command imports before it runs.
LATER = ("balie.config.urls", "balie.config.wsgi", "balie.demo.actions", "balie.worker.jobs", "paramiko", "xlsxwriter")


def main() -> None:
    os.environ.update(NOWHERE, DJANGO_SETTINGS_MODULE="balie.config.settings")
    sys.dont_write_bytecode = False
    import django

    django.setup()
    from balie.cli.main import COMMANDS

    for name in dict.fromkeys([*(place.partition(":")[0] for place in COMMANDS.values()), *LATER]):
        importlib.import_module(name)
    compileall.compile_dir(Path(__file__).parent.parent / "balie", quiet=1)


if __name__ == "__main__":
    main()
