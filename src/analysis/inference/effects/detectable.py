"""What a design could have seen: the smallest effect found four times out of five."""

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray


def detectable(se: float, *, alpha: float = 0.05, power: float = 0.8) -> float:
    """Smallest true effect that a two-sided z-test finds with the wished power; unit of `se`.

    Notes
    -----
    (z_{1 - alpha/2} + z_power) se: 2.8 standard errors at 5 % and 80 %. Not known where the
    standard error is not. An estimate closer to 0 than this is no proof that nothing happened.

    Examples
    --------
    >>> round(detectable(1.0), 4)
    2.8016
    """
    normal = NormalDist().inv_cdf
    return (normal(1 - alpha / 2) + normal(power)) * se


def detectable_by_rank(
    placebos: NDArray[np.float64], *, alpha: float = 0.05, power: float = 0.8
) -> float:
    """Smallest effect that ranks rarely high among placebo effects with the wished power.

    Parameters
    ----------
    placebos : (J,) effects found where there was none, unit of the outcome

    Notes
    -----
    The error is taken to be like a placebo effect. The rank is rare enough when at most
    k = floor(0.05 (J + 1)) - 1 placebos are as far from 0; so the smallest d >= 0 for which d + e
    exceeds the (k + 1)th largest |e| for a part `power` of the placebos e. Infinite where 1/(J + 1)
    is above 5 %: then not even the first rank is rare.

    Examples
    --------
    >>> detectable_by_rank(np.array([-1.0, 1.0] * 10))
    2.0
    """
    allowed = math.floor(alpha * (1 + placebos.size) + 1e-9) - 1
    if allowed < 0:
        return math.inf
    threshold = np.sort(np.abs(placebos))[-1 - allowed]
    needed = np.sort(np.maximum(threshold - placebos, 0))
    return float(needed[math.ceil(power * placebos.size - 1e-9) - 1])
