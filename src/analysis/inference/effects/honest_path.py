"""Event-study coefficients around the reference event, as the restrictions on trends take them."""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.inference.effects.aggregate import EventStudy
from analysis.refusal import ContractError

Numbers = NDArray[np.float64]


class Coefficients(NamedTuple):
    """Coefficients of consecutive events, the reference (0 by construction) left out.

    estimate : (pre + post,) in order of event
    covariance : (pre + post, pre + post)
    pre, post : how many events lie before and after the reference
    """

    estimate: Numbers
    covariance: Numbers
    pre: int
    post: int


class Robust(NamedTuple):
    """An interval for the effect that holds if the trends differ by no more than the limit."""

    limit: float
    low: float
    high: float


def around(study: EventStudy, *, reference: int = -1) -> Coefficients:
    """The coefficients of a study, sorted, without the reference event.

    Give it as `relative_magnitude(*around(study), (0, 1, 2))`. With a year of anticipation the
    reference is -2, and the first event after it is -1.

    Raises
    ------
    ContractError : an event is missing between the first and the last, or is there twice; the
        restrictions bound the differences of neighbours
    """
    order = np.argsort(study.event, kind="stable")
    order = order[study.event[order] != reference]
    events = [int(event) for event in study.event[order]]
    wanted = set(range(min([*events, reference]), max([*events, reference]) + 1)) - {reference}
    if events != sorted(wanted):
        raise ContractError(
            "the events of a study whose trends are restricted",
            found=f"events {events} around {reference}",
            expected="each event once, without a gap around the reference",
            do="restrict the event study to a window in which every event has units",
        )
    before = sum(event < reference for event in events)
    covariance = study.covariance[np.ix_(order, order)]
    return Coefficients(study.estimate[order], covariance, before, len(events) - before)


def mean_over(study: EventStudy, events: Collection[int], *, reference: int = -1) -> Numbers:
    """Weights that make the mean over these events out of those after the reference."""
    after = np.sort(study.event[study.event > reference])
    weights = np.isin(after, list(events)) / len(events)
    if not np.isclose(weights.sum(), 1):
        raise ContractError(
            "the events over which an effect is averaged",
            found=f"{sorted(events)} where the study has {after.tolist()}",
            expected="events of the study, after its reference, each once",
            do="name only events that were estimated",
        )
    return weights


def checked(
    estimate: ArrayLike, covariance: ArrayLike, pre: int, post: int, weights: ArrayLike | None
) -> tuple[Coefficients, Numbers]:
    """The coefficients and the weights on those after the reference; the first alone if None."""
    beta, sigma = np.asarray(estimate, float), np.asarray(covariance, float)
    effect = np.eye(1, max(post, 1))[0] if weights is None else np.asarray(weights, float)
    if not (pre >= 1 and post >= 1 and beta.shape == (pre + post,) and effect.shape == (post,)):
        raise _refused(
            f"{beta.shape} coefficients and {effect.shape} weights for {pre} + {post} events",
            "at least one event before and one after the reference, and a weight for each after",
        )
    if sigma.shape != (len(beta),) * 2 or not all(map(_finite, (beta, sigma, effect))):
        raise _refused(f"a covariance {sigma.shape}, or a value not known", "finite, k by k")
    if not np.any(effect):
        raise _refused("weights that are all 0", "an effect to conclude on")
    scale = np.abs(sigma).max()
    if np.abs(sigma - sigma.T).max() > 1e-8 * scale:
        raise _refused("a covariance that is not symmetric", "a covariance matrix")
    if not scale or np.linalg.eigvalsh(sigma).min() < 1e-12 * scale:
        raise _refused(
            "a covariance of less than full rank", "more independent units than coefficients"
        )
    return Coefficients(beta, (sigma + sigma.T) / 2, pre, post), effect


def _finite(values: Numbers) -> bool:
    return bool(np.isfinite(values).all())


def _refused(found: str, expected: str) -> ContractError:
    return ContractError(
        "event-study coefficients whose trends are restricted",
        found=found,
        expected=expected,
        do="take them from `around`, in a window where every event has enough units",
    )
