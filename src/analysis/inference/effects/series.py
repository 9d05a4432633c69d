"""A series with gaps, laid on the grid of its periods, and errors that remember the last ones."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.inference.effects.detectable import detectable
from analysis.refusal import ContractError

Numbers = NDArray[np.float64]
# Series drawn to see how much of the memory a fit hides, and series drawn for a table.
PILOT, DRAWS = 199, 999
ALPHA = 0.05


class Change(NamedTuple):
    """A change on a date, in the unit of the outcome, held against drawn series without one.

    effect, se : Newey-West, at `lag`
    p : how often series without a change, with the memory of this one, show one as many errors from
        0: to be shown, because Newey-West errors are too small where one side is short
    reach : half the width of the 95 % interval by the same drawn series: it holds 0 where p > .05
    memory : of one period, of the residuals, corrected for the fit
    detectable : change found four times out of five, by the spread in such series
    """

    effect: float
    se: float
    lag: int
    p: float
    reach: float
    memory: float
    detectable: float


class Drawn(NamedTuple):
    """What a fit finds in series without an effect.

    p : how often as much, two-sided; critical : t-statistic that one in twenty reaches; spread :
    standard deviation of what it finds, in the unit of the effect; memory : of one period, of the
    series drawn
    """

    p: float
    critical: float
    spread: float
    memory: float


def column(values: ArrayLike) -> Numbers:
    """Values as floats; not a number where not known."""
    return np.asarray(values, dtype=float)


def on_grid(time: ArrayLike, values: ArrayLike) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    """Every period from the first to the last, the values there (0 in a gap) and what is known.

    Parameters
    ----------
    time : (rows,) whole number of each period, in any order, each once
    values : (rows,) or (rows, columns); a row counts as known when all of it is

    Notes
    -----
    A row of zeros in both the outcome and the regressors weighs nothing in a least-squares fit, and
    its score is 0 in the Newey-West sums: the gap keeps its length and says nothing.
    """
    when, given = column(time), column(values)
    if not (when.size and (when == np.floor(when)).all() and np.unique(when).size == when.size):
        raise ContractError(
            "a series",
            found=f"{when.size} periods, not all whole numbers, or one of them twice",
            expected="a whole number for each period, each once",
            do="count months on from one month, and add up what falls in the same one",
        )
    place = (when - when.min()).astype(int)
    grid = when.min() + np.arange(place.max() + 1)
    filled = np.full((grid.size, *given.shape[1:]), np.nan)
    filled[place] = given
    known = np.asarray(np.isfinite(filled.reshape(grid.size, -1)).all(axis=1))
    filled[~known] = 0
    return np.asarray(grid), filled, known


def both_sides(grid: Numbers, known: NDArray[np.bool_], first: float) -> None:
    """Refuse a series with fewer than three known periods before the date or from it on."""
    before, after = int(known[grid < first].sum()), int(known[grid >= first].sum())
    if min(before, after) < 3:
        raise ContractError(
            f"a series around period {first}",
            found=f"{before} known periods before it and {after} from it on",
            expected="at least three on each side: a level and a slope, and something to spare",
            do="wait for more periods, or show the series without a test",
        )


def moving(y: Numbers, known: NDArray[np.bool_]) -> None:
    """Refuse a series that is the same in every known period: no error can be told from none."""
    if known.any() and np.ptp(y[known]) == 0:
        raise ContractError(
            "a series",
            found=f"{y[known][0]} in every known period",
            expected="a series that moves",
            do="show the series without a test",
        )


def sandwich(inverse: NDArray[np.floating], scores: Numbers, lag: int) -> Numbers:
    """Covariance of coefficients from the inverse of the information and the scores."""
    return np.asarray(inverse @ newey_west(scores, lag) @ inverse)


def broken_line(grid: Numbers, first: float) -> Numbers:
    """Columns 1, t from the first period, 1[t >= T0] and (t - T0)_+."""
    ones, after = np.ones_like(grid), (grid >= first).astype(float)
    return np.column_stack([ones, grid - grid[0], after, after * (grid - first)])


def lag_rule(periods: int) -> int:
    """Newey-West lag floor(0.75 T^(1/3)) for T periods."""
    return math.floor(0.75 * periods ** (1 / 3))


def newey_west(scores: Numbers, lag: int) -> Numbers:
    """Long-run variance of scores (periods, k, ...): (k, k, ...) with weights 1 - l/(lag + 1)."""
    total = np.einsum("ta...,tb...->ab...", scores, scores)
    for step in range(1, lag + 1):
        cross = np.einsum("ta...,tb...->ab...", scores[step:], scores[:-step])
        total = total + (1 - step / (lag + 1)) * (cross + cross.swapaxes(0, 1))
    return total


def autocorrelation(residual: Numbers) -> Numbers:
    """Correlation of a residual with the one before it, down each column; a gap counts as 0."""
    size = (residual**2).sum(axis=0)
    together = (residual[1:] * residual[:-1]).sum(axis=0)
    return np.divide(together, size, out=np.zeros_like(size), where=size > 0)


def noise(known: NDArray[np.bool_], memory: float, draws: int, seed: int) -> Numbers:
    """Drawn series (periods, draws) that remember one period, stationary; 0 in the gaps."""
    drawn = np.random.default_rng(seed).standard_normal((known.size, draws))
    drawn[0] /= math.sqrt(1 - memory**2)
    for period in range(1, known.size):
        drawn[period] += memory * drawn[period - 1]
    return drawn * known[:, None]


def memory_of(observed: float, drawn: Numbers) -> float:
    """Memory of one period, corrected for what the same fit takes from drawn series that have it.

    Notes
    -----
    observed - (mean drawn - observed), within +-0.95: the bootstrap's correction of bias.
    """
    return float(np.clip(2 * observed - float(np.mean(drawn)), -0.95, 0.95))


def change(
    x: Numbers,
    residual: Numbers,
    contrast: Numbers,
    effect: float,
    covariance: Numbers,
    *,
    lag: int,
    seed: int,
) -> Change:
    """The change that a contrast of a fit finds; arguments as in `without_effect`."""
    se = math.sqrt(contrast @ covariance @ contrast)
    null = without_effect(x, residual, contrast, (effect, se), lag=lag, seed=seed)
    reach, least = null.critical * se, detectable(null.spread)
    return Change(effect, se, lag, null.p, reach, null.memory, least)


def without_effect(
    x: Numbers,
    residual: Numbers,
    contrast: Numbers,
    found: tuple[float, float],
    *,
    lag: int,
    seed: int,
) -> Drawn:
    """How large the Newey-West t-statistic of a contrast gets in series without any effect.

    Parameters
    ----------
    x : (periods, k) regressors, weighted as in the fit, a row of zeros in a gap; the first column
        is the constant
    residual : (periods,) of the fit, weighted likewise
    contrast : (k,) whose sum with the coefficients is the effect
    found : the effect and its Newey-West error

    Notes
    -----
    With few periods after the date Newey-West errors are too small: with six, a normal table finds
    an effect in one of three series that have none. So the table is drawn: 999 series of normal
    noise with the memory of the residuals, each fitted alike; p = (1 + number as large)/1000.
    """
    known = x[:, 0] != 0
    inverse = np.linalg.inv(x.T @ x)
    own = float(autocorrelation(residual))
    pilot = noise(known, float(np.clip(own, -0.95, 0.95)), PILOT, seed)
    memory = memory_of(own, autocorrelation(pilot - x @ (inverse @ (x.T @ pilot))))
    series = noise(known, memory, DRAWS, seed + 1)
    coefficients = inverse @ (x.T @ series)
    left = series - x @ coefficients
    effects = contrast @ coefficients
    scores = (x @ (inverse @ contrast))[:, None] * left
    t = effects / np.sqrt(newey_west(scores[:, None, :], lag)[0, 0])
    own_t = found[0] / found[1] if found[1] else math.inf
    scale = math.sqrt(float(residual @ residual) / float((left**2).sum(axis=0).mean()))
    p = (1 + int((abs(t) >= abs(own_t)).sum())) / (1 + DRAWS)
    critical = float(np.sort(abs(t))[-int(ALPHA * (1 + DRAWS))])
    return Drawn(p, critical, scale * float(np.std(effects)), memory)
