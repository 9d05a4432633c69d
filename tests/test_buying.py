"""What was done, who does it, how the marketplace is used, and how far it and PIO meet."""

import pytest
from buying_world import YEAR, given, ledger, one, told
from hypothesis import given as drawn
from hypothesis import strategies as st

from analysis.indicators.buying_market import (
    Meeting,
    overlap_of_registrants,
    overlap_of_winners,
)

A, B, C, D = (f"10000000{n:02}" for n in range(1, 5))
ANNOUNCE = "action_measure=announce"


def test_with_nothing_delivered_only_what_is_public_and_the_barriers_have_rows():
    rows = ledger(given())
    assert set(rows["kind"]) == {"published"}
    assert one(rows, "milestones")["value"] == 5
    assert one(rows, "barriers_measured")["value"] == 0
    assert not rows["id"].str.contains("action|member|needs|coh|class").any()


def test_of_2018_only_the_launch_is_public():
    assert one(ledger(given(year=2018)), "milestones")["value"] == 1


def test_an_action_is_late_if_its_day_passed_and_it_was_not_done_on_the_last_day():
    rows = ledger(given(startup_actions=[
        {"action": "a", "planned": "2022-12-31"},
        {"action": "b", "planned": "2023-01-01"},
        {"action": "c", "planned": "2021-01-01", "progress": "cancelled"},
        {"action": "d", "planned": "2021-01-01", "done": "2023-02-01", "progress": "done"},
        {"action": "e", "planned": "2021-01-01", "done": "2022-02-01", "progress": "done"},
    ]))  # fmt: skip
    assert told(rows, "actions_late") == (2, None, None, 0)  # a, and d: done after the year
    late = {
        name: one(rows, "action_late", group=f"startup_action={name}")["value"] for name in "abcde"
    }
    assert late == {"a": 1, "b": 0, "c": 0, "d": 1, "e": 0}
    assert told(rows, "actions_done_late") == (1, None, None, 0)  # e


def test_an_open_action_without_a_planned_day_may_be_late_or_not():
    rows = ledger(given(startup_actions=[
        {"action": "a"},
        {"action": "b", "planned": "2020-01-01"},
        {"action": "c", "progress": "done"},
    ]))  # fmt: skip
    assert told(rows, "actions_late") == (1, 1, 2, 1)
    assert told(rows, "actions_done_late") == (None, 0, 1, 1)


def test_what_is_done_after_the_year_is_not_done_in_it():
    rows = ledger(given(startup_actions=[
        {"action": "a", "done": "2023-03-01", "progress": "done"},
        {"action": "b", "done": "2022-03-01", "progress": "done", "evidence": "Verslag"},
    ]))  # fmt: skip
    assert one(rows, "actions", group="action_status=done")["value"] == 1
    assert one(rows, "actions", group="action_status=done-later")["value"] == 1
    assert one(rows, "actions_done_share")["value"] == 0.5
    assert one(rows, "evidence_share")["value"] == 1


def test_every_action_counts_in_one_measure_and_one_status():
    progress = ("planned", "running", "done", "cancelled")
    listed = [{"action": name, "progress": name} for name in progress]
    listed.append({"action": "x", "measure": "simplify"})
    rows = ledger(given(startup_actions=listed))
    counts = rows[rows["id"] == "buying.actions"].set_index("group")["value"]
    assert counts["all"] == 5
    assert counts[ANNOUNCE] == 4
    both = counts[counts.index.str.contains(",")]
    assert both.sum() == 5
    assert both[f"{ANNOUNCE},action_status=cancelled"] == 1
    assert counts["action_measure=measure-3"] == 0


def test_the_words_of_an_action_are_kept_and_a_comma_does_not_part_them():
    rows = ledger(given(startup_actions=[
        {"action": "a", "description": "Noden, op één plaats", "owner": "VLAIO"},
    ]))  # fmt: skip
    [group] = rows.loc[rows["id"] == "buying.action", "group"]
    assert group.count(",") == 4
    assert "action_text=Noden\u201a op één plaats" in group
    assert "action_owner=VLAIO" in group
    assert "evidence" not in group


def test_a_member_until_the_last_day_was_still_there_on_it():
    rows = ledger(given(project_group=[
        {"organisation": "A", "role": "chair", "mandate": "Opvolgen"},
        {"organisation": "B", "until": "2022-12-31"},
        {"organisation": "C", "until": "2022-12-30", "mandate": "Vroeger"},
    ]))  # fmt: skip
    assert one(rows, "members", group="all")["value"] == 2
    assert one(rows, "members", group="group_role=not-stated")["value"] == 1
    assert one(rows, "members_left")["value"] == 1
    assert one(rows, "at_work")["value"] == 1
    assert list(rows.loc[rows["id"] == "buying.mandate", "group"]) == ["mandate=Opvolgen"]


def test_a_group_that_everybody_left_is_not_at_work():
    rows = ledger(given(project_group=[{"organisation": "A", "until": "2021-01-01"}]))
    assert one(rows, "at_work")["value"] == 0
    assert one(rows, "members", group="all")["value"] == 0


def test_an_organisation_that_came_back_has_two_periods():
    rows = ledger(given(project_group=[
        {"organisation": "A", "since": "2018-09-01", "until": "2019-01-01"},
        {"organisation": "A", "since": "2020-01-01"},
    ]))  # fmt: skip
    assert sorted(rows.loc[rows["id"] == "buying.member", "value"]) == [0, 1]


def market(**more):
    return given(
        marketplace_firms=[
            {"company_id": A},
            {"company_id": B, "left": "2021-01-01"},
            {"company_id": C, "registered": "2022-05-01"},
        ],
        marketplace_needs=[
            {"need": "1", "responses": 0},
            {"need": "2", "responses": 3, "awarded": "2020-06-01", "winner": A},
            {"need": "3", "awarded": "2021-06-01", "winner": B},
            {"need": "4", "responses": 1, "awarded": "2020-07-01", "project": "p1"},
            {"need": "5", "posted": "2022-01-01", "awarded": "2023-01-01", "winner": A},
        ],
        **more,
    )


def test_needs_responses_and_matches_of_a_year():
    rows = ledger(market())
    assert one(rows, "needs", period="2020")["value"] == 4
    assert one(rows, "needs", period="2021")["value"] == 0
    assert told(rows, "responses", period="2020") == (4, None, None, 1)
    assert told(rows, "responses_per_need", period="2020") == (1.3333, None, None, 1)
    assert told(rows, "answered_share", period="2020") == (0.6667, 0.5, 0.75, 1)
    assert one(rows, "needs_awarded", period="2020")["value"] == 3
    # 2 is a match, 3 is not (its winner had left), of 4 the winner is not told.
    assert told(rows, "matches", period="2020") == (1, 1, 2, 1)


def test_an_award_after_the_last_day_had_not_come_then():
    rows = ledger(market())
    assert one(rows, "needs_awarded", period="2022")["value"] == 0
    assert told(rows, "matches", period="2022") == (0, None, None, 0)


def test_without_a_list_of_firms_a_match_is_not_known():
    found = given(marketplace_needs=[{"need": "1", "awarded": "2020-06-01", "winner": A}])
    assert told(ledger(found), "matches", period="2020") == (None, 0, 1, 1)


def test_firms_on_the_marketplace_at_the_end_of_each_year():
    rows = ledger(market())
    firms = rows[rows["id"] == "buying.firms"].set_index("period")["value"]
    assert dict(firms) == {"2019": 2, "2020": 2, "2021": 1, "2022": 2}


def test_one_need_in_five_is_a_project_of_pio():
    assert one(ledger(market()), "coh2")["value"] == 0.2


def pio(**more):
    return {
        "pio_contracts": [
            {"contract": "k1", "awarded": "2021-06-01", "value_eur": 300},
            {"contract": "k2", "awarded": "2021-06-01", "value_eur": None},
            {"contract": "k3", "awarded": "2022-06-01", "value_eur": 100},
        ],
        "pio_bidders": [
            {"contract": "k1", "bidder": "a", "company_id": A, "won": True},
            {"contract": "k1", "bidder": "b", "company_id": D, "won": True},
            {"contract": "k1", "bidder": "c", "company_id": C, "won": False},
            {"contract": "k2", "bidder": "x", "country": "NL", "won": True},
        ],
    } | more


def answers(**said):
    names = {"A": A, "B": B, "C": C, "D": D}
    return [
        (names[name], "2021-06-01", definition, answer)
        for name, answer in said.items()
        for definition in ("startup-5", "startup-10")
    ]


def test_coh1_counts_start_ups_in_both_over_each_of_the_two_sets():
    """A won as a start-up and is registered, D is not; of the Dutch winner nothing is known."""
    rows = ledger(market(answers=answers(A=True, D=True), **pio()))
    at = {"definition": "startup-5"}
    assert told(rows, "coh1", **at) == (1, 1, 2, 1)
    assert told(rows, "coh1_of_winners", **at) == (0.5, 0.3333, 0.6667, 1)
    assert told(rows, "coh1_of_registrants", **at) == (0.3333, 0.3333, 0.6667, 1)


def test_a_registered_winner_of_unknown_age_may_be_one_or_none():
    rows = ledger(market(answers=answers(A=None, D=False), **pio()))
    at = {"definition": "startup-5"}
    assert told(rows, "coh1_of_winners", **at) == (None, 0, 1, 2)


@drawn(*[st.integers(0, 6)] * 5, st.integers(0, 8))
def test_the_bounds_of_the_overlap_hold_every_truth(known, no, maybe_in, maybe_out, nameless, more):
    """Try every way in which the unknown may turn out."""
    found = Meeting(known, no, maybe_in, maybe_out, nameless, known + maybe_in + more)
    share = overlap_of_winners(found)
    low, high = share.low or 0, share.high or 0
    for a in range(maybe_in + 1):
        for b in range(maybe_out + 1):
            for there in range(nameless + 1):
                for elsewhere in range(nameless - there + 1):
                    yes, all_ = known + a + there, known + a + there + no + b + elsewhere
                    assert not all_ or low - 1e-9 <= yes / all_ <= high + 1e-9
    if share.value is not None:
        assert low <= share.value <= high
    of_firms = overlap_of_registrants(found)
    if of_firms.value is not None:
        assert of_firms.low <= of_firms.value <= of_firms.high <= 1


def classes():
    of_start_up, of_mature = (A, "2021-06-01", "start-up"), (D, "2021-06-01", "mature")
    return [(*of_start_up, "flanders"), (*of_mature, "wallonia")]


def test_kinds_of_firms_have_parts_of_contracts_and_of_euros():
    """A start-up and a mature firm share k1; k2 went abroad; the winner of k3 is not told."""
    rows = ledger(given(classes=classes(), **pio()))
    share = {"id": "pio_class_share"}
    assert told(rows, **share, group="firm_class=start-up") == (0.5, 0.1667, 0.8333, 2)
    assert told(rows, **share, group="firm_class=unknown") == (0.6667, None, None, 0)
    assert told(rows, **share, group="origin=abroad") == (0.5, 0.3333, 0.6667, 1)
    euros = {"id": "pio_class_euro_share"}  # k1: 150 each; k3: 100 of unknown kind
    assert told(rows, **euros, group="firm_class=mature") == (0.5, 0.375, 0.625, 1)


def test_an_organisation_that_is_no_company_is_not_among_the_consulted_firms():
    found = given(
        classes=[(A, "2021-02-01", "start-up", "flanders")],
        pio_projects=[{"project": "p1", "application": "x", "consulted": "2021-02-01"}],
        pio_consulted=[
            {"participant": "a", "company_id": A},
            {"participant": "u", "participant_kind": "knowledge-institution"},
            {"participant": "f", "country": "FR", "participant_kind": None},
        ],
    )
    rows = ledger(found)
    at = {"id": "consulted_class_share"}
    assert told(rows, **at, group="firm_class=start-up") == (1, 0.5, 1, 1)
    assert told(rows, **at, group="origin=abroad") == (0.5, 0.5, 0.5, 0)


def test_what_rests_on_invented_files_says_so():
    rows = ledger(market(**pio()))
    assert set(rows.loc[rows["id"].str.contains("needs|coh|class"), "kind"]) == {"simulated"}


@pytest.mark.parametrize("table", ["startup_actions", "project_group", "marketplace_firms"])
def test_the_order_of_the_rows_does_not_matter(table):
    everything = {
        "startup_actions": [{"action": "b", "planned": "2020-01-01"}, {"action": "a"}],
        "project_group": [{"organisation": "B"}, {"organisation": "A", "mandate": "Opvolgen"}],
        "marketplace_firms": [{"company_id": B}, {"company_id": A}],
    }
    found = given(**everything)
    turned = found._replace(tables=found.tables | {table: found.tables[table][::-1]})
    assert ledger(found).equals(ledger(turned))


def test_the_year_is_the_last_one_evaluated():
    rows = ledger(given(startup_actions=[{"action": "a"}]))
    assert set(rows.loc[rows["id"] == "buying.actions", "period"]) == {str(YEAR)}
