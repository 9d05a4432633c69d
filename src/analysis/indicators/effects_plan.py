"""The pre-analysis plan: what is asked and how, laid down and hashed before outcomes are read."""

import datetime as dt
import hashlib
import re
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml
from pydantic import Field, ValidationError

from analysis.indicators.effects_plan_parts import (
    Firms,
    Interrupted,
    Outcome,
    Strict,
    Synthetic,
)
from analysis.refusal import ReportError
from analysis.yaml_text import read_yaml

DIAGNOSTICS = (
    "publication", "pretrends", "honest", "balance", "leave-cohort", "leave-buyer",
    "placebo-date", "placebo-outcome",
)  # fmt: skip


class Question(Strict):
    """What is asked, in each language."""

    id: str
    nl: str
    en: str


class Cohorts(Strict):
    """Fewest adopters of a cohort, and over how many years small ones are put together."""

    smallest: int = Field(ge=1)
    span: int = Field(ge=1)


class Controls(Strict):
    """Who the adopters are compared with, first and second."""

    record: Literal["applicants", "everyone"]
    second: Literal["applicants", "everyone"]


class Events(Strict):
    """Years around admission that are shown, if enough treated units are behind them."""

    first: int
    last: int
    fewest_before: int = Field(ge=1)
    fewest_after: int = Field(ge=1)


class Inference(Strict):
    """Level of intervals, numbers of draws, cells of the permutation, seed."""

    level: float = Field(gt=0.5, lt=1)
    band_draws: int = Field(ge=1)
    permutations: int = Field(ge=1)
    strata: list[str]
    seed: int


class Power(Strict):
    """Size and power of the test for which the smallest detectable effect is given."""

    alpha: float = Field(gt=0, lt=1)
    wished: float = Field(gt=0, lt=1)
    draws: int = Field(ge=1)


class Diagnostics(Strict):
    """Limits that a diagnostic must keep."""

    mbar: list[float]
    robust_from: float
    largest_smd: float
    pretest_power: float
    leave_one_out: float
    placebo_shift: int
    significant: float


class Laid(Strict):
    """What the file says; texts are for readers, the rest decides."""

    version: int
    questions: list[Question]
    perimeter: str
    units: str
    missing: str
    treatment: str
    anticipation: int = Field(ge=0)
    cohorts: Cohorts
    controls: Controls
    exclusions: list[str]
    events: Events
    overall: list[int]
    estimator: str
    checks: list[str]
    outcomes: dict[str, Outcome]
    startup: str
    inference: Inference
    multiplicity: dict[str, str]
    power: Power
    diagnostics: Diagnostics
    interrupted: Interrupted
    synthetic: Synthetic
    firms: Firms
    subgroups: list[str] = Field(max_length=3)


class Deviation(Strict):
    """A change of the plan: when, to which digest, what and why, and what was known by then."""

    date: dt.date
    digest: str = Field(pattern="[0-9a-f]{64}")
    what_nl: str
    what_en: str
    why_nl: str
    why_en: str
    outcomes_seen: bool


class Plan(NamedTuple):
    """The plan in force, the digest of its file and the one on record, and logged deviations.

    `inputs` is how the ledger names the plan and its log together.
    """

    laid: Laid
    digest: str
    recorded: str
    deviations: tuple[Deviation, ...]
    inputs: str


def read(folder: Path) -> Plan:
    """Read the plan of a folder; refuse one that is not the plan on record.

    Parameters
    ----------
    folder : with `effects.yml`, `effects.sha256` and `deviations.yml`

    Raises
    ------
    ReportError
        A file is missing or not as it should be; or the plan is neither the one on record nor the
        last one that a deviation logs.
    """
    path = folder / "effects.yml"
    text = _bytes(path)
    digest, recorded = hashlib.sha256(text).hexdigest(), _bytes(folder / "effects.sha256")
    laid = _valid(path, text, Laid)
    log = folder / "deviations.yml"
    listed = tuple(_valid(log, row, Deviation) for row in _listed(log))
    both = hashlib.sha256(text + _bytes(log)).hexdigest()
    on_record = recorded.decode("ascii", "replace").strip()
    plan = Plan(laid, digest, on_record, listed, f"effects-plan@{both[:12]}")
    _as_recorded(path, plan)
    return plan


def _as_recorded(path: Path, plan: Plan) -> None:
    """Refuse a record that is none, and a plan that nobody recorded."""
    if not re.fullmatch("[0-9a-f]{64}", plan.recorded):
        raise _refused(
            path.with_suffix(".sha256"), plan.recorded[:80] or "nothing", "64 hexadecimal digits",
            "put back the file as it was recorded",
        )  # fmt: skip
    in_force = [plan.recorded, *(one.digest for one in plan.deviations)][-1]
    if plan.digest != in_force:
        raise _refused(
            path, f"sha256 {plan.digest}", f"the plan in force, sha256 {in_force}",
            "put back the plan, or log what changed, why, and whether outcomes had been seen, in "
            "deviations.yml; the chapter prints it",
        )  # fmt: skip


def _listed(path: Path) -> list[Any]:
    try:
        rows = read_yaml(_bytes(path))
    except yaml.YAMLError as fault:
        raise _refused(path, str(fault), "a list of deviations", "correct the file") from fault
    if not isinstance(rows, list):
        raise _refused(path, type(rows).__name__, "a list of deviations", "correct the file")
    return rows


def _valid(path: Path, given: Any, model: type) -> Any:
    try:
        return model.model_validate(read_yaml(given) if isinstance(given, bytes) else given)  # type: ignore[attr-defined]
    except (ValidationError, yaml.YAMLError) as fault:
        raise _refused(path, str(fault), "the fields of the plan", "correct the file") from fault


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise _refused(path, "no such file", "a pre-analysis plan", "put back the file") from fault


def _refused(path: Path, found: str, expected: str, do: str) -> ReportError:
    return ReportError(f"plan/{path.name}", found=found, expected=expected, do=do)
