"""Warm kernels: the imports are what a chapter costs, so each kernel runs several chapters."""

import json
import queue
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Event, Lock
from typing import Any

# What checks notebooks compiles a grammar of web addresses when it is imported, for two seconds,
# and never uses it here; without the grammar it does without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from jupyter_client.manager import KernelManager, start_new_kernel  # noqa: E402
from jupyter_core.utils import ensure_event_loop  # noqa: E402
from papermill.clientwrap import PapermillNotebookClient  # noqa: E402
from papermill.engines import NBClientEngine, papermill_engines  # noqa: E402

ENGINE = "pio-warm"
_Free = queue.Queue[KernelManager | Exception]
_PRELOAD = """
from analysis.present import chapter, figures, tables
from analysis.sources.facts import published
published()
"""
# What was imported is set aside: else each reset looks through all of it for garbage, twice.
_SET_ASIDE = """
import gc
gc.collect()
gc.freeze()
"""
_QUIET = ["--IPKernelApp.log_level=ERROR", "--HistoryManager.enabled=False"]
_EMPTY = "%reset -f"
# the client that papermill gets must not block its loop, or it never sees that a kernel died
_CLIENT = "jupyter_client.asynchronous.client.AsyncKernelClient"


def _none() -> _Free:
    none: _Free = queue.Queue()
    none.put(RuntimeError("no kernel is up: a chapter runs within `kernels.warm`"))
    return none


class _WarmEngine(NBClientEngine):
    """papermill's own engine, on a kernel that is up already and has been emptied."""

    free = _none()
    are_up = False

    @classmethod
    def execute_managed_notebook(  # type: ignore[override]
        cls, nb_man: Any, kernel_name: str, **_: Any
    ) -> None:
        """Run a notebook on the next free kernel."""
        manager = cls.free.get()
        try:
            if isinstance(manager, Exception):
                raise manager
            _execute(PapermillNotebookClient(nb_man, km=manager, timeout=None))
        finally:
            cls.free.put(manager)


papermill_engines.register(ENGINE, _WarmEngine)


@contextmanager
def own_loop() -> Iterator[None]:
    """Close the event loop that the Jupyter libraries open in a thread and leave behind."""
    try:
        yield
    finally:
        ensure_event_loop().close()


@contextmanager
def warm(count: int, chapters: list[Path], wanted: Event | None = None) -> Iterator[None]:
    """Have `count` kernels come up for chapters, all imported; they are shut down after.

    Nobody waits for them here: a chapter waits for the first that is free. Where one does not
    come up, the chapter that would have had it raises why. With `wanted`, they begin only when
    that is set, one after the other: what else is on its way keeps a core for itself.
    """
    free: _Free = queue.Queue()
    _WarmEngine.free, _WarmEngine.are_up = free, True
    managers: list[KernelManager] = []
    turn = Lock() if wanted else nullcontext()

    @own_loop()
    def boot(_: int) -> None:
        if wanted:
            wanted.wait()
        try:
            with turn:
                free.put(_booted(chapters, managers))
        except Exception as fault:
            free.put(fault)

    with ThreadPoolExecutor(count) as pool:
        booting = pool.map(boot, range(count))
        try:
            yield
        finally:
            if wanted:
                wanted.set()
            list(booting)
            list(pool.map(_stop, managers))
            _WarmEngine.free, _WarmEngine.are_up = _none(), False


@contextmanager
def at_hand(count: int, chapters: list[Path]) -> Iterator[None]:
    """Have the kernels that `warm` has coming up already; without any, `count` new ones."""
    with nullcontext() if _WarmEngine.are_up else warm(count, chapters):
        yield


def _booted(chapters: list[Path], managers: list[KernelManager]) -> KernelManager:
    manager, client = start_new_kernel(
        kernel_name="python3",
        cwd=str(chapters[0].parent),
        extra_arguments=_QUIET,
    )
    managers.append(manager)
    manager.client_class = _CLIENT
    client.stop_channels()
    _tell(manager, _PRELOAD, _imports(chapters), _SET_ASIDE)
    return manager


def _imports(chapters: list[Path]) -> str:
    """What chapters import of ours, so that none has to wait for it."""
    read = (json.loads(path.read_text("utf-8")) for path in chapters)
    code = "\n".join("".join(cell["source"]) for one in read for cell in one["cells"])
    return "\n".join(line for line in code.splitlines() if line.startswith("from analysis."))


@own_loop()
def _stop(manager: KernelManager) -> None:
    manager.shutdown_kernel(now=True)


def _execute(client: PapermillNotebookClient) -> None:
    """Empty the kernel and run the notebook, over the same channels: to open some takes a while."""

    def emptied(**_: Any) -> Any:
        return client.kc.execute_interactive(_EMPTY, silent=True, store_history=False)

    client.on_notebook_start = emptied
    try:
        client.execute()
    finally:
        if client.kc:
            client.kc.stop_channels()


def _tell(manager: KernelManager, *codes: str) -> None:
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        for code in codes:
            client.execute_interactive(code, silent=True, store_history=False)
    finally:
        client.stop_channels()
