"""Work in another process: a function and its arguments go out by a pipe, its answer comes back.

Plain processes instead of `multiprocessing`, which runs the user's own script once more in every
process that it starts. A process ends when its pipe closes, so none is left behind.
"""

import os
import pickle
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from analysis.progress import hush
from analysis.refusal import SourceError

T = TypeVar("T")
_WORKER = "from analysis.elsewhere import work; work()"


@contextmanager
def started() -> Iterator[subprocess.Popen]:
    """Have a process that `ask` can ask; it is gone after."""
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


def ask(process: subprocess.Popen, function: Callable[..., T], *arguments: Any) -> T:
    """Return `function(*arguments)`, done by the process; what it raises is raised here.

    Raises
    ------
    SourceError
        The process was stopped from outside.
    """
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        # In one piece: after each piece this thread waits for its turn beside the others.
        process.stdin.write(pickle.dumps((function, arguments), protocol=5))
        process.stdin.flush()
        answer = pickle.load(process.stdout)
    except (OSError, EOFError, pickle.UnpicklingError) as fault:
        raise SourceError(
            "work in a second process",
            found="a process that was stopped from outside",
            expected="room for two processes of 200 MB each",
            do="close other programs and run the command again; nothing was changed",
        ) from fault
    if isinstance(answer, Exception):
        raise answer
    return answer  # type: ignore[no-any-return]


@contextmanager
def asked(function: Callable[..., T], *arguments: Any) -> Iterator[Future[T]]:
    """Have a function done by a process of its own while this one goes on."""
    with started() as process, ThreadPoolExecutor(1) as thread:
        try:
            yield thread.submit(ask, process, function, *arguments)
        finally:
            process.kill()  # else an error here would wait for an answer that nobody reads


def work() -> None:
    """Answer what is asked until nothing more comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which stops us
    hush()
    # The pipe is for answers alone: what a library prints, also from C, goes to stderr.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    # No more questions, or no more parent, perhaps in the middle of one.
    with suppress(EOFError, BrokenPipeError, pickle.UnpicklingError):
        while True:
            function, arguments = pickle.load(sys.stdin.buffer)
            pickle.dump(_answer(function, arguments), answers, protocol=5)
            answers.flush()


def _answer(function: Callable[..., T], arguments: tuple) -> T | Exception:
    try:
        return function(*arguments)
    except Exception as fault:
        fault.add_note("".join(traceback.format_tb(fault.__traceback__)))
        return fault
