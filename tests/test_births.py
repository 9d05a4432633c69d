"""False births and vehicles: every rule worked by hand, and what nobody can know."""

import datetime as dt

import pytest
import register as made

from analysis.companies.births import RULES, births
from analysis.refusal import ReportError

NEW, OLD, THIRD = "0403201185", "0402206045", "0400000086"
BORN = dt.date(2021, 6, 15)
ALL_RULES = tuple(RULES.values())


def judged(*firms: dict, asked: tuple = (NEW,), off: tuple = ()) -> dict:
    """What the rules say of the first company asked about."""
    engine = made.engine()
    rows = made.links(engine, *({"name": n, "number": n, "company_id": n} for n in asked))
    found = births(engine, rows, made.register(engine, *firms), off)
    assert found.companies.columns[0] == "company_id"
    rows = {row["company_id"]: row for row in made.rows_of(found.companies)}
    return rows[NEW] | {"log": {row["rule"]: row for row in found.log.to_pylist()}}


def all_judged(*worlds: tuple[dict, ...]) -> list[dict]:
    """Several worlds of a firm and its neighbours at once, each in a town of its own."""
    firms, asked = [], []
    for n, world in enumerate(worlds):
        asked.append(made.number(100 * n))
        for place, stated in enumerate(world):
            address = {"house_number": "1"} | stated.get("address", {})
            address["house_number"] += f"/{n}"
            name = stated.get("name", "Peeters Software")
            rest = {k: v for k, v in stated.items() if k not in ("name", "address")}
            firms.append(made.company(made.number(100 * n + place), name, address=address, **rest))
    engine = made.engine()
    wanted = made.links(engine, *({"name": n, "number": n, "company_id": n} for n in asked))
    rows = made.rows_of(births(engine, wanted, made.register(engine, *firms)).companies)
    by_number = {row["company_id"]: row for row in rows}
    return [by_number[number] for number in asked]


def young(name: str = "Peeters Software", **stated) -> dict:
    return made.company(NEW, name, **{"start_date": BORN} | stated)


def old(name: str = "Peeters Software", **stated) -> dict:
    return made.company(OLD, name, **{"start_date": dt.date(2001, 1, 1)} | stated)


def test_an_ordinary_young_firm_is_a_birth():
    row = judged(young(), made.company(OLD, "Somebody Else", address={"house_number": "2"}))
    assert [row[rule] for rule in ALL_RULES] == [False, None, None, False, None, None]
    assert row["is_false_birth"] is False
    assert (row["is_partnership"], row["is_project_company"]) == (False, False)


def test_an_older_firm_of_that_name_trade_and_address_leaves_it_open():
    """Whether half of the directors are the same is not known; if so, it is no birth."""
    row = judged(young(), old("PEETERS-SOFTWARE"))
    assert (row["F01"], row["is_false_birth"]) == (True, None)
    assert row["older_start_date"] == dt.date(2001, 1, 1)


NEIGHBOURS = [
    ({}, True),
    ({"nace": "62020"}, False),  # 6202 is not 6201
    ({"nace": "62019"}, True),  # the fifth digit does not matter
    ({"address": {"house_number": "2"}}, False),
    ({"address": {"postcode": "9050"}}, False),
    ({"address": {"street_nl": "Korenmarkt"}}, False),
    ({"address": {"street_nl": "kouter."}}, True),
    ({"name": "Janssens Loodgieterij"}, False),
    ({"name": "Peeters Softwares"}, True),
    ({"start_date": dt.date(2021, 6, 14)}, True),
    ({"start_date": BORN}, False),  # not older: founded together
    ({"start_date": dt.date(2023, 1, 1)}, False),
    ({"end_date": dt.date(2019, 6, 15)}, True),  # 24 months before the start
    ({"end_date": dt.date(2019, 6, 14)}, False),
    ({"end_date": dt.date(2024, 1, 1)}, True),
]


def test_same_place_trade_and_name_within_24_months():
    aged = {"start_date": dt.date(2001, 1, 1)}
    rows = all_judged(*(({"start_date": BORN}, aged | other) for other, _ in NEIGHBOURS))
    for row, (other, met) in zip(rows, NEIGHBOURS, strict=True):
        assert row["F01"] is met, other


def test_an_older_firm_that_disappeared_between_two_extracts_counts_until_it_was_gone():
    def life(gone: dt.date) -> dict:
        return {"ceased_after": gone - dt.timedelta(30), "ceased_before": gone}

    assert judged(young(), old(lifespan=life(dt.date(2020, 1, 1))))["F01"] is True
    assert judged(young(), old(lifespan=life(dt.date(2019, 1, 1))))["F01"] is False


@pytest.mark.parametrize(
    "lacks", [{"nace": None}, {"name": None}, {"address": {"street_nl": None}}]
)
def test_who_has_no_address_trade_or_name_cannot_be_compared(lacks):
    row = judged(young(**lacks), old())
    assert (row["F01"], row["is_false_birth"]) == (None, None)


def test_the_earliest_of_several_older_firms_is_the_older_start():
    between = made.company(THIRD, "Peeters Software", start_date=dt.date(2010, 1, 1))
    assert judged(young(), between, old())["older_start_date"] == dt.date(2001, 1, 1)


FIRST_YEARS = [
    ({2021: (20, None, None)}, True, True),
    ({2021: (19.9, None, None)}, None, False),  # its balance sheet is not known
    ({2021: (19.9, None, 4_999_999)}, False, False),
    ({2021: (None, None, 5_000_000)}, True, True),
    ({2022: (25, None, None)}, True, True),  # a first financial year of 18 months
    ({2021: (2, None, 100), 2022: (25, None, 9_000_000)}, False, False),  # grew fast
    ({2023: (25, None, None)}, None, False),  # the first accounts are not known
    ({}, None, False),
]


def test_twenty_workers_or_five_million_in_the_first_year_are_no_birth():
    rows = all_judged(*(({"start_date": BORN, "sizes": sizes},) for sizes, _, _ in FIRST_YEARS))
    for row, (sizes, met, flag) in zip(rows, FIRST_YEARS, strict=True):
        assert (row["F03"], row["is_false_birth"]) == (met, flag), sizes


VEHICLES = [
    ("702", "Jansen en Pieters", True, False),
    ("703", None, True, False),
    (None, "THV Jansen - Pieters", True, False),
    (None, "T.H.V. Jansen - Pieters", True, False),
    (None, "Tijdelijke Maatschap Ring", True, False),
    (None, "Société Momentanée Ring", True, False),
    (None, "SM Dupont-Durand", True, False),
    (None, "Jansen BV", False, False),
    ("610", "TM Services", False, False),  # a BV is no partnership, whatever its name
    ("014", "Scholen van Morgen DBFM", False, True),
    ("014", "PPS Brugge Stadion", False, True),
    ("014", "Apps voor Steden", False, False),
    (None, None, None, None),
]


def test_partnerships_and_project_companies_by_form_and_name():
    firms = ({"name": name, "legal_form": form} for form, name, _, _ in VEHICLES)
    rows = all_judged(*((firm,) for firm in firms))
    for row, (form, name, partnership, project) in zip(rows, VEHICLES, strict=True):
        said = (row["is_partnership"], row["is_project_company"])
        assert said == (partnership, project), (form, name)
        assert row["F04"] is (partnership or project)


def test_a_project_company_at_its_parents_address_is_no_birth():
    row = judged(young("Kouter Ring DBFM", legal_form="014"), old("Kouter Ring", legal_form="014"))
    assert (row["F01"], row["F04"], row["is_false_birth"]) == (True, True, True)


def test_who_stood_in_the_register_before_its_start_and_came_back_is_no_birth():
    seen = {"first_seen": dt.date(2020, 1, 1), "reappeared": True}
    assert judged(young(lifespan=seen))["is_false_birth"] is True
    assert judged(young(lifespan=seen | {"reappeared": False}))["is_false_birth"] is False
    assert judged(young(lifespan=seen | {"first_seen": BORN}))["is_false_birth"] is False


def test_a_person_and_a_firm_without_a_start_are_not_judged():
    person = judged(made.company(NEW, is_natural_person=True, start_date=BORN))
    assert (person["is_false_birth"], person["F04"]) == (None, False)
    assert judged(young(start_date=None), old())["is_false_birth"] is None


def test_a_company_that_the_register_lacks_has_no_row():
    assert "is_false_birth" in judged(young(), asked=(NEW, OLD))
    engine = made.engine()
    rows = made.links(engine, {"name": "a"}, {"name": "b", "company_id": OLD})
    found = births(engine, rows, made.register(engine, young()))
    assert made.rows_of(found.companies) == []


def test_a_rule_that_is_off_is_counted_and_does_not_count():
    row = judged(young(sizes={2021: (99, None, None)}), off=("large-at-birth",))
    assert (row["F03"], row["is_false_birth"]) == (True, False)
    log = row["log"]["F03"]
    assert (log["on"], log["met"], log["not_met"], log["unknown"]) == (False, 1, 0, 0)
    both = judged(young(), old(), off=("same-directors",))
    assert both["is_false_birth"] is False  # one sign of two, and the third is not asked


def test_the_log_counts_every_company_once_a_rule():
    row = judged(young(), old(), asked=(NEW, OLD))
    assert list(row["log"]) == list(ALL_RULES)
    assert {r["met"] + r["not_met"] + r["unknown"] for r in row["log"].values()} == {2}
    assert (row["log"]["F01"]["met"], row["log"]["F01"]["not_met"]) == (1, 1)
    assert row["log"]["F02"]["unknown"] == row["log"]["F05"]["unknown"] == 2


def test_a_rule_that_does_not_exist_is_refused():
    with pytest.raises(ReportError, match="same-place"):
        judged(young(), off=("same-address",))
