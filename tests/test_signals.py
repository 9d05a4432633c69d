"""Signals of innovation: words in three languages, codes of both lists, and what is not known."""

import engines
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.innovation.lots import lot_signals
from analysis.innovation.signals import NOT_READ, SIGNALS, of_lots, of_register, telling
from analysis.innovation.words import language, of_texts, signs, without_boilerplate


def paid(*rows):
    """Contracts of the PIO list: number, day and value."""
    frame = pd.DataFrame(rows, columns=["contract", "awarded", "value_eur"])
    kinds = {"contract": "string", "awarded": "datetime64[us]", "value_eur": "Float64"}
    return frame.astype(kinds).assign(notice_id=pd.array([pd.NA] * len(rows), dtype="string"))


NO_PIO = paid()


@pytest.mark.parametrize(
    ("title", "groups"),
    [
        ("Prototype voor de sturing van sluisdeuren", {"rd"}),
        ("Onderzoek en ontwikkeling: waterstof", {"rd"}),
        ("O & O naar lichte bruggen", {"rd"}),
        ("Precommerciële aankoop van een zorgrobot", {"rd"}),
        ("Innovatiepartnerschap voor fietsbruggen", {"rd", "ppi"}),
        ("Innovatieve gevelbekleding", {"ppi"}),
        ("Proefproject met drones", {"ppi"}),
        ("Marktconsultatie verlichting", {"weak"}),
        ("Étude de faisabilité d'un pont", {"rd"}),
        ("Système innovant de tri", {"ppi"}),
        ("Pre-commercial procurement of sensors", {"rd"}),
        ("Innovative street light", {"ppi"}),
        ("Schoonmaak van kantoren", set()),
    ],
)
def test_words_of_three_languages_tell(title, groups):
    assert signs(title) == groups


@pytest.mark.parametrize(
    "title",
    [
        "Renovatie van een sporthal",
        "Rénovation d'une école",
        "Medisch onderzoek van personeel",
        "Bodemonderzoek op de site",
        "Stadsontwikkeling aan het station",
        "Meubilair voor het departement Economie, Wetenschap en Innovatie",
        "Kantoren voor het Agentschap Innoveren & Ondernemen",
        "Onderhoud van het Innovatiecentrum",
        "Schoonmaak, met aandacht voor innovatieve werkwijzen",
    ],
)
def test_false_friends_tell_nothing(title):
    assert signs(title) == frozenset()


def test_a_stem_is_a_whole_word():
    assert signs("Heraanleg van de Protolaan") == frozenset()
    assert signs("Prototypes") == {"rd"}


def test_a_negation_among_the_three_words_before_takes_a_stem_back():
    assert signs("Geen innovatieve oplossing") == frozenset()
    assert signs("Levering zonder enig nieuw prototype") == frozenset()
    assert signs("Niet te groot, wel zeer innovatief") == {"ppi"}  # five words before
    assert signs("Niet innovatief, wel een prototype") == {"rd"}


@given(st.text(max_size=80))
def test_capitals_and_spaces_change_nothing(text):
    assert signs(f"  {text.upper()} ".replace(" ", "  ")) == signs(text.upper())


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Sensoren voor de sluis van Evergem", "nl"),
        ("Fourniture de matériel pour la ville", "fr"),
        ("Supply of equipment for the harbour", "en"),
        ("Prototype", None),
        ("", None),
    ],
)
def test_small_words_tell_the_language(title, code):
    assert language(title) == code


def test_no_title_is_unknown_and_a_dull_one_is_no():
    found = of_texts(pd.Series(["Prototype", "Poetsen", None], dtype="string"))
    assert found["text_rd"].tolist() == [True, False, pd.NA]


def test_a_sentence_that_a_buyer_always_writes_goes_and_its_titles_stay():
    said = "Wij vragen innovatieve offertes."
    texts = pd.Series([f"Dak {n}. {said}" for n in range(4)] + ["Innovatieve brug."] * 4)
    kept = without_boilerplate(texts, pd.Series(["A"] * 8))
    assert kept.tolist() == [f"Dak {n}." for n in range(4)] + ["Innovatieve brug."] * 4


def test_a_buyer_with_few_texts_repeats_nothing():
    texts = pd.Series(["Dak. Innovatief."] * 4)
    assert without_boilerplate(texts, pd.Series(["A"] * 4)).tolist() == texts.tolist()


def test_a_sentence_of_one_text_in_five_is_no_boilerplate():
    texts = pd.Series(["Dak. Innovatief."] + ["Dak. Gewoon."] * 4)
    kept = without_boilerplate(texts, pd.Series(["A"] * 5))
    assert kept.tolist() == ["Dak. Innovatief.", *["Dak."] * 4]


def registered(*rows):
    names = ["contract", "title", "cpv", "procedure"]
    days = {"date": pd.Timestamp(2020, 6, 1), "awarded_eur": pd.NA}
    return pd.DataFrame(rows, columns=names, dtype="string").assign(**days)


def test_signals_of_a_register():
    rows = registered(
        ("1", "Prototype", "73100000", "innovation-partnership"),
        ("2", "Poetsen", "90910000", "open"),
        ("3", None, None, None),
    )
    found = of_register(rows, paid(("1", "2019-01-01", 10)))
    for name in ("text_rd", "cpv_73", "partnership"):
        assert found[name].tolist() == [True, False, pd.NA]
    assert found["pio"].tolist() == [True, False, False]
    assert telling(found, "rd").tolist() == [True, False, False]


def test_without_a_pio_list_nobody_knows_who_is_on_it():
    found = of_register(registered(("1", "Poetsen", None, None)), NO_PIO)
    assert found["pio"].isna().all()


def test_a_pio_contract_has_the_same_number_or_the_same_day_and_value():
    rows = registered(*[(str(n), "Brug", None, None) for n in range(5)])
    rows["awarded_eur"] = [10.0, 250.5, 250.51, None, None]
    rows.loc[4, "date"] = pd.Timestamp(2021, 1, 1)
    listed = paid(("0", "2019-01-01", 7), ("P-1", "2020-06-01", 250.50))
    assert of_register(rows, listed)["pio"].tolist() == [True, True, False, pd.NA, False]


def lots(*codes):
    names = ["innovation", "strategic"]
    rows = pd.DataFrame(codes, columns=names, dtype="string")
    return rows.assign(notice_id="1-2024", procedure="open", title="Poetsen", cpv="90910000")


def test_the_four_codes_and_the_older_eight():
    found = of_lots(
        lots(
            ("rd-act", "inn-pur"), ("mar-nov+proc-innov", "env-imp+inn-pur"), ("org-nov", "none"),
            ("buy-eff+fp-requ+other", "env-imp"), (None, None),
        ),
        NO_PIO,
    )  # fmt: skip
    assert found["bt_776_rd"].tolist() == [True, False, False, False, pd.NA]
    assert found["bt_776_ppi"].tolist() == [False, True, True, False, pd.NA]
    assert found["bt_06"].tolist() == [True, True, False, False, pd.NA]
    assert set(found) == set(SIGNALS)


def test_what_no_source_holds_is_no_signal_at_all():
    assert not set(NOT_READ) & set(SIGNALS)


def test_lots_are_counted_by_year_and_a_code_that_is_not_filled_in_is_unknown():
    with engines.engine() as engine:
        kept = engine.sql("""
            select * from (values
              ('1', 'd', 'a', 2024, 'open', 'awarded', 'BE', 'A'),
              ('2', 'd', 'a', 2024, 'innovation-partnership', 'awarded', 'BE', 'A'),
              ('3', 'd', 'a', 2025, 'open', 'awarded', 'BE', 'A'),
              ('4', 'd', 'a', 2025, 'open', 'not-awarded', 'BE', 'A'),
              ('5', 'd', 'a', 2025, 'open', 'awarded', 'NL', 'A'))
            t(notice_id, document, lot_id, year, procedure, outcome, country, buyer)""")
        told = engine.sql("""
            select * from (values
              ('1', 'd', 'a', 'Prototype', '73000000', 'inn-pur', 'rd-act'),
              ('2', 'd', 'a', 'Poetsen', '90000000', null, null),
              ('3', 'd', 'a', 'Poetsen', '90000000', 'none', null))
            t(notice_id, document, lot_id, title, cpv, strategic, innovation)""")
        found = lot_signals(kept, told, NO_PIO).set_index(["year", "signal"])
    assert found.loc[(2024, "bt_776_rd")].tolist() == [2, 1, 1]
    assert found.loc[(2024, "partnership")].tolist() == [2, 2, 1]
    assert found.loc[(2025, "bt_776_rd")].tolist() == [1, 0, 0]
    assert found.loc[(2025, "bt_06")].tolist() == [1, 1, 0]
    assert len(found) == 2 * len(SIGNALS)
