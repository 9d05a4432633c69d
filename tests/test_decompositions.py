"""Why a share changed: methods 2.8."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.decompositions import entry_exit, kitagawa, shapley
from analysis.refusal import ContractError

COLUMNS = ["weight_before", "rate_before", "weight_after", "rate_after"]


def _frame(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


PRINTED = _frame((0.6, 0.02, 0.5, 0.03), (0.4, 0.10, 0.5, 0.10))


def _share(cells, year) -> float:
    return (cells[f"weight_{year}"] * cells[f"rate_{year}"].fillna(0)).sum()


def test_rates_and_mix_of_the_printed_example():
    within, mix = kitagawa(PRINTED)
    assert (within, mix) == pytest.approx((0.0055, 0.0075), abs=1e-15)
    assert within + mix == pytest.approx(0.013, abs=1e-15)


def test_a_cell_without_awards_in_a_year_is_all_mix():
    # From all in a cell with 10 % to all in a cell with 30 %.
    cells = _frame((1.0, 0.1, 0.0, None), (0.0, None, 1.0, 0.3))
    assert kitagawa(cells) == pytest.approx((0, 0.2))


def test_buyers_that_stay_come_and_leave_by_hand():
    # 5 % before, 8 % + 3 % = 11 % after.
    buyers = _frame((0.5, 0.1, 0.4, 0.2), (0.5, 0.0, 0.0, None), (0.0, None, 0.6, 0.05))
    found = entry_exit(buyers)
    assert found == pytest.approx((0.05, -0.005, -0.01, 0.0, 0.025), abs=1e-15)
    assert sum(found) == pytest.approx(0.06, abs=1e-15)


def test_three_factors_by_hand():
    # 2 x 3 x 4 - 1 = 23. What the first adds alone is 1, after one other 3 or 4, after both 12:
    # (2 x 1 + 3 + 4 + 2 x 12)/6.
    effects = shapley(
        dict.fromkeys("abc", 1), {"a": 2, "b": 3, "c": 4}, figure=lambda v: v["a"] * v["b"] * v["c"]
    )
    assert effects == pytest.approx({"a": 5.5, "b": 8, "c": 9.5})


def _factors(cells, year) -> dict:
    return {"rates": cells[f"rate_{year}"], "mix": cells[f"weight_{year}"]}


def _figure(factors) -> float:
    return float((factors["rates"] * factors["mix"]).sum())


shares = st.floats(0, 1)
weights = st.integers(0, 50)
cells = st.lists(st.tuples(weights, shares, weights, shares), min_size=1, max_size=12).filter(
    lambda rows: sum(row[0] for row in rows) and sum(row[2] for row in rows)
)


def _normal(rows) -> pd.DataFrame:
    frame = _frame(*rows).astype(float)
    for name in ("weight_before", "weight_after"):
        frame[name] /= frame[name].sum()
    return frame


@settings(max_examples=15, deadline=None)
@given(cells)
def test_the_parts_add_up_to_the_change(rows):
    frame = _normal(rows)
    change = _share(frame, "after") - _share(frame, "before")
    assert sum(kitagawa(frame)) == pytest.approx(change, abs=1e-12)
    assert sum(entry_exit(frame)) == pytest.approx(change, abs=1e-12)
    effects = shapley(_factors(frame, "before"), _factors(frame, "after"), figure=_figure)
    assert sum(effects.values()) == pytest.approx(change, abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(cells, st.randoms(use_true_random=False))
def test_the_order_of_the_cells_does_not_matter(rows, random):
    frame = _normal(rows)
    shuffled = frame.iloc[random.sample(range(len(frame)), len(frame))]
    assert kitagawa(shuffled) == pytest.approx(kitagawa(frame), abs=1e-12)
    assert entry_exit(shuffled) == pytest.approx(entry_exit(frame), abs=1e-12)


def test_two_factors_over_all_orders_are_rates_and_mix():
    effects = shapley(_factors(PRINTED, "before"), _factors(PRINTED, "after"), figure=_figure)
    assert (effects["rates"], effects["mix"]) == pytest.approx(kitagawa(PRINTED), abs=1e-15)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(shares, shares), min_size=4, max_size=4))
def test_four_factors_add_up(values):
    before = dict(zip("abcd", [v[0] for v in values], strict=True))
    after = dict(zip("abcd", [v[1] for v in values], strict=True))

    def figure(v) -> float:
        return v["a"] * v["b"] + v["c"] * v["d"] * v["a"]

    effects = shapley(before, after, figure=figure)
    assert sum(effects.values()) == pytest.approx(figure(after) - figure(before), abs=1e-12)


@pytest.mark.parametrize(
    "cells",
    [
        _frame((0.5, 0.1, 1.0, 0.1)),  # weights of half of the awards
        _frame((1.0, None, 1.0, 0.1)),  # awards without a rate
        _frame((1.5, 0.1, 1.0, 0.1), (-0.5, 0.1, 0.0, 0.1)),
    ],
)
def test_weights_that_are_none_and_unknown_rates_are_refused(cells):
    for decomposition in (kitagawa, entry_exit):
        with pytest.raises(ContractError, match="before"):
            decomposition(cells)


def test_five_factors_or_other_names_are_refused():
    for after in (dict.fromkeys("abcde", 1), {"b": 1}):
        before = dict.fromkeys("abcde", 0) if len(after) > 1 else {"a": 1}
        with pytest.raises(ContractError, match="at most 4"):
            shapley(before, after, figure=lambda v: 0.0)
