"""Chapter 21 on much and on nothing: it says what is known, why the rest is not, and no cause."""

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml
from access_ledger import ledger as of_access
from buying_world import given, yearly
from run_chapter import shown, words

from analysis import results
from analysis.contracts.intake import startups
from analysis.indicators import buying, buying_actions, norm
from analysis.indicators.buying_barriers import MEASURES, MOVES, WHY
from analysis.present import buying as tables
from analysis.present import buying_barriers
from analysis.present.language import LANGUAGES, blanks_of, catalogue

A, B = "1000000001", "1000000002"
NASTY = 'Een *actie*, met <b>tekens</b> & "a=b"'
CAUSES = r"\b(dankzij|zorgde voor|leidde tot|heeft ertoe|thanks to|led to|caused|resulted in)\b"
YEAR = 2025


def delivered():
    return given(
        year=YEAR,
        answers=[(A, "2021-06-01", "startup-5", True), (A, "2020-01-01", "startup-5", True)],
        classes=[(A, "2021-06-01", "start-up", "flanders")],
        startup_actions=[
            {"action": "a", "description": NASTY, "owner": "VLAIO", "planned": "2020-06-30",
             "done": "2021-01-01", "progress": "done", "evidence": "https://www.voorbeeld.be/x"},
            {"action": "b", "planned": "2021-01-01", "measure": "simplify"},
            {"action": "c", "measure": "outside-the-note"},
        ],
        project_group=[
            {"organisation": "VLAIO", "role": "chair", "mandate": "Opvolgen, en *melden*"},
            {"organisation": "Stad", "until": "2021-01-01"},
        ],
        startup_barriers=[
            {"barrier": "lots", "standing": "lower", "progress_note": "Leidraad", "year": 2024},
            {"barrier": "lots", "standing": None, "year": 2025},
            {"barrier": "payment-barrier", "standing": "higher", "year": 2025},
        ],
        marketplace_needs=[
            {"need": "1", "responses": 2, "awarded": "2021-01-01", "winner": A},
            {"need": "2", "posted": "2024-01-01", "project": "p1"},
        ],
        marketplace_firms=[{"company_id": A, "registered": "2020-01-01"}],
        pio_contracts=[{"contract": "k", "value_eur": 10}],
        pio_bidders=[{"contract": "k", "bidder": "a", "company_id": A, "won": True}],
        pio_projects=[{"project": "p1", "application": "x", "consulted": "2021-01-01"}],
        pio_consulted=[{"participant": "a", "company_id": B}],
    )  # fmt: skip


def together(found, *more):
    """A ledger of chapter 21 with the rows of other chapters that it needs."""
    rows = pd.concat(more) if more else pd.DataFrame(columns=results.RESULTS.columns)
    told = rows.astype(object).where(rows.notna(), None).itertuples(index=False, name=None)
    own = buying.results(found, rows, kind="simulated", inputs="notices@1")
    return results.ledger([*told, *own])


@pytest.fixture(scope="module")
def much():
    new = {2018 + n: (0.3 + n / 100, 0.2, 0.6) for n in range(8)}
    series = yearly("access.new_winner_share", new, definition="new-winner-36-months")
    published = results.ledger(norm.results(delivered().facts))
    others = of_access()
    return together(delivered(), others[~others["id"].isin(series["id"])], series, published)


@pytest.fixture(scope="module")
def nothing():
    return together(given(year=YEAR))


@pytest.fixture(scope="module")
def full(much, tmp_path_factory):
    return chapter(much, tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="module")
def bare(nothing, tmp_path_factory):
    return chapter(nothing, tmp_path_factory.mktemp("bare"))


def chapter(ledger, folder):
    with pytest.MonkeyPatch.context() as patched:
        return shown("21_buying", ledger, folder, patched, year=YEAR)


def table(told, name):
    [block] = [one for one in told if one.get("id") == name]
    return [[cell["nl"] for cell in row] for row in block["rows"]]


def test_with_all_that_can_be_delivered_every_part_is_shown(full):
    ids = {block["id"] for block in full if "id" in block}
    assert ids == {key.removeprefix("table.").removeprefix("figure.") for key in catalogue("nl")
                   if re.fullmatch(r"(table|figure)\.buying-[a-z0-9-]+", key)}  # fmt: skip
    assert full[1]["type"] == "answer"
    assert "Van de 9 drempels" in full[1]["text"]["nl"]


def test_with_nothing_delivered_it_shows_what_is_public_and_which_forms_to_fill(bare):
    said = words(bare, "nl")
    assert "openbaar zijn 5 gebeurtenissen tot eind 2025" in bare[1]["text"]["nl"]
    assert "`kopen-bij-start-ups.xlsx` (Acties, Drempels, Projectgroep)" in said
    assert "`marktplaats.xlsx` (Noden, Ondernemingen op de marktplaats)" in said
    assert said.count("niet beschikbaar, want") >= len(startups.BARRIERS)
    assert not any(block["type"] == "figure" for block in bare)
    assert len(table(bare, "buying-milestones")) == 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_names_a_cause_or_an_unknown_code(full, bare, language):
    for told in (full, bare):
        said = words(told, language)
        assert not re.search(CAUSES, said, re.IGNORECASE)
        assert not re.search(r"\bnan\b|<NA>|buying\.|barrier_|action_", said)


def test_delivered_words_are_cells_and_not_markup(full):
    [first] = [row for row in table(full, "buying-actions") if "VLAIO" in row[0]]
    assert first[0] == f"{NASTY} (VLAIO)"
    assert first[1:] == ["1", "30 jun 2020", "1 jan 2021", "klaar", "voorbeeld.be"]
    [mandate] = [
        block["text"]["nl"] for block in full if "Als actuele opdracht" in str(block.get("text"))
    ]
    assert r"Opvolgen\, en \*melden\*" in mandate


def test_an_action_that_is_late_says_so(much):
    rows = [[cell["en"] for cell in row] for row in tables.actions(much).rows]
    assert [row[4] for row in rows] == ["done", "running, late", "running"]


def test_actions_are_counted_by_measure_and_by_the_statuses_that_occur(much):
    shape = tables.counted(much)
    heads = [column["label"]["en"] for column in shape.columns]
    assert heads == ["Measure", "done", "running", "Together"]
    assert [cell["en"] for cell in shape.rows[-1]] == ["together", "1", "2", "3"]


def test_those_who_left_the_group_come_last(much):
    rows = [[cell["nl"] for cell in row] for row in tables.group(much).rows]
    assert rows == [["VLAIO", "voorzitter", "1 sep 2018", "nog lid"],
                    ["Stad", "niet vermeld", "1 sep 2018", "1 jan 2021"]]  # fmt: skip


def test_a_measure_stands_beside_the_judgement_and_a_missing_one_says_why(much):
    rows = {row[0]["nl"]: [cell["nl"] for cell in row[1:]]
            for row in buying_barriers.barriers(much).rows}  # fmt: skip
    assert rows["late betaling"] == [
        "", "niet beschikbaar, want dagen van betaling staan in geen bron", "", "geen gegevens",
        "hoger (2025)",
    ]  # fmt: skip
    new = rows["onbekend met overheidsopdrachten: aandeel nieuwe winnaars"]
    assert new[:2] == ["30,0\u00a0% (20,0–60,0) in 2018", "37,0\u00a0% (20,0–60,0) in 2025"]
    assert new[3:] == ["niet te vergelijken", "niet beoordeeld"]


def test_a_year_that_was_not_judged_is_not_the_last_judgement(much):
    rows = {row[0]["nl"]: [cell["nl"] for cell in row]
            for row in buying_barriers.judged(much).rows}  # fmt: skip
    assert rows["te grote opdrachten zonder percelen"][1:] == ["1", "1", "0", "Leidraad (2024)", ""]


def test_firms_from_abroad_stand_between_the_known_kinds_and_the_unknown(much):
    shares = much[much["id"] == "buying.pio_class_share"]
    groups = list(tables.classes(shares)["group"])
    assert groups[0] == "firm_class=start-up"
    assert groups[-2:] == ["origin=abroad", "firm_class=unknown"]


def test_every_code_has_its_words():
    wanted = {f"barrier.{name}" for name in startups.BARRIERS}
    wanted |= {f"action_measure.{name}" for name in startups.MEASURES}
    wanted |= {f"action_status.{name}" for name in buying_actions.STATUSES}
    wanted |= {f"barrier_standing.{name}" for name in startups.STANDINGS}
    wanted |= {f"barrier_moved.{name}" for name in MOVES}
    wanted |= {f"definition.{one.name}" for each in MEASURES.values() for one in each}
    wanted |= {f"missing.{why}" for why in WHY.values()}
    assert set(tables.STATUSES) == set(buying_actions.STATUSES)
    for language in LANGUAGES:
        assert wanted <= catalogue(language).keys()


def test_both_languages_have_the_same_sentences_with_the_same_blanks():
    folder = Path(tables.__file__).parent / "text"
    files = {language: folder / language / "buying.yml" for language in LANGUAGES}
    read = {name: yaml.safe_load(file.read_text("utf-8")) for name, file in files.items()}
    assert list(read["nl"]) == list(read["en"])
    for key, text in read["nl"].items():
        assert blanks_of(text) == blanks_of(read["en"][key]), key
