"""What firms answer to every definition: the columns that the register and the accounts fill."""

import datetime as dt

import pandas as pd
import register as made

from analysis.companies.answers import BATCH, answers, firm_classes, firms_on
from analysis.companies.births import births
from analysis.companies.criteria import COLUMNS
from analysis.companies.definitions import FOLDER, definitions

A, B, C = "0403201185", "0402206045", "0400000086"
ALL = definitions()


def asked(engine, *pairs: tuple):
    frame = pd.DataFrame(pairs or [(A, made.DAY)], columns=["company_id", "on_date"])
    engine.register("asked_pairs", frame)
    kinds = "company_id::varchar as company_id, on_date::date as on_date"
    return engine.sql(f"select {kinds} from asked_pairs")


def prepared(*firms: dict, pairs: tuple = ()):
    engine = made.engine()
    wanted, register = asked(engine, *pairs), made.register(engine, *firms)
    return engine, wanted, register, births(engine, wanted, register)


def columns_of(*firms: dict, on: dt.date = made.DAY) -> dict:
    [row] = made.rows_of(firms_on(*prepared(*firms, pairs=((A, on),))))
    return row


def told(*firms: dict, by: str, pairs: tuple = ()) -> dict:
    found = answers(*prepared(*firms, pairs=pairs), {by: ALL[by]})
    return {(r["company_id"], r["on_date"]): r["answer"] for r in made.rows_of(found)}


def test_every_firm_on_every_day_answers_every_definition():
    twice = ((A, made.DAY), (A, made.DAY))
    pairs = (*twice, (B, made.DAY), (A, dt.date(2016, 1, 1)), (None, made.DAY), (C, None))
    found = made.rows_of(answers(*prepared(made.company(A), pairs=pairs)))
    assert len(found) == 3 * len(ALL)
    assert {row["definition"] for row in found} == set(ALL)
    assert {row["answer"] for row in found if row["company_id"] == B} == {None}  # not registered


def test_a_firm_is_judged_on_the_day_of_its_contract():
    firm = made.company(A, start_date=dt.date(2015, 6, 1))
    days = [dt.date(2020, 5, 31), dt.date(2020, 6, 1), dt.date(2025, 5, 31), dt.date(2025, 6, 1)]
    pairs = tuple((A, day) for day in days)
    assert list(told(firm, by="startup-5", pairs=pairs).values()) == [True, False, False, False]
    assert list(told(firm, by="startup-10", pairs=pairs).values()) == [True, True, True, False]
    independent = told(firm, by="startup-10-independent", pairs=pairs)
    assert list(independent.values()) == [None, None, None, False]


YOUNG = {"start_date": dt.date(2021, 1, 1)}


HEADLINE = [
    ({}, True),
    ({"is_natural_person": True}, None),
    ({"legal_form": "416"}, False),
    ({"legal_form": "999"}, None),
    ({"sizes": {2023: (250, 60_000_000, 60_000_000)}}, False),
    ({"sizes": {2023: (249, 60_000_000, 43_000_000)}}, True),
    ({"sizes": {2023: (None, 60_000_000, None)}}, True),  # not shown to be large
    ({"sizes": {2021: (20, None, None)}}, False),  # no birth: twenty workers at once
    ({"start_date": None}, None),
    ({"nace": None}, None),  # whether an older firm goes on under it cannot be seen
    ({"start_date": dt.date(2000, 1, 1), "nace": None}, False),
]


def test_the_headline_definition_of_a_start_up():
    firms = {made.number(n): YOUNG | stated for n, (stated, _) in enumerate(HEADLINE)}
    pairs = tuple((number, made.DAY) for number in firms)
    apart = [
        made.company(number, address={"house_number": number}, **stated)
        for number, stated in firms.items()
    ]
    found = told(*apart, by="startup-5", pairs=pairs)
    for (stated, answer), number in zip(HEADLINE, firms, strict=True):
        assert found[number, made.DAY] is answer, stated


def test_a_number_that_was_gone_on_the_day_cannot_have_won():
    gone = dt.date(2023, 1, 1)
    life = {"ceased_after": gone - dt.timedelta(30), "ceased_before": gone}
    pairs = ((A, gone - dt.timedelta(1)), (A, gone))
    disappeared = made.company(A, **YOUNG, lifespan=life)
    assert list(told(disappeared, by="younger-than-5", pairs=pairs).values()) == [True, None]
    stopped = made.company(A, **YOUNG, end_date=gone)
    pairs = ((A, gone), (A, gone + dt.timedelta(1)))
    assert list(told(stopped, by="younger-than-5", pairs=pairs).values()) == [True, None]


SIZES = {2018: (1, 10, 100), 2019: (2, 20, 200), 2021: (4, 40, 400), 2022: (5, 50, 500)}


def test_figures_are_those_of_the_newest_closed_year_and_of_the_years_before_it():
    row = columns_of(made.company(A, sizes=SIZES | {2023: (6, 60, 600), 2024: (7, 70, 700)}))
    assert [row[f"employees_fte{ago}"] for ago in ("", "_minus_1", "_minus_2", "_minus_3")] == [
        6,
        5,
        4,
        None,  # nothing was filed for 2020
    ]
    assert (row["turnover_eur"], row["balance_eur_minus_1"]) == (60, 500)


def test_accounts_a_year_late_still_tell_and_older_ones_do_not():
    firm = made.company(A, sizes=SIZES)
    assert columns_of(firm, on=dt.date(2024, 6, 1))["employees_fte"] == 5
    assert columns_of(firm, on=dt.date(2025, 6, 1))["employees_fte"] is None
    assert columns_of(firm, on=dt.date(2018, 12, 31))["employees_fte"] is None  # not closed yet


FIRST = [
    ((2023, 3, 1), [2023], True),
    ((2022, 9, 1), [2023], None),  # a long first year, or accounts of 2022 that we lack
    ((2022, 9, 1), [2022, 2023], False),
    ((2020, 9, 1), [2023], False),
    ((2020, 9, 1), [], None),
]


def all_columns(*firms: dict) -> list[dict]:
    """Columns of several firms, in their order."""
    numbered = [made.company(made.number(n), **stated) for n, stated in enumerate(firms)]
    pairs = tuple((made.number(n), made.DAY) for n in range(len(firms)))
    rows = {r["company_id"]: r for r in made.rows_of(firms_on(*prepared(*numbered, pairs=pairs)))}
    return [rows[number] for number, _ in pairs]


def test_first_accounts():
    firms = [
        {"start_date": dt.date(*started), "sizes": dict.fromkeys(years, (1, 1, 1))}
        for started, years, _ in FIRST
    ]
    for row, case in zip(all_columns(*firms), FIRST, strict=True):
        assert row["first_accounts"] is case[-1], case


FORMS = [
    ("610", True, False),
    ("014", True, False),
    ("017", False, False),
    ("412", False, True),
    ("114", False, True),
    ("030", None, False),
    ("999", None, None),
    (None, None, None),
]


def test_the_legal_form_tells_companies_and_public_bodies():
    rows = all_columns(*({"legal_form": form} for form, _, _ in FORMS))
    told_ = [(row["is_company"], row["is_public"]) for row in rows]
    assert told_ == [tuple(expected) for _, *expected in FORMS]


def test_a_person_is_no_company_and_no_public_body():
    row = columns_of(made.company(A, is_natural_person=True))
    assert (row["is_natural_person"], row["is_company"], row["is_public"]) == (True, False, False)


def test_a_re_birth_has_the_start_of_the_older_firm_as_its_oldest():
    older = made.company(B, "Alfa Beta", start_date=dt.date(2001, 1, 1))
    same = made.company(A, "Alfa Beta", **YOUNG, sizes={2021: (30, None, None)})
    assert columns_of(same, older)["oldest_start_date"] == dt.date(2001, 1, 1)
    suspected = made.company(A, "Alfa Beta", **YOUNG)
    assert columns_of(suspected, older)["oldest_start_date"] is None


def test_only_columns_of_the_criteria_are_filled_and_what_no_source_tells_is_not():
    row = columns_of(made.company(A))
    assert set(row) - {"company_id", "on_date"} < set(COLUMNS)
    for unknown in ("rd_share", "is_listed", "from_merger", "is_independent"):
        assert unknown not in row


def test_the_firms_are_held_in_batches():
    firm = made.company(A, start_date=dt.date(2015, 6, 1))
    first = dt.date(1900, 1, 1)
    days = [(A, first + dt.timedelta(n)) for n in range(BATCH // 2 + 1)]
    pairs = [*days, *((B, day) for _, day in days)]
    engine, wanted, register, judged = prepared(firm, pairs=tuple(pairs))
    found = answers(engine, wanted, register, judged, {"younger-than-5": ALL["younger-than-5"]})
    assert found.aggregate("count(*), count(distinct (company_id, on_date))").fetchall() == [
        (len(pairs), len(pairs))
    ]
    years = found.filter("answer").aggregate("min(on_date), max(on_date)").fetchall()
    assert years == [(dt.date(2015, 6, 1), dt.date(2020, 5, 31))]


def test_no_firms_give_no_answers_and_no_classes():
    engine, _, register, judged = prepared(made.company(A))
    nobody = asked(engine, (None, made.DAY))
    assert made.rows_of(answers(engine, nobody, register, judged)) == []
    assert made.rows_of(firm_classes(engine, nobody, register, judged)) == []


def test_the_order_of_the_firms_is_irrelevant():
    firms = [made.company(A, **YOUNG), made.company(B, start_date=dt.date(2019, 1, 1))]
    pairs = ((A, made.DAY), (B, made.DAY), (C, made.DAY))
    assert told(*firms, by="startup-10", pairs=pairs) == told(
        *firms[::-1], by="startup-10", pairs=pairs[::-1]
    )


def test_a_new_definition_answers_without_other_changes(tmp_path):
    for name in ("startup_5.yml", "eu_medium.yml", "eu_small.yml"):
        (tmp_path / name).write_text((FOLDER / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "teen.yml").write_text(
        "id: teen\ntitle: {nl: Tiener, en: Teenager}\nexamples: []\n"
        "sources: [{name: invented, certainty: D, verified: true}]\ncriteria: [older, younger]\n"
        "values:\n  min_age_years: {unit: years, verified: true, since: {always: 12}}\n"
        "  max_age_years: {unit: years, verified: true, since: {always: 20}}\n",
        encoding="utf-8",
    )
    firm = made.company(A, start_date=dt.date(2010, 1, 1))
    found = made.rows_of(answers(*prepared(firm), definitions(tmp_path)))
    assert {row["definition"]: row["answer"] for row in found}["teen"] is True
