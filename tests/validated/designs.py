"""Methods 9.4 (Prop 99), 9.6 (training), 9.11 (the Nile)."""

from functools import cache, partial
from typing import Any

import causaldata
import numpy as np
import pandas as pd
import statsmodels.api as sm
from synthdid import load_california_prop99

from analysis.inference.effects import interrupted, synthetic
from analysis.inference.effects.adjustment import Compared, compare, entropy_balance
from analysis.inference.effects.firms import FirmEffect, effect_on_treated
from analysis.inference.effects.matching import risk_sets
from analysis.inference.effects.synthetic_did import synthetic_did

DESIGNS = {
    "DID": synthetic.difference_in_differences,
    "SC": synthetic.synthetic_control,
    "SDID": synthetic_did,
}
BEFORE_TRAINING = ["age", "educ", "marr", "nodegree", "black", "hisp", "re74", "re75"]


@cache
def smoking() -> tuple[np.ndarray, int, int]:
    """Packs per head of 39 states, California's row, and the number of years before 1989."""
    rows = load_california_prop99()
    wide = rows.pivot_table(index="State", columns="Year", values="PacksPerCapita")
    before = int((wide.columns < 1989).sum())
    return wide.to_numpy(), list(wide.index).index("California"), before


@cache
def california(design: str) -> synthetic.Comparison:
    """California beside its comparison under one design."""
    return DESIGNS[design](*smoking())


def smoking_noise() -> float:
    """Noise level of the donor states before 1989."""
    outcome, treated, before = smoking()
    return synthetic.noise(np.delete(outcome, treated, axis=0)[:, :before])


@cache
def training() -> pd.DataFrame:
    """The experiment's 445 men."""
    return causaldata.nsw_mixtape.load_pandas().data


@cache
def trained_and_survey() -> pd.DataFrame:
    """The 185 trained men beside a survey's 15,992."""
    survey = causaldata.cps_mixtape.load_pandas().data
    return pd.concat([training().query("treat == 1"), survey], ignore_index=True)


@cache
def experiment(adjusted: bool = False) -> Compared:
    """Earnings of trained and not trained, drawn by lot."""
    rows = training()
    lines = rows[["age", "educ", "black", "hisp", "nodegree"]].assign(squared=rows["age"] ** 2)
    return compare(rows["re78"], rows["treat"], lines if adjusted else None)


@cache
def naive() -> Compared:
    """Earnings of the trained beside whoever the survey met."""
    rows = trained_and_survey()
    return compare(rows["re78"], rows["treat"])


def before_training() -> tuple[np.ndarray, np.ndarray]:
    """Covariates of `trained_and_survey`, and who was trained."""
    rows = trained_and_survey()
    jobless = [rows["re74"] == 0, rows["re75"] == 0, rows["age"] ** 2]
    return np.column_stack([rows[BEFORE_TRAINING], *jobless]).astype(float), rows["treat"] == 1


@cache
def matched() -> FirmEffect:
    """Trained men beside the five most like them in the survey, in equal cells."""
    rows, (x, trained) = trained_and_survey(), before_training()
    cell = 4 * rows["black"] + 2 * rows["hisp"] + rows["nodegree"]
    sets = risk_sets(rows.index, np.zeros(len(rows)), trained, cell, x)
    return effect_on_treated(sets, rows["re78"].to_numpy()[sets.row])


@cache
def balanced() -> Compared:
    """Trained men beside the survey weighted to their means."""
    rows, (x, trained) = trained_and_survey(), before_training()
    weight = np.ones(len(rows))
    weight[~trained] = entropy_balance(x[trained], x[~trained])
    return compare(rows["re78"], trained, weight=weight)


@cache
def nile() -> pd.DataFrame:
    """Yearly flow of the Nile at Aswan, 1871-1970."""
    return sm.datasets.nile.load_pandas().data


@cache
def nile_segmented() -> interrupted.Interrupted:
    """A break in 1899."""
    return interrupted.segmented(nile()["year"], nile()["volume"], first=1899, lag=4, seed=1)


def _nile_difference() -> float:
    return compare(nile()["volume"], nile()["year"] >= 1899).estimate


@cache
def _nile_level() -> interrupted.LocalLevel:
    return interrupted.local_level(nile()["year"], nile()["volume"])


def _of(fit: Any, *fields: str) -> tuple[float, ...]:
    found = fit()
    return tuple(float(getattr(found, field)) for field in fields)


VALIDATED = {
    "9.4 Prop 99, difference in differences": (
        -27.349111,
        6,
        partial(_of, partial(california, "DID"), "effect"),
    ),
    "9.4 Prop 99, synthetic control, exact simplex": (
        -19.5136,
        4,
        partial(_of, partial(california, "SC"), "effect"),
    ),
    "9.4 Prop 99, synthetic control, as the package stops": (
        -19.619663,
        0.15,
        partial(_of, partial(california, "SC"), "effect"),
    ),
    "9.4 Prop 99, synthetic DID, exact simplex": (
        -15.6054,
        4,
        partial(_of, partial(california, "SDID"), "effect"),
    ),
    "9.4 Prop 99, synthetic DID, as the package stops": (
        -15.603828,
        0.01,
        partial(_of, partial(california, "SDID"), "effect"),
    ),
    "9.4 Prop 99, noise level": (5.494401, 6, smoking_noise),
    "9.6 Training, experiment, classical and HC2 error": (
        (1794.3424, 632.853, 670.997),
        3,
        partial(_of, experiment, "estimate", "se", "robust_se"),
    ),
    "9.6 Training, experiment adjusted": (
        (1684.6208, 637.485),
        3,
        partial(_of, partial(experiment, adjusted=True), "estimate", "se"),
    ),
    "9.6 Training, naive beside the survey": (
        (-8497.5161, 712.021),
        3,
        partial(_of, naive, "estimate", "se"),
    ),
    "9.11 Nile, mean from 1899 on minus mean before": (-247.7778, 4, _nile_difference),
    "9.11 Nile, level change, independent and HAC(4) error": (
        (-289.1027, 58.1184, 61.7759),
        4,
        partial(_of, nile_segmented, "level", "independent_se", "level_se"),
    ),
    "9.11 Nile, slope before and its change": (
        (1.1596, -0.4691),
        4,
        partial(_of, nile_segmented, "slope_before", "slope_change"),
    ),
    "9.11 Nile, local level: irregular variance": (
        15078.0,
        150.0,
        partial(_of, _nile_level, "irregular"),
    ),
    "9.11 Nile, local level: variance of the level": (
        1478.8,
        14.0,
        partial(_of, _nile_level, "wandering"),
    ),
    "9.11 Nile, local level: log likelihood": (
        -632.538,
        3,
        partial(_of, _nile_level, "log_likelihood"),
    ),
}
