"""Chapter 30 on registers of a few contracts: what it says is true of what was delivered."""

import pandas as pd
import pytest
from chapters import SVG
from ledger_rows import published
from matplotlib import pyplot
from norm_world import contract, given, verdicts
from run_chapter import shown, words

from analysis import results
from analysis.indicators import norm, norm_measured, norm_signals
from analysis.present import drawing
from analysis.present.language import LANGUAGES

PUBLISHED = "0,33"


@pytest.fixture
def chapter(tmp_path, monkeypatch):
    """Run the chapter on what was delivered and on counts of lots, if any; figures if asked for."""

    def run(lots=None, *, drawn=False, **tables):
        if not drawn:
            monkeypatch.setattr(drawing, "svg", lambda figure, id: pyplot.close(figure) or SVG)
        rows = norm.results(published()) + norm_measured.results(given(**tables))
        if lots is not None:
            rows += norm_signals.results(lots, kind="simulated", inputs="notices@1")
        return shown("30_norm", results.ledger(rows), tmp_path, monkeypatch, year=2025)

    return run


def tables(told):
    return [block["id"] for block in told if block["type"] == "table"]


def cells(told, id):
    block = next(block for block in told if block.get("id") == id and block["type"] == "table")
    plain = [[cell["nl"].replace("\u00a0", " ") for cell in row] for row in block["rows"]]
    return {row[0]: row[1:] for row in plain}


def judged(share, said):
    """A year of 1,000 that is judged as a whole, of which `share` is innovation."""
    register = [contract(1, share, True, date="2024-05-01"),
                contract(2, 1000 - share, False, date="2024-05-01")]  # fmt: skip
    return {"register": register, "audit": [*verdicts(1, *said), *verdicts(2, "none", "none")]}


def test_without_a_register_the_chapter_says_so_and_which_form_to_fill_in(chapter):
    told = chapter()
    assert tables(told) == ["norm-shares", "norm-amounts", "norm-wording"]
    dutch = words(told, "nl")
    assert "Niet beschikbaar, want er is geen contractenregister aangeleverd" in dutch
    assert "contractenregister.xlsx" in dutch
    assert PUBLISHED in dutch


def test_an_invented_register_is_called_so_and_does_not_reach_the_answer(chapter):
    told = chapter(**judged(40, ("ppi", "ppi")))
    answer = next(block for block in told if block["type"] == "answer")
    assert "audit" not in answer["text"]["nl"]
    assert "**verzonnen** register" in words(told, "nl")
    marked = {block["id"]: block["mark"] for block in told if "mark" in block}
    assert marked["norm-shares"] is None
    assert marked["norm-measured"] == "simulated"


@pytest.mark.parametrize(
    ("share", "said", "verdict"),
    [
        (40, ("ppi", "ppi"), "gehaald"),
        (20, ("rd", "rd"), "niet gehaald"),
        (40, ("ppi", "none"), "niet bepaalbaar"),
    ],
)
def test_the_verdict_on_a_real_register_is_the_answer(chapter, share, said, verdict):
    told = chapter(**judged(share, said), kind="real")
    answer = next(block for block in told if block["type"] == "answer")
    assert PUBLISHED in answer["text"]["nl"]
    assert f"de norm is {verdict}." in answer["text"]["nl"]
    assert cells(told, "norm-verdicts")["O&O en PPI, geraamd"][0] == verdict
    assert cells(told, "norm-measured")["2024"][-1] == verdict


def test_a_register_without_audit_gives_marks_and_no_verdict(chapter):
    told = chapter(
        register=[contract(1, 40, True, innovation_kind="social-innovation"), contract(2, 960)]
    )
    assert cells(told, "norm-measured")["2020"] == ["4,0 %", "geen audit", "geen audit"]
    assert cells(told, "norm-kinds")["sociaal"][0] == "1"
    dutch = words(told, "nl")
    assert "geen enkele opdracht is getrokken en beoordeeld" in dutch
    assert "te weinig opdrachten" in dutch  # for the classifier to learn from
    assert "norm-verdicts" not in tables(told)


def test_a_single_contract_of_which_nothing_is_known_still_makes_a_chapter(chapter):
    told = chapter(register=[contract(1, None, None, title=None, cpv=None, framework=None)])
    assert "Het register telt 1 opdrachten" in words(told, "nl")


def test_signals_of_notices_are_shown_where_there_are_any(chapter):
    counts = pd.DataFrame(
        [(2024, "bt_06", 100, 10, 2)], columns=["year", "signal", "lots", "known", "yes"]
    )
    told = chapter(lots=counts)
    row = cells(told, "norm-notices")["code: innovatieve aankoop"]
    assert row == ["2", "10,0 %", "20,0 % (2,0–92,0)"]
    assert cells(told, "norm-notices")["motivering van rechtstreekse gunning"][1] == (
        "wordt niet gelezen"
    )


def test_both_languages_say_the_same_things(chapter):
    years = [
        contract(f"{year}-{n}", 100, n % 4 == 0, date=f"{year}-05-01", buyer=f"02000000{n:02d}",
                 title="prototype van een drone" if n % 4 == 0 else "poetsen van kantoren",
                 policy_domain="mow")
        for year in (2023, 2024) for n in range(50)
    ]  # fmt: skip
    audit = [line for n in range(50) for line in verdicts(f"2024-{n}", "none", "ppi", "ppi")]
    told = chapter(drawn=True, register=years, audit=audit)
    for id in ("norm-quality", "norm-confusion", "norm-signals", "norm-tests", "norm-counts"):
        assert id in tables(told)
    for language in LANGUAGES:
        said = words(told, language)
        assert "{" not in said
        assert "None" not in said
