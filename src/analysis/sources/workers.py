"""Reading in other processes: batches go out through a pipe, tables come back, in the same order.

Plain processes instead of `multiprocessing`, which runs the user's own script once more in every
process that it starts. A process ends when its pipe closes, so none is left behind.
"""

import pickle
import queue
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress

import pyarrow as pa

from analysis.refusal import SourceError
from analysis.sources import notices

_WORKER = "from analysis.sources.workers import work; work()"


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
            idle.put(open_.enter_context(_started()))
        waiting: deque = deque()
        for batch in batches:
            waiting.append(threads.submit(_asked, idle, batch, delivery))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def work() -> None:
    """Read the batches that come in until no more come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which stops us
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    # No more batches, or no more parent, perhaps in the middle of one.
    with suppress(EOFError, BrokenPipeError, pickle.UnpicklingError):
        while True:
            batch, delivery = pickle.load(sys.stdin.buffer)
            pickle.dump(notices.tables(batch, delivery), answers, protocol=5)
            answers.flush()


@contextmanager
def _started() -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-c", _WORKER]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # what was not yet sent has nowhere to go
                pipe.close()  # type: ignore[union-attr]


def _asked(idle: queue.SimpleQueue, batch: list, delivery: str) -> dict[str, pa.Table]:
    process = idle.get()
    try:
        # In one piece: after each piece this thread waits for its turn beside the others.
        process.stdin.write(pickle.dumps((batch, delivery), protocol=5))
        process.stdin.flush()
        return pickle.load(process.stdout)
    except (OSError, EOFError, pickle.UnpicklingError) as fault:
        raise SourceError(
            "reading notices",
            found="a reading process that was stopped from outside",
            expected="room for two processes of 200 MB each",
            do="close other programs and run the command again; nothing was changed",
        ) from fault
    finally:
        idle.put(process)
