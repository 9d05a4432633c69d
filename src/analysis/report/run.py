"""Run the chapters: parameters checked, two side by side, each content only once."""

import hashlib
import importlib.resources
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from analysis.progress import shown
from analysis.refusal import ReportError
from analysis.report import kernels, parameters

JOBS = 2
_LOCK = Path(__file__).resolve().parents[3] / "requirements.lock"
_VOLATILE = ("papermill", "execution", "ExecuteTime")


def run_chapters(
    notebooks: list[Path], given: dict[str, Any], *, out: Path, cache: Path, extra: str
) -> list[NotebookNode]:
    """Run notebooks on `kernels.warm`; what ran before on the same content is not run.

    Parameters
    ----------
    notebooks : chapters, in order
    given : parameters; checked for every notebook before a kernel starts
    out : existing folder to work in
    cache : folder of what ran before
    extra : digest of the data that the chapters read

    Returns
    -------
    The executed notebooks in the same order, free of times, counters and random ids.

    Raises
    ------
    ReportError
        For a parameter that a notebook does not declare, or a cell that fails.
    """
    for notebook in notebooks:
        parameters.check(notebook, given)
    cache.mkdir(parents=True, exist_ok=True)
    ran = {path: cache / f"{_key(path, given, extra)}.ipynb" for path in notebooks}
    todo = [path for path in notebooks if not ran[path].is_file()]
    with shown("running chapters", len(todo)) as advance:
        if todo:
            _run_all(todo, given, out=out, ran=ran, advance=advance)
    return [nbformat.read(ran[path], as_version=4) for path in notebooks]


def _run_all(
    todo: list[Path], given: dict[str, Any], *, out: Path, ran: dict[Path, Path], advance: Any
) -> None:
    @kernels.own_loop()
    def one(path: Path) -> None:
        done = out / path.name
        _execute(path, done, given)
        nbformat.write(_clean(nbformat.read(done, as_version=4), path.stem), done)
        done.replace(ran[path])
        advance(1)

    with ThreadPoolExecutor(JOBS) as pool:
        list(pool.map(one, todo))


def _execute(path: Path, done: Path, given: dict[str, Any]) -> None:
    try:
        papermill.execute_notebook(
            str(path),
            str(done),
            parameters=given,
            engine_name=kernels.ENGINE,
            kernel_name="python3",
            progress_bar=False,
            request_save_on_cell_execute=False,  # the whole notebook, at every cell, twice
            autosave_cell_every=0,
        )
    except PapermillExecutionError as fault:
        where = f"{path.name}, cell {fault.cell_index}"
        raise _failure(where, f"{fault.ename}: {fault.evalue}") from None
    except DeadKernelError as fault:
        raise _failure(path.name, f"{fault}: out of memory, or ended from outside") from None


def _failure(where: str, found: str) -> ReportError:
    return ReportError(
        where,
        found=found,
        expected="a chapter that runs to its end",
        do="open the notebook in JupyterLab with the same year and run it to that cell",
    )


def _key(path: Path, given: dict[str, Any], extra: str) -> str:
    cells = parameters.cell_sources(nbformat.read(path, as_version=4))
    told = json.dumps([path.stem, cells, given, extra], sort_keys=True, default=str)
    return hashlib.sha256(f"{told}\0{_code()}".encode()).hexdigest()[:32]


def _code() -> str:
    """Digest of the package and the lock: other code or libraries may show other things."""
    package = Path(str(importlib.resources.files("analysis")))
    files = sorted(path for kind in ("py", "yml") for path in package.rglob(f"*.{kind}"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in [*files, _LOCK])).hexdigest()


def _clean(notebook: NotebookNode, name: str) -> NotebookNode:
    """Take out what differs from run to run."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata["pio"] = {"chapter": name}
    notebook.metadata.get("language_info", {}).pop("version", None)
    for place, cell in enumerate(notebook.cells):
        cell.id = f"{name[:2]}-{place:03d}"
        for volatile in _VOLATILE:
            cell.metadata.pop(volatile, None)
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [o for o in cell.outputs if o.get("name") != "stderr"]
    return notebook
