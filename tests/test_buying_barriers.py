"""Every barrier has one row a measure, one against the first year, and never a cause."""

import numpy as np
import pandas as pd
import pytest
from buying_world import NOTHING, given, ledger, one, told, yearly

from analysis.cells.barriers import BarrierCells
from analysis.contracts.intake.startups import BARRIERS
from analysis.indicators.buying_barriers import FROM, MEASURES, WHY, swing
from analysis.results import ledger as as_ledger

NEW = ("access.new_winner_share", "new-winner-36-months")
LARGE = ("access.comparable_lot_share", "startup-5")
INSIDE = {"flemish_administration": False, "flemish_public": True, "located_in_flanders": True,
          "belgium": True, "in_journal": True}  # fmt: skip


def measured(values, *, asked=LARGE, year=2025, **columns):
    return ledger(given(year=year), yearly(asked[0], values, definition=asked[1], **columns))


def moved(rows, barrier):
    found = rows[rows["id"] == "buying.barrier_direction"]["group"]
    [group] = found[found.str.startswith(f"barrier={barrier},")]
    return group.rpartition("=")[2]


def procedures(*rows):
    names = ["year", "procedures", "divided", "lots", "procedure"]
    frame = pd.DataFrame([dict(zip(names, row, strict=True)) | INSIDE for row in rows])
    empty = pd.DataFrame(columns=["year", *INSIDE, "days", "procedures"])
    none = pd.DataFrame(
        columns=[*INSIDE, "origin", "firm_class", "winners", "without_value", "eur"]
    )
    return BarrierCells(frame, empty, none)


def test_every_barrier_has_a_measure_or_a_reason_why_it_has_none():
    assert set(MEASURES) <= set(BARRIERS) == set(WHY)
    rows = ledger(given())
    latest = rows[rows["id"] == "buying.barrier_latest"]
    assert set(latest["group"]) == {f"barrier={name}" for name in BARRIERS}
    assert latest["value"].isna().all()
    assert set(latest["denominator"]) == set(WHY.values())


def test_the_baseline_is_2018_and_years_before_it_are_not_used():
    rows = measured({2016: 0.9, 2018: 0.1, 2019: 0.2, 2025: 0.3})
    at = {"group": "barrier=value-bands"}
    assert (one(rows, "barrier_baseline", **at)["period"], FROM) == ("2018", 2018)
    assert told(rows, "barrier_baseline", **at)[0] == 0.1
    assert one(rows, "barrier_change", **at)["period"] == "2018-2025"
    assert told(rows, "barrier_change", **at) == (0.2, None, None, 0)


def test_a_year_without_a_known_value_is_no_baseline():
    values = {2018: (None, 0.0, 0.9), 2019: (0.4, 0.3, 0.6), 2025: (0.5, 0.4, 0.8)}
    rows = measured(values, asked=NEW)
    at = {"group": "barrier=first-time-bidders"}
    assert one(rows, "barrier_baseline", **at)["period"] == "2019"
    # 0.4 - 0.6 and 0.8 - 0.3: each end against the other end of the other year.
    assert told(rows, "barrier_change", **at) == (0.1, -0.2, 0.5, 0)


def test_what_the_ledger_has_is_taken_as_it_is():
    rows = measured({2018: (0.1, 0.05, 0.3), 2025: (0.2, 0.1, 0.4)}, grade="C", n=77)
    row = one(rows, "barrier_latest", group="barrier=value-bands")
    assert (row["value"], row["low"], row["high"], row["n"]) == (0.2, 0.1, 0.4, 77)
    assert (row["grade"], row["denominator"], row["inputs"]) == ("C", "winners", "notices@1")


def test_a_single_known_year_has_no_baseline_and_no_direction():
    rows = measured({2021: 0.3})
    assert one(rows, "barrier_latest", group="barrier=value-bands")["value"] == 0.3
    assert not (rows["id"] == "buying.barrier_change").any()
    assert moved(rows, "value-bands") == "not-comparable"


def test_a_steady_rise_is_a_movement_and_a_swing_of_the_same_size_is_none():
    years = range(2018, 2026)
    steady = dict(zip(years, np.linspace(0.1, 0.3, 8), strict=True))
    assert moved(measured(steady), "value-bands") == "expected"
    fall = dict(zip(years, np.linspace(0.3, 0.1, 8), strict=True))
    assert moved(measured(fall), "value-bands") == "against"
    restless = dict(zip(years, (0.1, 0.3, 0.1, 0.3, 0.1, 0.3, 0.1, 0.3), strict=True))
    assert moved(measured(restless), "value-bands") == "open"


def test_a_step_is_a_movement():
    values = dict(zip(range(2018, 2026), [0.1] * 4 + [0.3] * 4, strict=True))
    assert moved(measured(values), "value-bands") == "expected"


def test_bounds_on_both_sides_of_zero_leave_the_direction_open():
    steps = np.linspace(0.1, 0.3, 8)
    wide = {year: (v, v - 0.1, v + 0.4) for year, v in zip(range(2018, 2026), steps, strict=True)}
    assert moved(measured(wide), "value-bands") == "open"


def test_few_years_tell_no_direction():
    assert moved(measured({2018: 0.1, 2019: 0.2, 2024: 0.3, 2025: 0.4}), "value-bands") == "open"


def test_among_years_that_differ_by_chance_one_in_twenty_is_called_a_movement():
    """Eight years of independent noise: |last - first| against four times the usual change."""
    noise = np.random.default_rng(20160101).normal(size=(4000, 8))
    called = 0
    for values in noise:
        series = [{"value": value} for value in values]
        called += abs(values[-1] - values[0]) >= 4 * swing(series)
    assert 0.03 < called / len(noise) < 0.055


def test_new_winners_are_not_compared_over_the_publication_duty_of_2023():
    steps = dict(zip(range(2018, 2026), np.linspace(0.1, 0.9, 8), strict=True))
    assert moved(measured(steps, asked=NEW), "first-time-bidders") == "not-comparable"
    assert moved(measured(steps, asked=NEW, year=2022), "first-time-bidders") == "expected"


def test_a_shorter_wait_is_a_lower_barrier():
    projects = [
        {"project": f"{year}", "application": "x", "submitted": "2017-01-01",
         "tendered": f"{year}-01-01",
         "awarded": f"{year}-{month:02}-01"}
        for year, month in zip(range(2018, 2024), (12, 11, 9, 7, 5, 3), strict=True)
    ]  # fmt: skip
    rows = ledger(given(year=2023, pio_projects=projects))
    row = one(rows, "barrier_change", group="barrier=time-to-award")
    assert (row["definition"], row["value"]) == ("pio-tender-to-award", 59 - 334)
    assert moved(rows, "time-to-award") == "expected"


def test_the_median_wait_of_a_year_is_that_of_its_awards():
    projects = [
        {"project": str(n), "application": "x", "tendered": tendered, "awarded": "2020-12-31"}
        for n, tendered in enumerate(("2020-12-30", "2020-12-21", "2020-11-01", None))
    ]
    row = one(ledger(given(pio_projects=projects)), "pio_days_to_award")
    assert (row["value"], row["n"], row["unknown"]) == (10, 3, 1)


def test_days_from_call_to_award_come_before_those_of_pio():
    waits = [INSIDE | {"year": 2020, "days": days, "procedures": n}
             for days, n in ((10, 1), (100, 2), (None, 4))]  # fmt: skip
    cells = procedures((2020, 7, 0, 7, "open"))._replace(waits=pd.DataFrame(waits))
    rows = ledger(given(), NOTHING, cells)
    assert told(rows, "days_to_award") == (100, None, None, 4)
    assert (
        one(rows, "barrier_latest", group="barrier=time-to-award")["definition"] == "call-to-award"
    )


def test_division_into_lots_is_counted_in_the_official_journal_only():
    cells = procedures(
        (2020, 8, 2, 12, "open"), (2020, 2, 2, 8, None), (2021, 5, 1, 6, "restricted")
    )
    other = cells.procedures.assign(in_journal=False, divided=0)
    both = cells._replace(procedures=pd.concat([cells.procedures, other]))
    rows = ledger(given(), NOTHING, both)
    assert told(rows, "divided_share", period="2020")[0] == 0.4
    assert told(rows, "lots_per_procedure", period="2020")[0] == 2.0
    assert told(rows, "open_share", period="2020") == (1, 0.8, 1, 2)


def test_the_year_in_which_the_marketplace_opened_is_no_baseline():
    needs = [
        {"need": str(n), "posted": f"{year}-12-01"} for n, year in enumerate((2019, 2020, 2022))
    ]
    rows = ledger(given(marketplace_needs=needs))
    row = one(rows, "barrier_baseline", group="barrier=publication")
    assert (row["period"], row["definition"]) == ("2020", "needs-posted")


def test_without_a_marketplace_publication_is_followed_by_consultations():
    project = {"project": "p", "application": "x", "consulted": "2020-06-01"}
    rows = ledger(given(pio_projects=[project]))
    row = one(rows, "barrier_latest", group="barrier=publication")
    assert (row["definition"], row["period"], row["value"]) == ("consultations-held", "2022", 0)


def test_every_barrier_counts_once_among_those_that_moved_or_did_not():
    rows = measured(dict(zip(range(2018, 2026), np.linspace(0.1, 0.3, 8), strict=True)))
    counts = rows[rows["id"] == "buying.barriers_moved"].set_index("group")["value"]
    assert counts.sum() == len(BARRIERS) == one(rows, "barriers_measured")["n"]
    assert counts["barrier_moved=expected"] == one(rows, "barriers_measured")["value"] == 1
    assert set(rows.loc[rows["id"] == "buying.barriers_moved", "kind"]) == {"simulated"}


def judged(*rows):
    return ledger(given(startup_barriers=list(rows)))


def test_what_the_group_judged_is_kept_as_it_is_and_is_its_own_statement():
    rows = judged(
        {"barrier": "lots", "standing": "lower", "action": "a", "progress_note": "Leidraad, klaar"},
        {"barrier": "lots", "year": 2022, "standing": None},
    )
    at = {"id": "barrier_standing"}
    assert one(rows, **at, period="2021")["group"] == "barrier=lots,barrier_standing=lower"
    assert pd.isna(one(rows, **at, period="2022")["value"])
    assert set(rows.loc[rows["id"] == "buying.barrier_standing", "grade"]) == {"E"}
    [note] = rows.loc[rows["id"] == "buying.barrier_note", "group"]
    assert note == "barrier=lots,startup_action=a,barrier_note=Leidraad\u201a klaar"


def test_a_judgement_changes_nothing_about_the_measure():
    with_, without = judged({"barrier": "lots", "standing": "removed"}), ledger(given())
    same = with_["id"].isin(set(without["id"]))
    assert as_ledger(with_[same].astype(object).where(with_[same].notna(), None)
                     .itertuples(index=False)).equals(without)  # fmt: skip


@pytest.mark.parametrize("standing", ["unchanged", "not-judged"])
def test_the_last_year_judged_is_counted(standing):
    rows = judged({"barrier": "lots", "standing": "unchanged"}, {"barrier": "value-bands"})
    assert one(rows, "barriers_judged", group=f"barrier_standing={standing}")["value"] == 1
