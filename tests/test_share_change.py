"""Change of a share between two years, clustered by buyer: by hand and beside statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from analysis.inference.share_change import share_change
from analysis.refusal import ContractError


def test_two_buyers_by_hand():
    """Shares .2 and .4; residuals -.05 and .05; se = sqrt((.0025 + .0025) 2/1) = .1; z = 2."""
    found = share_change([1, 3], [10, 10], [2, 6], [10, 10])
    assert found.change == pytest.approx(0.2, abs=1e-15)
    assert found.se == pytest.approx(0.1, abs=1e-15)
    assert found.p == pytest.approx(0.0455003, abs=1e-7)


def test_a_buyer_that_comes_or_leaves_is_a_cluster_and_one_without_awards_is_none():
    with_idle = share_change([1, 3, 0, 0], [10, 10, 0, 0], [2, 6, 1, 0], [10, 10, 4, 0])
    assert with_idle == share_change([1, 3, 0], [10, 10, 0], [2, 6, 1], [10, 10, 4])
    assert with_idle.change == pytest.approx(9 / 24 - 0.2)


counts = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)),
    min_size=3,
    max_size=12,
)


@given(counts)
def test_it_is_least_squares_on_single_awards_with_clustered_errors(rows):
    yes0, no0, yes1, no1 = np.array(rows).T
    if not (yes0 + no0).sum() or not (yes1 + no1).sum():
        return
    found = share_change(yes0, yes0 + no0, yes1, yes1 + no1)
    won, year, buyer = [], [], []
    for who, (a0, b0, a1, b1) in enumerate(rows):
        won += [1] * a0 + [0] * b0 + [1] * a1 + [0] * b1
        year += [0] * (a0 + b0) + [1] * (a1 + b1)
        buyer += [who] * (a0 + b0 + a1 + b1)
    buyers = len(set(buyer))
    if buyers < 2:
        assert np.isnan(found.se)
        return
    fit = sm.OLS(won, sm.add_constant(np.array(year, float))).fit()
    scores = np.zeros((len(rows), 2))
    np.add.at(scores, buyer, fit.model.exog * fit.resid[:, None])
    bread = np.linalg.inv(fit.model.exog.T @ fit.model.exog)
    variance = (bread @ (scores.T @ scores) @ bread)[1, 1] * buyers / (buyers - 1)
    assert found.change == pytest.approx(fit.params[1], abs=1e-9)
    assert found.se == pytest.approx(np.sqrt(max(variance, 0)), abs=1e-7)


@given(counts, st.randoms(use_true_random=False))
def test_the_order_of_the_buyers_does_not_matter(rows, random):
    yes0, no0, yes1, no1 = np.array(rows).T
    if not (yes0 + no0).sum() or not (yes1 + no1).sum():
        return
    order = list(range(len(rows)))
    random.shuffle(order)
    columns = (yes0, yes0 + no0, yes1, yes1 + no1)
    one, two = share_change(*columns), share_change(*(column[order] for column in columns))
    assert np.array_equal(one, two, equal_nan=True)


@pytest.mark.parametrize(
    "columns",
    [([3], [2], [1], [2]), ([0], [0], [1], [2]), ([-1, 2], [2, 2], [1, 1], [2, 2])],
    ids=["a part above its whole", "a year without awards", "a part below nothing"],
)
def test_what_cannot_be_a_share_is_refused(columns):
    with pytest.raises(ContractError):
        share_change(*columns)
