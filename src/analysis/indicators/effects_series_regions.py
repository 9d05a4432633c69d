"""Chapter 42, Flanders against other regions: yearly series of lots above the EU thresholds (4.6).

effects.sc_years
    Years before and after that enough lots of Flanders are known of.
effects.sc_known
    Fewest lots or winners known in a year of them, of each region in the notices.
effects.sc_donors, effects.sc_needed, effects.sc_least_p
    Regions that may be compared, how many it takes for a rank to be rare, and the smallest p that
    the rank of Flanders among them can have: 1/(J + 1).
effects.sc_mde, effects.sc_change, effects.sc_p_ratio, effects.sc_p_change, effects.sc_fit
    Least change that would rank first four times in five; the mean change after, by design, with
    the interval that the placebo changes of the other regions give; p of its rank by the ratio of
    errors after and before, and by the change; the error before in standard deviations of Flanders.
    Missing: not to be determined, too few regions or no fit.
effects.sc_weight, effects.sc_left_out, effects.sc_placebo
    Weight of each region, the change without each of them (its extremes), and the change after a
    date on which nothing happened.
"""

import math
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.contracts.series_cells import ABOVE, NOWHERE
from analysis.indicators.effects_plan import Laid
from analysis.inference.effects.series import Numbers
from analysis.inference.effects.synthetic import (
    FIT,
    Design,
    in_space,
    in_time,
    synthetic_control,
    without_each_donor,
)
from analysis.inference.effects.synthetic_did import synthetic_did

FEW_DONORS, FEW_YEARS, NO_FIT = "sc-too-few-donors", "sc-too-few-years", "sc-no-fit"
_DESIGNS: dict[str, Design] = {
    "synthetic-control": synthetic_control,
    "synthetic-did": synthetic_did,
}
_ANSWERS = {"sc-startups": ("startup_yes", "startup_no"), "sc-innovation": ("flagged", "plain")}


class Regions(NamedTuple):
    """Shares of regions in years, Flanders first.

    names : of the regions that are compared, the treated one first
    share : (regions, years); before, after : years, one after the other
    known : of every region in the notices the fewest units known in one of these years
    """

    names: tuple[str, ...]
    share: Numbers
    before: tuple[int, ...]
    after: tuple[int, ...]
    known: dict[str, int]


def regions(cells: pd.DataFrame, outcome: str, laid: Laid, *, year: int) -> Regions:
    """Regions with enough known lots above the threshold in every year that Flanders has enough of.

    Parameters
    ----------
    cells : table that keeps SERIES_CELLS
    year : last year evaluated
    """
    asked = laid.synthetic
    own = cells[(cells["threshold"] == ABOVE) & (cells["region"] != NOWHERE)]
    own = own.assign(year=own["month"].astype(int) // 12, plain=own["lots"] - own["flagged"])
    yes, no = _ANSWERS[outcome]
    sums = own.groupby(["region", "year"])[[yes, no]].sum().astype(float).round(9)
    of = (sums[yes] + sums[no]).unstack(fill_value=0)  # noqa: PD010 - two plain levels
    share = (sums[yes] / (sums[yes] + sums[no])).unstack()  # noqa: PD010
    treated: dict = of.T.to_dict().get(asked.treated, {})
    enough = [at for at, n in treated.items() if n >= asked.fewest_lots and at <= year]
    before, after = (
        tuple(one for one in enough if first <= one <= last)
        for first, last in (asked.before, asked.after)
    )
    fewest = of[[*before, *after]].min(axis=1) if before and after else of.min(axis=1) * 0
    others = [name for name in fewest.index if name != asked.treated]
    names = [asked.treated, *(one for one in others if fewest[one] >= asked.fewest_lots)]
    values = share.reindex(names)[[*before, *after]].to_numpy(float)
    known = {str(name): int(n) for name, n in fewest.items()}
    return Regions(tuple(names), values, before, after, known)


def results(row: partial, cells: pd.DataFrame, laid: Laid, *, year: int) -> Iterator[tuple]:
    """Rows of every outcome of the plan.

    Parameters
    ----------
    row : makes a row of the ledger, of which it knows chapter, perimeter, period and sources
    cells : table that keeps SERIES_CELLS
    """
    for outcome, about in laid.synthetic.outcomes.items():
        found = regions(cells, outcome, laid, year=year)
        said = partial(row, definition=outcome)
        yield from _offered(said, found, laid)
        why = _why_not(found, laid)
        for name in laid.synthetic.estimators:
            group = f"design={name}"
            if why:
                yield from _undetermined(said, group, about.unit, why, found)
            else:
                yield from _compared(said, group, _DESIGNS[name], found, laid, about.unit)


def needed(alpha: float) -> int:
    """Fewest regions to compare with for which the first rank is rare: 1/(J + 1) <= alpha.

    Examples
    --------
    >>> needed(0.05)
    19
    """
    return math.ceil(1 / alpha - 1e-9) - 1


def _why_not(found: Regions, laid: Laid) -> str:
    if len(found.before) < laid.synthetic.fewest_years or not found.after:
        return FEW_YEARS
    return FEW_DONORS if len(found.names) - 1 < needed(laid.power.alpha) else ""


def _offered(said: partial, found: Regions, laid: Laid) -> Iterator[tuple]:
    """What the notices offer, before anything is compared."""
    told = partial(said, unit="count", grade="D")
    for side, years in (("before", found.before), ("after", found.after)):
        yield told("effects.sc_years", group=f"side={side}", value=len(years), n=len(years),
                   denominator="years-of-regions")  # fmt: skip
    for name, least in found.known.items():
        yield told("effects.sc_known", group=f"region={name}", value=least, n=least,
                   denominator="known-above-threshold")  # fmt: skip
    donors = len(found.names) - 1
    behind = {"n": len(found.known) - (laid.synthetic.treated in found.known),
              "denominator": "regions-in-notices"}  # fmt: skip
    yield told("effects.sc_donors", value=donors, **behind)
    yield told("effects.sc_needed", value=needed(laid.power.alpha), **behind)
    yield said("effects.sc_least_p", value=1 / (donors + 1), unit="p-value", n=donors,
               denominator="regions-compared", grade="D")  # fmt: skip


def _undetermined(
    said: partial, group: str, unit: str, why: str, found: Regions
) -> Iterator[tuple]:
    told = partial(said, group=group, value=None, denominator=why, grade="E",
                   n=len(found.names) - 1)  # fmt: skip
    yield told("effects.sc_mde", unit=unit)
    yield told("effects.sc_change", unit=unit)
    for id in ("sc_p_ratio", "sc_p_change"):
        yield told(f"effects.{id}", unit="p-value")


def _compared(
    said: partial, group: str, design: Design, found: Regions, laid: Laid, unit: str
) -> Iterator[tuple]:
    """The change with its rank, and what could make it wrong; nothing where it does not fit."""
    asked, before = laid.synthetic, len(found.before)
    space, own = in_space(design, found.share, 0, before), design(found.share, 0, before)
    told = partial(said, n=len(found.names) - 1, denominator="regions-compared",
                   grade=asked.highest_grade)  # fmt: skip
    spread = float(np.std(found.share[0, :before], ddof=1))
    fit = space.pre_rmspe / spread if spread > 0 else None
    yield told("effects.sc_fit", group=group, value=fit, unit="mean")
    if fit is None or fit >= FIT:
        yield from _undetermined(said, group, unit, NO_FIT, found)
        return
    least = space.detectable if math.isfinite(space.detectable) else None
    reach = _rare(space.effects[1:], laid.power.alpha)
    yield told("effects.sc_mde", group=group, value=least, unit=unit)
    yield told("effects.sc_change", group=group, value=space.effect, unit=unit,
               interval="sampling", low=max(space.effect - reach, -1.0),
               high=min(space.effect + reach, 1.0))  # fmt: skip
    for id, p in (("sc_p_ratio", space.p), ("sc_p_change", space.p_effect)):
        yield told(f"effects.{id}", group=group, value=p, unit="p-value")
    for name, weight in zip(found.names[1:], own.weights[1:].tolist(), strict=True):
        yield told("effects.sc_weight", group=f"{group},region={name}", value=weight, unit="share")
    left = without_each_donor(design, found.share, 0, before)[1:]
    for name, value in (("lowest", left.min()), ("highest", left.max())):
        yield told("effects.sc_left_out", group=f"{group},without_region={name}", unit=unit,
                   value=float(value))  # fmt: skip
    placebo = sum(one <= asked.placebo for one in found.before)
    if 1 < placebo < before:
        early = in_time(design, found.share, 0, before, placebo=placebo)
        yield told("effects.sc_placebo", group=group, value=early.effect, unit=unit)


def _rare(placebos: Numbers, alpha: float) -> float:
    """How far from 0 a change must be to be among the `alpha` farthest of placebos and itself."""
    allowed = math.floor(alpha * (1 + placebos.size) + 1e-9) - 1
    return float(np.sort(np.abs(placebos))[-1 - allowed])
