"""Chapter 42: what could be seen comes first, a null is never an absence, grades fall."""

import re

import numpy as np
import pytest
from chapters import SVG
from effects_world import ledger, one, world
from matplotlib import pyplot
from run_chapter import shown, words

from analysis.indicators import effects_rows
from analysis.indicators.effects_plan import DIAGNOSTICS
from analysis.present import drawing, labels
from analysis.present.language import LANGUAGES, catalogue


@pytest.fixture(scope="module")
def nothing_happened():
    return ledger(*world())


@pytest.fixture(scope="module")
def large_effect():
    return ledger(*world(effect=0.7))


@pytest.fixture(scope="module")
def chapter(tmp_path_factory):
    """Run the chapter on a ledger; figures only if asked for."""

    def run(rows, *, drawn=False):
        with pytest.MonkeyPatch.context() as patch:
            if not drawn:
                patch.setattr(drawing, "svg", lambda figure, id: pyplot.close(figure) or SVG)
            folder = tmp_path_factory.mktemp("chapter")
            return shown("42_effects", rows, folder, patch, year=2023)

    return run


@pytest.fixture(scope="module")
def quiet(chapter, nothing_happened):
    """What is told where nothing happened, figures included."""
    return chapter(nothing_happened, drawn=True)


@pytest.fixture(scope="module")
def loud(chapter, large_effect):
    """What is told of a large effect."""
    return chapter(large_effect)


def answer(told, language="nl"):
    [block] = [block for block in told if block["type"] == "answer"]
    return block["text"][language]


def table(told, name):
    [found] = [block for block in told if block["type"] == "table" and block["id"] == name]
    return {row[0]["nl"]: [cell["nl"] for cell in row[1:]] for row in found["rows"]}


def test_nobody_reacts_and_the_estimates_hold_that(nothing_happened):
    truth = nothing_happened[nothing_happened["id"] == "effects.truth"]
    assert set(truth["value"]) == {0}
    held = one(nothing_happened, "truth_held")
    assert held["value"] >= held["n"] - 1


def test_an_effect_larger_than_the_least_detectable_is_found_by_every_way(large_effect):
    # the chance goes from .2 to .9: the truth is .7
    row = one(large_effect, "att", definition="y1-innovation")
    assert row["low"] <= 0.7 <= row["high"]
    assert one(large_effect, "mde", definition="y1-innovation")["value"] < 0.7
    for name in ("imputation", "interaction", "everyone", "never", "adjusted"):
        other = one(
            large_effect, "specification", definition="y1-innovation",
            group=f"specification={name}",
        )  # fmt: skip
        assert other["low"] <= 0.7 <= other["high"]
    test = {"definition": "y1-innovation", "group": "test=permutation-studentised"}
    assert one(large_effect, "p", **test)["value"] == 1 / 200


def test_what_could_be_seen_is_told_before_anything_estimated(quiet):
    kinds = [block.get("id", "") for block in quiet]
    assert kinds.index("effects-power") < min(
        kinds.index(name) for name in ("effects-years", "effects-outcomes", "effects-permutation")
    )
    said = answer(quiet)
    assert said.index("pas te zien vanaf") < said.index("is een verschil van")


def test_a_null_is_not_detectable_and_never_no_effect(quiet):
    assert answer(quiet).count("niet aantoonbaar") == 2
    assert answer(quiet, "en").count("not detectable") == 2
    assert "gevolg" not in answer(quiet)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_of_the_chapter_says_that_there_was_no_effect(language):
    texts = {key: text for key, text in catalogue(language).items() if "effects" in key}
    no_effect = {"nl": r"\b(geen|zonder) (enkel )?effect\b", "en": r"\bno (\w+ )?effect\b"}
    found = {key for key, text in texts.items() if re.search(no_effect[language], text.lower())}
    # "if there is no effect" is the hypothesis of a test, in the caption of its p
    assert found == {"table.effects-tests"}


def test_an_effect_is_said_with_the_verb_of_its_grade(loud, large_effect):
    said = answer(loud)
    grade = one(large_effect, "att", definition="y1-innovation")["grade"]
    verbs = {"A": "is een gevolg van", "B": "vermoedelijk een gevolg", "C": "hangt samen met"}
    assert verbs[grade] in said
    assert sum(verb in said for verb in verbs.values()) == 1


def test_the_grade_falls_with_each_diagnostic_that_is_not_passed():
    passed = dict.fromkeys(DIAGNOSTICS, True)
    assert effects_rows.graded(passed) == "A"
    for name in set(DIAGNOSTICS) - {"publication"}:
        assert effects_rows.graded(passed | {name: False}) == "B"
        assert effects_rows.graded(passed | {name: None}) == "B"
    assert effects_rows.graded(passed | {"balance": False, "honest": None}) == "C"
    assert effects_rows.graded(passed | {"publication": False}) == "C"


def test_when_publishing_moves_nothing_is_attributed(chapter):
    # half of the years are silent, and none once admitted
    rows = ledger(*world(effect=0.7, missing=0.5, publishing=0.5, seed=5))
    p = {"definition": "y0-published", "group": "test=permutation-studentised"}
    assert one(rows, "p", **p)["value"] < 0.05
    flag = {"definition": "y1-innovation", "group": "diagnostic=publication"}
    assert one(rows, "diagnostic", **flag)["value"] == 0
    assert set(rows["grade"][rows["id"] == "effects.att"]) == {"C"}
    told = chapter(rows)
    assert "Het publiceren verandert mee" in words(told, "nl")
    assert "is een gevolg" not in answer(told)


def test_without_the_programmes_files_the_chapter_says_what_is_lacking(chapter):
    panel, delivered = world()
    nothing = delivered._replace(
        origins={}, tables={name: rows.head(0) for name, rows in delivered.tables.items()}
    )
    told = chapter(ledger(panel, nothing, kind="real"))
    assert "nog niet te onderzoeken" in answer(told)
    assert "`pio.xlsx`" in words(told, "nl")
    assert "**Afwijking van 22 november 2026** (na inzage van uitkomsten)" in words(told, "nl")
    assert not [block for block in told if block["type"] in ("table", "figure")]


def test_too_few_participants_give_no_estimate_and_no_zero(chapter):
    panel, delivered = world()
    few = delivered.tables["pio_applications"].head(3)
    tables = dict(delivered.tables) | {"pio_applications": few}
    rows = ledger(panel, delivered._replace(tables=tables))
    assert rows["value"][rows["id"] == "effects.att"].isna().all()
    told = chapter(rows)
    assert "niet te schatten" in answer(told)
    assert "te weinig aankopers" in words(told, "nl")


def test_the_truth_is_told_of_an_invented_world_only(quiet):
    assert "De waarheid van de verzonnen wereld" in words(quiet, "nl")
    panel, delivered = world(kind="real")
    rows = ledger(panel, delivered, kind="real")
    assert not rows["id"].str.startswith("effects.truth").any()


def test_every_specification_is_in_the_table(quiet):
    listed = table(quiet, "effects-specifications")
    assert len(listed) == 11
    assert "gewone paneelregressie (niet betrouwbaar)" in listed
    assert "mét de opdracht van PIO" in listed


def test_both_languages_say_the_same_numbers(quiet, loud):
    def numbers(told, language):
        found = re.findall(r"\d[\d.,]*", words(told, language))
        return sorted(re.sub(r"\D", "", number) for number in found)

    for told in (quiet, loud):
        assert numbers(told, "nl") == numbers(told, "en")


def test_every_code_of_the_ledger_has_a_word_in_every_language(nothing_happened):
    keys = {f"column.{id}" for id in nothing_happened["id"]}
    for column in ("definition", "denominator", "perimeter"):
        keys |= {f"{column}.{code}" for code in nothing_happened[column]}
    assert [key for key in sorted(keys) if not labels.raw(key)] == []
    free = ("bin=", "event=", "cohort=", "without_cohort=")
    codes = {group for group in nothing_happened["group"] if not group.startswith(free)}
    assert [one for one in codes - {"all"} if not labels.raw(one.replace("=", "."))] == []


def test_figures_are_drawn_in_both_languages(quiet):
    figures = [block for block in quiet if block["type"] == "figure"]
    assert [block["id"] for block in figures] == [
        "effects-years", "effects-permutation", "effects-bounds", "effects-left-out",
    ]  # fmt: skip
    for block in figures:
        assert "verzonnen" in block["svg"]["nl"]
        assert "invented" in block["svg"]["en"]


def test_the_weights_of_the_two_way_regression_add_up_to_one(nothing_happened, quiet):
    weights = nothing_happened[nothing_happened["id"] == "effects.bacon_weight"]
    assert weights["value"].sum() == pytest.approx(1)
    # some of it rests on comparing the treated with the treated
    assert "comparison=earlier" in set(weights["group"])
    assert "tegenover wie al toegelaten was" in table(quiet, "effects-twoway")


def test_the_histogram_holds_every_draw(nothing_happened):
    bins = nothing_happened[
        (nothing_happened["id"] == "effects.draws")
        & (nothing_happened["definition"] == "y1-innovation")
    ]
    assert bins["n"].sum() == 199
    width = np.diff(bins["value"].astype(float))
    assert np.allclose(width, width[0])


def test_the_order_of_cells_and_files_changes_nothing(nothing_happened):
    panel, delivered = world()
    tables = dict(delivered.tables)
    tables["pio_applications"] = tables["pio_applications"].iloc[::-1].reset_index(drop=True)
    turned = ledger(panel.iloc[::-1].reset_index(drop=True), delivered._replace(tables=tables))
    same = turned.drop(columns=["value", "low", "high"])
    assert same.equals(nothing_happened.drop(columns=["value", "low", "high"]))
    for name in ("value", "low", "high"):
        both = (rows[name].astype(float).to_numpy() for rows in (turned, nothing_happened))
        np.testing.assert_allclose(*both, atol=1e-9)
