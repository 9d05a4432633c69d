"""What one cohort changed against its controls, both with the same covariates, three ways.

The regression, weighting and doubly robust estimators of Callaway and Sant'Anna 2021. In come of
each unit its change between two periods, whether it is treated, and its covariates with a constant;
back come the effect and the influence (units,) on it.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import expit, logit

from analysis.inference.effects.panel import Numbers

_SURE = 0.999  # a chance of treatment above this has no control that is like the treated


def _regression(change: Numbers, d: Numbers, x: Numbers) -> tuple[float, Numbers]:
    """What the treated changed, less what controls with the same covariates changed."""
    left, line = _line(change, d, x)
    estimate = float((d * left).sum() / d.sum())
    return estimate, (d * (left - estimate) - line @ (d @ x / len(d))) / float(d.mean())


def _weighting(change: Numbers, d: Numbers, x: Numbers) -> tuple[float, Numbers]:
    """Controls weighted by their odds of treatment, weights made to sum to 1 (Hajek)."""
    odds, chance = _odds(d, x)
    treated = float((d * change).sum() / d.sum())
    control, part = _weighted(change, odds, x, chance)
    return treated - control, d * (change - treated) / float(d.mean()) - part


def _doubly_robust(change: Numbers, d: Numbers, x: Numbers) -> tuple[float, Numbers]:
    """Right when the line of the controls or the odds of treatment is right."""
    left, line = _line(change, d, x)
    odds, chance = _odds(d, x)
    treated = float((d * left).sum() / d.sum())
    control, part = _weighted(left, odds, x, chance)
    of_treated = (d * (left - treated) - line @ (d @ x / len(d))) / float(d.mean())
    of_control = part - line @ (odds @ x / len(d)) / odds.mean()
    return treated - control, of_treated - of_control


def _weighted(values: Numbers, odds: Numbers, x: Numbers, chance: Numbers) -> tuple[float, Numbers]:
    mean = float((odds * values).sum() / odds.sum())
    off = odds * (values - mean)
    return mean, (off + chance @ (off @ x / len(x))) / odds.mean()


def _line(change: Numbers, d: Numbers, x: Numbers) -> tuple[Numbers, Numbers]:
    """Change less the controls' fitted line, and the influence of its coefficients."""
    controls = x * (1 - d)[:, None]
    inner = _told_apart(controls.T @ x / len(x), "covariates that its controls cannot tell apart")
    left = change - x @ np.linalg.solve(inner, controls.T @ change / len(x))
    return left, _coefficients(inner, controls * left[:, None])


def _odds(d: Numbers, x: Numbers) -> tuple[Numbers, Numbers]:
    """Odds of treatment of each control (logit), and the influence of the coefficients."""
    _told_apart(x.T @ x, "covariates that cannot be told apart")
    p, b = np.full(len(x), d.mean()), np.append(logit(d.mean()), np.zeros(x.shape[1] - 1))
    for _ in range(50):
        inner = (x * (p * (1 - p))[:, None]).T @ x
        b += np.linalg.solve(inner, x.T @ (d - p))
        p, before = expit(x @ b), p
        # The chances and not b: b goes on without end where no unit of some kind is treated.
        if np.abs(p - before).max() < 1e-10:
            break
    else:
        raise np.linalg.LinAlgError("a chance of treatment that does not settle")
    if p.max() > _SURE:
        raise np.linalg.LinAlgError("covariates with which treatment is all but certain")
    return (1 - d) * p / (1 - p), _coefficients(inner, x * (d - p)[:, None]) * len(x)


def _told_apart(inner: Numbers, found: str) -> Numbers:
    size = np.sqrt(np.diag(inner))
    if (size == 0).any() or np.linalg.eigvalsh(inner / size / size[:, None])[0] < 1e-11:
        raise np.linalg.LinAlgError(found)
    return inner


def _coefficients(inner: Numbers, scores: Numbers) -> Numbers:
    return np.asarray(np.linalg.solve(inner, scores.T).T, dtype=np.float64)


METHODS: dict[str, Callable[[Numbers, Numbers, Numbers], tuple[float, Numbers]]] = {
    "dr": _doubly_robust,
    "reg": _regression,
    "ipw": _weighting,
}
