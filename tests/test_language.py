"""How numbers and sentences are written in Dutch and in English."""

import re

import pandas as pd
import pytest

from analysis.present import labels, tables
from analysis.present.language import (
    LANGUAGES,
    Number,
    blanks_of,
    catalogue,
    foreign,
    sentence,
    write,
)
from analysis.refusal import ReportError

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "unit", "style", "dutch", "english"),
    [
        (1440000.0, "EUR", "", f"1.440.000{NBSP}euro", "€1,440,000"),
        (609771.5, "EUR", "", f"609.771,50{NBSP}euro", "€609,771.50"),
        (62e6, "EUR", "mln", f"62{NBSP}miljoen{NBSP}euro", f"€62{NBSP}million"),
        (128.4e6, "EUR", "mln", f"128,4{NBSP}miljoen{NBSP}euro", f"€128.4{NBSP}million"),
        (24_535_576.61, "EUR", "mln", f"24,54{NBSP}miljoen{NBSP}euro", f"€24.54{NBSP}million"),
        (2_066_666_666.67, "EUR", "mln", f"2.067{NBSP}miljoen{NBSP}euro", f"€2,067{NBSP}million"),
        (0.0338, "share", "2", f"3,38{NBSP}%", "3.38%"),
        (0.125, "mean", "2", "0,13", "0.13"),
        (2.5, "count", "", "3", "3"),
        (
            -2.67,
            "points",
            "2",
            f"\u22122,67{NBSP}procentpunt",
            f"\u22122.67{NBSP}percentage points",
        ),
        (20190328, "day", "", "28 maart 2019", "28 March 2019"),
        (None, "share", "", "onbekend", "unknown"),
        (0.0, "count", "", "0", "0"),
    ],
)
def test_a_number_is_written_as_the_language_writes_it(value, unit, style, dutch, english):
    assert write(value, unit, "nl", style=style) == dutch
    assert write(value, unit, "en", style=style) == english


def test_a_delivered_text_is_dutch_on_an_english_page():
    def tongue(dutch, english, language="en"):
        return foreign({"nl": dutch, "en": english}, language)

    assert tongue("Infosessie in elke provincie", "Infosessie in elke provincie") == "nl"
    assert tongue("Infosessie in elke provincie", "Infosessie in elke provincie", "nl") is None
    assert tongue("twee loten", "two lots") is None
    assert tongue("start-up", "start-up") is None
    assert tongue("1 234", "1 234") is None


def test_rounding_is_half_up_and_not_half_to_even():
    assert [write(v, "count", "en") for v in (0.5, 1.5, 2.5, 3.5)] == ["1", "2", "3", "4"]


def test_a_blank_can_show_the_ends_of_the_interval_and_what_it_rests_on():
    row = {"value": 0.2, "low": 0.1, "high": 0.35, "unit": "share", "n": 1200, "unknown": 3}
    assert f"{Number(row, 'nl'):low} {Number(row, 'nl'):high.2}" == f"10,0{NBSP}% 35,00{NBSP}%"
    assert f"{Number(row, 'en'):n} {Number(row, 'en'):unknown}" == "1,200 3"


def test_the_ends_of_percentage_points_say_their_unit_once():
    row = {"value": 0.006, "low": -0.205, "high": 0.174, "unit": "share-difference"}
    said = f"{Number(row, 'nl'):low} tot {Number(row, 'nl'):high}"
    assert said == f"\u221220,5 tot 17,4{NBSP}procentpunt"
    cell = labels.of_number(row | {"interval": "bounds", "n": 9, "group": "all"})
    assert cell["nl"] == f"0,6{NBSP}procentpunt (\u221220,5 tot 17,4)"
    assert cell["en"] == f"0.6{NBSP}percentage points (\u221220.5 to 17.4)"


@pytest.mark.parametrize(
    ("by", "named", "head"),
    [
        ("period", {"period": ["2019", "2020"]}, "Jaar"),
        ("period", {"period": ["2016-2019", "2020-2023"]}, "Periode"),
        ("period", {"period": ["2019", "undated"]}, "Periode"),
        ("group", {"group": ["all", "language=nl"]}, "Taal van de titel"),
        ("group", {"group": ["language=nl", "origin=abroad"]}, "Groep"),
        ("definition", {"definition": ["startup-5", "startup-10"]}, "Definitie"),
    ],
)
def test_the_head_of_a_table_says_what_stands_in_its_rows(by, named, head):
    row = {
        "id": "access.lots",
        "period": "2020",
        "group": "all",
        "definition": "startup-5",
        "value": 3.0,
        "low": None,
        "high": None,
        "unit": "count",
        "n": 3,
        "interval": "none",
    }
    rows = pd.DataFrame([row | {by: code} for code in named[by]])
    [first, *_] = tables.pivot(rows, by=by, across="id", style="").columns
    assert first["label"]["nl"] == head


def test_an_unknown_sentence_and_a_wrong_blank_are_refused():
    with pytest.raises(ReportError, match="no sentence"):
        sentence("no.such", "nl")
    with pytest.raises(ReportError, match="blanks"):
        sentence("word.from_to", "nl", low="1")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence_with_the_same_blanks(language):
    first, other = catalogue(LANGUAGES[0]), catalogue(language)
    assert first.keys() ^ other.keys() == set()
    differ = [key for key in first if blanks_of(first[key]) != blanks_of(other[key])]
    assert differ == []


# What may stand in prose: the rates of law (3 %, 21 %), and texts that define or explain.
EXPLAINS = ("era.", "definition.", "interval.", "method.", "rule.", "denominator.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_types_a_number_that_belongs_in_the_ledger(language):
    prose = {
        key: re.sub(r"{[^}]*}|\b(3|21).?%", "", text)
        for key, text in catalogue(language).items()
        if not key.startswith(EXPLAINS)
    }
    assert {
        k: t for k, t in prose.items() if re.search(r"\d[.,]\d|\d\s?%|\d\s?(euro|mil)", t)
    } == {}
