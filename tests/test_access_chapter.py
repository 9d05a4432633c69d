"""Chapter 20 on ledgers with much, with little and with nothing about start-ups."""

import json
import re

import access_ledger
import access_world
import pandas as pd
import pytest
from chapters import SVG
from run_chapter import NOTEBOOKS, shown, words

from analysis.contracts.access import CLASSES, METHODS, ORIGINS
from analysis.contracts.lots import VALUE_BANDS
from analysis.contracts.notices import BUYER_TYPES
from analysis.present import access, drawing, labels
from analysis.present.language import LANGUAGES, catalogue


@pytest.fixture(scope="module")
def patch():
    with pytest.MonkeyPatch.context() as context:
        yield context


@pytest.fixture(scope="module")
def ledger():
    return access_ledger.ledger()


@pytest.fixture(scope="module")
def full(ledger, tmp_path_factory, patch):
    return shown("20_access", ledger, tmp_path_factory.mktemp("full"), patch, year=2025)


@pytest.fixture(scope="module")
def unlinked(tmp_path_factory, patch):
    ledger = access_ledger.ledger(linked=False)
    return shown("20_access", ledger, tmp_path_factory.mktemp("none"), patch, year=2025)


@pytest.fixture(scope="module")
def empty(ledger, tmp_path_factory, patch):
    rest = ledger[~ledger["id"].str.startswith("access.")]
    return shown("20_access", rest, tmp_path_factory.mktemp("empty"), patch, year=2025)


def table(told, name):
    [found] = [block for block in told if block["type"] == "table" and block["id"] == name]
    return [[cell["nl"] for cell in row] for row in found["rows"]]


def test_the_answer_says_share_bounds_and_grade(full):
    [answer] = [block["text"] for block in full if block["type"] == "answer"]
    for part in ("360 gegunde percelen", "5,0\u00a0%", "4,5\u00a0%", "14,5\u00a0%", "2016–2025"):
        assert part in answer["nl"]
    assert answer["en"].endswith("Evidence grade D; rests on invented data.")


def test_the_parliamentary_table_begins_in_2016_and_holds_the_numbers_of_the_ledger(full):
    rows = table(full, "access-administration-5")
    assert [row[0] for row in rows] == [str(year) for year in range(2016, 2026)]
    # 36 of 40 lots are known; 4.0 % of them is 1.44 lots; 4 are unknown; 200 000 euro a lot
    assert rows[0][1:] == [
        "1 (1–5)",
        "0,29 (0,29–1,09)",
        "4,0\u00a0% (3,6–13,6)",
        "2,8\u00a0% (2,5–12,5)",
    ]


def test_later_years_than_the_reports_are_not_asked():
    ledger = access_ledger.ledger()
    asked = access.asked(ledger, perimeter="flemish-public", definition="startup-5", year=2018)
    assert list(dict.fromkeys(asked["period"])) == ["2016", "2017", "2018"]


def test_every_part_is_there_when_everything_is_known(full):
    figures = [block["id"] for block in full if block["type"] == "figure"]
    assert figures == [
        f"access-{name}" for name in ("years", "curve", "multiverse", "ladder", "classes")
    ]
    assert "Niet getoond" not in words(full, "nl")


def test_the_ladder_goes_from_the_weakest_assumption_to_the_strongest(full):
    rows = table(full, "access-ladder")
    assert [row[0] for row in rows] == [
        "geen veronderstelling",
        "beperkte afwijking, factor 3",
        "beperkte afwijking, factor 2",
        "beperkte afwijking, factor 1,5",
        "onbekenden als gelijkaardige percelen",
        "onbekenden als alle bekenden",
    ]
    assert [rows[0][1], rows[-1][1]] == ["4,0–14,0\u00a0%", "5,0\u00a0%"]


def test_a_change_that_may_be_either_way_is_no_trend(full):
    assert "een trend is niet aangetoond" in words(full, "nl")
    assert "no trend is shown" in words(full, "en")


def test_a_factor_that_does_not_exist_is_not_called_unknown(full):
    assert table(full, "access-breakdown")[0] == [
        "elk jaar dezelfde afwijking",
        "geen enkele factor",
        "geen enkele factor",
    ]


def test_the_last_year_is_called_provisional(full):
    assert "is 82,0\u00a0% gepubliceerd" in words(full, "nl")
    assert "**voorlopig**" in words(full, "nl")


def test_a_ratio_below_one_is_said_to_be_no_discrimination(full):
    assert "geen bewijs van discriminatie" in words(full, "nl")


def test_without_links_every_answer_is_unknown_and_never_zero_or_no(unlinked):
    [answer] = [block["text"]["nl"] for block in unlinked if block["type"] == "answer"]
    assert "is niet bekend" in answer
    assert "tussen 0,0\u00a0% en 100,0\u00a0%" in answer
    assert "Elk antwoord is daarom **onbekend**" in words(unlinked, "nl")
    for row in table(unlinked, "access-administration-5"):
        assert all(cell.startswith("onbekend (") for cell in row[1:])


def test_a_count_that_rests_on_nothing_is_unknown_and_not_zero():
    row = {"value": 0.0, "low": 0.0, "high": 40.0, "interval": "bounds", "unit": "count"}
    row |= {"denominator": "awarded-lots", "group": "all"}
    assert labels.of_number(row | {"n": 0})["nl"] == "onbekend (0–40)"
    assert labels.of_number(row | {"n": 12})["nl"] == "0 (0–40)"


def test_what_is_not_known_has_no_figure_and_is_named(unlinked):
    assert not [block for block in unlinked if block["type"] in ("figure", "cards")]
    assert "Niet getoond, omdat er geen gegevens voor zijn: het verloop per jaar;" in words(
        unlinked, "nl"
    )


def test_without_any_lot_the_chapter_says_so(empty):
    [answer] = [block["text"]["nl"] for block in empty if block["type"] == "answer"]
    assert "niets te zeggen" in answer
    assert not [block for block in empty if block["type"] == "table"]


def test_a_sample_says_that_it_is_not_representative(tmp_path, patch):
    ledger = access_ledger.ledger(linked=False, kind="sample")
    told = shown("20_access", ledger, tmp_path, patch, year=2025)
    assert "niet representatief" in words(told, "nl")
    assert {block.get("mark") for block in told if block["type"] == "table"} == {"sample"}


def test_both_languages_say_the_same_numbers(full, unlinked):
    def numbers(told, language):
        found = re.findall(r"\d[\d.,]*", words(told, language))
        return sorted(re.sub(r"\D", "", number) for number in found)

    for told in (full, unlinked):
        assert numbers(told, "nl") == numbers(told, "en")


def test_a_rise_and_a_fall_are_said_only_where_the_bounds_are_on_one_side(tmp_path, patch):
    for ends, said in (((0.01, 0.03), "een stijging van"), ((-0.03, -0.01), "een daling van")):
        ledger = access_ledger.ledger()
        change = ledger["id"] == "access.change"
        ledger.loc[change, ["low", "high", "value"]] = [*ends, sum(ends) / 2]
        only = ledger[change | ledger["id"].isin(("data.notices", "breaks.day"))]
        assert said in words(shown("20_access", only, tmp_path, patch, year=2025), "nl")


def test_every_indicator_that_the_chapter_shows_has_a_name_for_its_column():
    source = (NOTEBOOKS / "20_access.ipynb").read_text(encoding="utf-8")
    ids = set(re.findall(r'access\.[a-z_0-9]+(?=[\\"])', source)) & set(
        access_ledger.ledger()["id"]
    )
    assert len(ids) > 15
    assert [id for id in ids if not labels.raw(f"column.{id}")] == []


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("firm_class", CLASSES),
        ("origin", ORIGINS),
        ("method", METHODS),
        ("buyer_type", BUYER_TYPES),
        ("value_band", VALUE_BANDS),
        ("joint", ("fractional", "any", "all")),
        ("rung", ("A0", "A1", "A2", "A3")),
        ("part", ("within", "mix", "between", "cross", "entry", "exit")),
        ("kept", ("yes", "no-below", "no-value", "no-threshold")),
    ],
)
def test_every_code_of_a_group_has_a_word_in_every_language(kind, codes):
    for code in codes:
        said = labels.of_group(f"{kind}={code}")
        assert all(
            said[language] not in ("", code, f"{kind}={code}") for language in LANGUAGES
        ) or (said["en"] == code and f"{kind}.{code}" in catalogue("en"))


def test_size_classes_are_written_as_amounts():
    assert labels.of_group("value_band=144k-1m")["nl"] == "144.000 tot 1.000.000\u00a0euro"
    assert labels.of_group("value_band=144k-1m")["en"] == "€144,000 to €1,000,000"
    assert labels.of_group("value_band=above-5548k")["en"] == "above €5,548,000"


def test_a_definition_is_called_as_its_own_file_calls_it():
    assert labels.every("definition.startup-5") == {
        "nl": "Start-up, jonger dan 5 jaar",
        "en": "Start-up, below 5 years of age",
    }


def test_a_withheld_number_is_not_called_unknown():
    row = {"value": None, "low": None, "high": None, "interval": "none", "unit": "count"}
    withheld = labels.of_number(row | {"denominator": "withheld"})
    assert withheld == {"nl": "afgeschermd", "en": "withheld"}
    assert labels.of_number(row | {"denominator": "companies"})["nl"] == "onbekend"


def test_rows_come_in_the_order_that_a_reader_expects():
    names = ["gber-22", "younger-than-10", "younger-than-9", "startup-10", "startup-5"]
    rows = pd.DataFrame({"definition": names, "group": "all"})
    assert list(access.in_order(rows)["definition"]) == [
        "startup-5",
        "startup-10",
        "younger-than-9",
        "younger-than-10",
        "gber-22",
    ]
    groups = [f"value_band={band}" for band in (*VALUE_BANDS, "not-stated")]
    rows = pd.DataFrame({"definition": "startup-5", "group": groups[::-1]})
    assert list(access.in_order(rows)["group"]) == groups


def test_a_cell_of_the_notebook_can_be_read_at_once():
    cells = json.loads((NOTEBOOKS / "20_access.ipynb").read_text(encoding="utf-8"))["cells"]
    assert max(len(cell["source"]) for cell in cells) <= 12


def test_every_row_that_the_indicators_give_has_its_words(tmp_path, patch):
    """The real indicators, on a few lots of three years: every code that they use has a word."""
    lots = [
        access_world.lot(
            f"{year}-{place}", *members, year=year, value_eur=1000 * (place + 1), buyer="ABC"[place]
        )
        for year in (2019, 2020, 2021)
        for place, members in enumerate([(access_world.YES,), (access_world.NO,), (None,)])
    ]
    rows = access_world.published(access_world.awarded_cells(*lots))
    others = access_ledger.ledger()
    others = others[~others["id"].str.startswith("access.")]
    ledger = pd.concat([rows, others], ignore_index=True)
    with pytest.MonkeyPatch.context() as quick:  # to write figures takes seconds; `full` does
        quick.setattr(drawing, "svg", lambda figure, id: SVG)
        told = shown("20_access", ledger, tmp_path, patch, year=2021)
    assert "Van de 6 gegunde percelen in 2019–2021" in words(told, "nl")
    assert [row[1] for row in table(told, "access-public-5")] == ["1 (1–2)"] * 3
    drawn = [block["id"] for block in told if block["type"] == "figure"]
    assert {"access-years", "access-curve", "access-multiverse", "access-ladder"} <= set(drawn)
