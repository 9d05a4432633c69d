"""`pio lab`: JupyterLab on a copy of the notebook for who goes on from the report."""

import ast
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.refusal import ReportError

ROOT = Path(__file__).resolve().parents[3]
NOTEBOOK = ROOT / "notebooks" / "explore.ipynb"
SCRATCH = ROOT / "notebooks" / "scratch"  # no part of the project: git leaves it alone
_QUIET = (  # JupyterLab asks nothing of other machines
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)


def lab(
    year: Annotated[
        int | None, typer.Option(help="Last year evaluated; the newest with data if not given.")
    ] = None,
    data: Annotated[
        list[Path] | None, typer.Option("--data", help="Notices and files; else the store.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Your copy; notebooks/scratch/explore[-year].ipynb if not given."),
    ] = None,
    more: Annotated[
        list[str] | None,
        typer.Argument(help="Options of JupyterLab, after two dashes: -- --no-browser."),
    ] = None,
) -> None:
    """Open JupyterLab on a copy of notebooks/explore.ipynb that is yours to change."""
    from jupyterlab.labapp import LabApp

    name = f"explore-{year}.ipynb" if year else "explore.ipynb"
    target = (out or SCRATCH / name).absolute()
    asked = {"year": year, "data": [str(path.absolute()) for path in data or []]}
    is_new = working_copy(target, {name: value for name, value in asked.items() if value})
    typer.echo(f"{'a copy for you' if is_new else 'your copy, as you left it'}: {target}")
    root = ROOT if target.is_relative_to(ROOT) else target.parent  # the folders shown beside it
    LabApp.launch_instance([str(target), f"--ServerApp.root_dir={root}", *_QUIET, *(more or [])])


def working_copy(target: Path, asked: dict[str, Any]) -> bool:
    """Make the reader's copy of the notebook, unless it is there: then it stays as it is.

    Parameters
    ----------
    target : the copy
    asked : values of parameters of the notebook, by name; of the others nothing is asked

    Returns
    -------
    Whether the copy is new.

    Raises
    ------
    ReportError
        What is there has other values of these, or is no notebook with parameters.
    """
    if target.exists():
        if asked:
            _check(target, asked)
        return False
    notebook = _read(NOTEBOOK)
    cell = _parameters(notebook)
    cell["source"] = [_set(line, asked) for line in cell["source"]]
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.new")
    new.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    new.replace(target)
    return True


def _check(target: Path, asked: dict[str, Any]) -> None:
    """Refuse a copy that would answer of something else than what was asked."""
    try:
        source = "".join(_parameters(_read(target))["source"])
        found = {
            node.target.id: ast.literal_eval(node.value)
            for node in ast.parse(source).body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value
        }
    except (ValueError, LookupError, TypeError, SyntaxError) as fault:
        raise _refusal(target, f"no notebook with a cell of parameters: {fault!r}") from fault
    other = {name: found.get(name) for name, value in asked.items() if value != found.get(name)}
    if other:
        raise _refusal(target, ", ".join(f"{name} = {value!r}" for name, value in other.items()))


def _refusal(target: Path, found: str) -> ReportError:
    return ReportError(
        str(target),
        found=found,
        expected="your own copy for this year and these data",
        do="name another file with --out, or open this one in JupyterLab and change it there",
    )


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _parameters(notebook: dict[str, Any]) -> dict[str, Any]:
    """The cell tagged `parameters`, to be changed in place."""
    for cell in notebook["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            return cell  # type: ignore[no-any-return]
    raise LookupError("parameters")


def _set(line: str, asked: dict[str, Any]) -> str:
    """A line `name: kind = value  # meaning` with the value that was asked for."""
    left, _, meaning = line.partition("  # ")
    name, _, _ = left.partition(":")
    if name not in asked:
        return line
    return f"{left.partition(' = ')[0]} = {asked[name]!r}  # {meaning}"
