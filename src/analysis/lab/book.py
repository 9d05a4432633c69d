"""`Workbook`: what an analyst holds of the report of a year."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.companies.definitions import Definition, definitions
from analysis.contracts import RESULTS
from analysis.lab import own, won
from analysis.lab.indicators import chosen, indicators
from analysis.lab.shelf import Shelf
from analysis.lab.tables import tables
from analysis.lab.world import World
from analysis.refusal import ReportError
from analysis.report import build, trace_refs, trace_rows
from analysis.report.spreadsheet import write_csv
from analysis.store import HOME

_MARK = "not-controlled"
_SOURCED = ("access", "competition")  # families with rows of notices behind them


class Workbook:
    """Everything that the report of a year is made of and publishes, as pandas.

    Parameters
    ----------
    year : last year evaluated; the newest with award notices if None
    data : a file, folder or package, or several, as `pio report --data` takes them; else what was
        added to the store, else the invented notices
    home : the store

    Attributes
    ----------
    ledger : every published number; keeps RESULTS, disclosure-controlled
    indicators : the same by family and name: `book.indicators.access.lot_share(period="2020")`
    tables : every table: `book.tables.lot_results()`
    definitions : ids of the definitions, with those of one's own

    Type a dot and Tab for the names, `?` behind one for what it is. Nothing but the ledger and the
    indicators is disclosure-controlled: what is computed from tables must not be published as is.

    Raises
    ------
    ReportError
        There are no award notices of the year.
    """

    def __init__(
        self,
        year: int | None = None,
        data: str | Path | Sequence[str | Path] = (),
        home: Path = HOME,
    ) -> None:
        given = [data] if isinstance(data, str | Path) else data
        asked = None if year is None else int(year)
        found, self._ledger = build.opened(
            year=asked, data=[Path(path) for path in given], home=home
        )
        self.year = found.year
        self.indicators = indicators(self._ledger)
        self._world = World(found)
        self._own: dict[str, Definition] = {}

    def __repr__(self) -> str:
        """What it is of."""
        return f"Workbook of {self.year}: {len(self._ledger):,} published numbers"

    @property
    def ledger(self) -> pd.DataFrame:
        """Every published number, keeps RESULTS; a copy, so that what is published stays known."""
        return self._ledger.copy()

    @cached_property
    def tables(self) -> Shelf:
        """Every table by the name of its contract."""
        return tables(self._world)

    @property
    def definitions(self) -> list[str]:
        """Ids of every definition, those of one's own last."""
        return [*self._ours, *self._own]

    @cached_property
    def _ours(self) -> list[str]:
        return list(definitions())

    def define(self, text: str) -> str:
        """Take up a definition, written as the files in `companies/definitions` are; its id.

        Its example firms are asked first. `won` then takes its id, as that of any other.

        Raises
        ------
        ReportError
            The text is no definition, its id is taken, or an example answers otherwise.
        """
        definition = own.read(text)
        self._own[definition.id] = definition
        return definition.id

    def won(self, definition: str = "startup-5") -> pd.DataFrame:
        """Winners of awarded lots, and what they answer to a definition on the day of the contract.

        Returns
        -------
        pandas frame, one row a member of a winner of an awarded lot: `year`, the perimeters,
        `buyer`, `buyer_region`, `buyer_province`, `buyer_type`, `cpv_division`, `cpv_group`,
        `procedure`, `value_band`, `framework`, `company_id`, `weight` [lots, adds up to 1 a lot],
        `eur` [EUR without VAT], `answer` (<NA>: unknown). Select rows of it, and `measure` them.

        Raises
        ------
        ReportError
            There is no such definition.
        """
        if definition not in self.definitions:
            raise ReportError(
                "a definition",
                found=definition,
                expected=f"one of {', '.join(self.definitions)}",
                do="correct the id, or `define` it",
            )
        return self._world.won(definition, self._own.get(definition))

    def tally(self, rows: pd.DataFrame, by: str | Sequence[str] = ()) -> pd.DataFrame:
        """Lots and euros that are yes, no and unknown, of rows of `won`; see `lab.won.tally`."""
        return won.tally(rows, _names(by, rows))

    def measure(
        self,
        rows: pd.DataFrame,
        what: str = "lot_share",
        by: str | Sequence[str] = (),
        perimeter: str | None = None,
    ) -> pd.DataFrame:
        """What start-ups won, in rows shaped like those of the ledger, for the house's figures.

        Parameters
        ----------
        rows : of `won`, or some of them
        what : lots_won [lots], lot_share [share, 0-1], amount [EUR], amount_share [share, 0-1]
        by : columns of `rows`; with `year` each year is a period, and lots without one are left out
        perimeter : only rows inside it, e.g. flemish-public; all of them if None

        Returns
        -------
        pandas frame that keeps RESULTS: ids `lab.<what>`, chapter `lab`; value among the known, low
        and high with every unknown as no and as yes. It is no part of the ledger.

        Raises
        ------
        ReportError
            There is no such measure or perimeter.

        Notes
        -----
        value = yes/(yes + no), low = yes/all, high = (yes + unknown)/all; Manski 1989, of euros
        Horowitz-Manski 2000. The formulas are those of `indicators.access_shares`.
        """
        return won.measured(rows, what, _names(by, rows), perimeter, **self._world.of.rests_on)

    def trace(self, id: str, **where: str) -> pd.DataFrame:
        """The lots and winners behind one number of the ledger; `.attrs["notes"]` says more.

        Parameters
        ----------
        id : of an indicator of chapter 15 or 20, e.g. access.lots_won; or the reference of one
            number, as the page shows it
        where : period, group, definition, perimeter; together they name one row

        Raises
        ------
        ReportError
            They name none, or several, or an indicator without rows of notices.
        """
        found = trace_rows.behind(self._world.laid(), self._one(id, where))
        found.rows.attrs["notes"] = found.notes
        return found.rows

    def _one(self, id: str, where: dict[str, str]) -> Any:
        if trace_refs.is_reference(id):
            of_id = trace_refs.row(id, self._ledger)
        else:
            of_id = self._ledger[self._ledger["id"] == id]
        rows = chosen(of_id, **where)
        if len(rows) == 1 and rows["id"].iloc[0].split(".")[0] in _SOURCED:
            return RESULTS.Row(*rows.iloc[0])
        those = f", of {rows['id'].iloc[0]}" if len(rows) else ""
        raise ReportError(
            ", ".join([id, *(f"{name} {value}" for name, value in where.items())]),
            found=f"{len(rows)} rows of the ledger{those}",
            expected=f"one row, of an indicator of {' or '.join(_SOURCED)}",
            do=f"name {', '.join(RESULTS.key[1:])}; `pio trace` tells of the others",
        )

    def save(self, rows: pd.DataFrame, path: str | Path) -> Path:
        """Write rows as CSV for a spreadsheet; text that looks a formula gets an apostrophe.

        Returns
        -------
        The file. What is not a part of the ledger as published has `.not-controlled` in its name.
        """
        target = Path(path)
        if not self.is_published(rows):
            target = target.with_suffix(f".{_MARK}{target.suffix}")
        write_csv(target, rows)
        return target

    def is_published(self, rows: pd.DataFrame) -> bool:
        """Whether every row is one of the ledger, unchanged."""
        if list(rows.columns) != list(RESULTS.columns):
            return False
        different = rows.drop_duplicates()
        return len(different.merge(self._ledger)) == len(different)


def _names(by: str | Sequence[str], rows: pd.DataFrame) -> list[str]:
    names = [by] if isinstance(by, str) else list(by)
    if wrong := [name for name in names if name not in rows]:
        raise ReportError(
            "by",
            found=", ".join(map(str, wrong)),
            expected=f"columns of the rows: {', '.join(map(str, rows.columns))}",
            do="correct the name",
        )
    return names
