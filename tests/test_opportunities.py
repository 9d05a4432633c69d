"""What PIO's contracts gave to whom, worked by hand on a few contracts."""

import pytest
from blocks_world import given, one, told
from hypothesis import given as forall
from hypothesis import settings
from hypothesis import strategies as st

from analysis.companies.definitions import definitions, uses_sizes
from analysis.contracts.access_cells import HEADLINE
from analysis.disclosure import of_programme, protect
from analysis.indicators.opportunities import results
from analysis.results import ledger

YOUNG, OLD, OTHER = "0400000001", "0400000002", "0400000003"
DAY = "2021-06-01"


def contract(name, value=None, **stated):
    return {"contract": name, "value_eur": value} | stated


def bidder(contract, name, company=None, won=False, **stated):
    return {"contract": contract, "bidder": name, "company_id": company, "won": won} | stated


def said(company, answer, definition="startup-5", on=DAY):
    return (company, on, definition, answer)


def test_contracts_and_stated_values_are_added_and_unstated_ones_counted():
    rows = results(given(pio_contracts=[contract("a", 100), contract("b", 40), contract("c")]))
    assert told(rows, "opportunities.contracts") == (3, None, None, 3, 0)
    assert told(rows, "opportunities.value") == (140, None, None, 2, 1)
    assert told(rows, "opportunities.value_without", group="largest=1") == (40, None, None, 1, 1)
    assert not [row for row in rows if row.group == "largest=3"]


def test_no_stated_value_is_not_zero_euro():
    rows = results(given(pio_contracts=[contract("a")]))
    assert told(rows, "opportunities.value") == (None, None, None, 0, 1)


def test_a_company_that_wins_twice_is_one_and_a_name_without_number_may_be_another():
    rows = results(
        given(
            pio_contracts=[contract("a"), contract("b"), contract("c"), contract("d")],
            pio_bidders=[
                bidder("a", "Bedrijf A", YOUNG, won=True),
                bidder("b", "Bedrijf A nv", YOUNG, won=True),
                bidder("c", "Firm  Z", country="NL", won=True),
                bidder("d", "firm z", country="NL", won=True),
                bidder("d", "Bedrijf B", OLD),
            ],
        )
    )
    assert told(rows, "opportunities.winners") == (2, 1, 2, 2, 1)


def test_joint_winners_share_a_contract_and_who_has_no_answer_is_unknown():
    rows = results(
        given(
            pio_contracts=[contract("a", 90), contract("b", 10), contract("c", 100)],
            pio_bidders=[
                bidder("a", "A", YOUNG, won=True),
                bidder("a", "B", OLD, won=True),
                bidder("b", "B", OLD, won=True),
                bidder("c", "Z", country="NL", won=True),
            ],
            answers=[said(YOUNG, True), said(OLD, False)],
        )
    )
    # weights: yes 1/2, no 1/2 + 1, unknown 1
    at = {"definition": "startup-5"}
    assert told(rows, "opportunities.startup_share", **at) == (0.25, 0.1667, 0.5, 2, 1)
    # euros: yes 45, no 45 + 10, unknown 100
    assert told(rows, "opportunities.startup_amount_share", **at) == (0.45, 0.225, 0.725, 2, 1)


def test_an_answer_counts_on_the_day_of_the_award_only():
    rows = results(
        given(
            pio_contracts=[contract("a")],
            pio_bidders=[bidder("a", "A", YOUNG, won=True)],
            answers=[said(YOUNG, True, on="2019-01-01")],
        )
    )
    assert told(rows, "opportunities.startup_share", definition="startup-5") == (
        None, 0, 1, 0, 1,
    )  # fmt: skip


def test_a_contract_whose_winner_is_not_listed_is_unknown():
    rows = results(given(pio_contracts=[contract("a")], pio_bidders=[bidder("a", "A", YOUNG)]))
    share = told(rows, "opportunities.startup_share", definition="startup-5")
    assert share == (None, 0, 1, 0, 1)


def test_every_definition_is_told_and_a_share_nobody_answers_to_is_no_guess_of_zero():
    rows = results(
        given(
            pio_contracts=[contract("a"), contract("b")],
            pio_bidders=[bidder("a", "B", OLD, won=True), bidder("b", "O", OTHER, won=True)],
            answers=[said(OLD, False)],
        )
    )
    shares = [row for row in rows if row.id == "opportunities.startup_share"]
    assert {row.definition for row in shares} == set(definitions())
    found = told(rows, "opportunities.startup_share", definition="startup-5")
    assert found == (None, 0, 0.5, 1, 1)


def test_few_companies_behind_limits_on_accounts_are_withheld_and_public_records_are_not():
    linked = next(name for name, found in definitions().items() if uses_sizes(found))
    many = [f"04000000{n:02}" for n in range(1, 7)]
    table = {
        "pio_contracts": [contract(company) for company in many],
        "pio_bidders": [bidder(company, company, company, won=True) for company in many],
    }
    for yes, hidden in ((2, True), (3, False)):
        answers = [
            said(company, place < yes, definition)
            for definition in (linked, "startup-5")
            for place, company in enumerate(many)
        ]
        world = given(**table, answers=answers)
        rows = protect(results(world), of_programme(world))
        row = one(rows, "opportunities.startup_share", definition=linked)
        assert (row["value"] is None) == hidden
        assert (row["denominator"] == "withheld") == hidden
        plain = one(rows, "opportunities.startup_share", definition="startup-5")
        assert plain["value"] == pytest.approx(yes / 6)


def test_tenderers_are_counted_where_they_are_listed():
    rows = results(
        given(
            pio_contracts=[contract("a"), contract("b"), contract("c")],
            pio_bidders=[bidder("a", "A"), bidder("a", "B"), bidder("a", "C"), bidder("b", "A")],
        )
    )
    assert told(rows, "opportunities.bidders") == (2, None, None, 2, 1)


def test_who_was_consulted_and_tendered_is_known_by_number_or_by_name():
    rows = results(
        given(
            pio_projects=[
                {"project": "p1", "application": "1", "consulted": "2021-01-10"},
                {"project": "p2", "application": "2", "consulted": "2021-02-10"},
                {"project": "p3", "application": "3", "consulted": "2021-03-10"},
            ],
            pio_contracts=[contract("a")],
            pio_bidders=[bidder("a", "A", YOUNG), bidder("a", "Firm Z", country="NL")],
            pio_consulted=[
                {"participant": "other words", "company_id": YOUNG},
                {"participant": "firm  z", "country": "NL"},
                {"participant": "B", "company_id": OLD},
                {"participant": "nobody knows", "participant_kind": None},
                {"participant": "a university", "participant_kind": "knowledge-institution"},
                {"project": "p2", "participant": "A", "company_id": YOUNG},
            ],
        )
    )
    assert told(rows, "opportunities.participants") == (3, None, None, 2, 1)
    # yes: by number, by name; no: B; unknown: no number and no name; p2 has no contract yet
    share = told(rows, "opportunities.participants_bid_share")
    assert share == (0.6667, 0.5, 0.75, 3, 1)


def test_a_consultation_whose_tenderers_are_not_listed_tells_nothing_of_who_came():
    rows = results(
        given(
            pio_contracts=[contract("a"), contract("b", project="p9")],
            pio_bidders=[bidder("b", "B", OLD)],
            pio_consulted=[{"participant": "A", "company_id": YOUNG}],
        )
    )
    assert told(rows, "opportunities.participants_bid_share") == (None, 0, 1, 0, 1)


def test_the_baseline_is_the_same_count_at_the_end_of_its_year():
    rows = results(
        given(pio_contracts=[contract("a", awarded="2018-02-01"), contract("b"), contract("c")])
    )
    assert told(rows, "opportunities.contracts", period="2018-2019")[0] == 1
    assert told(rows, "opportunities.contracts", period="2018-2025")[0] == 3


def test_without_contracts_nothing_is_said_and_an_empty_table_stops_nothing():
    assert results(given()) == []
    rows = results(given(pio_contracts=[], pio_bidders=[], pio_consulted=[]))
    assert told(rows, "opportunities.contracts")[0] == 0
    assert told(rows, "opportunities.startup_share", definition="startup-5")[0] is None
    assert len(ledger(rows)) == len(rows)


answers = st.sampled_from([True, False, None])


@settings(max_examples=6, deadline=None)
@forall(st.lists(st.lists(answers, max_size=3), min_size=1, max_size=6))
def test_whatever_the_unknown_answers_are_the_share_lies_within_its_bounds(won):
    winners, known = [], []
    for place, members in enumerate(won):
        for at, answer in enumerate(members):
            company = f"05{place:04}{at:04}"
            winners.append(bidder(str(place), company, company, won=True))
            known += [said(company, answer)] if answer is not None else []
    rows = results(
        given(
            pio_contracts=[contract(str(place)) for place in range(len(won))],
            pio_bidders=winners,
            answers=known,
        )
    )
    assert len(ledger(rows)) == len(rows)
    row = one(rows, "opportunities.startup_share", definition=HEADLINE[0])
    for filled in (True, False):
        total = sum(
            sum(filled if answer is None else answer for answer in members) / len(members)
            if members
            else filled
            for members in won
        )
        assert row["low"] - 1e-9 <= total / len(won) <= row["high"] + 1e-9
    assert row["n"] + row["unknown"] == len(won)
