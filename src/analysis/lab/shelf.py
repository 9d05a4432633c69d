"""Names to choose from with Tab, each of which is called for its rows and says what they are."""

import difflib
import inspect
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pandas as pd

from analysis.contracts import Table
from analysis.contracts.table import Column
from analysis.refusal import ReportError

_KINDS = {
    "text": "text",
    "day": "day",
    "whole": "whole number",
    "number": "number",
    "money": "amount",
    "flag": "yes or no",
}


class Shelf(SimpleNamespace):
    """What can be asked, by name: type a dot and press Tab."""

    def __dir__(self) -> list[str]:
        """The names, and nothing else."""
        return sorted(vars(self))

    def __repr__(self) -> str:
        """The names, for who prints the shelf."""
        return f"{', '.join(dir(self))}"

    def __getattr__(self, name: str) -> Any:
        """Refuse what is not there, with the names that are near."""
        near = difflib.get_close_matches(name, dir(self), 5, 0.5)
        raise AttributeError(f"nothing is called {name}; there is {', '.join(near) or repr(self)}")


class Asked:
    """A table or an indicator: call it for its rows."""

    def __init__(self, name: str, ask: Callable[..., pd.DataFrame], about: Callable[[], str]):
        self._name, self._ask, self._about = name, ask, about
        self.__signature__ = inspect.signature(ask)

    def __call__(self, *places: Any, **where: Any) -> pd.DataFrame:
        """The rows, as a pandas frame; see the text of the name itself."""
        signature = inspect.signature(self._ask)
        try:
            given = signature.bind(*places, **where)
        except TypeError as fault:
            raise ReportError(
                self._name,
                found=str(fault),
                expected=", ".join(signature.parameters) or "nothing in brackets",
                do=f"type {self._name}? to see what it takes",
            ) from fault
        return self._ask(*given.args, **given.kwargs)

    def __repr__(self) -> str:
        """What it is, for who forgets to call it."""
        return f"{self._name}{inspect.signature(self._ask)}: call it for its rows, ? tells more"

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        """What the rows are; made when somebody asks."""
        return self._about()


def shelf(asked: Mapping[str, Any]) -> Shelf:
    """A shelf of things by name."""
    return Shelf(**asked)


def of_table(table: Table, note: str = "") -> str:
    """The text of a table, from its contract: a row, its key, its columns with kind and unit."""
    width = max(map(len, table.columns))
    lines = [f"{table.name}: {table.row}.", "", *([note, ""] if note else [])]
    if table.key:
        lines.append(f"One row for each {', '.join(table.key)}. <NA> is not known, never zero.")
    lines += ["", "Columns", "-------"]
    return "\n".join([*lines, *(_column(name, one, width) for name, one in table.columns.items())])


def _column(name: str, column: Column, width: int) -> str:
    said = f"{name:<{width}}  {column.about} [{column.unit or _KINDS[column.kind]}]"
    return f"{said}: {', '.join(column.values)}" if column.values else said
