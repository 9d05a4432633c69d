"""The record of a validation: one JSON file, the same whenever and wherever it was made."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.refusal import SourceError
from analysis.simulate.worlds.claims import World, Z
from analysis.validation.judging import Answers, Judgement, judge, measures
from analysis.validation.run import SEED, versions

DIGITS = 6
NOTHING = 1e-13  # what floats leave of nothing depends on the machine
COLUMNS = (
    *("world", "title", "says", "estimator", "versus", "measure", "must_fail", "value", "mcse"),
    *("low", "high", "passed", "replications", "truth", "bias", "sd", "mean_se", "coverage"),
    *("size", "power"),
)
_OF_ESTIMATOR = (
    *("replications", "answered", "truth", "mean", "bias", "mcse_bias", "sd", "mean_se", "rmse"),
    *("coverage", "mcse_coverage", "rejection", "mcse_rejection", "uniform"),
)
_NAMES = {"rejection": "size", "mcse_rejection": "mcse_size"}


def made(worlds: Sequence[World], answers: Mapping[str, Answers], *, draws: int) -> dict[str, Any]:
    """Record of what estimators did in worlds, and of every claim about them.

    Returns
    -------
    Plain values: numbers of six digits, missing where there is none; `passed` is whether every
    claim of every world is true, those that a shortcut fails among them.
    """
    rows = [_world(world, answers[world.id]) for world in worlds]
    return {
        "seed": SEED,
        "draws": draws,
        "monte_carlo_error": Z,
        "versions": versions(),
        "passed": all(row["passed"] for row in rows),
        "worlds": rows,
    }


def write(record: Mapping[str, Any], file: Path) -> None:
    """Write a record; its folder is made where it is missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False)
    file.write_text(text + "\n", encoding="utf-8")


def read(file: Path) -> dict[str, Any]:
    """Read a record as `made` gives it.

    Raises
    ------
    SourceError
        The file is not there, or is no record.
    """
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        claims = [claim for world in record["worlds"] for claim in world["claims"]]
        whole = record["passed"] is all(claim["passed"] for claim in claims)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise _unreadable(file, type(fault).__name__) from fault
    if not (whole and claims):
        raise _unreadable(file, "no claim, or an end result that its claims do not give")
    return record


def table(record: Mapping[str, Any]) -> pd.DataFrame:
    """The claims of a record, one row each, with what its estimator did.

    Returns
    -------
    Columns COLUMNS: value and mcse are of `measure`, which had to lie from low to high; truth to
    power are of the estimator. Of `size` and `power` the one that the claim is not about, is
    missing, as they are one figure under two names.
    """
    rows = []
    for world in record["worlds"]:
        did = {row["estimator"]: row for row in world["estimators"]}
        for claim in world["claims"]:
            own = did[claim["estimator"]]
            both = dict.fromkeys(("size", "power"))
            if claim["measure"] in both:
                both[claim["measure"]] = own["rejection"]
            rows.append(own | both | claim | {"world": world["id"], "title": world["title"]})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _world(world: World, answers: Answers) -> dict[str, Any]:
    claims = [_claim(judgement) for judgement in judge(world, answers)]
    return {
        "id": world.id,
        "title": world.title,
        "truth": world.truth,
        "passed": all(claim["passed"] for claim in claims),
        "estimators": [{"estimator": name, **_did(answers[name])} for name in answers],
        "claims": claims,
    }


def _did(outcomes: Sequence) -> dict[str, Any]:
    found = measures(outcomes)
    return {name: _number(found[_NAMES.get(name, name)]) for name in _OF_ESTIMATOR}


def _claim(judgement: Judgement) -> dict[str, Any]:
    claim = judgement.claim
    return {
        "says": claim.says,
        "estimator": claim.estimator,
        "measure": claim.measure,
        "versus": claim.versus,
        "must_fail": claim.must_fail,
        **{name: _number(getattr(judgement, name)) for name in ("value", "mcse", "low", "high")},
        "passed": judgement.passed,
    }


def _number(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    rounded = float(f"{value:.{DIGITS}g}") if abs(value) > NOTHING else 0.0
    return int(rounded) if rounded == int(rounded) and abs(rounded) < 1e9 else rounded


def _unreadable(file: Path, found: str) -> SourceError:
    return SourceError(
        str(file),
        found=found,
        expected="the record that `python -m analysis.validation --record` writes",
        do="make it again",
    )
