"""Chapter 42, the designs with series: around a date, and of regions; what neither can tell.

Both ask about the policy for start-ups and innovation of the Flemish government as a whole, which
began on known days for everybody at once, and not about taking part in PIO. Their rows:
`effects_series_dates` and `effects_series_regions`. What cannot be determined has no value, grade E
and a denominator that says why.
"""

from functools import partial

import pandas as pd

from analysis.indicators import effects_series_dates, effects_series_regions
from analysis.indicators.effects_plan import Plan
from analysis.indicators.effects_plan_parts import Synthetic
from analysis.results import inputs as joined
from analysis.results import number


def last(plan: Plan) -> int:
    """The last year that any of the series reaches."""
    return max(int(plan.laid.interrupted.end[:4]), plan.laid.synthetic.after[1])


def results(cells: pd.DataFrame, plan: Plan, *, year: int, kind: str, inputs: str) -> list[tuple]:
    """Rows of the ledger on the series; none without any awarded lot.

    Parameters
    ----------
    cells : table that keeps SERIES_CELLS
    plan : as `effects_plan.read` gives it
    year : last year evaluated
    kind, inputs : what the cells rest on
    """
    if cells.empty:
        return []
    laid = plan.laid
    both = joined([_pair(inputs), _pair(plan.inputs)])
    start, end = (text[:4] for text in (laid.interrupted.start, laid.interrupted.end))
    row = partial(number, chapter="42", kind=kind, inputs=both)
    dated = partial(row, perimeter=laid.interrupted.group, period=f"{start}-{end}")
    of_regions = partial(row, perimeter="regions-above-threshold", period=_years(laid.synthetic))
    return [
        *effects_series_dates.results(dated, cells, laid, simulated=kind == "simulated"),
        *effects_series_regions.results(of_regions, cells, laid, year=year),
    ]


def _years(asked: Synthetic) -> str:
    return f"{asked.before[0]}-{asked.after[1]}"


def _pair(source: str) -> tuple[str, str]:
    name, _, digest = source.partition("@")
    return name, digest
