"""The firms that could have bid, counted by hand."""

import datetime as dt

import pandas as pd
import register as made

from analysis.companies.population import by_cpv, cpv_to_nace, population


def counted(*firms: dict, years: tuple = (2024,)) -> list[tuple]:
    engine = made.engine()
    made_of = [made.company(made.number(n), **firm) for n, firm in enumerate(firms)]
    found = population(engine, made.register(engine, *made_of), years)
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in found.to_numpy()]


def test_companies_alive_on_new_year_by_activity_region_and_age():
    started = [dt.date(2024, 1, 2), dt.date(2024, 1, 1), dt.date(2019, 1, 2), dt.date(2019, 1, 1)]
    started += [dt.date(2014, 1, 2), dt.date(2014, 1, 1), dt.date(1990, 1, 1)]
    assert counted(*({"start_date": day} for day in started)) == [
        (2024, "62", "flanders", 6, 2, 4, 0)  # on its fifth birthday a firm is no longer younger
    ]


def test_every_year_counts_for_itself():
    rows = counted({"start_date": dt.date(2019, 6, 1)}, years=(2025, 2019, 2020, 2025))
    assert [row[0] for row in rows] == [2020, 2025]
    assert [row[4] for row in rows] == [1, 0]


def test_who_is_no_company_of_private_law_is_not_counted():
    others = [{"legal_form": form} for form in ("017", "411", "702", "030", "999", None)]
    assert counted({"is_natural_person": True}, *others) == []


def test_activity_and_region_that_nobody_knows_are_told_apart():
    rows = counted(
        {"nace": None}, {"address": {"postcode": None}}, {"address": {"postcode": "5000"}}
    )
    assert [row[1:4] for row in rows] == [
        ("62", "unknown", 1),
        ("62", "wallonia", 1),
        (None, "flanders", 1),
    ]


def test_a_firm_that_is_gone_no_longer_counts():
    def gone(day: dt.date) -> dict:
        return {"ceased_after": day - dt.timedelta(31), "ceased_before": day}

    assert counted({"lifespan": gone(dt.date(2024, 1, 2))})[0][3] == 1
    assert counted({"lifespan": gone(dt.date(2024, 1, 1))}) == []
    assert counted({"end_date": dt.date(2023, 5, 1)}) == []


def test_a_firm_without_a_start_counts_since_it_was_seen_and_its_age_is_unknown():
    seen = {"start_date": None, "lifespan": {"first_seen": dt.date(2023, 5, 1)}}
    assert counted(seen, years=(2023, 2024)) == [(2024, "62", "flanders", 1, 0, 0, 1)]
    assert counted({"start_date": None}) == []  # nobody saw it


def test_one_main_activity_counts_the_newest_list_first_and_vat_before_others():
    engine = made.engine()
    firm = made.company(made.number(1))
    [main] = firm["activities"]
    firm["activities"] = [
        main | {"nace_version": "2003", "nace_code": "11"},
        main | {"nace_version": "2008", "nace_code": "4110"},
        main | {"nace_version": "2025", "nace_code": "6210", "activity_group": "006"},
        main | {"nace_version": "2025", "nace_code": "7110", "activity_group": "001"},
        main | {"nace_version": "2025", "nace_code": "0111", "activity_class": "secondary"},
    ]
    found = population(engine, made.register(engine, firm), (2024,))
    assert found["nace_division"].tolist() == ["71"]


def test_firms_that_could_bid_for_software_write_or_sell_it():
    firms = [{"nace": nace} for nace in ("62010", "62020", "46510", "01110")]
    engine = made.engine()
    made_of = [made.company(made.number(n), **firm) for n, firm in enumerate(firms)]
    rows = by_cpv(population(engine, made.register(engine, *made_of), (2024,)))
    found = {row.cpv_division: row.firms for row in rows.itertuples()}
    assert found["48"] == 3  # software packages: computing and wholesale
    assert found["72"] == 2  # services: computing
    assert found["77"] == 1  # agriculture
    assert "45" not in found


def test_every_division_of_cpv_is_mapped_to_divisions_of_nace():
    cpv = cpv_to_nace()
    assert len(cpv) == 45
    assert all(len(code) == 2 and code.isdigit() for code in cpv)
    nace = {code for codes in cpv.values() for code in codes}
    assert all(1 <= int(code) <= 99 for code in nace)
    assert all(len(set(codes)) == len(codes) for codes in cpv.values())


def test_no_register_gives_no_population():
    assert counted() == []
    engine = made.engine()
    assert by_cpv(population(engine, made.register(engine), (2024,))).empty
