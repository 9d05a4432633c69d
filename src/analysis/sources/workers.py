"""Reading in other processes: batches go out, tables come back, in the same order."""

import queue
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pyarrow as pa

from analysis import elsewhere
from analysis.sources import notices


def read_elsewhere(
    batches: Iterable[list], delivery: str, *, processes: int
) -> Iterator[dict[str, pa.Table]]:
    """Do `notices.tables(batch, delivery)` for every batch, in so many processes at once.

    Raises
    ------
    SourceError
        A process was stopped from outside.
    """
    idle: queue.SimpleQueue = queue.SimpleQueue()
    with ExitStack() as open_:
        threads = open_.enter_context(ThreadPoolExecutor(processes))
        for _ in range(processes):
            idle.put(open_.enter_context(elsewhere.started()))
        waiting: deque = deque()
        for batch in batches:
            waiting.append(threads.submit(_asked, idle, batch, delivery))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _asked(idle: queue.SimpleQueue, batch: list, delivery: str) -> dict[str, pa.Table]:
    process = idle.get()
    try:
        return elsewhere.ask(process, notices.tables, batch, delivery)
    finally:
        idle.put(process)
