"""Whether treated and untreated differed before treatment, and whether a test would have seen it.

A test that finds nothing is reported with its power, and never decides: Roth 2022.
"""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.stats import chi2, ncx2

from analysis.inference.effects.aggregate import EventStudy
from analysis.inference.effects.honest_path import Numbers
from analysis.refusal import ContractError

INFORMATIVE = 0.5  # methods 4.4: below this a passed test says nothing


class JointTest(NamedTuple):
    """Wald test that all coefficients are 0."""

    statistic: float
    df: int
    p: float


class HalfExplained(NamedTuple):
    """The linear trend that alone would give half the estimate, and how often it is seen.

    slope : outcome's unit per period
    power : probability that the joint test rejects under that trend
    informative : whether that is at least one half
    """

    slope: float
    power: float
    informative: bool


def joint_wald(
    study: EventStudy, events: Collection[int] | None = None, *, reference: int = -1
) -> JointTest:
    """Test that the coefficients of these events are 0; all before the reference if None.

    Notes
    -----
    b'V^-1 b against chi-squared with as many degrees of freedom as events; V clustered by unit.

    Raises
    ------
    ContractError : no such event, or fewer independent units than events
    """
    at = _positions(study, events, reference)
    statistic = _distance(study, at, study.estimate[at])
    return JointTest(statistic, len(at), float(chi2.sf(statistic, len(at))))


def power_against(
    study: EventStudy,
    slope: float,
    *,
    events: Collection[int] | None = None,
    reference: int = -1,
    alpha: float = 0.05,
) -> float:
    """Probability that the joint test rejects if the trends differ by this slope per period.

    Notes
    -----
    With d_e = slope (e - reference), 1 - F(chi2_(1-alpha)) of a non-central chi-squared with
    non-centrality d'V^-1 d. Roth 2022.
    """
    at = _positions(study, events, reference)
    trend = slope * (study.event[at] - reference).astype(float)
    critical = chi2.isf(alpha, len(at))
    return float(ncx2.sf(critical, len(at), _distance(study, at, trend)))


def half_explained(
    study: EventStudy,
    effects: Collection[int],
    *,
    events: Collection[int] | None = None,
    reference: int = -1,
    alpha: float = 0.05,
) -> HalfExplained:
    """Power against the slope that would explain half the mean estimate over these events.

    Notes
    -----
    slope = (mean estimate / 2) / mean(e - reference). Roth 2022; the half and the pass mark are
    methods 4.4's.
    """
    if not effects or min(effects) <= reference:
        raise _refused(f"the effects {sorted(effects)}", f"events after {reference}")
    at = _found(study, effects)
    slope = float(study.estimate[at].mean() / 2 / (study.event[at] - reference).mean())
    power = power_against(study, slope, events=events, reference=reference, alpha=alpha)
    return HalfExplained(slope, power, power >= INFORMATIVE)


def _positions(study: EventStudy, events: Collection[int] | None, reference: int) -> np.ndarray:
    if events is None:
        events = [int(event) for event in study.event if event < reference]
    if not events or reference in events:
        raise _refused(f"events {sorted(events)}", f"events other than the reference {reference}")
    return _found(study, events)


def _found(study: EventStudy, events: Collection[int]) -> np.ndarray:
    """Where the events are, in their own order; each once."""
    where = {int(event): place for place, event in enumerate(study.event)}
    missing = sorted(set(events) - where.keys())
    if missing:
        raise _refused(f"no estimate for the events {missing}", "events of the study")
    return np.array([where[event] for event in sorted(set(events))])


def _distance(study: EventStudy, at: np.ndarray, values: Numbers) -> float:
    """d'V^-1 d."""
    covariance = study.covariance[np.ix_(at, at)]
    sd = np.sqrt(np.diag(covariance))
    if not np.all(sd > 0) or np.linalg.eigvalsh(covariance / np.outer(sd, sd)).min() < 1e-10:
        raise _refused(
            "a covariance of less than full rank", "more independent units than events tested"
        )
    return float(values @ cho_solve(cho_factor(covariance), values))


def _refused(found: str, expected: str) -> ContractError:
    return ContractError(
        "a test of the trends before treatment",
        found=found,
        expected=expected,
        do="restrict the event study to events with enough treated units",
    )
