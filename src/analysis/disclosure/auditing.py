"""What can be found in a report as it is published: an attack on its ledger, with its outcome."""

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
import pyarrow as pa

from analysis.contracts import RESULTS
from analysis.disclosure.counting import Cell, Counted, count
from analysis.disclosure.hiding import doubtful, too_near
from analysis.disclosure.reading import (
    EUROS,
    FIRMS,
    FORMS,
    LOTS,
    Fact,
    cell_of,
    facts,
    is_linked,
    told,
)
from analysis.disclosure.rules import WITHHELD
from analysis.disclosure.structure import systems
from analysis.disclosure.suppression import protected
from analysis.disclosure.system import System
from analysis.disclosure.targets import Target, sensitive, together
from analysis.results import number

COLUMNS = ("measure", "sum", "least", "most", "truth")
_MEASURES = (LOTS, FIRMS, EUROS)


def control(rows: Iterable[Any], contributors: pa.Table, *, year: int) -> list[Any]:
    """The rows as `suppression.protect` leaves them, and rows on what an attack on them finds.

    Parameters
    ----------
    rows : all rows of the report but those on the report itself
    contributors : who stands behind the linked figures of every theme, as `contributors.COLUMNS`
    year : last year evaluated

    Returns
    -------
    list of rows; new are, for chapter 90,
        disclosure.withheld   linked figures without a value, `n` being all linked figures  [count]
        disclosure.recovered  sums that an attacker who has the ledger can bound within 15 % though
            they tell of one or two enterprises, `n` being all sums tried  [count]
    """
    rows = list(rows)
    counted = count(contributors, told(rows))
    left = protected(rows, counted)
    return [*left, *_outcome(left, counted, year=year)]


def audit(ledger: pd.DataFrame, contributors: pa.Table) -> pd.DataFrame:
    """What somebody who has the ledger, and nothing else, can find of what must not be found.

    Parameters
    ----------
    ledger : keeps RESULTS
    contributors : who stands behind the linked figures; they tell what must not be found

    Returns
    -------
    DataFrame with COLUMNS, one row a sum of quantities that can be bounded within 15 % of the truth
        measure, sum   lots, firms or euros; the cells added and subtracted
        least, most    where the attacker knows it to lie
        truth
    """
    rows = _rows(ledger)
    counted = count(contributors, told(rows))
    found, _ = _attacked(rows, counted)
    return pd.DataFrame(found, columns=list(COLUMNS))


def _outcome(rows: list[Any], counted: Counted, *, year: int) -> list[tuple]:
    linked = [row for row in rows if is_linked(row)]
    gone = [row for row in linked if row.denominator == WITHHELD]
    recovered, tried = _attacked(rows, counted)
    counts = (
        ("disclosure.withheld", len(gone), len(linked), "linked-figures"),
        ("disclosure.recovered", len(recovered), tried, "protected-sums"),
    )
    return [
        number(
            id,
            chapter="90",
            period=year,
            definition="linked-tables",
            perimeter="report",
            value=value,
            unit="count",
            n=n,
            denominator=denominator,
            kind="published",
            inputs="results",
        )
        for id, value, n, denominator in counts
    ]


def _attacked(rows: list[Any], counted: Counted) -> tuple[list[tuple], int]:
    """The sums that can be found, as COLUMNS, and how many were tried."""
    known = facts(rows)
    tried: dict[tuple[str, str], list[Target]] = {}
    for target in _targets(rows, known, counted.cells):
        tried.setdefault((target.measure, target.theme), []).append(target)
    found = [
        row
        for measure in _MEASURES
        for theme, system in systems(known, measure, counted.spots)
        for row in _found(tried.get((measure, theme), []), system)
    ]
    return found, sum(map(len, tried.values()))


def _targets(rows: list[Any], known: list[Fact], counted: list[Cell]) -> Iterator[Target]:
    """All that must not be found: sensitive cells and differences, and what is withheld of them."""
    yield from sensitive(counted, known)
    for measure in (LOTS, EUROS):
        gone = {cell_of(row) for row in rows if _is_withheld(row, measure)}
        yield from together(gone, counted, measure)


def _found(tried: Iterable[Target], system: System) -> Iterator[tuple]:
    near = dict.fromkeys(target for target, _, _ in too_near(doubtful(tried, system), system))
    far = float("inf")
    for target in near:
        ends = [system.end((target.terms, -side * far), side) / system.unit for side in (-1, 1)]
        yield target.measure, target.name, *ends, target.value


def _is_withheld(row: Any, measure: str) -> bool:
    """Whether a row is withheld and would tell of a measure."""
    if row.denominator != WITHHELD or row.id not in FORMS:
        return False
    return FORMS[row.id].measure == measure


def _rows(ledger: pd.DataFrame) -> list[Any]:
    plain = ledger.astype(object).where(ledger.notna(), None)
    return [RESULTS.Row(*row) for row in plain[list(RESULTS.columns)].itertuples(index=False)]
