"""Yearly numbers on procedures and on PIO that barriers are measured on."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from analysis.cells.barriers import BarrierCells
from analysis.contracts.access_cells import PERIMETERS
from analysis.indicators.buying_market import row_on
from analysis.indicators.competition import Answer, bounded_share
from analysis.indicators.given import Given
from analysis.indicators.partner_lines import days

PERIMETER = "flemish-public"
JOURNAL = "in-official-journal"


def rows(given: Given, cells: BarrierCells | None, row: partial) -> Iterator[tuple]:
    """Rows of RESULTS by year; `row` is `results.number` with what the cells rest on."""
    if cells is not None:
        yield from of_procedures(cells.procedures, row)
        yield from of_waits(cells.waits, row)
    yield from of_projects(given)


def of_procedures(cells: pd.DataFrame, row: partial) -> Iterator[tuple]:
    """Yearly rows on division into lots and open procedures, notices in the Official Journal only.

    There the duty to publish did not change in 2023. `cells` keeps PROCEDURE_CELLS.
    """
    row = partial(row, definition=JOURNAL)
    for year, own in _inside(cells).groupby("year", sort=True):
        at = partial(row, period=year)
        n, divided, lots = (int(own[name].sum()) for name in ("procedures", "divided", "lots"))
        yes_no = bounded_share(yes=divided, no=n - divided, unknown=0, denominator="procedures")
        yield at("buying.divided_share", **yes_no._asdict())
        mean = Answer(lots / n, "mean", n, "procedures")
        yield at("buying.lots_per_procedure", **mean._asdict())
        unknown = int(own["procedures"][own["procedure"].isna()].sum())
        yes = int(own["procedures"][own["procedure"].eq("open").fillna(False)].sum())
        kind = bounded_share(
            yes=yes, no=n - unknown - yes, unknown=unknown, denominator="procedures"
        )
        yield at("buying.open_share", **kind._asdict())


def of_waits(cells: pd.DataFrame, row: partial) -> Iterator[tuple]:
    """Yearly median of days from call to award; none where no call was read. Keeps WAIT_CELLS."""
    inside = _inside(cells)
    if inside["days"].notna().any():
        for year, own in inside.groupby("year", sort=True):
            told = own.loc[own["days"].notna(), ["days", "procedures"]].astype(int)
            took = pd.Series(np.repeat(told["days"], told["procedures"]))
            answer = _median(took, unknown=int(own["procedures"].sum()) - len(took))
            at = {"definition": JOURNAL, "period": year}
            yield row("buying.days_to_award", **at, **answer._asdict())


def of_projects(given: Given) -> Iterator[tuple]:
    """Yearly rows on PIO: consultations held, and median days from tender to award."""
    if not given.has("pio_projects"):
        return
    row = row_on(given, "pio_projects")
    table = given.tables["pio_projects"]
    held = days(table["consulted"]).dt.year
    held = held[held <= given.year]
    for year in range(int(held.min()), given.year + 1) if len(held) else ():
        n = int((held == year).sum())
        counted = Answer(n, "count", n, "consultations-of-pio")
        yield row("buying.consultations", definition="counted", period=year, **counted._asdict())
    tendered, awarded = days(table["tendered"]), days(table["awarded"])
    took = (awarded - tendered).dt.days
    for year, own in took.groupby(awarded.dt.year.where(awarded.dt.year <= given.year), sort=True):
        answer = _median(own.dropna(), unknown=int(own.isna().sum()))
        at = {"definition": "tender-to-award", "period": int(year)}
        yield row("buying.pio_days_to_award", **at, **answer._asdict())


def _inside(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells of Flemish public buyers, of notices in the Official Journal, of a known year."""
    inside = cells[PERIMETERS[PERIMETER]].fillna(False).astype(bool) & cells["in_journal"]
    return cells[inside & cells["year"].notna()]


def _median(took: pd.Series, *, unknown: int) -> Answer:
    value = float(np.median(took.to_numpy(float))) if len(took) else None
    return Answer(value, "days", len(took), "awards-with-days", unknown)
