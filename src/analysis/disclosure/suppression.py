"""Which figures are withheld: of few enterprises, and others by which these could be found."""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from analysis.disclosure.counting import Cell, Counted, count
from analysis.disclosure.hiding import Gone, hide
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
from analysis.disclosure.targets import behind, sensitive
from analysis.refusal import ContractError

SPECIFIED = "access.multiverse"  # each specification is another cut of the same few
_CHANGES = ("share-difference", "ratio")  # units of figures of two years


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
    return protected(rows, count(contributors, told(rows)), secondary=secondary)


def protected(rows: list[Any], contributors: Counted, *, secondary: bool = True) -> list[Any]:
    """The same, of contributors that were counted."""
    gone = _withheld(facts(rows), contributors, secondary=secondary)
    return [_emptied(row) if _goes(row, gone) else row for row in rows]


def _withheld(known: list[Fact], contributors: Counted, *, secondary: bool) -> Gone:
    _attributed(known, behind(contributors.cells))
    targets = list(sensitive(contributors.cells, known))
    gone = Gone(set(), set())
    for target in targets:
        if target.cell:
            gone.add(target.cell, target.measure)
    if secondary:
        for measures in ((LOTS, FIRMS), (EUROS,)):
            some = [target for target in targets if target.measure in measures]
            hide(some, measures, known, contributors, gone)
    return gone


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
