"""Work in another process: a function and its arguments go out by a pipe, its answer comes back.

Plain processes instead of `multiprocessing`, which runs the user's own script once more in every
process that it starts. A process ends when its pipe closes, so none is left behind.
"""

import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import duckdb

from analysis import cycles
from analysis.progress import hush
from analysis.refusal import SourceError

T = TypeVar("T")
Aside = Callable[..., Future[Any]]  # a function and its arguments
_DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"  # Ctrl-C is for the parent
_WORKER = "from analysis.elsewhere import work; work()"


def engine() -> duckdb.DuckDBPyConnection:
    """A DuckDB engine that takes half of the cores, for work beside that of another process.

    With all of them in both, the threads of one wait for those of the other.
    """
    return duckdb.connect(config={"threads": max(1, (os.cpu_count() or 1) // 2)})


@contextmanager
def started(first: str = "sys") -> Iterator[subprocess.Popen]:
    """Have a process that `ask` can ask, once it imported the module `first`; it is gone after."""
    command = [sys.executable, "-c", f"{_DEAF}; import {first}; {_WORKER}"]
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


def here(function: Callable[..., T], *arguments: Any) -> Future[T]:
    """What `aside` gives, done at once by this process."""
    done: Future[T] = Future()
    done.set_result(function(*arguments))
    return done


@contextmanager
def aside(first: str) -> Iterator[Aside]:
    """Have a process of its own that does one thing after the other while this one goes on.

    Parameters
    ----------
    first : module that the process imports before anything is asked

    Yields
    ------
    function that asks: of a function and its arguments it gives the answer to be, as `here`
    """
    with started(first) as process, ThreadPoolExecutor(1) as thread:
        try:
            yield lambda function, *arguments: thread.submit(ask, process, function, *arguments)
        finally:
            process.kill()  # else an error here would wait for an answer that nobody reads


def work() -> None:
    """Answer what is asked until nothing more comes."""
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
        with cycles.unsought():
            return function(*arguments)
    except Exception as fault:
        fault.add_note("".join(traceback.format_tb(fault.__traceback__)))
        return fault
