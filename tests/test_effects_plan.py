"""The pre-analysis plan: laid down first, and no effect by a plan that nobody recorded."""

import hashlib
import re
import shutil

import pytest
from effects_world import PLAN, ledger, one, plan, world

from analysis.indicators import effects_plan
from analysis.indicators.effects_panel import OUTCOMES
from analysis.present import labels
from analysis.present.language import LANGUAGES
from analysis.refusal import ReportError


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(PLAN, tmp_path / "plan")
    return tmp_path / "plan"


def changed(folder, old="draws: 1999", new="draws: 999"):
    path = folder / "effects.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def logged(folder, digest, **other):
    told = {"date": "2027-02-01", "digest": digest, "what_nl": "Minder trekkingen.",
            "what_en": "Fewer draws.", "why_nl": "Tijd.", "why_en": "Time.",
            "outcomes_seen": "true"} | other  # fmt: skip
    lines = "\n".join(f"  {name}: {value}" for name, value in told.items())
    (folder / "deviations.yml").write_text(f"-\n{lines}\n", encoding="utf-8")


def test_the_plan_on_record_is_the_one_in_the_file():
    recorded = (PLAN / "effects.sha256").read_text(encoding="ascii").strip()
    assert hashlib.sha256((PLAN / "effects.yml").read_bytes()).hexdigest() == recorded
    assert effects_plan.read(PLAN).digest == recorded


def test_a_changed_plan_gives_no_effect(folder):
    changed(folder)
    with pytest.raises(ReportError, match=r"(?s)plan/effects.yml.*sha256.*deviations.yml"):
        effects_plan.read(folder)


def test_a_changed_plan_with_a_logged_deviation_is_in_force_and_told(folder):
    before = effects_plan.read(folder)
    logged(folder, changed(folder))
    found = effects_plan.read(folder)
    assert [(one.what_en, one.outcomes_seen) for one in found.deviations] == [
        ("Fewer draws.", True)
    ]
    assert found.inputs != before.inputs
    rows = ledger(*world(), laid=plan()._replace(digest=found.digest, deviations=found.deviations))
    assert one(rows, "deviations")["value"] == 1
    assert one(rows, "plan_holds")["value"] == 0


def test_going_back_after_a_deviation_is_a_change_as_well(folder):
    logged(folder, "a" * 64)
    with pytest.raises(ReportError, match="a" * 64):
        effects_plan.read(folder)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("effects.sha256", "none yet"),
        ("deviations.yml", "changed: a bit"),
        ("deviations.yml", "- {date: yesterday}"),
        ("effects.yml", "version: 1"),
        ("effects.yml", "version: ["),
    ],
)
def test_files_that_are_no_plan_are_refused(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ReportError, match=f"plan/{name}"):
        effects_plan.read(folder)


def test_a_missing_plan_is_refused(folder):
    (folder / "effects.yml").unlink()
    with pytest.raises(ReportError, match="no such file"):
        effects_plan.read(folder)


def test_the_plan_is_that_of_the_methods():
    """Methods 10, `did`: delta, control, smallest cohort, draws, limits of the diagnostics."""
    laid = plan(band_draws=1999, permutations=1999).laid
    assert (laid.anticipation, laid.controls.record, laid.cohorts.smallest) == (1, "applicants", 5)
    assert (laid.events.first, laid.events.last, laid.events.fewest_after) == (-4, 3, 10)
    assert laid.diagnostics.mbar == [0, 0.5, 1, 1.5, 2]
    assert (laid.diagnostics.robust_from, laid.diagnostics.largest_smd) == (1.0, 0.1)
    own = effects_plan.read(PLAN).laid.inference
    assert (own.band_draws, own.permutations, own.seed) == (1999, 1999, 20160101)


def test_the_series_of_the_plan_are_those_of_the_methods():
    """Methods 4.6 and 4.7: clean months October 2019 to February 2020; 2011-2018; no cause."""
    dated, regions = plan().laid.interrupted, plan().laid.synthetic
    assert (dated.dates["concept-note"].first, dated.dates["marketplace"].first) == (
        "2019-04", "2019-10",
    )  # fmt: skip
    assert dated.end == "2020-02"
    assert regions.before == (2011, 2018)
    assert (dated.highest_grade, regions.highest_grade) == ("C", "C")
    keys = [f"definition.{name}" for name in (*dated.outcomes, *regions.outcomes)]
    keys += [f"design.{name}" for name in (dated.record, *dated.checks, *regions.estimators)]
    keys += [f"policy.{name}" for name in dated.dates]
    for language in LANGUAGES:
        assert all(labels.every(key)[language] for key in keys)


def test_two_questions_are_primary_and_publication_comes_first():
    outcomes = plan().laid.outcomes
    roles = [one.role for one in outcomes.values()]
    assert [name for name, one in outcomes.items() if one.role == "primary"] == [
        "y1-innovation", "y4-startups",
    ]  # fmt: skip
    assert roles[: roles.count("falsification")] == ["falsification"] * 2


def test_every_outcome_and_check_of_the_plan_can_be_made_and_has_words():
    laid = plan().laid
    assert set(laid.outcomes) <= OUTCOMES.keys()
    keys = [f"definition.{name}" for name in laid.outcomes]
    keys += [f"definition.short.{name}" for name in laid.outcomes]
    keys += [f"specification.{name}" for name in ("record", *laid.checks)]
    keys += [f"diagnostic.{name}" for name in effects_plan.DIAGNOSTICS]
    for language in LANGUAGES:
        assert all(labels.every(key)[language] for key in keys)


def test_the_plan_names_no_figure_of_an_outcome():
    """Nothing in it was learnt from outcomes: limits and draws only, no estimate."""
    text = (PLAN / "effects.yml").read_text(encoding="utf-8")
    assert not re.search(r"estimate[sd]?:|effect:|observed", text)
