"""The date at which a series breaks most, whichever that is: a placebo for the policy's own."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.inference.effects.series import (
    PILOT,
    autocorrelation,
    broken_line,
    column,
    memory_of,
    moving,
    noise,
    on_grid,
)
from analysis.refusal import ContractError

Numbers = NDArray[np.float64]


class LargestBreak(NamedTuple):
    """The largest of the Wald statistics of all dates.

    at : first period after the largest break
    statistic : its Wald statistic; `dates` and `statistics` hold those of all dates tried
    p : how often a series without a break, with the same memory, has one as large
    """

    at: int
    statistic: float
    p: float
    dates: Numbers
    statistics: Numbers
    assumption: str = "without_a_break_a_line_and_normal_noise_with_memory_of_one_period"
    estimand: str = "date_of_largest_break"


def largest_break(
    time: ArrayLike,
    outcome: ArrayLike,
    *,
    seed: int,
    trim: float = 0.15,
    draws: int = 999,
) -> LargestBreak:
    """Sup-Wald test of a break in level or slope at an unknown date.

    Parameters
    ----------
    time, outcome : as in `interrupted.segmented`
    seed : of the drawn series
    trim : part of the series at each end in which no date is tried
    draws : series drawn

    Notes
    -----
    max over T0 of the Wald statistic (RSS_line - RSS_broken)/(RSS_broken/(T - 4)) of b2 = b3 = 0.
    Its law is not chi-squared, because the date is sought and periods resemble each other; it is
    drawn: series with the memory (AR(1)) of the residuals at the largest
    break, corrected for what fitting takes from it by drawing twice. That is all that matters: the
    statistic does not see the line or the scale.
    p = (1 + number as large)/(1 + draws). The policy's date is believable only if it is the largest
    break, and a placebo series has none.
    """
    grid, y, known = on_grid(time, column(outcome))
    edge = max(3, int(np.ceil(trim * grid.size)))
    dates = grid[edge : grid.size - edge + 1]
    dates = np.array([d for d in dates if min(known[grid < d].sum(), known[grid >= d].sum()) > 2])
    if known.sum() < 10 or not dates.size:
        raise ContractError(
            "a break at an unknown date",
            found=f"{known.sum()} known periods, {dates.size} dates to try",
            expected="at least ten periods, with three known on each side of a date",
            do="wait for more periods, or show the series without a test",
        )
    moving(y, known)
    walds, memory = _walds(grid, known, dates, y[:, None])
    observed = walds[:, 0]
    pilot = noise(known, float(np.clip(memory[0], -0.95, 0.95)), PILOT, seed)
    corrected = memory_of(float(memory[0]), _walds(grid, known, dates, pilot)[1])
    null = noise(known, corrected, draws, seed + 1)
    drawn = _walds(grid, known, dates, null)[0].max(axis=0)
    top = int(observed.argmax())
    p = (1 + (drawn >= observed[top]).sum()) / (1 + draws)
    return LargestBreak(int(dates[top]), float(observed[top]), float(p), dates, observed)


def _walds(
    grid: Numbers, known: NDArray[np.bool_], dates: Numbers, y: Numbers
) -> tuple[Numbers, Numbers]:
    """Wald statistics of b2 = b3 = 0 (dates, columns of y); memory at each column's largest."""
    line = _residual(broken_line(grid, grid[-1])[:, :2] * known[:, None], y)
    whole = (line**2).sum(axis=0)
    walds, memory = np.empty((2, dates.size, y.shape[1]))
    for row, date in enumerate(dates):
        residual = _residual(broken_line(grid, date) * known[:, None], y)
        left = (residual**2).sum(axis=0)
        walds[row] = (whole - left) / (left / (known.sum() - 4))
        memory[row] = autocorrelation(residual)
    return walds, memory[walds.argmax(axis=0), np.arange(y.shape[1])]


def _residual(x: Numbers, y: Numbers) -> Numbers:
    basis, _ = np.linalg.qr(x)
    return y - basis @ (basis.T @ y)
