"""Chapter 42: what became of firms after their first PIO contract (methods 4.8, question 7).

All rows: perimeter flemish-public, period the years of PIO's contracts, definition the outcome:
firm-fte (workers three years after, against the year before, in %), firm-gone (share known to be
gone from the register within 36 months) and firm-contracts (lots won from other Flemish public
buyers within 36 months). Of record: winners minus those that tendered for the same contract and had
none of PIO's; checks: winners of other contracts, matched without hindsight.

effects.firms_flow
    Firms from winners to those compared.
effects.firms_mde, effects.firms_att, effects.firms_se, effects.firms_p
    Least effect found four times in five; effect on the treated with a normal 95 % interval, errors
    by firm; p, and p adjusted over the outcomes (Holm). Missing below FEWEST treated firms.
effects.firms_gone, effects.firms_ceased
    Share gone, winners and others (Aalen-Johansen). The register does not say who ceased and who
    was taken over: the difference in ceasing is bounded by all of one kind, all of the other.
effects.firms_left, effects.firms_lee, effects.firms_lee_sampling
    Share that still files accounts; Lee's bounds on firm-fte for those that do either way; interval
    around them (Imbens-Manski).
effects.firms_early
    firm-fte in the three years before, which the contract cannot have changed.
effects.firms_smd, effects.firms_diagnostic, effects.firms_specification
    Balance, which diagnostics were passed, the effect under each comparison.
effects.firms_truth
    Only in the invented Flanders: there no firm reacts to a contract, every effect is 0.
"""

from collections.abc import Iterator
from functools import partial
from statistics import NormalDist
from typing import Any

import numpy as np

from analysis.cells.firm_cells import FirmCells
from analysis.indicators import effects_firms_rows as rows_on
from analysis.indicators.effects_firms_rows import DAYS, FEWEST, Rows
from analysis.indicators.effects_firms_sets import (
    COVARIATES,
    Compared,
    Numbers,
    among_losers,
    among_winners,
    entered,
)
from analysis.indicators.effects_plan import Laid
from analysis.indicators.effects_plan_parts import Firms
from analysis.indicators.given import Given, Origin
from analysis.inference.effects import firms
from analysis.inference.effects.firms import FirmEffect
from analysis.inference.effects.multiple import holm
from analysis.refusal import ContractError
from analysis.results import number

NEEDED = ("pio_contracts", "pio_bidders", "pio_projects")
QUESTION = "eq7"
DIAGNOSTICS = ("firms-planned", "firms-matched", "firms-balance", "firms-before", "firms-winners")


def results(given: Given, cells: FirmCells, laid: Laid, market: Origin) -> list[tuple]:
    """Rows of the ledger; none without the programme's contracts, tenderers and projects.

    Parameters
    ----------
    given : what the programmes delivered
    cells : what firms won, employed and became
    laid : the plan; where it does not name the question, no grade is above C
    market : what the cells rest on
    """
    first = entered(given) if given.has(*NEEDED) else None
    if first is None or first.empty:
        return []
    known = given._replace(origins={**given.origins, "market": market})
    rests_on: dict[str, Any] = known.rests_on(*NEEDED, "market")
    row = partial(
        number, chapter="42", perimeter="flemish-public",
        period=f"{first['day'].min().year}-{given.year}", **rests_on,
    )  # fmt: skip
    near, exact = among_winners(first, cells, given.year, laid.firms)
    losers = among_losers(first, given, cells, given.year)
    compared = {"firms-losers": losers, "firms-winners": near, "firms-exact": exact}
    told = list(rows_on.flow(row, first["firm"].nunique(), compared))
    planned = any(question.id == QUESTION for question in laid.questions)
    simulated = rests_on["kind"] == "simulated"
    return told + list(_effects(row, compared, laid.firms, planned=planned, simulated=simulated))


def _effects(
    row: partial, compared: dict[str, Compared], asked: Firms, *, planned: bool, simulated: bool
) -> Iterator[tuple]:
    record = compared["firms-losers"]
    registered = int(compared["firms-winners"].records["treated"].sum())
    early = _effect(record, "firm-early")
    smd = balance(record)
    found = {
        outcome: {name: _effect(one, outcome) for name, one in compared.items()}
        for outcome in asked.outcomes
    }
    adjusted = _holm({outcome: effects["firms-losers"] for outcome, effects in found.items()})
    yield from rows_on.balanced(row, record, smd.tolist())
    for outcome, effects in found.items():
        checked = _passed(asked, record, registered, early, smd, effects)
        passed = {"firms-planned": planned, **checked}
        unit = asked.outcomes[outcome].unit
        rows = Rows(partial(row, definition=outcome, grade=graded(passed)), unit)
        yield from rows_on.told(rows, effects["firms-losers"], adjusted.get(outcome))
        yield from rows_on.specified(rows, effects)
        yield from rows_on.diagnosed(rows, passed)
        if outcome == "firm-fte":
            yield from rows_on.early(rows, early)
            yield from rows_on.lee(rows, record)
        if outcome == "firm-gone":
            yield from rows_on.gone(rows, record)
        if simulated:
            yield rows.said("effects.firms_truth", value=0.0, unit=rows.unit, n=None,
                            denominator="invented")  # fmt: skip


def _effect(one: Compared, outcome: str) -> FirmEffect | None:
    """The effect on the treated; None with too few of them, or without any spread.

    `unknown` counts the treated firms with a control of which the outcome is not known (yet).
    """
    columns = {"firm-fte": "fte_change", "firm-early": "fte_early", "firm-contracts": "later"}
    try:
        if outcome == "firm-gone":
            days, cause = one.of("gone_days"), one.of("gone_cause")
            found = firms.ended(one.sets, days, cause, of=1, at=DAYS)
        else:
            found = firms.effect_on_treated(one.sets, one.of(columns[outcome]))
    except ContractError:
        return None
    if found.treated < FEWEST or not found.se > 0:
        return None
    return found._replace(unknown=int(one.sets.treated.sum()) - found.treated)


def balance(one: Compared) -> Numbers:
    """Standardised difference of every covariate, treated minus their weighted controls."""
    if not len(one.sets.row):
        return np.full(len(COVARIATES), np.nan)
    z, w, d = one.covariates, one.sets.weight, one.sets.treated
    means = [np.average(z[side], axis=0, weights=w[side]) for side in (d, ~d)]
    spreads = [
        np.average((z[side] - mean) ** 2, axis=0, weights=w[side])
        for side, mean in zip((d, ~d), means, strict=True)
    ]
    pooled = np.sqrt((spreads[0] + spreads[1]) / 2)
    return (means[0] - means[1]) / np.where(pooled > 0, pooled, np.nan)


def _passed(
    asked: Firms, record: Compared, registered: int, early: FirmEffect | None, smd: Numbers,
    effects: dict[str, FirmEffect | None],
) -> dict[str, bool | None]:  # fmt: skip
    """Which diagnostics an outcome passed; None where one could not be made."""
    answers: dict[str, bool | None] = dict.fromkeys(DIAGNOSTICS[1:])
    if registered:
        answers["firms-matched"] = bool(record.sets.treated.sum() >= asked.matched * registered)
    if np.isfinite(smd).any():
        answers["firms-balance"] = bool(np.nanmax(np.abs(smd)) < asked.largest_smd)
    if early:
        answers["firms-before"] = early.low <= 0 <= early.high
    own, other = effects["firms-losers"], effects["firms-winners"]
    if own and other:
        answers["firms-winners"] = own.low <= other.estimate <= own.high
    return answers


def graded(answers: dict[str, bool | None]) -> str:
    """B if every diagnostic is passed, else C: firms were not chosen by lot (methods 1.2)."""
    return "B" if all(answer is True for answer in answers.values()) else "C"


def _holm(found: dict[str, FirmEffect | None]) -> dict[str, tuple[float, float]]:
    """Normal p of each outcome that was estimated, and as Holm adjusts it."""
    ps = {name: _p(one) for name, one in found.items() if one}
    return dict(zip(ps, zip(ps.values(), holm(list(ps.values())), strict=True), strict=True))


def _p(one: FirmEffect) -> float:
    return 2 * NormalDist().cdf(-abs(one.estimate / one.se))
