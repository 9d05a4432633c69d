"""W21 of methods 8: nobody finds what is withheld, and anybody finds it where nothing else is."""

from functools import cache

import numpy as np
import pytest
from disclosure_world import contributors, published, rows

from analysis.disclosure import audit, protect
from analysis.results import ledger
from analysis.simulate.worlds import disclosure

RUNS = [6, pytest.param(100, marks=pytest.mark.slow)]


@cache
def _worlds(runs):
    seeds = np.random.SeedSequence(20160101).spawn(22)[21].spawn(runs)
    return [disclosure.world(seed) for seed in seeds]


def found(wins, **options):
    behind = contributors(wins)
    return audit(ledger(protect(rows(wins), behind, **options)), behind)


@pytest.mark.parametrize("runs", RUNS)
def test_an_attacker_finds_nothing_in_any_world(runs):
    assert [len(found(wins)) for wins in _worlds(runs)] == [0] * runs


@pytest.mark.parametrize("runs", RUNS)
def test_an_attacker_finds_what_is_withheld_alone_in_every_world(runs):
    assert all(len(found(wins, secondary=False)) for wins in _worlds(runs))


@pytest.mark.parametrize("runs", RUNS)
def test_an_attacker_finds_all_where_nothing_is_withheld(runs):
    for wins in _worlds(runs):
        open_ = audit(published(wins), contributors(wins))
        assert len(open_) > len(found(wins, secondary=False))
        assert (open_["least"] <= open_["truth"] + 1e-6).all()
        assert (open_["most"] >= open_["truth"] - 1e-6).all()


def test_a_seed_decides_a_world():
    assert disclosure.world(1) == disclosure.world(1) != disclosure.world(2)


def test_who_is_smaller_lies_within_every_larger_definition():
    for one in disclosure.world(3, lots=400):
        micro, small, medium = (one.answers[f"eu-{size}"] for size in disclosure.SIZES[:3])
        assert micro is small is medium is None or micro <= small <= medium
