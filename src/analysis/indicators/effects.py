"""Chapter 42: what PIO changed in how those who took part buy, beyond the contract it paid for.

Methods 4; the plan (`effects_plan`) says what is done and how. All rows: perimeter flemish-public,
period the years of the panel, definition the outcome.

effects.plan_holds, effects.deviations
    Whether the plan is the one on record; changes logged since.
effects.flow, effects.cohort
    Organisations from register to analysis; adopters of each cohort (missing: of none).
effects.mde, effects.mde_sd, effects.untreated_mean, effects.within_sd, effects.controls
    Least effect found four times in five, by simulation on this panel, in the outcome's unit and in
    standard deviations within buyers; mean and standard deviation in years without treatment.
effects.att, effects.se, effects.p
    ATT over the years of the plan, Callaway-Sant'Anna, not-yet-admitted applicants as controls;
    bootstrap-t interval; p by bootstrap, by permuted admission (raw, studentised), and adjusted.
effects.att_event
    ATT by year around admission with the simultaneous band.
effects.draws
    Histogram of the effect under permuted admissions: the middle of a bin, n draws in it.
effects.diagnostic, effects.pretrend_p, effects.pretrend_power, effects.placebo_date, effects.smd
    Diagnostics, and which were passed; missing where one could not be made.
effects.robust, effects.breakdown
    Interval if the difference in trends may be M̄ times the largest before; M̄ that keeps the sign.
effects.left_out, effects.specification
    The effect without a cohort, without a buyer (its extremes), and by every other estimator.
effects.bacon_weight, effects.bacon_estimate
    What the two-way regression compares (of publication, the one outcome that is always known).
effects.truth, effects.truth_held
    Only in the invented Flanders: bids there do not react to PIO, so every effect is 0; and how
    many of the estimated intervals hold that.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from analysis.indicators import effects_extra
from analysis.indicators import effects_rows as rows
from analysis.indicators.effects_checks import balance, checks, otherwise
from analysis.indicators.effects_panel import Study, study
from analysis.indicators.effects_plan import Laid, Plan
from analysis.indicators.effects_study import Found, Seen, estimated, jointly_drawn, seen
from analysis.indicators.given import Given
from analysis.inference.effects.multiple import holm, romano_wolf
from analysis.inference.effects.randomisation import adoptions
from analysis.inference.effects.twoway import goodman_bacon
from analysis.refusal import ContractError
from analysis.results import inputs as joined
from analysis.results import number
from analysis.store.raw import KINDS

PUBLICATION = "y0-published"
_ROLES = ("falsification", "placebo")
NEEDED = ("pio_applications", "pio_projects")


def results(
    cells: pd.DataFrame, given: Given, plan: Plan, *, kind: str, inputs: str
) -> list[tuple]:
    """Rows of the ledger on effects; without the programme's files only those on the plan.

    Parameters
    ----------
    cells : table that keeps PANEL_CELLS
    given : what the programmes delivered
    plan : as `effects_plan.read` gives it, which refuses one that is not on record
    kind, inputs : what the cells rest on
    """
    sources = _sources(given, plan, kind, inputs)
    first = min([given.year, *cells["year"].astype(int)])
    row = partial(number, chapter="42", perimeter=plan.laid.perimeter,
                  period=f"{first}-{given.year}", **sources)  # fmt: skip
    told = list(_plan(row, plan))
    if not any(given.has(name) for name in NEEDED) or cells.empty:
        return told
    found = study(cells, given, plan.laid)
    told += _flow(row, found, plan.laid)
    return told + list(_effects(row, found, plan.laid, simulated=sources["kind"] == "simulated"))


def power(cells: pd.DataFrame, given: Given, plan: Plan) -> pd.DataFrame:
    """What the panel could show of every outcome of the plan; nothing is estimated.

    Returns
    -------
    A row an outcome: `outcome`, `role`, `unit`, `treated` and `controls` behind it, `known`
    untreated years, `mean` and `sd` in them, and the least detectable `effect`; the last in the
    unit of the outcome, shares 0-1, not a number where there is no estimate.
    """
    found, laid = study(cells, given, plan.laid), plan.laid
    told = {name: seen(found, name, laid, sample=laid.controls.record) for name in laid.outcomes}
    listed = [
        (name, laid.outcomes[name].role, laid.outcomes[name].unit,
         *((one.detectable.treated, one.detectable.controls) if one.detectable else (0, 0)),
         one.noise.known, one.mean, one.noise.sd,
         one.detectable.effect if one.detectable else np.nan)
        for name, one in told.items()
    ]  # fmt: skip
    columns = ["outcome", "role", "unit", "treated", "controls", "known", "mean", "sd", "effect"]
    return pd.DataFrame(listed, columns=columns)


def own_contracts(given: Given) -> pd.DataFrame:
    """Contracts that PIO co-financed, with the buyer of their project: what outcomes leave out."""
    projects = given.tables["pio_projects"][["project", "buyer"]].astype("object")
    return given.tables["pio_contracts"].astype("object").merge(projects, on="project", how="left")


def _sources(given: Given, plan: Plan, kind: str, inputs: str) -> dict[str, Any]:
    """`kind` and `inputs` of a number that rests on notices, the programme's files and the plan."""
    named = [name for name in (*NEEDED, "eligible_buyers") if given.has(name)]
    rests_on = given.rests_on(*named) if named else {"kind": kind, "inputs": inputs}
    listed = dict.fromkeys((inputs, rests_on["inputs"], plan.inputs))
    weakest = min(kind, rests_on["kind"], key=KINDS.index)
    return {"kind": weakest, "inputs": joined([_pair(one) for one in listed])}


def _pair(source: str) -> tuple[str, str]:
    name, _, digest = source.partition("@")
    return name, digest


def _plan(row: partial, plan: Plan) -> Iterator[tuple]:
    said = partial(row, definition="analysis-plan", grade="D", n=1, denominator="plan")
    same = float(plan.digest == plan.recorded)
    yield said("effects.plan_holds", value=same, unit="flag")
    yield said("effects.deviations", value=len(plan.deviations), unit="count")


def _flow(row: partial, found: Study, laid: Laid) -> Iterator[tuple]:
    """From the register to the analysis, and the cohorts."""
    units, universe = found.units, found.universe
    steps = {"register": universe, "published": units}
    counts = {name: len(table) for name, table in steps.items()}
    counts |= {f"{name}-{status}": int((table["status"] == status).sum())
               for name, table in steps.items()
               for status in ("admitted", "rejected", "partner", "pending", "never")}  # fmt: skip
    opened = found.years[0] + laid.anticipation  # earlier cohorts have no year before
    counts["in-cohort"] = int((units["cohort"] > opened).sum())
    said = partial(
        row, definition="buyer-panel", unit="count", grade="D", denominator="organisations"
    )
    for name, count in counts.items():
        yield said("effects.flow", group=f"step={name}", value=count, n=count)
    for _, own in units.groupby("cohort", sort=True):
        span = "-".join(dict.fromkeys(f"{own['year'].agg(end):.0f}" for end in ("min", "max")))
        yield said("effects.cohort", group=f"cohort={span}", value=len(own), n=len(own))
    apart = int((units["year"].notna() & units["cohort"].isna()).sum())
    yield said("effects.cohort", group="cohort=apart", value=apart, n=apart)


def _effects(row: partial, found: Study, laid: Laid, *, simulated: bool) -> Iterator[tuple]:
    """What could be seen of every outcome is worked out first; then what is estimated of each."""
    sample = laid.controls.record
    told = {name: seen(found, name, laid, sample=sample) for name in laid.outcomes}
    estimates = {name: estimated(one, laid) for name, one in told.items()}
    made = {name: checks(told[name], one, laid) for name, one in estimates.items() if one}
    names, smd, known = balance(found, laid, sample=sample)
    yield from rows.balanced(row, names, smd, known)
    publication, placebo = (_silent(estimates, laid, role) for role in _ROLES)
    grades = {}
    for name, outcome in laid.outcomes.items():
        passed = rows.passed(
            made.get(name), laid, publication=publication, balance=smd, office=placebo
        )
        grades[name], unit, shown = rows.graded(passed), outcome.unit, estimates[name]
        yield from rows.detectable(row, name, told[name], unit, grades[name])
        yield from rows.estimates(row, name, shown, told[name], unit, grades[name])
        if shown:
            said = partial(row, definition=name, grade=grades[name])
            yield from rows.diagnosed(said, made[name], told[name], passed, unit)
            yield from effects_extra.rows(said, shown, made[name], told[name], laid, unit)
            others = dict(otherwise(found, name, told[name], laid))
            yield from rows.specified(row, name, shown, others, unit, grades[name])
    if simulated:
        yield from rows.invented(row, estimates, laid, grades)
    yield from _families(row, told, estimates, laid, grades)
    yield from _bacon(row, told[PUBLICATION])


def _silent(estimates: dict[str, Found | None], laid: Laid, role: str) -> bool | None:
    """Whether outcomes that should not move did not: p of permutation, not below the limit.

    Of several, each that could be estimated; None if none could.
    """
    there = [one for name, one in estimates.items() if one and laid.outcomes[name].role == role]
    ps = [one.drawn.studentised.p if one.drawn else one.p_band for one in there]
    return min(ps) >= laid.diagnostics.significant if ps else None


def _families(
    row: partial, told: dict[str, Seen], found: dict[str, Found | None], laid: Laid, grades: dict
) -> Iterator[tuple]:
    """Holm over the primary outcomes, Romano-Wolf over the secondary ones."""
    roles = {
        role: [name for name, one in laid.outcomes.items() if one.role == role]
        for role in ("primary", "secondary")
    }
    drawn = {name: one.drawn for name, one in found.items() if one and one.drawn}
    ps = [drawn[one].studentised.p if one in drawn else np.nan for one in roles["primary"]]
    held = dict(zip(roles["primary"], holm(ps).tolist(), strict=True))
    known = {name: p for name, p in held.items() if p == p}
    yield from rows.adjusted(row, known, test="holm", grades=grades)
    there = {name: told[name] for name in roles["secondary"] if name in drawn}
    if len(there) > 1:
        yield from rows.adjusted(row, _stepped(there, laid), test="romano-wolf", grades=grades)


def _stepped(told: dict[str, Seen], laid: Laid) -> dict[str, float]:
    """Romano-Wolf p: all outcomes under the same permuted admissions, units in their own order."""
    one = next(iter(told.values())).panel
    first, _ = adoptions(one, laid.inference.permutations, laid.inference.seed)
    observed = jointly_drawn(told, one.first[None, :], laid)[0]
    p = romano_wolf(observed, jointly_drawn(told, first, laid))
    return dict(zip(told, p.tolist(), strict=True))


def _bacon(row: partial, told: Seen) -> Iterator[tuple]:
    """Weights and means of what the two-way regression compares, of units known throughout."""
    panel = told.panel
    known = ~np.isnan(panel.outcome).any(axis=1)  # adopters of no cohort are not
    whole = panel._replace(outcome=panel.outcome[known], first=panel.first[known], strata=None)
    try:
        table = goodman_bacon(whole)
    except ContractError:
        return
    for name, own in table.groupby("kind", sort=True):
        weight = float(own["weight"].sum())
        mean = float((own["weight"] * own["estimate"]).sum()) / weight if weight else None
        said = partial(row, definition=PUBLICATION, group=f"comparison={name}", n=len(own),
                       denominator="comparisons", grade="D")  # fmt: skip
        yield said("effects.bacon_weight", value=weight, unit="share")
        yield said("effects.bacon_estimate", value=mean, unit="share-difference")
