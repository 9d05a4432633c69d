"""Which part of the target group is reached, worked by hand on a register of a few."""

import math

import pandas as pd
import pytest
from blocks_world import given, one, told
from hypothesis import given as forall
from hypothesis import settings
from hypothesis import strategies as st

from analysis.contracts.intake.startups import ORGANISATION_TYPES
from analysis.indicators.reach import THIRDS, gini, results, thirds
from analysis.inference.intervals import representation_ratio
from analysis.results import ledger

A, B, C, D, E = (f"020000000{n}" for n in range(1, 6))


def register(*companies, year=2025, **stated):
    return [{"company_id": company, "year": year} | stated for company in companies]


def application(name, buyer, submitted="2020-05-14", decided=None, **stated):
    decision = "admitted" if decided else "inadmissible"
    return {
        "application": name, "buyer": buyer, "submitted": submitted, "decision": decision,
        "decided": decided,
    } | stated  # fmt: skip


def test_an_organisation_counts_once_however_often_it_comes():
    rows = results(
        given(
            eligible_buyers=register(A, B, C, D),
            pio_applications=[
                application("1", A, decided="2020-09-01"),
                application("2", A, decided="2021-09-01"),
                application("3", B),
            ],
        )
    )
    assert told(rows, "reach.eligible") == (4, None, None, 4, 0)
    assert told(rows, "reach.admitted_share") == (0.25, 0.25, 0.25, 4, 0)
    assert told(rows, "reach.applied_share") == (0.5, 0.5, 0.5, 4, 0)


def test_only_who_is_in_the_register_of_the_year_counts_and_the_others_are_told_apart():
    gone = application("1", E, decided="2020-09-01")
    rows = results(given(eligible_buyers=register(A, B), pio_applications=[gone]))
    assert told(rows, "reach.admitted_share")[0] == 0
    assert told(rows, "reach.outside_register") == (1, None, None, 1, 0)


def test_the_share_of_a_year_has_the_register_and_the_admissions_of_that_year():
    rows = results(
        given(
            eligible_buyers=[*register(A, B, C, year=2020), *register(A, B, year=2025)],
            pio_applications=[
                application("1", A, decided="2020-09-01"),
                application("2", B, submitted="2022-05-14", decided="2022-09-01"),
            ],
        )
    )
    assert told(rows, "reach.admitted_share", period="2020-2020")[0] == pytest.approx(1 / 3, 1e-3)
    assert told(rows, "reach.admitted_share", period="2020-2025")[0] == 1


def test_an_admission_without_a_day_is_unknown_and_neither_yes_nor_no():
    undated = application("1", A) | {"decision": "admitted"}
    rows = results(given(eligible_buyers=register(A, B, C), pio_applications=[undated]))
    assert told(rows, "reach.admitted_share") == (0, 0, 0.3333, 2, 1)
    assert one(rows, "reach.gini", definition="over-eligible")["value"] is None


def test_what_is_not_decided_yet_is_not_admitted_so_far():
    pending = application("1", A) | {"decision": "pending"}
    rows = results(given(eligible_buyers=register(A), pio_applications=[pending]))
    assert told(rows, "reach.admitted_share") == (0, 0, 0, 1, 0)


def test_a_project_dates_the_admission_that_the_application_leaves_open():
    rows = results(
        given(
            eligible_buyers=register(A),
            pio_applications=[application("1", A) | {"decision": "admitted"}],
            pio_projects=[{"project": "p", "application": "1", "buyer": A,
                           "submitted": "2020-05-14", "admissible": "2020-08-01"}],
        )
    )  # fmt: skip
    assert told(rows, "reach.admitted_share") == (1, 1, 1, 1, 0)


def test_an_application_after_the_year_of_the_report_is_left_out():
    asked = [application("1", A), application("2", B, submitted="2026-03-01")]
    rows = results(given(eligible_buyers=register(A, B), pio_applications=asked))
    assert told(rows, "reach.applied_share")[0] == 0.5
    assert not [row for row in rows if row.id == "reach.first_time_share"]


def test_first_time_applicants_are_a_part_of_the_applicants_of_the_year():
    rows = results(
        given(
            pio_applications=[
                application("1", A),
                application("2", A, submitted="2021-03-01"),
                application("3", B, submitted="2021-04-01"),
                application("4", C, submitted="2021-05-01"),
            ]
        )
    )
    assert told(rows, "reach.first_time_share", period="2021") == (0.6667, None, None, 3, 0)
    assert "2020" not in {row.period for row in rows if row.id == "reach.first_time_share"}


def test_two_projects_of_one_and_one_of_another_are_less_even_over_more_organisations():
    admitted = [
        application("1", A, decided="2020-09-01"),
        application("2", A, decided="2020-09-02"),
        application("3", B, decided="2020-09-03"),
    ]
    rows = results(given(eligible_buyers=register(A, B, C), pio_applications=admitted))
    # (1, 2): 2 (1 + 4)/(2 x 3) - 3/2; (0, 1, 2): 2 (0 + 2 + 6)/(3 x 3) - 4/3
    at = {"definition": "over-admitted"}
    assert told(rows, "reach.gini", **at)[0] == pytest.approx(10 / 6 - 1.5, abs=1e-4)
    at = {"definition": "over-eligible"}
    assert told(rows, "reach.gini", **at)[0] == pytest.approx(16 / 9 - 4 / 3, abs=1e-4)


def test_types_are_compared_with_their_part_of_the_register():
    rows = results(
        given(
            eligible_buyers=[
                *register(A, organisation_type="agency"),
                *register(B, C, D),
            ],
            pio_applications=[
                application("1", A, decided="2020-09-01"),
                application("2", A, decided="2020-09-01"),
                application("3", B, decided="2020-09-01"),
            ],
        )
    )
    # agency: 2 of 3 projects, 1 of 4 in the register
    found = one(rows, "reach.representation", group="organisation_type=agency")
    expected = representation_ratio(won=2, lots=3, startups=1, firms=4)
    assert (found["value"], found["grade"]) == (pytest.approx(8 / 3), "C")
    assert (found["low"], found["high"]) == pytest.approx((expected.low, expected.high))
    assert told(rows, "reach.admitted_share", group="organisation_type=municipality")[3] == 3


def test_the_rows_keep_the_contract_of_the_ledger_and_are_told_once():
    members = [*register(A, B, staff=12), *register(C, D, year=2020), *register(E, staff=None)]
    asked = [application(str(n), one, decided=decided) for n, (one, decided) in enumerate(
        [(A, "2020-09-01"), (B, None), (C, "2021-02-01"), (E, None)])]  # fmt: skip
    rows = results(given(eligible_buyers=members, pio_applications=asked))
    assert len(ledger(rows)) == len(rows) > 20


def test_thirds_keep_equal_sizes_together_and_unknown_ones_apart():
    staff = pd.Series([5, 5, 5, 10, 20, None], dtype="Int64")
    assert list(thirds(staff)) == ["smallest"] * 3 + ["middle", "largest", "not-stated"]
    assert list(thirds(pd.Series([None, None], dtype="Int64"))) == ["not-stated"] * 2


def test_without_applications_nothing_is_said_and_without_a_register_no_part_of_it():
    assert results(given(eligible_buyers=register(A))) == []
    ids = {row.id for row in results(given(pio_applications=[application("1", A)]))}
    assert ids == set()
    applied = [application("1", A, decided="2020-09-01"), application("2", A, "2021-01-01")]
    ids = {row.id for row in results(given(pio_applications=applied))}
    assert ids == {"reach.gini", "reach.first_time_share"}


def test_a_delivered_table_without_rows_does_not_stop_the_run():
    assert results(given(pio_applications=[], eligible_buyers=[])) == []
    assert told(results(given(pio_applications=[], eligible_buyers=register(A))),
                "reach.admitted_share")[0] == 0  # fmt: skip


counts = st.lists(st.integers(0, 40), min_size=1, max_size=30).filter(any)


@forall(counts)
def test_the_gini_coefficient_is_the_mean_difference_over_twice_the_mean(xs):
    n, mean = len(xs), sum(xs) / len(xs)
    pairs = sum(abs(a - b) for a in xs for b in xs) / n**2
    assert gini(xs) == pytest.approx(pairs / (2 * mean), abs=1e-12)
    assert -1e-12 <= gini(xs) <= 1 - 1 / n + 1e-12
    assert gini(xs[::-1]) == pytest.approx(gini([7 * x for x in xs]))


def test_nothing_to_share_out_has_no_evenness():
    assert gini([]) is None
    assert gini([0, 0]) is None
    assert math.isclose(gini([0, 0, 0, 9]), 0.75)


@forall(st.lists(st.one_of(st.none(), st.integers(0, 50)), max_size=40))
def test_thirds_follow_the_sizes(sizes):
    found = thirds(pd.Series(sizes, dtype="Int64"))
    known = sorted((size, THIRDS.index(third)) for size, third in zip(sizes, found, strict=True)
                   if size is not None)  # fmt: skip
    assert [third for _, third in known] == sorted(third for _, third in known)
    assert all(third < 3 for _, third in known)
    if known:
        smallest = sum(third == 0 for _, third in known)
        assert smallest >= len(known) / 3


@settings(max_examples=8, deadline=None)
@forall(st.data())
def test_the_parts_by_type_add_up_to_the_whole(data):
    companies = [f"02000000{n:02}" for n in range(12)]
    kinds = data.draw(st.lists(st.sampled_from(ORGANISATION_TYPES), min_size=12, max_size=12))
    buyers = data.draw(st.lists(st.sampled_from(companies), max_size=8))
    members = [
        row
        for company, kind in zip(companies, kinds, strict=True)
        for row in register(company, organisation_type=kind)
    ]
    asked = [application(str(n), b, decided="2020-09-01") for n, b in enumerate(buyers)]
    found = results(given(eligible_buyers=members, pio_applications=asked))
    shares = [row for row in found if row.id == "reach.admitted_share"]
    reached = {row.group: row.value * row.n for row in shares}
    of_types = sum(n for group, n in reached.items() if group.startswith("organisation_type"))
    assert of_types == pytest.approx(reached["all"]) == pytest.approx(len(set(buyers)))
