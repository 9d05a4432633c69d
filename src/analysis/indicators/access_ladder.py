"""The assumption ladder: the share of lots under weaker and stronger assumptions (methods 2.6).

access.ladder
    Group `rung=`: A0 nothing is assumed, [x/n, (x + m)/n]; A1 the odds among the m unknown lie
    within a factor gamma of those among the known, [p/(p + (1 - p) gamma), p gamma/(p gamma + 1
    - p)]; A2 unknown and known are alike within `STRATA`; A3 they are alike. Share of lots.
"""

from collections.abc import Iterator
from functools import partial

import pandas as pd

from analysis.cells import AccessCells
from analysis.contracts.access_cells import PERIMETERS
from analysis.indicators.access_parts import LOTS, periods, plain, whole_of, within
from analysis.indicators.competition import Answer
from analysis.inference.ladder import Rung, ladder

STRATA = ("buyer_type", "cpv_division", "procedure", "value_band", "year")


def rungs(part: pd.DataFrame) -> tuple[Rung, ...]:
    """A0, A1 for each gamma, A2 within `STRATA` and A3; A0 only where nothing is known.

    Parameters
    ----------
    part : KIND_CELLS of one definition, as `access_parts.plain` makes them
    """
    known = part["lots"] - part["lots_unknown"]
    year = part["year"].fillna(-1).astype(int)
    return ladder(part.assign(known_awards=known, year=year), by=STRATA)


def group(rung: Rung) -> str:
    """Name of a rung in RESULTS, e.g. `rung=A1,gamma=1.5`."""
    gamma = "" if rung.gamma is None else f",gamma={rung.gamma:g}"
    return f"rung={rung.assumption}{gamma}"


def rows(cells: AccessCells, row: partial) -> Iterator[tuple]:
    """Rows of RESULTS; A2 and A3 give one value, A0 and A1 two ends."""
    whole, kinds = whole_of(cells.lots), plain(cells.kinds, coded=STRATA[:-1])
    for perimeter in PERIMETERS:
        for definition, of_one in within(kinds, perimeter).groupby("definition", sort=True):
            for period, part in periods(of_one, whole):
                at = {"definition": definition, "period": period, "perimeter": perimeter}
                unknown = int(part["lots_unknown"].sum())
                n = int(part["lots"].sum()) - unknown
                for rung in rungs(part):
                    one = rung.low if rung.assumption in ("A2", "A3") else None
                    ends = (rung.low, rung.high, "bounds")
                    answer = Answer(one, "share", n, LOTS, unknown, *ends)._asdict()
                    grade = "C" if rung.assumption == "A2" else "D"
                    yield row("access.ladder", group=group(rung), grade=grade, **at, **answer)
