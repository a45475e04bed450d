"""The formats of call files that can be read."""

from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

from balie.cdr import asterisk, generic
from balie.cdr.legs import Reading


class Reader(Protocol):
    """Reads one file. options: of the source. tail_too and progress: see `balie.cdr.asterisk.read`."""

    def __call__(
        self,
        stream: BinaryIO,
        options: dict[str, Any],
        *,
        tail_too: Callable[[str], bool],
        progress: Callable[[int], None] | None = None,
    ) -> Reading: ...


def read_asterisk(
    stream: BinaryIO,
    options: dict[str, Any],
    *,
    tail_too: Callable[[str], bool],
    progress: Callable[[int], None] | None = None,
) -> Reading:
    """Asterisk tells everything itself: it needs no options."""
    return asterisk.read(stream, tail_too=tail_too, progress=progress)


READERS: dict[str, Reader] = {"asterisk": read_asterisk, "generic": generic.read}
