"""Replications of worlds, in parts that are kept: what was done once is not done again.

A replication has random numbers of its own, by the number of its world and its own number, so that
no figure depends on how many processes there are, or on what was done before.
"""

import io
import json
import math
import os
import platform
import queue
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager, redirect_stderr, suppress
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.progress import shown
from analysis.refusal import ReportError
from analysis.simulate.worlds.claims import Outcome, World
from analysis.store.fingerprint import fingerprint

SEED = 20160101
AT_ONCE = 20  # replications of a part
PACKAGES = ("numpy", "scipy", "pandas", "statsmodels", "scikit-learn", "duckdb")
Rows = dict[str, list[Outcome]]
_WORKER = """
from analysis.validation.run import work
from analysis.validation.worlds import WORLDS
work(WORLDS)
"""


class Part(NamedTuple):
    """Some replications of a world, and the file that keeps what they answered."""

    world: World
    start: int
    stop: int
    file: Path


def versions() -> dict[str, str]:
    """What the figures were made with."""
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def validate(
    worlds: Sequence[World], *, draws: int, kept: Path, processes: int = 1
) -> dict[str, Rows]:
    """Replicate every world `draws` times.

    Parameters
    ----------
    kept : folder for what is done; a part that stands there, made by the same code and versions,
        is not done again
    processes : 1 works in this process; more start as many, which know the worlds of the list only

    Returns
    -------
    For every world and estimator its outcomes, in the order of the replications.
    """
    parts = [part for world in worlds for part in _parts(world, draws, kept)]
    missing = [part for part in parts if not part.file.exists()]
    with shown("Validating", sum(part.stop - part.start for part in missing)) as advance:
        if processes == 1:
            for part in missing:
                do(part)
                advance(part.stop - part.start)
        else:
            _do_elsewhere(missing, processes, advance)
    return {world.id: _joined(part for part in parts if part.world is world) for world in worlds}


def do(part: Part) -> None:
    """Replicate, and keep the answers: the file is there whole or not at all."""
    rows: Rows = {}
    for number in range(part.start, part.stop):
        for name, outcome in part.world.replicate(random_of(part.world, number)).items():
            rows.setdefault(name, []).append(outcome)
    part.file.parent.mkdir(parents=True, exist_ok=True)
    half = part.file.with_suffix(f".{os.getpid()}")
    half.write_text(json.dumps({name: _plain(rows[name]) for name in rows}), encoding="utf-8")
    half.replace(part.file)


def random_of(world: World, number: int) -> np.random.Generator:
    """Random numbers of one replication: SeedSequence(20160101).spawn, of the world, then of it."""
    key = (int(world.id.removeprefix("W")), number)
    return np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=key))


def work(worlds: dict[str, World]) -> None:
    """Do the parts that come in, a line each, until no more come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which stops us
    for line in sys.stdin:
        name, start, stop, file = json.loads(line)
        with redirect_stderr(io.StringIO()):  # what a step says of its own progress
            do(Part(worlds[name], start, stop, Path(file)))
        print("done", flush=True)


def _parts(world: World, draws: int, kept: Path) -> list[Part]:
    code = [fingerprint(module) for module in (world.replicate.__module__, __name__)]
    made_by = "-".join([*code, *versions().values()])
    folder = kept / world.id / made_by
    starts = range(0, draws, AT_ONCE)
    return [
        Part(world, start, stop, folder / f"{start:05d}-{stop:05d}.json")
        for start, stop in ((start, min(start + AT_ONCE, draws)) for start in starts)
    ]


def _plain(outcomes: Iterable[Outcome]) -> list[list[float | None]]:
    return [[value if math.isfinite(value) else None for value in row] for row in outcomes]


def _joined(parts: Iterable[Part]) -> Rows:
    """Answers of all parts, one after another."""
    joined: Rows = {}
    for part in parts:
        for name, rows in json.loads(part.file.read_text(encoding="utf-8")).items():
            numbers = ([math.nan if value is None else value for value in row] for row in rows)
            joined.setdefault(name, []).extend(Outcome(*row) for row in numbers)
    return joined


def _do_elsewhere(parts: Sequence[Part], processes: int, advance: Callable[[int], None]) -> None:
    """Hand parts to processes that each take the next when they are done with one."""
    idle: queue.SimpleQueue = queue.SimpleQueue()
    with ExitStack() as open_:
        threads = open_.enter_context(ThreadPoolExecutor(processes))
        for _ in range(processes):
            idle.put(open_.enter_context(_started()))
        asked = {threads.submit(_asked, idle, part): part for part in parts}
        try:
            for answer in as_completed(asked):
                answer.result()
                advance(asked[answer].stop - asked[answer].start)
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _started() -> Iterator[subprocess.Popen]:
    """Start a process of one thread; it ends when nobody hands it parts any more."""
    alone = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    command = [sys.executable, "-c", _WORKER]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=alone)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for end in (process.stdin, process.stdout):
            with suppress(OSError):
                end.close()  # type: ignore[union-attr]


def _asked(idle: queue.SimpleQueue, part: Part) -> None:
    process = idle.get()
    try:
        with suppress(OSError):
            asked = json.dumps([part.world.id, part.start, part.stop, str(part.file)])
            process.stdin.write(asked + "\n")
            process.stdin.flush()
        if not process.stdout.readline():
            raise ReportError(
                f"validating in world {part.world.id}",
                found="a process that stopped; its last words, if any, stand above",
                expected=f"replications {part.start} to {part.stop}",
                do="repair what it says and run the command again; what was done is kept",
            )
    finally:
        idle.put(process)
