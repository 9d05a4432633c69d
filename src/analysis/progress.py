"""How far a long step is, on stderr: a bar in a terminal, else a line; nothing if it is short."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_patience = 2.0  # seconds before anything is shown


def hush() -> None:
    """Show nothing in this process from now on: the one that started it shows its own."""
    global _patience
    _patience = float("inf")


def without_bars(engine: "DuckDBPyConnection") -> "DuckDBPyConnection":
    """The engine, which shows no bar of its own: ours stands already, and a pipe is no terminal."""
    import duckdb  # who has an engine has it; a progress bar alone does not need it

    with suppress(duckdb.InvalidInputException):  # a kernel without ipywidgets has no bars at all
        engine.execute("set enable_progress_bar = false")
    return engine


@contextmanager
def shown(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show the progress of `what`; the function given is told every bit done of `total`."""
    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=total)
    begins: float | None = time.monotonic() + _patience

    with ExitStack() as showing:

        def advance(done: int) -> None:
            nonlocal begins
            bar.advance(task, done)
            if begins and time.monotonic() > begins:
                begins = None
                if bar.console.is_terminal:
                    showing.enter_context(bar)
                else:
                    print(f"{what} ...", file=sys.stderr)

        yield advance
