"""Run the chapters: parameters checked, two side by side, each content only once."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from analysis.present.drawing import FONTS
from analysis.progress import shown
from analysis.refusal import ReportError
from analysis.report import kernels, parameters, plan
from analysis.report.folder import prune
from analysis.store.fingerprint import Seen, imported, sources

JOBS = 2
KEPT = 240  # chapters that ran before; of the invented Flanders some 60 MB
_PACKAGE = Path(__file__).resolve().parents[1]
_LOCK = plan.ROOT / "requirements.lock"
_VOLATILE = ("papermill", "execution", "ExecuteTime")


def run_chapters(
    notebooks: list[Path], given: dict[str, Any], *, out: Path, cache: Path, extra: str
) -> list[NotebookNode]:
    """Run notebooks, on `kernels.warm` if they are up; what ran before on the same is not run.

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
    asked = _asked(notebooks, given, extra)
    ran = {path: cache / f"{one.key}.ipynb" for path, one in asked.items()}
    todo = [path for path in notebooks if not ran[path].is_file()]
    todo.sort(
        key=lambda path: -asked[path].weight
    )  # so that no kernel has the longest left at last
    with shown("running chapters", len(todo)) as advance:
        if todo:
            with kernels.at_hand(min(JOBS, len(todo)), todo):
                _run_all(todo, given, out=out, ran=ran, advance=advance)
    done = [nbformat.read(ran[path], as_version=4) for path in notebooks]
    for path in ran.values():
        path.touch()  # used last is thrown out last
    prune(cache, KEPT + len(ran))
    return done


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

    # One more than kernels: what a chapter gave is written while its kernel runs the next.
    with ThreadPoolExecutor(JOBS + 1) as pool:
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


class _Asked(NamedTuple):
    """A chapter: digest of all that decides what it shows, and roughly how much that is."""

    key: str
    weight: int


def _asked(notebooks: list[Path], given: dict[str, Any], extra: str) -> dict[Path, _Asked]:
    read: dict[Path, bytes] = {}
    seen: Seen = {}
    found = {}
    for path in notebooks:
        cells = parameters.cell_sources(nbformat.read(path, as_version=4))
        told = json.dumps([path.stem, cells, given, extra], sort_keys=True, default=str)
        digest, code = hashlib.sha256(told.encode()), "\n".join(source for _, source, _ in cells)
        for file in _files(code, seen):
            if file not in read:
                read[file] = hashlib.sha256(file.read_bytes()).digest()
            digest.update(file.name.encode() + b"\0" + read[file])
        shown_by = {file for file, _ in (seen[name] for name in imported(code)) if file}
        weight = sum(file.stat().st_size for file in shown_by)  # long code draws much
        found[path] = _Asked(digest.hexdigest()[:32], weight)
    return found


def _files(code: str, seen: Seen) -> list[Path]:
    """All of ours besides the ledger that a chapter with this code may show something of.

    What it imports, what runs it, every text, every fact kept by hand, the fonts, the libraries.
    """
    folders = {_PACKAGE: "*.yml", plan.ROOT / "data" / "raw": "*", FONTS: "*"}
    others = (path for folder, names in folders.items() for path in folder.rglob(names))
    code_files = sources([__name__, *imported(code)], seen)
    return sorted({*code_files, *(path for path in others if path.is_file()), _LOCK})


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
