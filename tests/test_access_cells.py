"""Who won becomes cells: every lot and every euro stays, and unknown stays unknown."""

import datetime as dt

import pytest
from access_world import (
    DEFINITIONS,
    NO,
    UNKNOWN,
    YES,
    awarded_cells,
    lot,
    relations,
    tender,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cells.access import counted
from analysis.contracts.access_cells import HEADLINE

ANSWERS = ("yes", "no", "unknown")


def found(*lots, definitions=DEFINITIONS[:1], **stated):
    """Rows of every table as dicts, of startup-5 unless said otherwise."""
    engine, relations_ = relations(*lots, definitions=definitions, **stated)
    tables = counted(engine, relations_, definitions)
    return {name: table.to_pylist() for name, table in tables.items()}


def one(rows):
    [row] = rows
    return row


def weights(row, prefix=""):
    return [round(float(row[f"{prefix}{answer}"]), 6) for answer in ANSWERS]


def test_a_joint_win_counts_once_and_is_shared():
    cell = one(found(lot(1, YES, NO, None, value_eur=90))["cells"])
    assert weights(cell) == [0.333333] * 3
    assert weights(cell, "eur_") == [30, 30, 30]
    assert [cell[n] for n in ("lots", "lots_unknown", "valued", "valued_unknown")] == [1] * 4


def test_a_winner_who_is_no_known_company_is_unknown_and_so_is_a_firm_without_an_answer():
    cell = one(found(lot(1, None), lot(2, UNKNOWN), lot(3, "0000000009"))["cells"])
    assert weights(cell) == [0, 0, 3]


def test_a_definition_that_nobody_answers_is_unknown_throughout():
    cells = found(lot(1, YES), lot(2, NO), answers={}, definitions=DEFINITIONS)["cells"]
    assert [weights(row) for row in cells] == [[0, 0, 2]] * 3


def test_a_lot_without_a_value_adds_no_euro():
    cell = one(found(lot(1, YES, value_eur=100), lot(2, NO))["cells"])
    assert (cell["valued"], weights(cell, "eur_")) == (1, [100, 0, 0])


def test_a_framework_is_apart_and_its_ceiling_is_no_value_of_an_award():
    tables = found(lot(1, YES, value_eur=10), lot(2, YES, value_eur=10**6, is_framework=True))
    assert sorted(cell["framework"] for cell in tables["cells"]) == [False, True]
    assert [row["value_eur"] for row in tables["values"]] == [10]
    supplier = one(tables["suppliers"])
    assert (supplier["members"], supplier["members_without_value"], supplier["eur"]) == (2, 1, 10)


def test_any_needs_one_start_up_and_all_needs_no_other():
    cases = {
        (YES, NO): ("yes", "no"),
        (YES, None): ("yes", "unknown"),
        (NO, None): ("unknown", "no"),
        (YES, YES): ("yes", "yes"),
        (NO, NO): ("no", "no"),
        (None, UNKNOWN): ("unknown", "unknown"),
    }
    lots = [lot(n, *winners, year=2000 + n) for n, winners in enumerate(cases)]
    rules = {row["year"]: row for row in found(*lots)["rules"] if row["date"] == "contract"}
    for n, expected in enumerate(cases.values()):
        for rule, answer in zip(("any", "all"), expected, strict=True):
            told = [rules[2000 + n][f"{rule}_{a}"] for a in ANSWERS]
            assert told == [a == answer for a in ANSWERS]


def test_a_lot_may_be_dated_by_its_publication():
    rules = found(lot(1, YES, publication_date=dt.date(2021, 2, 1)))["rules"]
    assert {row["date"]: row["year"] for row in rules} == {"contract": 2020, "publication": 2021}


def test_one_threshold_for_all_years_by_nature_and_kind_of_buyer():
    cases = [
        ({}, 221_000, True),  # a local buyer of services
        ({}, 220_999, False),
        ({"buyer_type": "national"}, 144_000, True),
        ({"buyer_type": "utility"}, 442_999, False),
        ({"nature": "works"}, 5_547_999, False),
        ({"nature": "works"}, 5_548_000, True),
        ({"nature": None}, 1_000_000, None),  # enough for services, not for works
        ({"nature": None}, 143_999, False),
        ({"buyer_type": None}, 300_000, None),  # enough for most, not for a utility
        ({"buyer_type": None}, 443_000, True),
        ({}, None, None),
    ]
    lots = [
        lot(n, YES, value_eur=value, cpv_division=f"{n:02}", **kind)
        for n, (kind, value, _) in enumerate(cases)
    ]
    kinds = {row["cpv_division"]: row["comparable"] for row in found(*lots)["kinds"]}
    assert [kinds[f"{n:02}"] for n in range(len(cases))] == [case[2] for case in cases]


def companies(tables, period, group="all", definition="startup-5"):
    at = {"definition": definition, "perimeter": "belgium", "group": group, "period": period}
    row = one([row for row in tables["companies"] if at.items() <= row.items()])
    return tuple(row[name] for name in ("yes", "no", "unknown", "unlinked"))


def test_a_company_that_wins_often_is_one_start_up():
    lots = [lot(1, YES), lot(2, YES), lot(3, YES, NO, year=2021), lot(4, UNKNOWN, year=2021)]
    tables = found(*lots)
    assert companies(tables, "2020") == (1, 0, 0, 0)
    assert companies(tables, "2020-2021") == (1, 1, 1, 0)


def test_a_name_that_is_no_known_company_counts_once_and_no_name_each_time():
    named, nameless = {"company_id": None, "name": "Firm X"}, {"company_id": None}
    also = {"company_id": None, "name": "FIRM X"}
    tables = found(lot(1, named), lot(2, also), lot(3, nameless), lot(4, nameless))
    assert companies(tables, "2020-2020") == (0, 0, 0, 3)


def test_headline_definitions_alone_have_kinds_origins_values_and_groups_of_companies():
    lots = [lot(1, YES, value_eur=1), lot(2, YES, buyer_type="utility", cpv_division=None)]
    tables = found(*lots, definitions=DEFINITIONS)
    for name in ("kinds", "origins", "values"):
        assert {row["definition"] for row in tables[name]} == set(HEADLINE)
    for group in ("all", "buyer_type=utility", "cpv_division=not-stated", "framework=no"):
        assert companies(tables, "2020-2020", group=group) == (1, 0, 0, 0)
    others = [row for row in tables["companies"] if row["definition"] not in HEADLINE]
    assert {row["group"] for row in others} == {"all"}


def test_euros_of_the_first_two_companies_are_known_for_disclosure():
    other = "0000000005"
    lots = [lot(1, YES, value_eur=10), lot(2, other, value_eur=7), lot(3, YES, value_eur=1)]
    rows = found(*lots, answers={YES: True, other: True})["companies"]
    at = {"perimeter": "belgium", "group": "all", "period": "2020"}
    row = one([row for row in rows if at.items() <= row.items()])
    assert [row[f"eur_{name}"] for name in ("yes", "first", "second")] == [18, 11, 7]


def test_a_tender_of_two_firms_is_shared_and_knows_who_won():
    given_ = lot(1, YES)
    tenders = [
        tender(given_, 1, YES, won=True),
        tender(given_, 2, NO, weight=0.5),
        tender(given_, 2, None, weight=0.5) | {"member": 2},
    ]
    cell = one(found(given_, tenderers=tenders)["bids"])
    assert (cell["lots"], weights(cell), weights(cell, "won_")) == (1, [1, 0.5, 0.5], [1, 0, 0])


def test_months_until_publication_are_counted_and_never_below_zero():
    days = [dt.date(2020, 9, 1), dt.date(2020, 5, 1), None]
    lots = [lot(n, YES, publication_date=day) for n, day in enumerate(days)]
    lags = found(*lots)["lags"]
    assert {row["lag"]: row["lots"] for row in lags} == {0: 1, 3: 1}


def test_a_notice_counts_at_its_first_awarded_lot():
    second = lot(1, NO) | {"lot_id": "2"}
    cells = found(lot(1, YES, bids=1), second, lot(2, NO))["lots"]
    assert [sum(row[n] for row in cells) for n in ("notices", "lots", "pairs")] == [2, 3, 3]
    assert {row["single_bid"]: row["lots"] for row in cells} == {True: 1, False: 2}


def test_a_lot_that_was_not_awarded_is_in_no_cell():
    lost = lot(2) | {"outcome": "not-awarded", "winners": 0}
    assert sum(row["lots"] for row in found(lot(1, YES), lost)["lots"]) == 1


def test_the_cells_keep_their_contracts_and_the_order_of_the_rows_changes_nothing():
    lots = [lot(1, YES, NO, None, value_eur=100), lot(2, NO, value_eur=7), lot(3, None, YES)]
    for forth, back in zip(awarded_cells(*lots), awarded_cells(*lots[::-1]), strict=True):
        assert forth.equals(back)


def test_no_lots_give_empty_tables():
    assert not any(found().values())


winners = st.lists(st.sampled_from([YES, NO, UNKNOWN, None]), min_size=1, max_size=4)
stated_lots = st.lists(
    st.tuples(winners, st.none() | st.integers(1, 10**9), st.sampled_from([2019, 2020, None]),
              st.sampled_from(["A", "B", None]), st.booleans() | st.none()),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(stated_lots)
def test_weights_add_up_to_lots_and_euros_to_values_over_any_split(stated):
    names = ("value_eur", "year", "buyer", "is_framework")
    lots = [
        lot(n, *firms, **dict(zip(names, rest, strict=True)))
        for n, (firms, *rest) in enumerate(stated)
    ]
    cells, euros = found(*lots), sum(value or 0 for _, value, *_ in stated)
    assert total(cells["members"], ["weight"]) == pytest.approx(len(lots), abs=1e-9)
    for name in ("cells", "kinds", "origins"):
        assert total(cells[name], ANSWERS) == pytest.approx(len(lots), abs=1e-9)
        parts = [f"eur_{answer}" for answer in ANSWERS]
        assert total(cells[name], parts) == pytest.approx(euros, abs=0.01)
    for joint in ("fractional", "any", "all"):  # once by contract, once by publication
        parts = [f"{joint}_{answer}" for answer in ANSWERS]
        assert total(cells["rules"], parts) == pytest.approx(2 * len(lots), abs=1e-9)


def total(rows, names):
    return sum(float(row[name]) for row in rows for name in names)
