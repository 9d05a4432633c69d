"""Series around a date and of regions: drawn p, months that count for neither, idle ranks."""

import datetime as dt
import re

import numpy as np
import pandas as pd
import pytest
from access_world import NO, UNKNOWN, YES, lot, relations
from chapters import SVG
from effects_world import PLAN, one
from matplotlib import pyplot
from run_chapter import shown, words
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from analysis import results
from analysis.cells.access_base import number_lots
from analysis.cells.held import held
from analysis.cells.series_cells import series_cells
from analysis.contracts import LOTS
from analysis.contracts.series_cells import SERIES_CELLS
from analysis.indicators import effects_plan, effects_series
from analysis.indicators.effects_series_months import month
from analysis.indicators.effects_series_regions import needed
from analysis.inference.effects.interrupted import segmented
from analysis.inference.effects.interrupted_shares import shares
from analysis.present import drawing, labels
from analysis.refusal import ContractError

PIO = pd.DataFrame(
    {"notice_id": ["9-2020"], "buyer": ["B"], "awarded": [None], "value_eur": [None]}
)
GROUPS = {"flemish-public": ("flanders", 200), "other-belgian": ("BE1", 100)}
ALONE = {"group": "policy=marketplace,design=alone", "definition": "its-startups"}


# --- cells ----------------------------------------------------------------------------------------


def counted(*lots, order=1):
    """Cells of lots as (group, region, threshold): row."""
    engine, given = relations(*lots[::order])
    described = [
        LOTS.Row(notice_id=one["notice_id"], document=one["document"], lot_id=one["lot_id"],
                 title=one.get("title"))
        for one in lots
    ]  # fmt: skip
    given["described"] = engine.from_arrow(LOTS.arrow(described[::order]))
    number_lots(engine, **{n: given[n] for n in ("lots", "perimeters", "members", "winners")})
    return series_cells(engine, given, PIO, until=2020)


def by_place(cells):
    return {(row["group"], row["region"]): row for row in cells.to_dict("records")}


def test_a_buyer_counts_where_it_is_and_by_who_governs_it():
    nowhere = (False, False, False, False)
    found = by_place(
        counted(
            lot(1, YES),
            lot(2, NO, flags=(True, True, False, True), buyer_nuts="BE100"),
            lot(3, NO, flags=(False, False, False, True), buyer_nuts="BE100"),
            lot(4, NO, flags=(False, False, False, True), buyer_postcode="4000"),
            lot(5, NO, flags=nowhere, country="NL", buyer_nuts="NL411"),
            lot(6, NO, flags=nowhere, buyer_nuts="BE100", buyer_type="eu-institution"),
        )
    )
    assert set(found) == {
        ("flemish-public", "flanders"),
        ("flemish-public", "none"),  # in Brussels: no part of Flanders, and none of its donors
        ("other-belgian", "BE1"), ("other-belgian", "BE3"),
        ("elsewhere", "NL4"), ("elsewhere", "none"),
    }  # fmt: skip
    assert found["flemish-public", "flanders"]["month"] == 12 * 2020 + 5


def test_a_contract_of_pio_is_in_no_series_and_the_unknown_is_no_answer():
    cells = counted(
        lot(9, YES), lot(1, UNKNOWN, sme_won="no"), lot(2, YES, NO, sme_won="yes"),
        lot(3, NO, title="Onderzoek en ontwikkeling van een prototype"),
    )  # fmt: skip
    [row] = cells.to_dict("records")
    assert (row["lots"], row["flagged"]) == (3, 1)
    assert (row["startup_yes"], row["startup_no"], row["startup_unknown"]) == (0.5, 1.5, 1)
    assert (row["sme_yes"], row["sme_no"]) == (1, 1)


def test_a_lot_is_above_the_threshold_only_if_its_value_is_known_to_be():
    cells = counted(lot(1, NO, value_eur=300_000), lot(2, NO, value_eur=9_000), lot(3, NO))
    assert set(cells["threshold"]) == {"above", "below", "unknown"}


def test_lots_of_later_years_and_lots_without_a_day_are_not_counted():
    [row] = counted(lot(1, NO), lot(2, NO, year=2021), lot(3, NO, date=None)).to_dict("records")
    assert row["lots"] == 1


def test_the_order_of_the_lots_changes_no_cell():
    lots = [lot(n, YES, NO, date=dt.date(2020, n, 1), value_eur=n * 1e5) for n in range(1, 6)]
    pd.testing.assert_frame_equal(counted(*lots), counted(*lots, order=-1))


# --- inference ------------------------------------------------------------------------------------


def test_the_mean_change_after_is_that_of_the_broken_line():
    # A level of 2 and a slope of .5 from period 20 on: over ten periods 2 + .5 x 4.5.
    t = np.arange(30)
    after = t >= 20
    noise = np.random.default_rng(0).standard_normal(30) * 1e-6
    found = segmented(t, noise + after * (2 + 0.5 * (t - 20)), first=20, seed=0, over="after")
    assert found.estimate == pytest.approx(4.25, abs=1e-4)
    assert found.estimand == "mean_change_after"


def test_an_interval_holds_zero_just_where_p_is_above_five_per_cent():
    rng = np.random.default_rng(3)
    told = set()
    for run in range(30):
        y = rng.standard_normal(60) + 1.2 * (np.arange(60) >= 54)
        line = segmented(np.arange(60), y, first=54, seed=run, over="after")
        yes = rng.binomial(50, np.where(np.arange(60) >= 50, 0.2, 0.1))
        share = shares(np.arange(60), yes, np.full(60, 50), first=50, seed=run, seasons=1)
        for p, inside in (
            (line.p, abs(line.estimate) <= line.reach),
            (share.p, abs(share.points) <= share.points_reach),
        ):
            assert inside == (p > 0.05)
            told.add(inside)
    assert told == {True, False}


def test_five_months_after_against_a_small_comparison_err_a_little_too_often():
    # 22 lots a month against 7: without a change p is below .05 in up to .09 of trials, not in .05.
    rng, t = np.random.default_rng(5), np.arange(50)
    counted_ = (t < 39) | (t >= 45)
    found = []
    for run in range(150):
        of, other = rng.poisson(25, 50) + 1, rng.poisson(8, 50) + 1
        own, beside = rng.binomial(of, 0.3) / of, rng.binomial(other, 0.3) / other
        told_ = segmented(t[counted_], own[counted_], comparison=beside[counted_], first=45,
                          seed=run, over="after")  # fmt: skip
        found.append(told_.p <= 0.05)
    assert 0.01 < np.mean(found) < 0.14


def test_the_share_fitted_is_that_of_independent_software():
    rng = np.random.default_rng(7)
    t, of = np.arange(60), rng.poisson(30, 60) + 1
    yes, after = rng.binomial(of, 0.1), t >= 50
    quarter = np.eye(4)[t % 12 // 3][:, 1:]
    x = np.column_stack([np.ones(60), t, after, after * (t - 50), quarter])
    fit = GLM(yes / of, x, Binomial(), var_weights=of).fit(tol=1e-12)
    found = shares(t, yes, of, first=50, seed=0, seasons=4)
    assert found.level == pytest.approx(fit.params[2], abs=1e-8)
    assert found.slope_change == pytest.approx(fit.params[3], abs=1e-8)
    without = fit.predict(x * np.isin(np.arange(7), (2, 3), invert=True))
    points = np.average((fit.fittedvalues - without)[after], weights=of[after])
    assert found.points == pytest.approx(points, abs=1e-9)


def test_a_calendar_month_with_none_asks_for_quarters():
    t, of = np.arange(48), np.full(48, 50)
    yes = np.where(t % 12 == 6, 0, 5) + np.arange(48) % 3
    yes[t % 12 == 6] = 0
    with pytest.raises(ContractError, match="none or all"):
        shares(t, yes, of, first=40, seed=0)
    assert shares(t, yes, of, first=40, seed=0, seasons=4).p > 0.05


# --- series around a date -------------------------------------------------------------------------


def plan():
    return effects_plan.read(PLAN)


def row(at, group="flemish-public", region="flanders", threshold="below", **measures):
    zero = {name: 0 for name in SERIES_CELLS.columns if name not in SERIES_CELLS.key}
    place = {"month": at, "group": group, "region": region, "threshold": threshold}
    return SERIES_CELLS.Row(**place | zero | measures)


def frame(rows):
    return held(SERIES_CELLS.arrow(rows), SERIES_CELLS)


def months(*, jump=0.0, more=1.0, since="2019-10", last="2021-12", other=True, seed=1):
    """Months of 200 Flemish lots and 100 others with one winner each; a tenth start-ups.

    From `since` on `jump` is added to the share of start-ups, and there are `more` times the lots.
    """
    random, rows = np.random.default_rng(seed), []
    for at in range(month("2016-01"), month(last) + 1):
        after = at >= month(since)
        for group, (region, usual) in GROUPS.items():
            if group == "other-belgian" and not other:
                continue
            flemish = group == "flemish-public" and after
            lots = int(random.poisson(usual * (more if flemish else 1)))
            young = int(random.binomial(lots, 0.1 + (jump if flemish else 0)))
            small = int(random.binomial(lots, 0.8))
            rows.append(
                row(at, group, region, lots=lots, flagged=int(random.binomial(lots, 0.05)),
                    works=lots // 4, services=lots // 2, sme_yes=small, sme_no=lots - small,
                    startup_yes=young, startup_no=lots - young)
            )  # fmt: skip
    return frame(rows)


def ledger(cells, *, year=2022, kind="simulated"):
    found = effects_series.results(cells, plan(), year=year, kind=kind, inputs="notices@1")
    return results.ledger(found)


@pytest.fixture(scope="module")
def quiet():
    return ledger(months())


@pytest.fixture(scope="module")
def jumped():
    return ledger(months(jump=0.15))


def test_a_share_that_jumps_is_found_on_its_date_by_every_calculation(jumped):
    for design in ("alone", "mix", "against"):
        where = {"group": f"policy=marketplace,design={design}", "definition": "its-startups"}
        change = one(jumped, "its_change", **where)
        assert change["low"] <= 0.15 <= change["high"]
        assert one(jumped, "its_p", **where)["value"] < 0.05
        assert one(jumped, "its_mde", **where)["value"] < 0.15
    assert one(jumped, "its_p_holm", **ALONE)["value"] < 0.05


def test_where_nothing_happens_intervals_hold_zero_and_the_grade_is_never_above_c(quiet, jumped):
    held_ = one(quiet, "its_truth_held")
    assert held_["value"] >= held_["n"] - 1
    for rows in (quiet, jumped):
        assert set(rows["grade"][rows["id"] == "effects.its_change"]) == {"C"}


def test_months_between_the_dates_count_neither_before_nor_after(quiet):
    # 2016 to March 2019 are 39 months; after the marketplace October to February.
    told = {"definition": "its-startups"}
    after = one(quiet, "its_months", group="policy=marketplace,side=after", **told)
    before = one(quiet, "its_months", group="policy=marketplace,side=before", **told)
    assert (before["value"], after["value"]) == (39, 5)
    assert one(quiet, "its_change", **ALONE)["n"] == 44


def test_what_happens_after_february_2020_changes_nothing(jumped):
    cells = months(jump=0.15)
    late = cells["month"] > month("2020-02")
    spoiled = cells.copy()
    spoiled.loc[late, "startup_yes"] = 0.0
    is_dated = jumped["id"].str.startswith("effects.its_")
    again = ledger(spoiled)
    pd.testing.assert_frame_equal(again[is_dated], jumped[is_dated])


def test_a_jump_in_the_number_of_awards_is_told_of(quiet):
    assert one(quiet, "its_still")["value"] == 1
    assert one(ledger(months(more=2.0)), "its_still")["value"] == 0


def test_without_others_there_is_no_comparison_and_no_zero():
    found = one(ledger(months(other=False)), "its_change",
                group="policy=marketplace,design=against", definition="its-startups")  # fmt: skip
    assert pd.isna(found["value"])
    assert (found["denominator"], found["grade"], found["n"]) == ("its-too-few", "E", 0)


def test_a_report_of_before_the_date_estimates_nothing():
    rows = ledger(months(last="2018-12"), year=2018)
    changes = rows[rows["id"] == "effects.its_change"]
    assert changes["value"].isna().all()
    assert set(changes["grade"]) == {"E"}


def test_start_ups_of_a_quarter_are_never_told(quiet):
    assert "its-startups" not in set(quiet["definition"][quiet["id"] == "effects.its_series"])
    assert "its-startups" not in set(quiet["definition"][quiet["id"] == "effects.its_before"])


def test_the_truth_is_told_of_an_invented_world_only():
    cells = frame([row(month("2019-01"), lots=9)])
    told_ = {kind: set(ledger(cells, kind=kind)["id"]) for kind in ("simulated", "real")}
    assert told_["simulated"] - told_["real"] == {"effects.its_truth", "effects.its_truth_held"}


# --- regions --------------------------------------------------------------------------------------


def regions(names, *, shift=0.0, lots=100, seed=2):
    """Yearly lots above the threshold of Flanders and others; two forces move all of them."""
    random = np.random.default_rng(seed)
    forces = random.standard_normal((2, 12)) * 0.03
    rows = []
    for name in ("flanders", *names):
        loads = random.uniform(0, 1, 2)
        for year in range(2011, 2023):
            share = 0.3 + float(loads @ forces[:, year - 2011])
            share += shift if name == "flanders" and year > 2018 else 0.0
            young = round(lots * share, 6)
            told = {"startup_yes": young, "startup_no": lots - young, "lots": lots}
            rows.append(row(12 * year, "elsewhere", name, "above", flagged=lots // 4, **told))
    return frame(rows)


MANY = [f"XX{n}" for n in range(10)] + [f"YY{n}" for n in range(10)]
CONTROL = {"group": "design=synthetic-control", "definition": "sc-startups"}


def test_nineteen_regions_are_the_fewest_for_five_per_cent():
    assert needed(0.05) == 19
    assert 1 / (needed(0.05) + 1) <= 0.05 < 1 / needed(0.05)
    assert needed(0.1) == 9


def test_three_regions_determine_nothing_and_say_so():
    rows = ledger(regions(["BE1", "BE3", "NL4"], shift=0.5))
    found = one(rows, "sc_change", **CONTROL)
    assert pd.isna(found["value"])
    assert (found["denominator"], found["grade"], found["n"]) == ("sc-too-few-donors", "E", 3)
    assert pd.isna(one(rows, "sc_mde", **CONTROL)["value"])
    assert one(rows, "sc_least_p", definition="sc-startups")["value"] == 1 / 4
    assert not rows["id"].isin(["effects.sc_weight"]).any()


def test_a_region_with_few_lots_in_one_year_is_not_compared():
    cells = regions(["BE1", "BE3"])
    few = (cells["region"] == "BE1") & (cells["month"] == 12 * 2015)
    cells.loc[few, ["startup_yes", "startup_no"]] = [5.0, 14.0]
    rows = ledger(cells)
    assert one(rows, "sc_donors", definition="sc-startups")["value"] == 1
    assert one(rows, "sc_known", definition="sc-startups", group="region=BE1")["value"] == 19


@pytest.fixture(scope="module")
def shifted():
    return ledger(regions(MANY, shift=0.2))


def test_a_large_shift_among_twenty_regions_ranks_first(shifted):
    rows = shifted
    change = one(rows, "sc_change", **CONTROL)
    assert change["low"] <= 0.2 <= change["high"]
    assert change["low"] > 0
    assert one(rows, "sc_p_ratio", **CONTROL)["value"] == pytest.approx(1 / 21)
    assert one(rows, "sc_mde", **CONTROL)["value"] < 0.2
    weights = rows[(rows["id"] == "effects.sc_weight")
                   & rows["group"].str.startswith("design=synthetic-control,")
                   & (rows["definition"] == "sc-startups")]  # fmt: skip
    assert weights["value"].sum() == pytest.approx(1)


def test_where_the_regions_do_not_follow_flanders_nothing_is_said():
    cells = regions(MANY)
    odd = (cells["region"] == "flanders") & (cells["month"] // 12 % 2 == 0)
    cells.loc[odd, ["startup_yes", "startup_no"]] = [80.0, 20.0]
    found = one(ledger(cells), "sc_change", **CONTROL)
    assert (found["denominator"], found["grade"]) == ("sc-no-fit", "E")


# --- the chapter ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chapter(tmp_path_factory):
    def run(rows, *, drawn=False):
        with pytest.MonkeyPatch.context() as patch:
            if not drawn:
                patch.setattr(drawing, "svg", lambda figure, id: pyplot.close(figure) or SVG)
            return shown("42_effects", rows, tmp_path_factory.mktemp("chapter"), patch, year=2023)

    return run


@pytest.fixture(scope="module")
def told(chapter, quiet):
    return chapter(quiet, drawn=True)


def test_what_could_be_seen_is_said_before_what_is_estimated(told):
    said = words(told, "nl")
    assert said.index("Wat had deze reeks kunnen zien?") < said.index(
        "doorgetrokken lijn (interval"
    )
    assert "niet aantoonbaar" in said


def test_a_difference_coincides_and_is_never_called_a_result(chapter, jumped):
    said = words(chapter(jumped), "nl")
    assert "dat valt in de tijd samen met het beleid, maar is er niet aan toe te schrijven" in said
    assert "is een gevolg" not in said


def test_too_few_regions_are_said_with_the_smallest_p_and_what_it_would_take(told):
    # of Belgium the cells hold lots below the threshold only: no region at all
    said = words(told, "nl")
    assert "te weinig jaren voor en na 2019" in said
    assert "niet bepaalbaar" in said


def test_three_regions_are_told_with_one_in_four(chapter):
    said = words(chapter(ledger(regions(["BE1", "BE3", "NL4"]))), "en")
    assert "The smallest p that can then occur is 0.25" in said
    assert "to reach five per cent takes 19 regions" in said
    assert "no region was invented" in said


def test_twenty_regions_are_told_with_their_rank(chapter, shifted):
    block = chapter(shifted)
    assert "Flanders differs from the other regions. This is associated" in words(block, "en")
    assert "p of the rank = 0.048" in words(block, "en")  # 1/21
    assert any(one_.get("id") == "effects-regions-robust" for one_ in block)


def test_without_awards_the_chapter_says_that_nothing_can_be_examined(chapter):
    assert effects_series.results(frame([]), plan(), year=2023, kind="real", inputs="n@1") == []
    other = results.number(
        "competition.lots", chapter="15", period=2020, definition="lots", perimeter="belgium",
        value=0, unit="count", n=0, denominator="lots", kind="real", inputs="n@1",
    )  # fmt: skip
    said = words(chapter(results.ledger([other])), "nl")
    assert "er zijn geen gunningen met een datum gelezen" in said


def test_notices_of_later_years_alone_determine_nothing(chapter):
    cells = frame([row(month("2023-05"), lots=9, startup_yes=1, startup_no=8)])
    rows = ledger(cells, year=2023)
    assert rows["value"][rows["id"].isin(["effects.its_change", "effects.sc_change"])].isna().all()
    block = chapter(rows)
    assert "Voor start-ups is dit met deze gegevens niet te bepalen" in words(block, "nl")
    assert not [one_ for one_ in block if one_["type"] == "figure"]


def test_both_languages_say_the_same_numbers(told):
    def numbers(language):
        found = re.findall(r"\d[\d.,]*", words(told, language))
        return sorted(re.sub(r"\D", "", number) for number in found)

    assert numbers("nl") == numbers("en")


def test_every_code_of_the_ledger_has_a_word_in_every_language(quiet, shifted):
    for rows in (quiet, shifted):
        keys = {f"column.{id}" for id in rows["id"]}
        for column in ("definition", "denominator", "perimeter"):
            keys |= {f"{column}.{code}" for code in rows[column]}
        parts = {part for group in rows["group"] for part in group.split(",")}
        free = {f"region={name}" for name in MANY} | {"all"}
        keys |= {part.replace("=", ".") for part in parts - free}
        assert [key for key in sorted(keys) if not labels.raw(key)] == []


def test_the_order_of_the_cells_changes_nothing(quiet):
    turned = ledger(months().iloc[::-1].reset_index(drop=True))
    same = turned.drop(columns=["value", "low", "high"])
    assert same.equals(quiet.drop(columns=["value", "low", "high"]))
    for name in ("value", "low", "high"):
        both = (rows[name].astype(float).to_numpy() for rows in (turned, quiet))
        np.testing.assert_allclose(*both, atol=1e-9)


def test_a_region_of_another_country_is_named_after_it():
    assert labels.of_group("region=NL4") == {"nl": "Nederland (NL4)", "en": "Netherlands (NL4)"}
    assert labels.of_group("region=BE3")["nl"] == "Wallonië (BE3)"
