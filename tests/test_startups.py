"""Which firms answer to a definition: worked by hand, and what holds for all firms."""

from datetime import date, timedelta
from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.companies.criteria import COLUMNS
from analysis.companies.definitions import definitions
from analysis.companies.startups import classify
from analysis.refusal import ContractError

ALL = definitions()
STARTS = ("start_date", "oldest_start_date")
DAYS = st.dates(min_value=date(2012, 1, 1), max_value=date(2027, 12, 31))
POOL = {
    "datetime64[us]": st.none() | DAYS,
    "boolean": st.none() | st.booleans(),
    "Float64": st.sampled_from([None, 0, 0.2, 3, 10, 49, 51, 260, 8e5, 5e6, 1e7, 6e7]),
}


def told(*firms: dict, by: str) -> list[bool | None]:
    got = classify(pd.DataFrame([dict.fromkeys(COLUMNS) | firm for firm in firms]), ALL[by])
    return [None if pd.isna(answer) else bool(answer) for answer in got]


def aged(start: date, on: date) -> dict:
    return {"start_date": start, "on_date": on, "is_natural_person": False}


@st.composite
def judged(draw):
    """A definition, and firms near its example firms."""
    definition = draw(st.sampled_from(list(ALL.values())))
    firms = []
    for example in draw(st.lists(st.sampled_from(definition.examples), min_size=1, max_size=10)):
        changed = draw(st.sets(st.sampled_from(list(COLUMNS)), max_size=4))
        changes = {column: draw(POOL[COLUMNS[column]]) for column in sorted(changed)}
        firms.append(dict.fromkeys(COLUMNS) | example.firm | changes)
    return definition.id, firms


def test_age_is_no_difference_of_years():
    new_year = aged(date(2020, 12, 31), date(2021, 1, 1))
    assert told(new_year, by="younger-than-1") == [True]


def test_who_starts_on_a_leap_day_has_its_birthday_a_day_earlier_in_common_years():
    leap = date(2020, 2, 29)
    days = (date(2023, 2, 27), date(2023, 2, 28), date(2023, 3, 1))
    assert told(*(aged(leap, day) for day in days), by="younger-than-3") == [True, False, False]
    days = (date(2024, 2, 28), date(2024, 2, 29))
    assert told(*(aged(leap, day) for day in days), by="younger-than-4") == [True, False]


def before_birthday(start: date, on: date, years: int) -> bool | None:
    last = 28 if (start.month, start.day) == (2, 29) and (start.year + years) % 4 else start.day
    young = on < date(start.year + years, start.month, last)
    return None if on < start else young


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=30), st.integers(1, 15))
@settings(max_examples=20, deadline=None)
def test_the_curve_agrees_with_the_calendar(lives, years):
    found = told(*(aged(start, on) for start, on in lives), by=f"younger-than-{years}")
    assert found == [before_birthday(start, on, years) for start, on in lives]


@pytest.mark.parametrize("by", sorted(ALL.keys() - {"tax-shelter-scale-up"}))  # has a least age
def test_older_never_becomes_younger(by):
    """A firm that answers in every other way, its start put back month by month."""
    best = next(example.firm for example in ALL[by].examples if example.answer)
    starts = [best["on_date"] - timedelta(days=30 * months) for months in range(250)]
    answers = told(*(best | dict.fromkeys(STARTS, start) for start in starts), by=by)
    assert answers == sorted(answers, reverse=True)


@given(judged(), st.data())
@settings(max_examples=25, deadline=None)
def test_what_is_not_known_only_makes_an_answer_unknown(case, data):
    by, firms = case
    hidden = data.draw(st.sets(st.sampled_from(list(COLUMNS)), min_size=1, max_size=5))
    answers = told(*firms, *(firm | dict.fromkeys(hidden) for firm in firms), by=by)
    for full, less in zip(answers[: len(firms)], answers[len(firms) :], strict=True):
        assert less is None or less is full


@given(judged(), st.randoms(use_true_random=False))
@settings(max_examples=8, deadline=None)
def test_the_order_of_firms_is_irrelevant(case, random):
    by, firms = case
    order = random.sample(range(len(firms)), len(firms))
    answers = told(*firms, by=by)
    assert told(*(firms[i] for i in order), by=by) == [answers[i] for i in order]


def within_wvv(employees: float, turnover: float, balance: float) -> bool:
    return (employees > 50) + (turnover > 11_250_000) + (balance > 6_000_000) <= 1


def within_eu(employees: float, turnover: float, balance: float) -> bool:
    return employees < 50 and (turnover <= 10_000_000 or balance <= 10_000_000)


@pytest.mark.parametrize(("by", "rule"), [("wvv-small", within_wvv), ("eu-small", within_eu)])
def test_an_unknown_figure_counts_as_every_figure_it_could_be(by, rule):
    """All 27 cases of three figures that are small, large or unknown."""
    figures = list(product((1, 10**9, None), repeat=3))
    firm = aged(date(2020, 1, 1), date(2024, 6, 1))
    firm |= {"first_accounts": True, "figures_include_group": True, "is_company": True}
    names = ("employees_fte", "turnover_eur", "balance_eur")
    got = told(*(firm | dict(zip(names, case, strict=True)) for case in figures), by=by)
    for case, answer in zip(figures, got, strict=True):
        could_be = {rule(*c) for c in product(*((1, 10**9) if f is None else (f,) for f in case))}
        assert answer is (could_be.pop() if len(could_be) == 1 else None), case


def test_columns_that_nobody_brought_are_unknown_and_other_columns_are_left_alone():
    firms = pd.DataFrame(
        {
            "start_date": [pd.Timestamp("2022-01-01")] * 2,
            "on_date": [pd.Timestamp("2024-01-01"), pd.Timestamp("2030-01-01")],
            "company_id": ["A", "B"],
        },
        index=["a", "b"],
    )
    before = firms.copy()
    found = classify(firms, ALL["tax-shelter-startup"])
    assert found.dtype == "boolean"
    assert found.isna().to_dict() == {"a": True, "b": False}
    assert not found["b"]
    pd.testing.assert_frame_equal(firms, before)


def test_no_firms_give_no_answers():
    assert classify(pd.DataFrame(columns=["start_date", "on_date"]), ALL["wvv-micro"]).empty


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"start_date": [None]}, "on_date"),
        ({"start_date": [None], "on_date": ["soon"]}, "soon"),
        ({"start_date": [None], "on_date": [None], "employees_fte": ["few"]}, "few"),
    ],
)
def test_a_table_that_is_no_table_of_firms_is_refused(columns, said):
    with pytest.raises(ContractError, match=said):
        classify(pd.DataFrame(columns), ALL["younger-than-5"])
