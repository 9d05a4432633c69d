"""Estimators broken on purpose: each time the validation says so, and not otherwise."""

import importlib.util
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

from analysis.simulate.worlds import anticipation, did, spillover, staggered
from analysis.validation.judging import judge
from analysis.validation.run import random_of

RUNS = 25


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Neither draws nor Sun-Abraham are what is broken here."""
    monkeypatch.setitem(did.ESTIMATORS, "SA", did.ESTIMATORS["BJS"])
    monkeypatch.setattr(did, "DRAWS", 19)
    monkeypatch.setattr(did, "WEIGHTS", 49)
    monkeypatch.setattr(anticipation, "DRAWS", 19)


def untrue(world, runs=RUNS):
    """The claims that a world does not keep."""
    answers = defaultdict(list)
    for number in range(runs):
        for name, answer in world.replicate(random_of(world, number)).items():
            answers[name].append(answer)
    return {judged.claim.says for judged in judge(world, answers) if not judged.passed}


def broken(monkeypatch, module, right, wrong):
    """A module of the estimators with one piece of its text replaced."""
    source = importlib.util.find_spec(f"analysis.inference.effects.{module}").origin
    text = Path(source).read_text(encoding="utf-8")
    assert text.count(right) == 1, f"{right!r} is not once in {module}: this test must follow it"
    name = f"broken_{module}"
    made = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader=None))
    monkeypatch.setitem(sys.modules, name, made)
    exec(compile(text.replace(right, wrong), name, "exec"), made.__dict__)
    return made


class Loose(NamedTuple):
    """An estimate whose error is not that of its influence."""

    estimate: float
    se: float


CS = "CS finds the mean effect ({})."
KNOWS = "CS knows its error."
EARLY = "With a year of anticipation CS finds the effect."
APPLICANTS = "Among applicants CS finds the whole effect."


def test_unbroken_the_claims_are_true():
    found = untrue(did.WORLD) | untrue(anticipation.WORLD) | untrue(spillover.WORLD)
    claims = {CS.format(kind) for kind in ("growing", "by cohort", "silent years")}
    assert not found & {*claims, KNOWS, EARLY, APPLICANTS}


def test_years_of_a_buyer_taken_for_other_buyers_are_noticed(monkeypatch):
    """The cluster dropped: errors of the events added up as if they had nothing in common."""

    def overall(study, events):
        at = [study.event.tolist().index(event) for event in events]
        return Loose(study.estimate[at].mean(), (study.se[at] ** 2).sum() ** 0.5 / len(at))

    monkeypatch.setattr(staggered, "overall", overall)
    assert KNOWS in untrue(did.WORLD)


def test_buyers_admitted_before_as_controls_are_noticed(monkeypatch):
    made = broken(monkeypatch, "group_time", "& (panel.first[:, None] > latest)", "")
    monkeypatch.setattr(staggered, "group_time", made.group_time)
    assert CS.format("growing") in untrue(did.WORLD)


def test_never_admitted_buyers_that_learn_as_controls_are_noticed(monkeypatch):
    def against_never(panel):
        found = staggered.callaway_santanna(panel, control="never")
        return staggered.told(spillover.EFFECT, found)

    monkeypatch.setattr(spillover, "among_applicants", against_never)
    assert untrue(spillover.WORLD) == {APPLICANTS}


def test_anticipation_forgotten_is_noticed(monkeypatch):
    made = broken(
        monkeypatch,
        "group_time",
        "np.searchsorted(periods, g - delta)",
        "np.searchsorted(periods, g)",
    )
    monkeypatch.setattr(staggered, "group_time", made.group_time)
    assert EARLY in untrue(anticipation.WORLD)


def test_years_without_a_publication_filled_with_zero_are_noticed(monkeypatch):
    right = "panel.outcome[:, columns] - panel.outcome[:, against]"
    wrong = "np.nan_to_num(panel.outcome)[:, columns] - np.nan_to_num(panel.outcome)[:, against]"
    made = broken(monkeypatch, "group_time", right, wrong)
    monkeypatch.setattr(staggered, "group_time", made.group_time)
    assert untrue(did.WORLD) == {CS.format("silent years")}


def test_cohorts_weighted_alike_whatever_their_size_are_noticed(monkeypatch):
    made = broken(
        monkeypatch,
        "aggregate",
        "weights = size / size.sum()",
        "weights = np.full(len(size), 1 / len(size))",
    )
    monkeypatch.setattr(staggered, "by_event", made.by_event)
    assert CS.format("by cohort") in untrue(did.WORLD)
