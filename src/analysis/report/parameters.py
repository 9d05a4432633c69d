"""What a chapter may be told: names and types, checked before any kernel starts."""

import ast
import re
from pathlib import Path
from typing import Any

import papermill

from analysis.refusal import ReportError

_TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "str": (str,),
    "float": (int, float),
    "bool": (bool,),
}


def check(notebook: Path, given: dict[str, Any]) -> None:
    """Refuse a parameter that the notebook does not declare, or a value of another type.

    papermill only logs an unknown name, so that a misspelt year would give last year's report.

    Raises
    ------
    ReportError
        Naming the notebook, what was found and what it declares.
    """
    declared = {
        name: re.split(r"\W", about["inferred_type_name"])[0]
        for name, about in papermill.inspect_notebook(str(notebook)).items()
    }
    said = ", ".join(f"{name}: {kind}" for name, kind in declared.items()) or "no parameters"
    for name, value in given.items():
        if name not in declared or not _is(value, declared[name]):
            raise ReportError(
                notebook.name,
                found=f"{name} = {value!r}",
                expected=f"only {said}, as its cell tagged `parameters` declares",
                do="correct the name or the value, or declare the parameter in the notebook",
            )


def cell_sources(notebook: Any) -> list[list[Any]]:
    """Everything in a notebook that decides what it does: kinds, sources and tags of its cells."""
    return [[c.cell_type, c.source, c.metadata.get("tags", [])] for c in notebook.cells]


def _is(value: Any, kind: str) -> bool:
    if kind not in _TYPES:
        return _parses(value)
    return isinstance(value, _TYPES[kind]) and not (kind == "int" and isinstance(value, bool))


def _parses(value: Any) -> bool:
    try:
        return ast.literal_eval(repr(value)) == value
    except ValueError:
        return False
