"""Exact permutation tests and the fully enumerated wild cluster bootstrap (methods 9.8, 9.9)."""

from functools import cache, partial

import causaldata
import numpy as np
from statsmodels.datasets import grunfeld

from analysis.inference.effects.panel import Panel
from analysis.inference.effects.randomisation import Randomised, randomised
from analysis.inference.effects.wild import Wild, wild_bootstrap


def _treated(panel: Panel) -> np.ndarray:
    return np.isfinite(panel.first)


def _one_period(outcome, treated) -> Panel:
    first = np.where(np.asarray(treated, dtype=bool), 1.0, np.inf)
    return Panel(np.asarray(outcome, dtype=float)[:, None], first, np.array([1]))


def _difference(panel: Panel) -> float:
    d, y = _treated(panel), panel.outcome[:, 0]
    return float(y[d].mean() - y[~d].mean())


@cache
def eight() -> Randomised:
    """Eight units of which four were treated: all 70 ways."""
    data = causaldata.ri.load_pandas().data
    return randomised(_one_period(data["y"], data["d"]), _difference, seed=1)


@cache
def lady(right: int) -> Randomised:
    """Eight cups, four with milk first, of which she names so many of four."""
    named = [1] * right + [0] * (4 - right) + [1] * (4 - right) + [0] * right
    return randomised(
        _one_period(named, [1] * 4 + [0] * 4),
        lambda panel: float(panel.outcome[_treated(panel), 0].sum()),
        seed=1,
    )


@cache
def invest(coefficient: int, *, without: str = "") -> Wild:
    """Grunfeld's firms: investment on value (1) and capital (2)."""
    data = grunfeld.load_pandas().data
    data = data[data["firm"] != without]
    x = np.column_stack([np.ones(len(data)), data["value"], data["capital"]])
    return wild_bootstrap(
        data["invest"], x, data["firm"], coefficient, weights="rademacher", seed=1
    )


def _both(field: str, without: str = "") -> tuple[float, float]:
    return tuple(getattr(invest(column, without=without), field) for column in (1, 2))


SMALL = "American Steel"
VALIDATED = {
    "9.8 eight units, difference in means": (1.0, 6, lambda: eight().statistic),
    "9.8 eight units, permutations": (70, 0, lambda: len(eight().drawn)),
    "9.8 eight units, two-sided p": (0.857143, 6, lambda: eight().p),
    "9.8 eight units, one-sided p": (0.428571, 6, lambda: eight().p_greater),
    "9.8 lady tasting tea, all right": (0.0142857, 7, lambda: lady(4).p_greater),
    "9.8 lady tasting tea, three of four": (0.242857, 6, lambda: lady(3).p_greater),
    "9.9 Grunfeld, 11 firms, b of value and capital": (
        (0.114534, 0.227514),
        6,
        partial(_both, "estimate"),
    ),
    "9.9 Grunfeld, 11 firms, t": ((7.0698, 2.6617), 4, partial(_both, "t")),
    "9.9 Grunfeld, 11 firms, wild bootstrap p": (
        (8 / 2048, 44 / 2048),
        1e-12,
        partial(_both, "p"),
    ),
    "9.9 Grunfeld, 10 firms, t": ((7.2706, 2.7149), 4, partial(_both, "t", SMALL)),
    "9.9 Grunfeld, 10 firms, wild bootstrap p": (
        (2 / 1024, 22 / 1024),
        1e-12,
        partial(_both, "p", SMALL),
    ),
}
