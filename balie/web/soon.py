"""Work that waits for somebody else's server, within a time that a person waits for a page."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

from django.utils.translation import get_language, override

T = TypeVar("T")


class TooSlow(Exception):
    """It took longer. What was begun ends by its own limits, and nobody hears of it."""


def within(seconds: float, work: Callable[[], T]) -> T:
    """What `work` gives or raises, in the language of this request. Raises TooSlow after so many seconds.

    It runs in a thread of its own, which cannot be stopped: so it must end by itself some time, and touch no database.
    """
    done: Future[T] = Future()
    language = get_language() or "en"

    def run() -> None:
        try:
            with override(language):
                done.set_result(work())
        except BaseException as problem:  # noqa: BLE001 -- raised again where somebody waits for it
            done.set_exception(problem)

    threading.Thread(target=run, daemon=True, name="soon").start()
    # Looked at first: what `work` raises may be a time-out of its own.
    if not wait([done], timeout=seconds).done:
        raise TooSlow
    return done.result()
