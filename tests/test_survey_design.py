"""Samples of strata and of whole clusters, against every sample that could have been drawn."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.inference.intervals import clustered_ratio
from analysis.inference.survey_design import (
    Design,
    design_mean,
    design_ratio,
    design_total,
    poststratified_mean,
)
from analysis.refusal import ContractError

# Offices of two provinces: cluster, stratum, and a number of each of its units.
OFFICES = {"a": [3, 5], "b": [1], "c": [9, 2, 2], "d": [4, 4]}
WEST, EAST = "abcd", {"e": [20], "f": [5, 5], "g": [1, 2, 12]}


def _sample(west, east):
    rows = [(o, "west", y, 4, len(west)) for o in west for y in OFFICES[o]]
    rows += [(o, "east", y, 3, len(east)) for o in east for y in EAST[o]]
    cluster, stratum, y, of, drawn = map(np.array, zip(*rows, strict=True))
    return y, Design(of / drawn, cluster, stratum, of)


def _every_sample():
    for west, east in product(combinations(WEST, 2), combinations(EAST, 2)):
        yield _sample(west, east)


def test_over_all_samples_total_and_variance_are_right():
    found = [design_total(*sample) for sample in _every_sample()]
    truth = sum(map(sum, OFFICES.values())) + sum(map(sum, EAST.values()))
    assert np.mean([f.value for f in found]) == pytest.approx(truth)
    spread = np.var([f.value for f in found])
    assert np.mean([f.se**2 for f in found]) == pytest.approx(spread)


def test_a_population_drawn_whole_leaves_nothing_to_chance():
    y, design = _sample(WEST, EAST)
    assert design_mean(y, design) == (pytest.approx(y.mean()), 0)


def test_a_ratio_of_one_variable_to_itself_is_sure():
    y, design = _sample("ab", "ef")
    assert design_ratio(3 * y, y, design) == (pytest.approx(3), pytest.approx(0, abs=1e-12))


def test_without_strata_and_finite_population_it_is_the_clustered_ratio():
    part, whole = np.array([1, 4, 0, 2, 2]), np.array([2, 5, 3, 2, 7])
    ours = design_ratio(part, whole, Design(np.full(5, 7.0)))
    assert ours == pytest.approx(clustered_ratio(part, whole)[:2])


def test_poststratified_by_hand():
    # Cells of 30 and 10, means 2 and 6: (30 x 2 + 10 x 6)/40. Residuals -1, 1, 0 scaled by 15, 15
    # and 10 over 40: z = -3/8, 3/8, 0; variance 3/2 x 2 x (3/8)^2.
    found = poststratified_mean([1, 3, 6], list("ppq"), {"p": 30, "q": 10}, Design([1, 1, 1]))
    assert found == pytest.approx((3, np.sqrt(27 / 64)))


def test_a_mean_that_cells_know_is_sure():
    found = poststratified_mean([2, 2, 6], list("ppq"), {"p": 30, "q": 10}, Design([4, 1, 2]))
    assert found == pytest.approx((3, 0))


def test_one_cluster_of_a_stratum_tells_no_error():
    assert np.isnan(design_total([1, 2], Design([2, 2], cluster=["a", "a"])).se)


@given(st.permutations(range(5)))
def test_the_order_of_rows_says_nothing(order):
    y, design = _sample("ac", "f")
    y, w, c, s, n = (np.asarray(column)[: len(y)] for column in (y, *design))
    order = [*order, *range(5, len(y))]
    mixed = Design(w[order], c[order], s[order], n[order])
    assert repr(design_mean(y[order], mixed)) == repr(design_mean(y, design))


@pytest.mark.parametrize(
    ("y", "design"),
    [
        ([1, np.nan], Design([1, 1])),
        ([1, 2], Design([1, 0])),
        ([1, 2], Design([1, np.nan])),
        ([1, 2, 3], Design([1, 1])),
        ([], Design([])),
        ([1, 2], Design([1, 1], cluster=["a"])),
        ([1, 2], Design([1, 1], cluster=["a", "a"], stratum=["x", "y"])),
        ([1, 2], Design([1, 1], cluster=["a", None])),
        ([1, 2], Design([1, 1], stratum=[1, np.nan])),
        ([1, 2], Design([1, 1], clusters_in_stratum=[1, 1])),
        ([1, 2], Design([1, 1], clusters_in_stratum=[3, 4])),
        ([1, 2], Design([1, 1], clusters_in_stratum=[np.nan, np.nan])),
    ],
)
def test_a_design_that_cannot_be_is_refused(y, design):
    with pytest.raises(ContractError):
        design_total(y, design)


@pytest.mark.parametrize("members", [{"p": 30}, {"p": 30, "q": 10, "r": 1}, {"p": 30, "q": 0}])
def test_cells_of_sample_and_population_are_the_same(members):
    with pytest.raises(ContractError):
        poststratified_mean([1, 3, 6], list("ppq"), members, Design([1, 1, 1]))


def test_no_ratio_to_nothing():
    with pytest.raises(ContractError):
        design_ratio([1, 2], [0, 0], Design([1, 1]))
