"""Warm kernels: the imports are what a chapter costs, so each kernel runs several chapters."""

import queue
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager, start_new_kernel
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines

ENGINE = "pio-warm"
_PRELOAD = "from analysis.present import chapter, figures, tables"
_EMPTY = "%reset -f"


class _WarmEngine(NBClientEngine):
    """papermill's own engine, on a kernel that is up already and has been emptied."""

    free: "queue.Queue[KernelManager]"

    @classmethod
    def execute_managed_notebook(  # type: ignore[override]
        cls, nb_man: Any, kernel_name: str, **_: Any
    ) -> None:
        """Run a notebook on the next free kernel."""
        manager = cls.free.get()
        try:
            _tell(manager, _EMPTY)
            PapermillNotebookClient(nb_man, km=manager, timeout=None).execute()
        finally:
            cls.free.put(manager)


papermill_engines.register(ENGINE, _WarmEngine)


@contextmanager
def warm(count: int, folder: Path) -> Iterator[None]:
    """Have `count` kernels up, with the package imported, in `folder`; all are shut down after."""
    _WarmEngine.free = queue.Queue()
    managers: list[KernelManager] = []

    def boot(_: int) -> None:
        manager, client = start_new_kernel(
            kernel_name="python3",
            cwd=str(folder),
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
        )
        managers.append(manager)
        client.stop_channels()
        _tell(manager, _PRELOAD)
        _WarmEngine.free.put(manager)

    try:
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(boot, range(count)))
        yield
    finally:
        for manager in managers:
            manager.shutdown_kernel(now=True)


def _tell(manager: KernelManager, code: str) -> None:
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        client.execute_interactive(code, silent=True, store_history=False)
    finally:
        client.stop_channels()
