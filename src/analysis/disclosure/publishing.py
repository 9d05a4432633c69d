"""Which figures are withheld, and what can be found in a report as it is published.

Withheld are figures of few enterprises, and others by which these could be found; then the ledger
that is left is attacked, with its outcome.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.contracts import RESULTS
from analysis.disclosure.counting import Cell, Counted, count
from analysis.disclosure.hiding import Gone, doubtful, hide, short
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
from analysis.disclosure.structure import Attack, systems
from analysis.disclosure.targets import WITHHELD, Target, behind, sensitive, together
from analysis.refusal import ContractError
from analysis.results import number

COLUMNS = ("measure", "sum", "least", "most", "truth")
SPECIFIED = "access.multiverse"  # each specification is another cut of the same few
_CHANGES = ("share-difference", "ratio")  # units of figures of two years


def control(rows: Iterable[Any], contributors: pa.Table, *, year: int) -> list[Any]:
    """The rows as `protect` leaves them, and rows on what an attack on them finds.

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
    left, known = protected(rows, counted)
    return [*left, *_outcome(left, counted, known, year=year)]


def protect(rows: Iterable[Any], contributors: pa.Table, *, secondary: bool = True) -> list[Any]:
    """The rows; those withheld have no value, ends and counts, and `withheld` as denominator.

    Parameters
    ----------
    rows : of RESULTS, linked or not: an attacker reads both
    contributors : who stands behind the linked figures, as `contributors.COLUMNS`
    secondary : False leaves out what is withheld for the sake of other figures, for tests

    Raises
    ------
    ContractError
        Linked figures that nobody stands behind.

    Notes
    -----
    First the cells of one or two enterprises, of a few that dominate or of all alike (methods 7);
    then further cells until each of those, and each difference between two cells, can be at least
    15 % less and more than it is for all that an attacker knows.
    """
    rows = list(rows)
    return protected(rows, count(contributors, told(rows)), secondary=secondary)[0]


def protected(
    rows: list[Any], contributors: Counted, *, secondary: bool = True
) -> tuple[list[Any], list[Attack]]:
    """The same, of contributors that were counted; and what is known of them in the end."""
    known = facts(rows)
    _attributed(known, behind(contributors.cells))
    targets = list(sensitive(contributors.cells, known))
    gone, attacks = Gone(set(), set()), list[Attack]()
    for target in targets:
        if target.cell:
            gone.add(target.cell, target.measure)
    for measures in ((LOTS, FIRMS), (EUROS,)) if secondary else ():
        some = [target for target in targets if target.measure in measures]
        attacks += hide(some, measures, known, contributors, gone)
    return [_emptied(row) if _goes(row, gone) else row for row in rows], attacks


def _attributed(known: list[Fact], sizes: Mapping[Quantity, Cell]) -> None:
    """Refuse figures of enterprises that nobody stands behind: they could not be guarded."""
    for fact in known:
        q = fact.terms[0][0]
        if fact.cell and len(fact.terms) == 1 and fact.value > 1e-6 and q not in sizes:
            raise ContractError(
                f"disclosure control of {q.theme}",
                found=f"{fact.value:g} {fact.measure} and no enterprise behind {' '.join(q)}",
                expected="every enterprise that counts in a figure under limits of size",
                do="give `protect` the contributors of this part too",
            )


def _goes(row: Any, gone: Gone) -> bool:
    if not is_linked(row):
        return False
    if row.id.startswith(SPECIFIED):
        return True
    cell = cell_of(row)
    measure = FORMS[row.id].measure if row.id in FORMS else EUROS if row.unit == "EUR" else LOTS
    rests_on = [cell]
    if row.unit in _CHANGES and "-" in row.period:
        rests_on += [cell._replace(period=year, group="all") for year in row.period.split("-")]
    return any(one in gone.of(measure) for one in rests_on)


def _emptied(row: Any) -> Any:
    nothing = dict.fromkeys(("value", "low", "high", "n", "unknown"))
    return row._replace(**nothing, interval="none", denominator=WITHHELD)


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
    plain = ledger.astype(object).where(ledger.notna(), None)[list(RESULTS.columns)]
    rows = [RESULTS.Row(*row) for row in plain.itertuples(index=False)]
    counted = count(contributors, told(rows))
    found, _ = _attacked(rows, counted, [])
    return pd.DataFrame(found, columns=list(COLUMNS))


def _outcome(rows: list[Any], counted: Counted, before: list[Attack], *, year: int) -> list[tuple]:
    linked = [row for row in rows if is_linked(row)]
    gone = [row for row in linked if row.denominator == WITHHELD]
    recovered, tried = _attacked(rows, counted, before)
    counts = (
        ("disclosure.withheld", len(gone), len(linked), "linked-figures"),
        ("disclosure.recovered", len(recovered), tried, "protected-sums"),
    )
    at: dict[str, Any] = {
        "chapter": "90",
        "period": year,
        "definition": "linked-tables",
        "perimeter": "report",
    }
    at |= {"unit": "count", "kind": "published", "inputs": "results"}
    return [
        number(id, value=value, n=n, denominator=denominator, **at)
        for id, value, n, denominator in counts
    ]


def _attacked(rows: list[Any], counted: Counted, before: list[Attack]) -> tuple[list[tuple], int]:
    """The sums that can be found, as COLUMNS, and how many were tried."""
    known = facts(rows)
    tried = list(_targets(rows, known, counted.cells))
    found = [
        row
        for measure in (LOTS, FIRMS, EUROS)
        for attack in systems(known, measure, counted.spots, before)
        for row in _found(tried, attack)
    ]
    return found, len(tried)


def _targets(rows: list[Any], known: list[Fact], counted: list[Cell]) -> Iterator[Target]:
    """All that must not be found: sensitive cells and differences, and what is withheld of them."""
    yield from sensitive(counted, known)
    for measure in (LOTS, EUROS):
        empty = [row for row in rows if row.denominator == WITHHELD and row.id in FORMS]
        gone = {cell_of(row) for row in empty if FORMS[row.id].measure == measure}
        yield from together(gone, counted, measure)


def _found(tried: Iterable[Target], attack: Attack) -> Iterator[tuple]:
    system = attack.system
    near = [one[0] for one in doubtful(tried, attack) if short(one, system) > 0]
    for target in dict.fromkeys(near):
        ends = [system.end((target.terms, -side * np.inf), side) / system.unit for side in (-1, 1)]
        yield target.measure, target.name, *ends, target.value
