"""Prints many documents: a few here, more in processes of their own, one a processor.

Threads were measured too: typst sets two documents at once in the time of two, processes in the time of one.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import chain, islice
from multiprocessing.connection import wait as wait_for_end
from typing import Generic, NamedTuple, TypeVar

from balie.statements.paper.press import Printed, printed

ALONE = 12  # so many are printed before starting processes would pay
LOOK_UP_SECONDS = 1.0
Key = TypeVar("Key")


class Order(NamedTuple, Generic[Key]):
    """A document to print; `about` comes back with it."""

    about: Key
    template: str
    data: str


def print_all(orders: Iterable[Order[Key]], keep: Callable[[], None]) -> Iterator[tuple[Key, Printed]]:
    """Each document once it is printed, in any order. `keep` is called at least every second or two while waiting.

    Orders are taken one by one as they are needed: thousands never lie in memory together.
    """
    waiting = iter(orders)
    first = list(islice(waiting, ALONE))
    if len(first) < ALONE or processors() == 1:
        for order in chain(first, waiting):
            yield order.about, printed(order.template, order.data)
            keep()
        return
    yield from _in_processes(chain(first, waiting), keep)


def processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _in_processes(orders: Iterator[Order[Key]], keep: Callable[[], None]) -> Iterator[tuple[Key, Printed]]:
    width = min(processors(), 8)
    # Spawned, not forked: a child must not have this process's database connection.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(width, mp_context=fresh, initializer=_work_quietly) as pool:
        under_way: dict[Future[Printed], Key] = {}
        try:
            for order in orders:
                under_way[pool.submit(printed, order.template, order.data)] = order.about
                while len(under_way) >= 2 * width:
                    yield from _done(under_way, keep)
            while under_way:
                yield from _done(under_way, keep)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _done(under_way: dict[Future[Printed], Key], keep: Callable[[], None]) -> Iterator[tuple[Key, Printed]]:
    finished, _ = wait(under_way, timeout=LOOK_UP_SECONDS, return_when=FIRST_COMPLETED)
    keep()
    for future in finished:
        yield under_way.pop(future), future.result()


def _work_quietly() -> None:
    """One thread a process, since there is a process a processor; Ctrl-C is for the one who gives the orders."""
    os.environ["RAYON_NUM_THREADS"] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """However the process that gives the orders ends, this one does not wait for more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for_end([parent.sentinel])
        os._exit(1)
