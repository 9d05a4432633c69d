"""Units followed over periods, each untreated until a first treated period, or for good."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.refusal import ContractError

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Panel(NamedTuple):
    """One row per unit. Treatment is absorbing: who is treated in `first` stays treated.

    `outcome` (units, periods), NaN where not known, which is never 0; `first` (units,) label of the
    first treated period, inf for never; `periods` (periods,) increasing labels; `covariates`
    (units, k) fixed per unit, without a constant; `strata` (units,) cells within which adoption is
    permuted.
    """

    outcome: Numbers
    first: Numbers
    periods: Whole
    covariates: Numbers | None = None
    strata: Whole | None = None


def checked(panel: Panel) -> Panel:
    """The same panel with its arrays as numbers.

    Raises
    ------
    ContractError : shapes that do not meet, an infinite outcome, a first treated period that is no
        whole label, periods that do not increase, a covariate or stratum that is not known
    """
    outcome, first = np.asarray(panel.outcome, dtype=float), np.asarray(panel.first, dtype=float)
    if outcome.ndim != 2 or 0 in outcome.shape:
        raise _refused(f"outcomes of shape {outcome.shape}", "units by periods, at least one each")
    units, columns = outcome.shape
    if first.shape != (units,):
        raise _refused(f"{units} rows, {first.size} first periods", "one first period per unit")
    if np.isinf(outcome).any():
        raise _refused(f"{np.isinf(outcome).sum()} infinite outcomes", "a number, or NaN")
    finite = first[np.isfinite(first)]
    if np.isnan(first).any() or (first == -np.inf).any() or (finite % 1 != 0).any():
        raise _refused("a first treated period that is no label", "a whole number; inf for never")
    periods = _labels(panel.periods, columns)
    covariates, strata = _covariates(panel.covariates, units), _strata(panel.strata, units)
    return Panel(outcome, first, periods, covariates, strata)


def _labels(given: object, columns: int) -> Whole:
    labels = np.asarray(given, dtype=float)
    if labels.shape != (columns,):
        raise _refused(f"{columns} columns, {labels.size} periods", "one label per column")
    if not np.isfinite(labels).all() or (labels % 1 != 0).any() or (np.diff(labels) <= 0).any():
        raise _refused(f"the periods {labels.tolist()}", "whole labels that increase")
    return labels.astype(np.int64)


def _covariates(given: Numbers | None, units: int) -> Numbers | None:
    if given is None:
        return None
    x = np.asarray(given, dtype=float)
    if x.ndim != 2 or len(x) != units:
        raise _refused(f"covariates of shape {x.shape}", f"{units} rows, one column each")
    if not np.isfinite(x).all():
        unknown = int((~np.isfinite(x)).any(axis=1).sum())
        raise _refused(f"{unknown} units with a covariate that is not known", "each one known")
    return x if x.shape[1] else None


def _strata(given: object, units: int) -> Whole | None:
    if given is None:
        return None
    strata = np.asarray(given, dtype=float)
    if strata.shape != (units,) or not np.isfinite(strata).all() or (strata % 1 != 0).any():
        raise _refused("strata that do not name one cell per unit", f"{units} whole numbers")
    return strata.astype(np.int64)


def panel_of(
    rows: pd.DataFrame,
    *,
    unit: str,
    period: str,
    outcome: str,
    first: str,
    covariates: Sequence[str] = (),
    strata: str | None = None,
) -> Panel:
    """The panel of a table with one row per unit and period, units in the order of their key.

    Parameters
    ----------
    rows : the table; a unit and period without a row, or with a missing outcome, is not known
    first : column with the first treated period, missing (or inf) for never

    Raises
    ------
    ContractError : two rows for a unit and period; a first period, covariate or stratum that
        differs within a unit
    """
    if rows[[unit, period]].isna().any(axis=None) or rows.duplicated([unit, period]).any():
        raise _refused("rows without a key, or two with the same", "one row per unit and period")
    fixed = [first, *covariates, *([strata] if strata else [])]
    of_unit = rows[[unit, *fixed]].drop_duplicates().sort_values(unit)
    if of_unit[unit].duplicated().any():
        raise _refused(f"units in which {', '.join(fixed)} change", "one value per unit")
    at, columns = of_unit[unit].array, np.unique(rows[period].to_numpy())
    wide = np.full((len(at), len(columns)), np.nan)
    place = (at.searchsorted(rows[unit].array), np.searchsorted(columns, rows[period].to_numpy()))
    wide[place] = rows[outcome].to_numpy(dtype=float, na_value=np.nan)
    return checked(
        Panel(
            wide,
            of_unit[first].fillna(np.inf).to_numpy(dtype=np.float64),
            columns,
            of_unit[list(covariates)].to_numpy(dtype=float) if covariates else None,
            of_unit[strata].to_numpy() if strata else None,
        )
    )


def cohorts(panel: Panel) -> Whole:
    """First treated periods that occur up to the last period, increasing."""
    first = panel.first[panel.first <= panel.periods[-1]]
    return np.unique(first).astype(np.int64)


def _refused(found: str, expected: str) -> ContractError:
    return ContractError(
        "panel of units and periods",
        found=found,
        expected=expected,
        do="correct the table from which the panel is made; leave what is not known as NaN",
    )
