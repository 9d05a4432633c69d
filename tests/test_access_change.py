"""What changed, of what it is made, and under how many definitions it has the same sign."""

import pandas as pd
import pytest
from access_world import frame, interval, of_theme, told, world_of
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.contracts.access_cells import ACCESS_CELLS, KIND_CELLS, LOT_CELLS, RULE_CELLS
from analysis.indicators import access_change, access_multiverse, access_winners
from analysis.indicators.access_change import breakdown, change, parts_of_change
from analysis.indicators.access_multiverse import same_sign, slope
from analysis.inference.bounds import Tally

COUNT = {"n": 1, "unknown": 0, "denominator": "awarded-lots"}


def kind(year, yes, no, unknown=0, **stated):
    lots = yes + no + unknown
    told_ = {"lots": lots, "lots_unknown": unknown, "yes": yes, "no": no, "unknown": unknown}
    return {"year": year} | {n: float(v) if n in ("yes", "no", "unknown") else v
                             for n, v in told_.items()} | stated  # fmt: skip


def years(*kinds):
    stated = {one["year"] for one in kinds}
    lots = frame(LOT_CELLS, *({"year": year, "valued": True, "lots": 1} for year in stated))
    return world_of(kinds=frame(KIND_CELLS, *kinds), lots=lots)


def test_a_change_has_the_bounds_of_both_years():
    """1 of 10 with 2 unknown, then 3 of 10 with 1 unknown: from 0.3 - 0.3 to 0.4 - 0.1."""
    rows = of_theme(access_change, years(kind(2019, 1, 7, 2), kind(2021, 3, 6, 1)))
    row = told(rows, "change", period="2019-2021")
    assert interval(row) == (round(3 / 9 - 1 / 8, 5), 0, 0.3)
    assert (row["n"], row["unknown"]) == (17, 3)


def test_each_year_is_compared_with_the_next_that_has_lots_and_the_last_with_the_first():
    rows = of_theme(access_change, years(*(kind(year, 1, 1) for year in (2016, 2018, 2019))))
    changes = rows.loc[(rows["id"] == "access.change") & (rows["perimeter"] == "belgium")]
    assert list(changes["period"]) == ["2016-2018", "2016-2019", "2018-2019"]


def test_a_year_of_which_nothing_is_known_changes_by_an_unknown_amount():
    rows = of_theme(access_change, years(kind(2019, 0, 0, 5), kind(2020, 1, 3)))
    assert interval(told(rows, "change", period="2019-2020")) == (None, -0.75, 0.25)
    row = told(rows, "breakdown_gamma", group="selection=free", period="2019-2020")
    assert (pd.isna(row["value"]), row["denominator"]) == (True, "nothing-known")


def test_the_breakdown_value_undoes_the_change_and_no_unknown_cannot():
    seen, later = Tally(yes=25, no=305, unknown=670), Tally(yes=40, no=290, unknown=670)
    free = breakdown(seen, later, "free").value
    assert free > 1
    assert breakdown(seen, later, "common").value != free
    known = (Tally(yes=1, no=9, unknown=0), Tally(yes=2, no=8, unknown=0))
    assert breakdown(*known, "free")[3] == "no-gamma-undoes-it"


def rates(weights, shares):
    parts = zip("ab", weights, shares, strict=True)
    return pd.DataFrame([{"kind": k, "yes": w * s, "no": w * (1 - s)} for k, w, s in parts])


def test_a_change_is_within_kinds_and_mix_of_kinds():
    """Methods 2.8: 0.052 to 0.065 is 0.0055 within and 0.0075 mix."""
    before, after = rates((0.6, 0.4), (0.02, 0.10)), rates((0.5, 0.5), (0.03, 0.10))
    parts = parts_of_change(before, after, "kind")
    assert {name: round(part, 9) for name, part in parts.items()} == {
        "within": 0.0055, "mix": 0.0075,
    }  # fmt: skip


cells_of_buyers = st.lists(
    st.tuples(st.sampled_from("ABCD"), st.integers(0, 9), st.integers(0, 9)), min_size=1
).filter(lambda rows: sum(yes + no for _, yes, no in rows) > 0)


@settings(deadline=None, max_examples=30)
@given(cells_of_buyers, cells_of_buyers)
def test_the_parts_of_a_change_add_up_to_it(before, after):
    sides = [pd.DataFrame(rows, columns=["buyer", "yes", "no"]) for rows in (before, after)]
    share = [side["yes"].sum() / (side["yes"] + side["no"]).sum() for side in sides]
    known = [side.loc[side["yes"] + side["no"] > 0] for side in sides]
    parts = parts_of_change(*known, "buyer")
    assert sum(parts.values()) == pytest.approx(share[1] - share[0], abs=1e-12)


def test_buyers_that_came_are_entry():
    before, after = kind(2019, 1, 9, buyer="A"), kind(2020, 1, 9, buyer="A")
    came = kind(2020, 8, 2, buyer="B")
    cells = years(kind(2019, 1, 9), kind(2020, 9, 11))
    cells = cells._replace(cells=frame(ACCESS_CELLS, before, after, came))
    rows = of_theme(access_change, cells)
    at = {"period": "2019-2020"}
    entry = told(rows, "decomposition", group="by=buyer,part=entry", **at)
    assert entry["value"] == pytest.approx(0.5 * (0.8 - 0.1))
    assert told(rows, "decomposition", group="by=buyer,part=within", **at)["value"] == 0


def test_the_comparability_series_holds_only_lots_that_reach_the_threshold():
    """Below the threshold start-ups rise, above it they do not."""
    lots = [
        kind(2019, 1, 9, comparable=True),
        kind(2020, 1, 9, comparable=True),
        kind(2020, 9, 1, comparable=False),
        kind(2020, 1, 0, comparable=None),
    ]
    rows = of_theme(access_change, years(*lots))
    assert interval(told(rows, "comparable_lot_share", period="2020")) == (0.1, 0.1, 0.1)
    assert interval(told(rows, "comparable_change", period="2019-2020")) == (0, 0, 0)


def test_lots_left_out_of_the_comparability_series_are_counted_by_reason():
    cells = [
        {"valued": True, "comparable": True, "lots": 4},
        {"valued": True, "comparable": False, "lots": 3},
        {"valued": True, "comparable": None, "lots": 2},
        {"valued": False, "comparable": None, "lots": 1},
    ]
    rows = of_theme(access_winners, world_of(lots=frame(LOT_CELLS, *cells)))
    reasons = ("yes", "no-below", "no-threshold", "no-value")
    at = {"definition": "one-threshold", "period": "2020"}
    found = [told(rows, "comparable_lots", group=f"kept={r}", **at)["value"] for r in reasons]
    assert found == [4, 3, 2, 1]


parts = st.integers(1, 50)
tallies = st.builds(Tally, yes=parts, no=parts, unknown=st.integers(0, 50))


@settings(deadline=None)
@given(tallies, tallies, st.floats(0, 1), st.floats(0, 1))
def test_whatever_the_unknown_are_the_bounds_hold_the_change(before, after, first, second):
    truth = (after.yes + second * after.unknown) / after.total
    truth -= (before.yes + first * before.unknown) / before.total
    found = change(before, after, **COUNT)
    assert found.low - 1e-12 <= truth <= found.high + 1e-12


def test_the_slope_is_the_median_of_all_pairs_and_needs_three_years():
    assert slope({2019: 0.1, 2020: 0.2}) is None
    assert slope({2018: 0.1, 2019: 0.1, 2020: 0.1}) == 0
    # Three pairs at 0.1 a year, then 0.4/3, 0.15 and 0.2: the median is between 0.1 and 0.4/3.
    assert slope({2016: 0.0, 2017: 0.1, 2018: 0.2, 2019: 0.4}) == pytest.approx(0.35 / 3)


def test_a_definition_that_no_firm_is_known_to_answer_to_has_no_trend():
    assert slope({2018: 0.0, 2019: 0.0, 2020: 0.0}) is None


def test_signs_are_counted_over_specifications():
    assert same_sign([0.1, 0.2, -0.1, 0.0]) == {
        "all": 0.5, "sign=rise": 0.5, "sign=fall": 0.25, "sign=level": 0.25,
    }  # fmt: skip


def test_where_no_specification_is_level_their_share_is_0_and_not_what_is_left_by_rounding():
    assert all(
        same_sign([0.1] * rise + [-0.1] * (n - rise))["sign=level"] == 0
        for n in range(1, 60)
        for rise in range(n + 1)
    )


def rule(year, definition="startup-5", framework=False, **stated):
    usual = {"date": "contract", "year": year, "definition": definition, "framework": framework}
    return usual | {name: float(value) for name, value in stated.items()}


def test_every_rule_has_its_own_series():
    rules = [
        rule(year, fractional_yes=1, fractional_no=3, any_yes=2, any_no=2, all_no=4)
        for year in (2018, 2019, 2020)
    ]
    rules += [rule(2020, framework=True, fractional_yes=4)]
    rules += [rule(2020, definition="eu-small", fractional_yes=4)]
    lots = frame(LOT_CELLS, {"year": 2018, "valued": True}, {"year": 2020, "valued": True})
    rows = of_theme(access_multiverse, world_of(rules=frame(RULE_CELLS, *rules), lots=lots))
    shares = {
        "joint=fractional,framework=in,date=contract": 5 / 8,
        "joint=fractional,framework=out,date=contract": 1 / 4,
        "joint=any,framework=out,date=contract": 1 / 2,
        "joint=all,framework=out,date=contract": 0,
    }
    for group, share in shares.items():
        assert told(rows, "multiverse_share", group=group, period="2020")["value"] == share
    assert "eu-small" not in set(rows["definition"])
    whole = {"definition": "all-specifications", "period": "2018-2020"}
    assert told(rows, "multiverse_same_sign", **whole, group="sign=rise")["n"] == 4
