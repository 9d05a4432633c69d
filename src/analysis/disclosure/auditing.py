"""What can be found in a report as it is published: an attack on its ledger, with its outcome."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import pandas as pd
import pyarrow as pa

from analysis.contracts import RESULTS
from analysis.disclosure.counting import cells
from analysis.disclosure.hiding import EXACT, exactly, short
from analysis.disclosure.nesting import told_by_size
from analysis.disclosure.reading import (
    EUROS,
    FIRMS,
    FORMS,
    LOTS,
    Fact,
    Quantity,
    cell_of,
    facts,
    is_linked,
    told,
)
from analysis.disclosure.rules import WITHHELD
from analysis.disclosure.structure import systems
from analysis.disclosure.suppression import SPECIFIED, protected
from analysis.disclosure.system import System
from analysis.disclosure.targets import Cell, Target, behind, sensitive, together
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
    counted = cells(contributors, told(rows))
    left = protected(rows, counted)
    return [*left, *outcome(left, counted, year=year)]


def audit(ledger: pd.DataFrame, contributors: pa.Table | None = None) -> pd.DataFrame:
    """What somebody who has the ledger, and nothing else, can find of what is withheld.

    Parameters
    ----------
    ledger : keeps RESULTS
    contributors : who stands behind the linked figures. With them, all that must not be found is
        tried, differences too, and found is what can be bounded within 15 % of the truth. Without
        them every withheld cell is tried, and found is what can be computed.

    Returns
    -------
    DataFrame with COLUMNS, one row a sum of quantities that can be found; empty if nothing can
        measure, sum   lots, firms or euros; the cells added and subtracted
        least, most    where the attacker knows it to lie
        truth          missing without contributors
    """
    rows = _rows(ledger)
    known = facts(rows)
    if contributors is None:
        return _found(_withheld_quantities(rows), known, _computed)
    counted = cells(contributors, told(rows))
    return _found(targets(rows, known, counted), known, _near)


def outcome(rows: list[Any], counted: Collection[Cell], *, year: int) -> list[tuple]:
    """The new rows of `control`; `counted` as `counting.cells` gives it."""
    linked = [row for row in rows if is_linked(row)]
    gone = [row for row in linked if row.denominator == WITHHELD]
    known = facts(rows)
    tried = list(targets(rows, known, counted))
    recovered = _found(tried, known, _near)
    counts = (
        ("disclosure.withheld", len(gone), len(linked), "linked-figures"),
        ("disclosure.recovered", len(recovered), len(tried), "protected-sums"),
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


def targets(rows: list[Any], known: list[Fact], counted: Collection[Cell]) -> Iterator[Target]:
    """All that must not be found: sensitive cells and differences, and what is withheld of them."""
    yield from sensitive(counted, known)
    sizes = behind(counted)
    for measure in (LOTS, EUROS):
        gone = {cell_of(row) for row in rows if _is_withheld(row, measure)}
        yield from together(gone, sizes, measure)


def _found(tried: Iterable[Target], known: list[Fact], attack: Any) -> pd.DataFrame:
    by_system: dict[tuple[str, str], list[Target]] = {}
    for target in tried:
        by_system.setdefault((target.measure, target.theme), []).append(target)
    found = [
        row
        for measure in _MEASURES
        for theme, system in systems(known, measure)
        for row in attack(by_system.get((measure, theme), []), system)
    ]
    return pd.DataFrame(found, columns=list(COLUMNS))


def _near(tried: Iterable[Target], system: System) -> list[tuple]:
    near = {
        target: None
        for target, side, end in short(tried, system)
        if side * (end - system.end((target.terms, end), side)) > 0
    }
    return [_told(target, system, target.value) for target in near]


def _computed(tried: Iterable[Target], system: System) -> Iterator[tuple]:
    """What has one value only, not by public record alone. That nobody answers tells nothing."""
    tried = list(tried)
    exact = exactly([target.terms for target in tried], system)
    for target in tried:
        if target.terms in exact:
            row = _told(target, system, None)
            if row[3] > EXACT:
                yield row


def _told(target: Target, system: System, truth: float | None) -> tuple:
    far = float("inf")
    least, most = (system.end((target.terms, -side * far), side) / system.unit for side in (-1, 1))
    return target.measure, target.name, least, most, truth


def _withheld_quantities(rows: Iterable[Any]) -> Iterator[Target]:
    tried = {
        (FORMS[row.id].measure, q)
        for row in rows
        if row.id in FORMS
        and _is_withheld(row, FORMS[row.id].measure)
        and not row.id.startswith(SPECIFIED)
        for q in _quantities(cell_of(row))
    }
    for measure, q in sorted(tried):
        yield Target(measure, 0.0, ((q, 1.0),))


def _quantities(cell: Quantity) -> list[Quantity]:
    answers = (cell.answer,) if cell.answer else told_by_size(cell.definition)
    return [cell._replace(answer=answer) for answer in answers]


def _is_withheld(row: Any, measure: str) -> bool:
    """Whether a row is withheld and would tell of a measure."""
    if row.denominator != WITHHELD or row.id not in FORMS:
        return False
    return FORMS[row.id].measure == measure


def _rows(ledger: pd.DataFrame) -> list[Any]:
    plain = ledger.astype(object).where(ledger.notna(), None)
    return [RESULTS.Row(*row) for row in plain[list(RESULTS.columns)].itertuples(index=False)]
