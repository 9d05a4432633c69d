"""How few suppliers get how much: methods 2.10."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.concentration import concentration
from analysis.refusal import ContractError

amounts = st.lists(st.integers(1, 10**9), min_size=2, max_size=40)


def test_four_suppliers_with_forty_thirty_twenty_and_ten_percent():
    found = concentration([0.4, 0.3, 0.2, 0.1])
    assert round(found.hhi, 4) == 0.3000
    assert round(found.normalised, 4) == 0.0667
    assert round(found.effective, 2) == 3.33
    assert (found.c4, found.suppliers) == (pytest.approx(1), 4)


def test_the_four_largest_of_five():
    assert concentration([10, 10, 50, 20, 10]).c4 == pytest.approx(0.9)


def test_one_supplier_has_all_and_no_normalised_figure():
    assert concentration([7]) == (1, None, 1, 1, 1)


def test_who_received_nothing_is_no_supplier():
    assert concentration([3, 0, 1]) == concentration([3, 1])


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 60), st.integers(1, 10**9))
def test_equal_suppliers_are_as_many_as_they_are(count, amount):
    found = concentration([amount] * count)
    assert found.effective == pytest.approx(count)
    assert found.normalised == pytest.approx(0, abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(amounts, st.randoms(use_true_random=False))
def test_order_and_unit_do_not_matter(euros, random):
    shuffled = random.sample(euros, len(euros))
    assert concentration(shuffled) == concentration(euros)
    assert concentration([1000 * v for v in euros]) == pytest.approx(concentration(euros))


@settings(max_examples=50, deadline=None)
@given(amounts)
def test_two_suppliers_that_merge_only_concentrate(euros):
    merged = [euros[0] + euros[1], *euros[2:]]
    assert concentration(merged).hhi > concentration(euros).hhi


@pytest.mark.parametrize("bad", [[], [0, 0], [1, -1], [1, math.nan], [1, math.inf]])
def test_amounts_that_are_not_known_are_refused(bad):
    with pytest.raises(ContractError, match="supplier"):
        concentration(bad)
