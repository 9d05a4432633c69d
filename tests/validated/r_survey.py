"""Methods 9.10: samples of Californian schools, whose data the R package `survey` carries.

The data stay in that package: Debian's r-cran-survey where it is installed, and otherwise fetched
with `apt-get download` into a folder that is thrown away. R itself is not needed.
"""

import math
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.inference.intervals import clustered_ratio
from analysis.inference.survey_design import (
    Design,
    Estimated,
    design_mean,
    design_ratio,
    design_total,
    poststratified_mean,
)
from analysis.inference.survey_weights import weights

from . import NoDataError
from ._rda import frames

PACKAGE = "r-cran-survey"
DATA = Path("usr/lib/R/site-library/survey/data/api.rda")
SECONDS = 60


@cache
def schools() -> dict[str, pd.DataFrame]:
    """All schools (`apipop`) and the samples, by their name in the package."""
    found = _file()
    if isinstance(found, NoDataError):
        raise found
    return frames(found)


@cache
def _file() -> bytes | NoDataError:
    """The package's file, or why there is none: asked for once."""
    installed = Path("/") / DATA
    if installed.is_file():
        return installed.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        try:
            _run(folder, "apt-get", "-q", "download", PACKAGE)
            (package,) = Path(folder).glob("*.deb")
            _run(folder, "dpkg-deb", "-x", package.name, ".")
            return (Path(folder) / DATA).read_bytes()
        except (OSError, subprocess.SubprocessError) as failed:
            return NoDataError(f"{PACKAGE} is not installed and could not be fetched: {failed}")


def _run(folder: str, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=SECONDS)


def strata() -> tuple[pd.DataFrame, Design]:
    """Schools drawn within their type, weighted by our own weights."""
    rows = schools()["apistrat"]
    return rows, Design(
        _weights(rows), stratum=rows["stype"], clusters_in_stratum=rows["fpc"].to_numpy()
    )


def districts() -> tuple[pd.DataFrame, Design]:
    """All schools of the districts that were drawn, with the weights of the package."""
    rows = schools()["apiclus1"]
    return rows, Design(rows["pw"], rows["dnum"], clusters_in_stratum=rows["fpc"])


def _members() -> "pd.Series[int]":
    return schools()["apipop"]["stype"].value_counts()


def _weights(rows: pd.DataFrame) -> "pd.Series[float]":
    everybody = _members().rename_axis("stype").reset_index(name="members")
    return weights(rows, everybody, by=["stype"])


def stratified(estimator: Callable[..., Estimated], *columns: str) -> Estimated:
    rows, design = strata()
    return estimator(*(rows[column] for column in columns), design)


def clustered(estimator: Callable[..., Estimated], column: str) -> Estimated:
    rows, design = districts()
    return estimator(rows[column], design)


def calibrated() -> Estimated:
    rows, design = districts()
    return poststratified_mean(rows["api00"], rows["stype"], _members().to_dict(), design)


def weighted() -> float:
    """Mean of the districts' schools, weighted by type with the weights of the survey chapter."""
    rows = schools()["apiclus1"]
    return float(np.average(rows["api00"], weights=_weights(rows)))


def by_buyers() -> tuple[float, float]:
    """The districts' mean as the ratio over clusters that the report uses, and few left of all."""
    rows = schools()["apiclus1"]
    per = rows.groupby("dnum")["api00"].agg(["sum", "size"])
    most = 1000  # of the index: a share of it
    found = clustered_ratio(per["sum"], most * per["size"])
    left = 1 - found.clusters / rows["fpc"].iloc[0]
    return most * found.value, most * found.se * math.sqrt(left)


def _value(fit: Callable[[], Estimated]) -> float:
    return fit().value


def _se(fit: Callable[[], Estimated]) -> float:
    return fit().se


# R prints an error rounded to four decimals and then to five digits: 23.9205, hence 23.921.
_TWICE_ROUNDED = 0.00055

# Of a pair one row each: the package prints a value and its error with different decimals.
_PRINTED = {
    "strata: mean of api00": (partial(stratified, design_mean, "api00"), (662.29, 2), (9.4089, 4)),
    "strata: total of enroll": (
        partial(stratified, design_total, "enroll"),
        (3_687_178, 0),
        (114_642, 0),
    ),
    "strata: ratio of api.stu to enroll": (
        partial(stratified, design_ratio, "api.stu", "enroll"),
        (0.8369569, 7),
        (0.0077571, 7),
    ),
    "districts: mean of api00": (
        partial(clustered, design_mean, "api00"),
        (644.17, 2),
        (23.542, 3),
    ),
    "districts: total of enroll": (
        partial(clustered, design_total, "enroll"),
        (3_404_940, 0),
        (932_235, 0),
    ),
    "districts: mean of api00, calibrated on stype": (
        calibrated,
        (642.31, 2),
        (23.921, _TWICE_ROUNDED),
    ),
}
VALIDATED = {
    f"9.10 {what}{part}": (*printed, partial(of, fit))
    for what, (fit, value, se) in _PRINTED.items()
    for part, printed, of in (("", value, _value), (" (se)", se, _se))
} | {
    "9.10 districts: mean, weighted by type as in the survey": (642.31, 2, weighted),
    "9.10 districts: mean as a ratio over buyers": (644.17, 2, lambda: by_buyers()[0]),
    "9.10 districts: mean as a ratio over buyers, times √(1 − n/N) (se)": (
        23.542,
        3,
        lambda: by_buyers()[1],
    ),
}
