"""What became of firms after their first PIO contract, and of buyers around the score needed."""

import datetime as dt
import math

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from blocks_world import MARKET
from blocks_world import given as delivered
from effects_world import applications, buyer, plan, world
from register import number
from run_chapter import words

from analysis import results
from analysis.cells.firm_cells import FirmCells, firm_cells
from analysis.cells.held import held
from analysis.contracts.firm_cells import FIRM_SIZES, FIRM_WINS, FIRMS
from analysis.indicators import effects_firms, effects_scores
from analysis.indicators.effects_firms_sets import among_losers, entered
from analysis.present import blocks, labels
from analysis.present import effects_firms as present
from analysis.present.chapter import Chapter

PAIRS = 12
BUYER, OTHER = "0200000001", "0200000002"
LAST = dt.date(2026, 1, 1)


def winner(at):
    return number(2 * at)


def loser(at):
    return number(2 * at + 1)


def contracts(pairs=PAIRS, day="2019-06-01"):
    """A contract of PIO for each pair of a winner and a loser, all of one buyer."""
    bidders = [
        {"contract": f"c{at:02}", "bidder": str(side), "company_id": who(at), "won": side == 0}
        for at in range(pairs)
        for side, who in enumerate((winner, loser))
    ]
    return {
        "pio_projects": [{"project": "p1", "application": "a1", "buyer": BUYER}],
        "pio_contracts": [{"contract": f"c{at:02}", "awarded": day} for at in range(pairs)],
        "pio_bidders": bidders,
    }


def cells(*, fte=None, gone=None, wins=(), pairs=PAIRS, persons=()):
    """Cells of all these firms, in Flanders since 2010, of one sector, ten FTE in 2015 and 2018.

    `fte` gives the FTE of a firm in 2022 (missing: no accounts), `gone` the day it is gone.
    """
    fte, gone = fte or {}, gone or {}
    everybody = [who(at) for at in range(pairs) for who in (winner, loser)]
    firms = [
        FIRMS.Row(one, one in persons, dt.date(2010, 1, 1), "62", "flanders", LAST, gone.get(one))
        for one in everybody
    ]
    sizes = [FIRM_SIZES.Row(one, year, 10.0) for one in everybody for year in (2015, 2018)]
    sizes += [FIRM_SIZES.Row(one, 2022, value) for one, value in fte.items()]
    won = [FIRM_WINS.Row(*win) for win in wins]
    told = ((FIRM_WINS, won), (FIRMS, firms), (FIRM_SIZES, sizes))
    return FirmCells(*(held(table.arrow(rows), table) for table, rows in told))


def ledger(found, asked=None, laid=None, **about):
    given = delivered(**(asked or contracts()), **about)
    return results.ledger(effects_firms.results(given, found, laid or plan().laid, MARKET))


def one(rows, id, **at):
    found = rows[rows["id"] == f"effects.{id}"]
    for column, cell in at.items():
        found = found[found[column] == cell]
    [row] = found.to_dict("records")
    return row


def grown(half=10.0):
    """Winners double; every other loser does, the rest stay at `half`."""
    sizes = {winner(at): 20.0 for at in range(PAIRS)}
    return sizes | {loser(at): 20.0 if at % 2 else half for at in range(PAIRS)}


@pytest.fixture(scope="module")
def followed():
    """Winners double, half of the losers do; three winners and six losers are gone in 2020."""
    day = dt.date(2020, 6, 1)
    gone = {winner(at): day for at in range(3)} | {loser(at): day for at in range(6)}
    left = {firm: size for firm, size in grown().items() if firm not in gone}
    wins = [(winner(at), dt.date(2020, 1, 1), OTHER, 1.0 + at % 2, None) for at in range(PAIRS)]
    return ledger(cells(fte=left, gone=gone, wins=wins))


def test_growth_beside_the_loser_of_the_same_contract_by_hand():
    # ln 2 for every winner, for losers ln 2 and 0 in turn: the mean difference is ln 2 / 2.
    rows = ledger(cells(fte=grown()))
    found = one(rows, "firms_att", definition="firm-fte")
    assert found["value"] == pytest.approx(100 * (math.sqrt(2) - 1))
    assert (found["n"], found["unknown"]) == (PAIRS, 0)
    # Error by firm: a winner adds 0, a loser ln 2/24 either way; 24 firms.
    se = math.log(2) / 24 * math.sqrt(12 * 24 / 23)
    assert found["high"] == pytest.approx(100 * math.expm1(math.log(2) / 2 + 1.959964 * se))


def test_who_files_no_accounts_is_unknown_and_not_without_employees():
    sizes = grown()
    del sizes[winner(1)], sizes[loser(2)]
    found = one(ledger(cells(fte=sizes)), "firms_att", definition="firm-fte")
    assert (found["n"], found["unknown"]) == (PAIRS - 2, 2)
    assert found["value"] > 0


def test_who_is_gone_is_no_loss_of_employees_but_widens_the_bounds(followed):
    # Nine of twelve winners are left, six of twelve losers: a third of the winners is trimmed, but
    # all of them doubled, as did three of the six losers.
    left = {side: one(followed, "firms_left", group=f"side={side}") for side in
            ("treated", "controls")}  # fmt: skip
    assert [row["value"] for row in left.values()] == [0.75, 0.5]
    bounds = one(followed, "firms_lee")
    assert bounds["low"] == pytest.approx(100 * (math.sqrt(2) - 1))
    assert bounds["high"] == pytest.approx(bounds["low"])


def test_the_register_does_not_say_who_stopped_and_who_was_taken_over(followed):
    gone = {side: one(followed, "firms_gone", group=f"side={side}")["value"] for side in
            ("treated", "controls")}  # fmt: skip
    assert gone == pytest.approx({"treated": 0.25, "controls": 0.5})
    assert one(followed, "firms_att", definition="firm-gone")["value"] == pytest.approx(-0.25)
    ceased = one(followed, "firms_ceased")
    assert (ceased["low"], ceased["high"]) == pytest.approx((-0.5, 0.25))
    assert ceased["interval"] == "bounds"
    assert pd.isna(ceased["value"])


def test_later_contracts_of_the_same_buyer_or_after_three_years_do_not_count(followed):
    assert one(followed, "firms_att", definition="firm-contracts")["value"] == pytest.approx(1.5)
    others = [(winner(at), dt.date(2020, 1, 1), OTHER, 1.0 + at % 2, None) for at in range(PAIRS)]
    same = [(winner(at), dt.date(2020, 2, 1), BUYER, 5.0, None) for at in range(PAIRS)]
    late = [(winner(at), dt.date(2022, 7, 1), OTHER, 5.0, None) for at in range(PAIRS)]
    rows = ledger(cells(wins=[*others, *same, *late]))
    assert one(rows, "firms_att", definition="firm-contracts")["value"] == pytest.approx(1.5)


def test_a_contract_of_less_than_three_years_ago_is_not_followed_yet():
    rows = ledger(cells(), contracts(day="2023-06-01"))
    found = one(rows, "firms_att", definition="firm-contracts")
    assert (found["n"], found["denominator"]) == (0, "firms-too-few")
    assert pd.isna(found["value"])


def test_the_first_contract_of_a_firm_counts_and_who_had_one_is_no_control():
    asked = contracts()
    asked["pio_contracts"].append({"contract": "later", "awarded": "2020-06-01"})
    for who, won in ((winner(0), True), (winner(1), False), (loser(0), False)):
        asked["pio_bidders"].append(
            {"contract": "later", "bidder": who, "company_id": who, "won": won}
        )
    given = delivered(**asked)
    first = entered(given)
    assert first["contract"].tolist() == [f"c{at:02}" for at in range(PAIRS)]
    found = among_losers(first, given, cells(), 2025)
    firms = found.records["firm"].to_numpy()[found.sets.row]
    assert sorted(firms[~found.sets.treated]) == sorted(loser(at) for at in range(PAIRS))


def test_a_natural_person_is_left_out():
    rows = ledger(cells(persons={winner(0), loser(1)}))
    steps = rows[rows["id"] == "effects.firms_flow"].set_index("group")["value"]
    assert steps["step=firms-numbered"] == PAIRS
    assert steps["step=firms-registered"] == PAIRS - 1
    assert steps["step=firms-with-losers"] == PAIRS - 2


def test_winners_of_other_contracts_are_matched_in_the_year_and_before_a_contract_of_pio():
    # Losers win elsewhere in the year of the contract and so serve as controls of that year.
    wins = [(loser(at), dt.date(2019, 6, 1), OTHER, 1.0, None) for at in range(PAIRS)]
    rows = ledger(cells(fte=grown(), wins=wins))
    found = one(rows, "firms_specification", definition="firm-fte",
                group="specification=firms-winners")  # fmt: skip
    assert found["n"] == PAIRS
    late = [(loser(at), dt.date(2020, 3, 1), OTHER, 1.0, None) for at in range(PAIRS)]
    other = ledger(cells(fte=grown(), wins=late))
    assert one(other, "firms_specification", definition="firm-fte",
               group="specification=firms-winners")["n"] == 0  # fmt: skip


def test_below_ten_winners_no_mean_is_given():
    rows = ledger(cells(fte=grown(), pairs=9), contracts(9))
    assert rows[rows["id"] == "effects.firms_att"]["value"].isna().all()
    assert set(rows[rows["id"] == "effects.firms_att"]["denominator"]) == {"firms-too-few"}


def test_no_grade_above_c_while_the_plan_does_not_ask_and_never_an_a():
    passed = dict.fromkeys(effects_firms.DIAGNOSTICS, True)
    assert effects_firms.graded(passed) == "B"
    for name in effects_firms.DIAGNOSTICS:
        for answer in (False, None):
            assert effects_firms.graded(passed | {name: answer}) == "C"
    laid = plan().laid
    asks = laid.questions[0].model_copy(update={"id": effects_firms.QUESTION})
    others = tuple(one for one in laid.questions if one.id != effects_firms.QUESTION)
    for questions, planned in ((others, 0), ((*others, asks), 1)):
        rows = ledger(cells(fte=grown()), laid=laid.model_copy(update={"questions": questions}))
        told = rows[rows["group"] == "diagnostic=firms-planned"]["value"]
        assert set(told) == {planned}


def test_without_the_programmes_contracts_there_are_no_rows():
    assert effects_firms.results(delivered(), cells(), plan().laid, MARKET) == []
    asked = contracts()
    del asked["pio_bidders"]
    assert effects_firms.results(delivered(**asked), cells(), plan().laid, MARKET) == []


def test_the_order_of_cells_and_files_changes_nothing(followed):
    given = delivered(**contracts())
    day = dt.date(2020, 6, 1)
    gone = {winner(at): day for at in range(3)} | {loser(at): day for at in range(6)}
    left = {firm: size for firm, size in grown().items() if firm not in gone}
    wins = [(winner(at), dt.date(2020, 1, 1), OTHER, 1.0 + at % 2, None) for at in range(PAIRS)]
    mixed = FirmCells(*(part.iloc[::-1].reset_index(drop=True)
                        for part in cells(fte=left, gone=gone, wins=wins)))  # fmt: skip
    tables = {name: table.iloc[::-1].reset_index(drop=True)
              for name, table in given.tables.items()}  # fmt: skip
    rows = effects_firms.results(given._replace(tables=tables), mixed, plan().laid, MARKET)
    pd.testing.assert_frame_equal(results.ledger(rows), followed)


def test_cells_leave_out_pios_own_awards_and_the_euros_of_frameworks():
    lots = pd.DataFrame(
        [("n1", 100.0, False, "BE0200000001"), ("n2", 50.0, True, "BE0200000001"),
         ("own", 70.0, False, "BE0200000001"), ("far", 10.0, False, "BE0200000001")],
        columns=["notice_id", "value_eur", "is_framework", "buyer"],
    ).assign(document="d", lot_id="1", outcome="awarded")  # fmt: skip
    keys = lots[["notice_id", "document", "lot_id"]]
    who = number(1)
    with duckdb.connect() as engine:
        tables = {
            "lots": lots,
            "perimeters": keys.assign(flemish_public=keys["notice_id"] != "far"),
            "members": keys.assign(company_id=who, on_date=dt.date(2020, 1, 1), weight=0.5,
                                   value_share=0.5),
            "companies": pd.DataFrame({"number": [who], "is_natural_person": [False],
                                       "start_date": [dt.date(2010, 1, 1)]}),
            "lifespans": pd.DataFrame({"number": [who], "last_seen": [LAST],
                                       "ceased_before": pd.array([None], "object")}),
            "addresses": pd.DataFrame({"number": [who], "postcode": ["9000"],
                                       "country": ["België"]}),
            "activities": pd.DataFrame({"number": [who, who], "activity_class": ["main"] * 2,
                                        "nace_code": ["71121", "62010"]}),
            "sizes": pd.DataFrame({"company_id": [who], "year": [2019], "employees_fte": [4.0],
                                   "turnover_eur": [1000.0]}),
        }  # fmt: skip
        tables["lifespans"]["ceased_before"] = pd.to_datetime(tables["lifespans"]["ceased_before"])
        given = {name: engine.from_arrow(pa.Table.from_pandas(table))
                 for name, table in tables.items()}  # fmt: skip
        found = firm_cells(engine, given, own={"own"}, named={number(9)})
    assert found.wins[["buyer", "lots"]].to_numpy().tolist() == [["0200000001", 1.0]]
    assert float(found.wins["eur"].iloc[0]) == 50.0  # half of the first, nothing of the framework
    assert found.firms[["sector", "origin"]].to_numpy().tolist() == [["62", "flanders"]]
    assert found.sizes["fte"].tolist() == [4.0]


def scored(*, jump=0.0, supplied=True, seed=5):
    """The panel of eighty applicants, whose first application has a score around sixty."""
    panel, given = world(seed=seed)
    asked = given.tables["pio_applications"]
    score = 30 + np.arange(len(asked)) * 37 % 60 + 0.5
    above = dict(zip(asked["buyer"], score > 60, strict=True))
    table = asked.assign(
        score=pd.array(score if supplied else [None] * len(asked), "Float64"),
        score_needed=pd.array([60.0] * len(asked), "Float64"),
    )
    told = panel["buyer"].map(above).astype(bool) & (panel["year"] >= 2018)
    random = np.random.default_rng(seed)
    more = told & (random.random(len(panel)) < jump)
    panel = panel.assign(flagged=panel["flagged"].mask(more, 1))
    return panel, given._replace(tables={**given.tables, "pio_applications": table})


def test_without_scores_nothing_is_computed_and_one_row_says_so():
    panel, given = scored(supplied=False)
    [row] = effects_scores.results(panel, given, plan().laid, MARKET)
    assert (row.id, row.value, row.n, row.unknown) == ("effects.scored", 0, 80, 80)


def test_a_jump_at_the_score_needed_is_found_with_what_could_be_seen():
    panel, given = scored(jump=0.9)
    rows = results.ledger(effects_scores.results(panel, given, plan().laid, MARKET))
    found = one(rows, "score_att", definition="y1-innovation", group="design=jump")
    least = one(rows, "score_mde", definition="y1-innovation", group="design=jump")
    assert 0 < found["low"] < 0.72 < found["high"]  # 0.9 x (1 - 0.2)
    window = {"definition": "y1-innovation", "group": "design=window"}
    assert one(rows, "score_att", **window)["value"] == pytest.approx(0.72, abs=0.1)
    assert one(rows, "score_p", **window)["value"] < 0.01
    assert one(rows, "score_sorting", **window)["value"] > 0.5
    assert least["value"] == pytest.approx(2.8 / 3.92 * (found["high"] - found["low"]), rel=0.01)


def test_only_the_first_application_counts():
    asked = [(buyer(1), "inadmissible", 2018), (buyer(1), "admitted", 2019)]
    rows = [
        one | {"score": score, "score_needed": 60.0}
        for one, score in zip(applications(*asked), (50.0, 70.0), strict=True)
    ]
    found = effects_scores.first_applications(delivered(pio_applications=rows))
    assert found[["distance", "decided"]].to_numpy().tolist() == [[-10.0, 2018.0]]


def test_the_mean_after_the_decision_leaves_unknown_years_out():
    outcome = np.array([[0.0, 1.0, np.nan, 0.0, 1.0], [1.0, 1.0, 1.0, 1.0, np.nan]])
    scored_ = effects_scores.Scored(np.zeros(2), np.array([2019.0, 2022.0]))
    found = effects_scores.mean_after(outcome, np.arange(2018, 2023), scored_, [0, 1, 2])
    assert found[0] == 0.5
    assert math.isnan(found[1])


@pytest.fixture
def chapter(tmp_path, monkeypatch):
    """Run the two cells of the chapter on rows."""

    def run(rows):
        results.write(rows, tmp_path / "results.csv")
        told = []
        monkeypatch.setattr(blocks, "show", lambda block, language="nl": told.append(block))
        opened = Chapter("42", year=2025, folder=str(tmp_path))
        present.firms(opened)
        present.scores(opened)
        return told

    return run


@pytest.mark.parametrize(
    ("language", "never"), [("nl", "gevolg van de opdracht"), ("en", "due to the contract")]
)
def test_a_difference_is_not_put_down_to_the_contract_at_grade_c(
    chapter, followed, language, never
):
    told = chapter(followed)
    said = words(told, language)
    assert never not in said
    assert {"nl": "hangt samen met", "en": "goes together with"}[language] in said
    assert [block["id"] for block in told if block["type"] == "figure"] == ["effects-firms"]


@pytest.mark.parametrize(
    ("language", "wanted"), [("nl", "Niet bepaalbaar"), ("en", "Cannot be determined")]
)
def test_too_few_firms_are_said_to_be_too_few_with_their_number(chapter, language, wanted):
    said = words(chapter(ledger(cells(fte=grown(), pairs=9), contracts(9))), language)
    assert wanted in said
    assert {"nl": "zijn 9 winnaars", "en": "are 9 winners"}[language] in said


def test_every_code_of_the_rows_has_a_word_in_every_language(followed):
    panel, given = scored(jump=0.9)
    rows = results.ledger(effects_scores.results(panel, given, plan().laid, MARKET))
    both = pd.concat([followed, rows])
    keys = {f"column.{id}" for id in both["id"]}
    for column in ("definition", "denominator", "perimeter"):
        keys |= {f"{column}.{code}" for code in both[column]}
    keys |= {one.replace("=", ".") for one in both["group"] if one != "all"}
    assert [key for key in sorted(keys) if not labels.raw(key)] == []


@pytest.mark.parametrize("supplied", [False, True])
def test_the_chapter_says_whether_there_were_scores(chapter, supplied):
    panel, given = scored(jump=0.9, supplied=supplied)
    rows = results.ledger(effects_scores.results(panel, given, plan().laid, MARKET))
    told = chapter(rows)
    assert ("er is niets berekend" in words(told, "nl")) is not supplied
    tables = [block["id"] for block in told if block["type"] == "table"]
    assert tables == (["effects-scores"] if supplied else [])
