"""The classifier: what it learns, from whom it never learns, and how its quality is measured."""

import math
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from analysis.innovation import classifier, quality

NEW = ["prototype van een drone", "prototype van een sensor", "proof of concept slimme kade"]
DULL = ["poetsen van kantoren", "levering van laptops", "aanleg van riolering", "drukwerk"]


def contracts(n=240, seed=1):
    """One in four is innovation, and its title says so; ten buyers, four years."""
    random = np.random.default_rng(seed)
    label = np.arange(n) % 4 == 0
    titles = [str(random.choice(NEW if yes else DULL)) for yes in label]
    return pd.DataFrame(
        {
            "title": pd.array(titles, dtype="string"),
            "cpv": pd.array(["90910000"] * n, dtype="string"),
            "framework": pd.array([False] * n, dtype="boolean"),
            "buyer": [f"buyer-{place % 10}" for place in range(n)],
            "year": 2020 + np.arange(n) // 60,
            "label": pd.array(label, dtype="boolean"),
        }
    )


NO_SIGNALS = pd.DataFrame(index=range(240))


@pytest.fixture(scope="module")
def rows():
    return contracts()


@pytest.fixture(scope="module")
def seen(rows):
    return classifier.features(rows, NO_SIGNALS)


def test_titles_alike_get_scores_alike(rows, seen):
    scores = classifier.by_buyer(seen, rows["label"], rows["buyer"])
    yes = rows["label"].to_numpy(bool)
    assert scores[yes].min() > 0.5 > scores[~yes].max()


def test_what_a_buyer_says_does_not_count_for_its_own_contracts(rows, seen):
    """Turn round every label of one buyer: its own scores stay what they were."""
    own = (rows["buyer"] == "buyer-3").to_numpy()
    turned = rows["label"].where(~own, ~rows["label"])
    before, after = (
        classifier.by_buyer(seen, labels, rows["buyer"]) for labels in (rows["label"], turned)
    )
    assert (before[own] == after[own]).all()
    assert (before != after).any()


def test_a_year_is_scored_by_the_years_before_it(rows, seen):
    later = (rows["year"] >= 2022).to_numpy()
    turned = rows["label"].where(~later, ~rows["label"])
    before, after = (
        classifier.by_time(seen, labels, rows["year"]) for labels in (rows["label"], turned)
    )
    of_2021, of_2022 = ((rows["year"] == year).to_numpy() for year in (2021, 2022))
    assert (before[of_2021] == after[of_2021]).all()
    assert (before[of_2022] == after[of_2022]).all()
    assert np.isnan(before[(rows["year"] == 2020).to_numpy()]).all()
    assert not np.isnan(before[of_2021]).any()


def test_too_few_of_a_kind_teach_nothing(rows, seen):
    few = pd.Series(pd.NA, index=rows.index, dtype="boolean")
    few[:12] = rows["label"][:12]  # three are innovation
    assert np.isnan(classifier.by_buyer(seen, few, rows["buyer"])).all()


def test_what_is_not_known_teaches_nothing(rows, seen):
    known = rows["label"].copy()
    known[60:120] = pd.NA
    without = rows.drop(index=range(60, 120)).reset_index(drop=True)
    part = classifier.features(without, NO_SIGNALS.iloc[: len(without)])
    half = classifier.by_buyer(part, without["label"], without["buyer"])
    whole = classifier.by_buyer(seen, known, rows["buyer"])
    kept = np.r_[0:60, 120:240]
    assert np.allclose(whole[kept], half, atol=1e-6)


def test_a_flag_and_a_code_can_tell_what_the_title_does_not():
    rows = contracts().assign(title=pd.array(["opdracht"] * 240, dtype="string"))
    flag = pd.DataFrame({"partnership": rows["label"]})
    by_flag = classifier.by_buyer(classifier.features(rows, flag), rows["label"], rows["buyer"])
    rows["cpv"] = rows["label"].map({True: "73100000", False: "90910000"}).astype("string")
    seen = classifier.features(rows, NO_SIGNALS)
    by_code = classifier.by_buyer(seen, rows["label"], rows["buyer"])
    yes = rows["label"].to_numpy(bool)
    for scores in (by_flag, by_code):
        assert scores[yes].min() > 0.5 > scores[~yes].max()


def test_a_contract_of_which_nothing_is_known_gets_a_score():
    rows = contracts()
    rows.loc[5, ["title", "cpv", "framework"]] = pd.NA
    scores = classifier.by_buyer(
        classifier.features(rows, NO_SIGNALS), rows["label"], rows["buyer"]
    )
    assert 0 < scores[5] < 1


SCRIPT = """
import sys
import pandas as pd
from analysis.innovation import classifier
rows = pd.read_csv(sys.stdin, dtype={"title": "string", "cpv": "string", "label": "boolean"})
seen = classifier.features(rows, pd.DataFrame(index=rows.index))
print(classifier.by_buyer(seen, rows["label"], rows["buyer"]).tobytes().hex())
"""


def test_the_scores_are_the_same_bytes_whatever_the_hash_seed(rows, seen):
    own = classifier.by_buyer(seen, rows["label"], rows["buyer"]).tobytes().hex()
    other = subprocess.run(
        [sys.executable, "-c", SCRIPT], input=rows.to_csv(index=False), capture_output=True,
        text=True, check=True,
        env={"PYTHONHASHSEED": "77", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"},
    )  # fmt: skip
    assert other.stdout.strip() == own


def test_confusion_precision_and_recall_of_six_contracts():
    counted = quality.confusion([1, 1, 1, 0, 0, 0], [0.9, 0.5, 0.2, 0.8, 0.1, 0.0])
    assert counted == (2, 1, 1, 2)  # found, wrong, missed, left
    assert quality.precision(counted).value == pytest.approx(2 / 3)
    assert quality.recall(counted).value == pytest.approx(2 / 3)


def test_precision_of_nothing_called_is_not_known():
    counted = quality.confusion([1, 0], [0.1, 0.1])
    assert quality.precision(counted) == (None, None, 0)
    assert quality.recall(counted).value == 0


def test_five_of_a_hundred_has_the_printed_wilson_interval():
    """Methods 2.7: 5/100 is .02154 to .11175."""
    counted = quality.confusion([1] * 5 + [0] * 95, [1.0] * 100)
    low, high = quality.precision(counted).interval
    assert (low, high) == pytest.approx((0.02154, 0.11175), abs=5e-6)


def test_brier_and_average_precision_by_hand():
    """Ranks 1 and 3 are innovation: (1 + 2/3)/2; errors .1, .2 and .4 squared."""
    found = quality.honesty([1, 0, 1], [0.9, 0.8, 0.6])
    assert found.pr_auc == pytest.approx((1 + 2 / 3) / 2)
    assert found.brier == pytest.approx((0.01 + 0.64 + 0.16) / 3)


def test_labels_of_one_kind_say_nothing_of_ranking():
    assert quality.honesty([0, 0], [0.1, 0.2]) is None


@pytest.mark.parametrize(("power", "slope"), [(1, 1), (2, 0.5), (0.5, 2)])
def test_the_slope_tells_scores_that_are_too_sure(power, slope):
    """Odds to the power 2 are twice as sure as they should be: a slope of a half."""
    random = np.random.default_rng(1)
    chance = random.beta(0.5, 3, 40_000)
    labels = random.random(40_000) < chance
    odds = (chance / (1 - chance)) ** power
    found = quality.honesty(labels, odds / (1 + odds))
    assert found.slope == pytest.approx(slope, rel=0.05)


def test_the_slope_of_scores_that_part_the_two_kinds_is_not_known():
    assert quality.honesty([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]).slope is None


def test_stability_of_a_shift_by_hand():
    """Scores 0 to .9 in tenths; all now in the top tenth of ten: half a contract in each part."""
    before = np.arange(10) / 10 + 0.05
    now = np.full(10, 0.99)
    p, top, rest = 1.5 / 15, 10.5 / 15, 0.5 / 15
    expected = (top - p) * math.log(top / p) + 9 * (rest - p) * math.log(rest / p)
    assert quality.stability(before, now) == pytest.approx(expected)
    assert quality.stability(before, before) == 0


def test_scores_that_drifted_are_seen():
    random = np.random.default_rng(2)
    before, now = random.beta(1, 9, 3000), random.beta(3, 7, 3000)
    assert quality.stability(before, random.beta(1, 9, 3000)) < quality.DRIFTED
    assert quality.stability(before, now) > quality.DRIFTED
