"""The buyer panel: what is counted, who was treated when, and what it could show."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from access_world import NO, UNKNOWN, YES, lot, relations
from blocks_world import given as delivered
from effects_world import applications, buyer, cells, given, plan
from hypothesis import given as drawn_from
from hypothesis import settings
from hypothesis import strategies as st

from analysis.cells.panel_cells import panel_cells
from analysis.contracts import LOTS, NOTICES, ORGANISATIONS
from analysis.indicators.effects_adoption import adoption, cohorts
from analysis.indicators.effects_panel import panel_of, study
from analysis.inference.effects.aggregate import by_event, overall
from analysis.inference.effects.group_time import group_time
from analysis.inference.effects.panel import Panel
from analysis.inference.effects.power import (
    minimum_detectable,
    noise,
    treated_at,
    weights,
)

A, B = "BE0200000001", "BE0200000002"
LAID = plan().laid
NOTHING = pd.DataFrame(columns=["notice_id", "buyer", "awarded", "value_eur"])


def counted(*lots, notices=(), pio=NOTHING, order=1, **about):
    """Panel cells of lots; `about` gives what a lot of a notice number describes."""
    engine, tables = relations(*lots[::order])
    told = [
        LOTS.Row(**{name: one[name] for name in ("notice_id", "document", "lot_id")},
                 **about.get(f"n{one['notice_id'].split('-')[0]}", {}))
        for one in lots
    ]  # fmt: skip
    buyers = [
        ORGANISATIONS.Row(notice_id=row.notice_id, document=row.document, organisation_id="B1",
                          is_buyer=True, is_tenderer=False, identifier="0200.065.765",
                          country="BE")
        for row in notices
    ]  # fmt: skip
    tables["described"] = engine.from_arrow(LOTS.arrow(told[::order]))
    tables["notices"] = engine.from_arrow(NOTICES.arrow(list(notices)[::order]))
    tables["organisations"] = engine.from_arrow(ORGANISATIONS.arrow(buyers[::order]))
    return panel_cells(engine, tables, pio)


def announced(number, form, day="2020-02-01"):
    return NOTICES.Row(
        notice_id=f"{number}-2020", document=f"c{number}", form=form, kind="other",
        publication_date=dt.date.fromisoformat(day), era="eforms", published=True,
        total_withheld=False,
    )  # fmt: skip


def only(found, **where):
    for name, value in where.items():
        found = found[found[name] == value]
    [row] = found.to_dict("records")
    return row


def test_a_buyer_in_a_year_has_its_lots_bids_and_winners():
    found = counted(
        lot(1, YES, buyer=A, bids=1, value_eur=100), lot(2, NO, UNKNOWN, buyer=A, bids=4),
        lot(3, NO, buyer=B), n1={"innovation": "rd-act"},
    )  # fmt: skip
    row = only(found, buyer="0200000001")
    assert (row["year"], row["lots"], row["flagged"]) == (2020, 2, 1)
    assert (row["bids_lots"], row["bids"], row["single"]) == (2, 5, 1)
    # lot 2 was won by two, one of them not known
    assert (row["startup_yes"], row["startup_no"], row["startup_unknown"]) == (1, 0.5, 0.5)
    assert (float(row["valued_eur"]), float(row["flagged_eur"])) == (100, 100)


@pytest.mark.parametrize(
    "listed",
    [
        {"notice_id": "1-2020", "buyer": "x", "awarded": None, "value_eur": None},
        {"notice_id": None, "buyer": "0200000001", "awarded": dt.date(2020, 6, 1),
         "value_eur": 100.0},
    ],
)  # fmt: skip
def test_the_contract_that_pio_co_financed_is_in_no_outcome(listed):
    found = counted(
        lot(1, YES, buyer=A, value_eur=100), lot(2, NO, buyer=A, value_eur=70),
        pio=pd.DataFrame([listed]), n1={"innovation": "rd-act"},
    )  # fmt: skip
    row = only(found)
    assert (row["pio_lots"], row["lots"], row["flagged"], row["startup_yes"]) == (1, 1, 0, 0)
    assert float(row["valued_eur"]) == 70


def test_a_contract_of_another_value_on_the_same_day_is_not_the_one_on_the_list():
    listed = {"notice_id": None, "buyer": "0200000001", "awarded": dt.date(2020, 6, 1)}
    found = counted(
        lot(1, YES, buyer=A, value_eur=100), pio=pd.DataFrame([listed | {"value_eur": 99.0}])
    )
    assert only(found)["pio_lots"] == 0


def test_a_year_without_a_notice_has_no_row_and_a_buyer_outside_flanders_none_at_all():
    outside = lot(2, NO, buyer=B, flags=(False, False, False, True))
    found = counted(lot(1, YES, buyer=A), lot(3, NO, buyer=A, year=2022), outside)
    assert found["year"].tolist() == [2020, 2022]
    assert set(found["buyer"]) == {"0200000001"}


def test_calls_are_not_known_where_none_were_read_and_zero_where_others_had_some():
    one = lot(1, YES, buyer="BE0200065765")
    assert pd.isna(only(counted(one, lot(2, NO, buyer=A)), buyer="0200000001")["calls"])
    found = counted(one, lot(2, NO, buyer=A), notices=[announced(7, "16"), announced(8, "16")])
    assert only(found, buyer="0200065765")["calls"] == 2
    assert only(found, buyer="0200000001")["calls"] == 0
    assert found["consultations"].isna().all()
    asked = counted(one, notices=[announced(7, "E1"), announced(8, "F01_2014")])
    assert only(asked)["consultations"] == 2


def test_the_order_of_the_rows_changes_nothing():
    lots = [lot(n, YES, NO, buyer=A if n % 2 else B, value_eur=n * 1.5) for n in range(1, 8)]
    pd.testing.assert_frame_equal(counted(*lots), counted(*lots, order=-1))


def adopted(*rows, **tables):
    found = adoption(given(*rows, **tables))
    return {row["buyer"]: (row["status"], row["year"]) for row in found.to_dict("records")}


def test_adoption_is_the_first_admission_and_a_refusal_before_it_does_not_count():
    found = adopted(
        (buyer(1), "inadmissible", 2017), (buyer(1), "admitted", 2019),
        (buyer(1), "admitted", 2021), (buyer(2), "inadmissible", 2018),
        (buyer(3), "withdrawn", 2018),
    )  # fmt: skip
    assert found[buyer(1)] == ("admitted", 2019)
    assert found[buyer(2)][0] == found[buyer(3)][0] == "rejected"


def test_who_waits_for_a_decision_is_pending_and_who_only_leads_anothers_project_a_partner():
    waits = {"application": "w", "buyer": buyer(2), "decision": "pending",
             "submitted": "2023-01-10"}  # fmt: skip
    project = {"project": "p", "application": "a0", "buyer": buyer(3), "submitted": "2019-01-10",
               "admissible": "2019-05-02"}  # fmt: skip
    asked = [*applications((buyer(1), "admitted", 2019)), waits]
    whole = delivered(year=2023, pio_applications=asked, pio_projects=[project])
    found = {row["buyer"]: row["status"] for row in adoption(whole).to_dict("records")}
    assert found == {buyer(1): "admitted", buyer(2): "pending", buyer(3): "partner"}
    assert adoption(given()).empty


def test_small_cohorts_join_the_next_year_or_are_left_out():
    # 2018: two, with 2019 six; 2020 alone is enough; 2021 and 2022 together are too few
    years = pd.Series([2018] * 2 + [2019] * 4 + [2020] * 5 + [2021] + [2022] * 3)
    found = cohorts(years, smallest=5, span=2)
    assert found == {2018: 2018, 2019: 2018, 2020: 2020}


@settings(max_examples=60, deadline=None)
@drawn_from(st.lists(st.integers(2016, 2026), max_size=40))
def test_a_cohort_is_dated_by_its_first_year_and_large_enough(years):
    found = cohorts(pd.Series(years, dtype=float), smallest=5, span=2)
    for year, cohort in found.items():
        assert cohort <= year < cohort + 2
        assert sum(found.get(one) == cohort for one in years) >= 5


def small(**tables):
    """Two buyers, admitted in 2019 and refused; the first is silent in 2018."""
    rows = [{"buyer": buyer(n), "year": year, "flagged": n} for n in (1, 2)
            for year in range(2016, 2024) if (n, year) != (1, 2018)]  # fmt: skip
    asked = [(buyer(1), "admitted", 2019), (buyer(2), "inadmissible", 2019)]
    return study(cells(*rows), given(*asked, **tables), LAID)


def test_a_silent_year_is_not_known_and_never_zero():
    found = small()
    innovation = found.outcomes["y1-innovation"]
    assert np.isnan(innovation[0, 2])
    assert (innovation[1] == 1).all()
    assert found.outcomes["y0-published"][0].tolist() == [1, 1, 0, 1, 1, 1, 1, 1]


def test_only_organisations_of_the_last_register_are_in_the_panel():
    listed = [{"company_id": buyer(1), "year": 2022}, {"company_id": buyer(2), "year": 2023}]
    assert small(eligible_buyers=listed).units["buyer"].tolist() == [buyer(2)]


def test_an_adopter_of_no_cohort_is_a_control_until_it_may_have_reacted():
    panel = panel_of(small(), "y0-published", LAID, sample="applicants")
    # one adopter is no cohort of five; admitted in 2019, it may react from 2018 on
    assert np.isinf(panel.first).all()
    assert np.isnan(panel.outcome[0]).tolist() == [False, False] + [True] * 6
    assert not np.isnan(panel.outcome[1]).any()


def invented(*, missing=0.0, seed=3):
    """Methods 4.1: cohorts 10, 10, 9, 6, 5, 5 from 2017 on, 100 never treated, nine years."""
    random = np.random.default_rng(seed)
    sizes = dict(zip(range(2017, 2023), (10, 10, 9, 6, 5, 5), strict=True))
    first = [float(year) for year, many in sizes.items() for _ in range(many)] + [np.inf] * 100
    outcome = random.normal(size=(145, 9))
    outcome[random.random(outcome.shape) < missing] = np.nan
    return Panel(outcome, np.array(first), np.arange(2016, 2025))


@pytest.mark.parametrize("delta", [0, 1])
def test_the_effect_is_a_weighted_sum_of_outcomes_with_the_weights_of_the_power(delta):
    panel = invented(missing=0.2)
    told = overall(by_event(group_time(panel, delta=delta)), range(4))
    w = weights(panel, events=range(4), delta=delta)
    assert np.nansum(w * panel.outcome) == pytest.approx(told.estimate, abs=1e-12)
    assert w.sum(axis=0) == pytest.approx(0, abs=1e-12)
    study_ = by_event(group_time(panel, delta=delta), window=(0, 3))
    assert [treated_at(panel, e, delta=delta) for e in range(4)] == study_.treated.tolist()


@pytest.mark.parametrize(("rho", "published"), [(0, 0.498), (0.3, 0.489), (0.6, 0.452)])
def test_the_least_effect_is_that_of_the_methods(rho, published):
    """Methods 4.4: 45 treated, 100 controls, by a few hundred simulations, so to a tenth."""
    found = minimum_detectable(invented(), events=range(4), rho=rho, seed=20160101)
    assert found.effect == pytest.approx(published, rel=0.1)
    assert (found.treated, found.controls) == (45, 100)


def test_the_least_effect_grows_with_noise_and_with_missing_years():
    known = minimum_detectable(invented(), events=range(4), seed=1).effect
    assert minimum_detectable(invented(), events=range(4), sd=3, seed=1).effect == pytest.approx(
        3 * known
    )
    assert minimum_detectable(invented(missing=0.4), events=range(4), seed=1).effect > known


def test_the_noise_is_that_of_years_without_treatment_only():
    outcome = np.array([[1.0, 3, 1, 3, 90], [5, 3, 5, 3, 5], [0, 0, 0, 0, 0.0]])
    panel = Panel(outcome, np.array([2020.0, np.inf, np.inf]), np.arange(2016, 2021))
    told = noise(panel, delta=0)
    assert told.known == 14
    # were 90 counted, the standard deviation would be tens
    assert 1 < told.sd < 2
    shifted = panel._replace(outcome=outcome + np.array([[7.0], [0], [-2]]))
    assert noise(shifted).sd == pytest.approx(told.sd)
    assert told.rho == 0  # up and down in turn: below 0, taken as none
