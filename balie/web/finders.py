"""Where Django finds Bootstrap's files: in the wheel they came in, so that none of them is copied here."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bootstrap_wrapper import get_bootstrap_dir
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

# All we serve of the wheel. No script: what pages do without JavaScript they do with it too.
FILES = ("css/bootstrap.min.css",)
PREFIX = "bootstrap"


class BootstrapFinder(BaseFinder):
    """Serves `bootstrap/css/bootstrap.min.css` from the wheel bootstrap-wrapper."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=str(get_bootstrap_dir()))
        # collectstatic asks each storage for the folder its files go into.
        self.storage.prefix = PREFIX  # type: ignore[attr-defined]

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        name = path.removeprefix(f"{PREFIX}/")
        found = str(Path(get_bootstrap_dir(), name)) if path.startswith(f"{PREFIX}/") and name in FILES else None
        if find_all:
            return [found] if found else []
        return found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        for name in FILES:
            yield name, self.storage
