"""The proof itself: what it calls true, what it calls false, and that it can be interrupted."""

import json
import math
from itertools import count

import numpy as np
import pytest

from analysis.inference.bounds import Bounds, BoundsInterval, observed_share
from analysis.inference.decompositions import WithinMix
from analysis.inference.intervals import share_interval
from analysis.refusal import ContractError, ReportError, SourceError
from analysis.simulate.worlds import changes, coverage, full, kpi, survivors
from analysis.simulate.worlds.claims import (
    Claim,
    Outcome,
    World,
    covers,
    fails,
    knows_its_error,
    outcome,
    power,
    size,
    unbiased,
)
from analysis.validation import read, record, run, table, validate
from analysis.validation.__main__ import main
from analysis.validation.judging import judge, limits, measures
from analysis.validation.worlds import WORLDS, chosen


def mean_of_ten(random):
    """A mean of ten draws around 1, with the interval of a known spread."""
    mean, se = random.normal(1, 1, 10).mean(), 10**-0.5
    found = outcome(1.0, mean, se=se, low=mean - 1.96 * se, high=mean + 1.96 * se)
    return {"mean": found, "mean, a half too large": found._replace(estimate=mean + 0.5)}


CLAIMS = (
    unbiased("It is right.", "mean"),
    covers("It covers.", "mean"),
    knows_its_error("It knows its error.", "mean", low=0.7, high=1.4),
    fails("Half too large is wrong.", "mean, a half too large", "bias", low=0.3),
)
SOUND = World("W90", "Means", "The mean is 1.", mean_of_ten, CLAIMS)


def kept_by(tmp_path, world, draws=60):
    return validate([world], draws=draws, kept=tmp_path)[world.id]


# What methods 8 prints: R, interval of the coverage, largest size.
PRINTED = {300: (0.918, 0.982, 0.082), 500: (0.925, 0.975, 0.075), 1000: (0.932, 0.968, 0.068)}
PRINTED[2000] = (0.937, 0.963, 0.063)


@pytest.mark.parametrize("draws", PRINTED)
def test_tolerances_are_those_of_99_percent_monte_carlo_error(draws):
    found = measures([Outcome(covered=1, rejected=0)] * draws)
    low, high = limits(covers("", "x"), found)
    assert (low, high, limits(size("", "x"), found)[1]) == PRINTED[draws]


def test_a_bias_may_be_the_larger_of_monte_carlo_error_and_a_twentieth_of_the_spread():
    rows = [Outcome(0, value) for value in (-1.0, 1.0) * 200]
    sd = math.sqrt(400 / 399)
    assert limits(unbiased("", "x"), measures(rows))[1] == pytest.approx(2.576 * sd / 20)
    assert limits(unbiased("", "x"), measures(rows * 100))[1] == pytest.approx(0.05, rel=1e-3)


def test_measures_by_hand():
    rows = [outcome(1, 2, se=1, low=0, high=3), outcome(1, 4, se=3, low=2, high=5)]
    found = measures([*rows, Outcome(1.0)])
    assert (found["bias"], found["mean"], found["largest"]) == (2, 3, 3)
    assert found["sd"] == pytest.approx(2**0.5)
    assert found["mcse_bias"] == pytest.approx(1)
    assert found["se_ratio"] == pytest.approx(2 / 2**0.5)
    assert found["rmse"] == pytest.approx(5**0.5)
    assert (found["coverage"], found["relative_bias"]) == (0.5, 2)
    assert found["answered"] == pytest.approx(2 / 3)
    assert math.isnan(found["size"])


def test_a_sound_estimator_keeps_every_claim(tmp_path):
    judged = judge(SOUND, kept_by(tmp_path, SOUND))
    assert [one.passed for one in judged] == [True] * 4


@pytest.mark.parametrize(
    "claim",
    [
        unbiased("", "mean, a half too large"),
        fails("", "mean", "bias", low=0.3),
        covers("", "mean", least=1),
        power("", "mean", least=0.5),
        Claim("", "mean, a half too large", "rmse", high=1, versus="mean"),
    ],
    ids=["biased", "a shortcut that does not fail", "one miss", "no such answer", "worse"],
)
def test_a_claim_that_is_not_true_is_not_passed(tmp_path, claim):
    [judged] = judge(SOUND._replace(claims=(claim,)), kept_by(tmp_path, SOUND))
    assert judged.passed is False


def test_a_claim_about_nobody_is_refused(tmp_path):
    with pytest.raises(ContractError, match="median"):
        judge(SOUND._replace(claims=(unbiased("", "median"),)), kept_by(tmp_path, SOUND, draws=2))


def weights_of_one_year(cells):
    """Kitagawa with the mix of the first year throughout: the parts no longer add up."""
    rates = cells[["rate_before", "rate_after"]].fillna(0)
    change = rates["rate_after"] - rates["rate_before"]
    mixed = cells["weight_after"] - cells["weight_before"]
    within, mix = cells["weight_before"] * change, mixed * rates["rate_before"]
    return WithinMix(within.sum(), mix.sum())


# Estimators of the product, broken on purpose, in the worlds that must see it, and how soon.
MUTATIONS = {
    "the cluster is dropped": (
        (full, 80),
        "share_interval",
        lambda yes, known: share_interval([yes.sum()], [known.sum()]),
    ),
    "bounds without the error of their ends": (
        (coverage, 20),
        "imbens_manski",
        lambda bounds, **_: BoundsInterval(*bounds, 0.0),
    ),
    "the dead are taken for the living": (
        (survivors, 10),
        "no_assumption",
        lambda tally: Bounds(observed_share(tally), observed_share(tally)),
    ),
    "a decomposition with weights of one year": ((changes, 10), "kitagawa", weights_of_one_year),
    "who is below the target is red": (
        (kpi, 10),
        "traffic_light",
        lambda reached, target: "red" if reached < target else "green",
    ),
}


@pytest.mark.parametrize("broken", MUTATIONS)
def test_an_estimator_broken_on_purpose_is_seen(tmp_path, monkeypatch, broken):
    (module, draws), name, wrong = MUTATIONS[broken]
    world = module.WORLD
    assert all(one.passed for one in judge(world, kept_by(tmp_path / "sound", world, draws)))
    monkeypatch.setattr(module, name, wrong)
    judged = judge(world, kept_by(tmp_path / "broken", world, draws))
    assert not all(one.passed for one in judged if not one.claim.must_fail)


def test_what_was_done_is_not_done_again_after_an_interruption(tmp_path):
    done = count()

    def once(random):
        if next(done) == 2 * run.AT_ONCE + 3:
            raise KeyboardInterrupt
        return mean_of_ten(random)

    world = SOUND._replace(replicate=once)
    draws = 4 * run.AT_ONCE
    with pytest.raises(KeyboardInterrupt):
        kept_by(tmp_path, world, draws)
    resumed = kept_by(tmp_path, world, draws)
    assert next(done) - 1 == draws + 3  # only the replications of the part that broke off
    assert resumed == kept_by(tmp_path / "at once", SOUND, draws)


def test_more_replications_go_on_from_those_there_are(tmp_path):
    done = count()

    def counted(random):
        next(done)
        return mean_of_ten(random)

    world = SOUND._replace(replicate=counted)
    some = kept_by(tmp_path, world, 20)
    more = kept_by(tmp_path, world, 40)
    assert next(done) == 40
    assert more["mean"][:20] == some["mean"]


def test_parts_made_by_other_code_are_not_used(tmp_path, monkeypatch):
    old = kept_by(tmp_path, SOUND, 20)
    five = SOUND._replace(replicate=lambda random: {"mean": Outcome(0.0, 5.0)})
    assert kept_by(tmp_path, five, 20) == old  # the same code, as far as its fingerprint tells
    monkeypatch.setattr(run, "fingerprint", lambda module: "other")
    assert {one.estimate for one in kept_by(tmp_path, five, 20)["mean"]} == {5.0}


def test_random_numbers_belong_to_a_world_and_a_replication():
    seeds = np.random.SeedSequence(20160101).spawn(22)
    expected = np.random.default_rng(seeds[3].spawn(8)[7]).random(4)
    assert np.array_equal(run.random_of(survivors.WORLD, 7).random(4), expected)


def test_the_record_is_the_same_for_one_process_and_two(tmp_path):
    """Also in what stands in the file: no time of day, no name of a machine."""
    files = []
    for processes in ("1", "2"):
        file = tmp_path / f"{processes}.json"
        options = ["--draws", "45", "--worlds", "W3,W0", "--processes", processes]
        kept = str(tmp_path / f"kept {processes}")
        assert main([*options, "--kept", kept, "--record", str(file)]) == 0
        files.append(file.read_bytes())
    assert files[0] == files[1]
    assert [world["id"] for world in json.loads(files[0])["worlds"]] == ["W0", "W3"]


def test_a_process_that_fails_is_told_of(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "_WORKER", "raise SystemExit('no memory')")
    with pytest.raises(ReportError, match="W90"):
        validate([SOUND], draws=20, kept=tmp_path, processes=2)


def test_the_command_ends_with_1_where_a_claim_is_not_true(tmp_path, monkeypatch, capsys):
    wrong = SOUND._replace(claims=(*CLAIMS, unbiased("Half too large.", "mean, a half too large")))
    monkeypatch.setattr("analysis.validation.__main__.chosen", lambda ids: (wrong,))
    options = ["--draws", "60", "--kept", str(tmp_path), "--processes", "1"]
    assert main([*options, "--record", str(tmp_path / "folder" / "record.json")]) == 1
    said = capsys.readouterr().out
    assert "W90  FAIL 4 of 5" in said
    assert "not true: Half too large." in said
    assert read(tmp_path / "folder" / "record.json")["passed"] is False


def test_a_world_that_is_not_there_is_refused(capsys):
    assert main(["--worlds", "W0,W99"]) == 1
    assert "W99" in capsys.readouterr().err


def test_every_world_of_methods_8_is_in_the_list_and_has_something_that_must_fail():
    assert list(WORLDS) == [f"W{n}" for n in range(22)]
    assert [world.id for world in chosen("W3, W1")] == ["W1", "W3"]
    nothing_printed = {"W15", "W17"}  # methods 8 names no shortcut for these
    for world in WORLDS.values():
        assert world.id in nothing_printed or any(claim.must_fail for claim in world.claims)


def made(tmp_path, world=SOUND):
    found = record.made([world], {world.id: kept_by(tmp_path, world)}, draws=60)
    record.write(found, tmp_path / "record.json")
    return found


def test_a_record_is_read_as_it_was_written(tmp_path):
    found = made(tmp_path)
    assert read(tmp_path / "record.json") == found


def test_a_record_says_of_every_claim_what_was_found_and_what_was_allowed(tmp_path):
    rows = table(made(tmp_path))
    assert list(rows.columns) == list(record.COLUMNS)
    assert list(rows["world"]) == ["W90"] * 4
    assert list(rows["must_fail"]) == [False, False, False, True]
    assert rows["passed"].all()
    of_mean = rows.iloc[1]
    assert (of_mean["replications"], of_mean["truth"]) == (60, 1)
    assert of_mean["low"] == 0.878  # .95 - 2.576 sqrt(.95 .05/60)
    assert of_mean["coverage"] == of_mean["value"]


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.update(passed=False),
        lambda record: record["worlds"][0]["claims"][0].update(passed=False),
        lambda record: record.update(worlds=[]),
        lambda record: record.pop("worlds"),
    ],
    ids=["another result", "a claim that failed", "no world", "no list of worlds"],
)
def test_a_record_that_contradicts_itself_is_refused(tmp_path, change):
    found = made(tmp_path)
    change(found)
    record.write(found, tmp_path / "record.json")
    with pytest.raises(SourceError):
        read(tmp_path / "record.json")


def test_a_record_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SourceError):
        read(tmp_path / "none.json")
