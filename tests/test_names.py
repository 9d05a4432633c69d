"""Names of companies: what is compared of them, and how partnerships fall apart."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.companies.names import (
    FAMILIES,
    FAMILY_OF_CODE,
    MACROS,
    WORDS,
    is_partnership,
    members,
)

SAME = {
    "accents, marks and case": [
        "Müller & Frères",
        "MULLER EN FRERES",
        "muller et frères,",
        "Muller-Freres",
    ],
    "NV in three languages": [
        "Peeters NV",
        "PEETERS N.V.",
        "S.A. Peeters",
        "Peeters AG",
        "n v peeters",
    ],
    "BV today and before": [
        "Peeters BV",
        "Peeters BVBA",
        "Peeters SRL",
        "Peeters S.P.R.L.",
        "bvba Peeters",
    ],
    "CV today and before": [
        "Peeters CV",
        "Peeters CVBA",
        "Peeters SC",
        "Peeters SCRL",
        "cvba Peeters",
    ],
    "commandite": [
        "Peeters Comm.V",
        "Peeters GCV",
        "Peeters SComm",
        "Peeters S.C.S.",
        "gcv Peeters",
    ],
    "association": ["Peeters vzw", "Peeters ASBL", "Peeters VoG", "asbl Peeters"],
    "forms spelt out": ["Peeters naamloze vennootschap", "Peeters société anonyme", "Peeters NV"],
    "tails of a form": ["Peeters NV van publiek recht", "Peeters SA de droit public", "Peeters NV"],
    "two forms": ["Peeters BV BVBA", "Peeters BV (SRL)", "Peeters bvba"],
    "form of a form": ["Peeters BVBA", "Peeters Burg. BVBA"],
    "abbreviations": ["Gebr. Peeters", "Gebroeders Peeters", "GEBRS PEETERS"],
    "sharp s": ["Straße GmbH", "STRASSE BV", "Strasse"],
}


FAMILY = {
    "Peeters N.V.": "NV",
    "SA Peeters": "NV",
    "Peeters S.P.R.L.": "BV",
    "Peeters besloten vennootschap": "BV",
    "Peeters CVBA": "CV",
    "Peeters ASBL": "VZW",
    "Peeters AISBL": "IVZW",
    "Peeters SNC": "VOF",
    "Peeters SCA": "CommVA",
    "Peeters Comm. V.": "CommV",
    "Peeters SE": "SE",
    "Peeters BV o.v.v. NV": None,  # two families: it cannot be told
    "Peeters": None,
    "Nvidia Peeters": None,
}


@pytest.fixture(scope="module")
def compared():
    """A function: words, family of forms, is it a group's, is its form from abroad, of each name.

    The names of the tables below are looked at in one query: the macros are slow to set up.
    """
    engine = duckdb.connect()
    engine.execute("set enable_progress_bar = false")
    engine.execute(MACROS)
    known: dict[str, tuple] = {}

    def look(*names: str) -> list[tuple]:
        new = [name for name in names if name not in known]
        if new:
            values = ", ".join("(?)" for _ in new)
            rows = engine.execute(
                f"""select name, name_words(s), name_family(s), name_is_group(s),
                    name_is_foreign(s)
                from (select name, name_spelt(name) as s from (values {values}) t(name))""",
                new,
            ).fetchall()
            known.update({name: told for name, *told in rows})
        return [known[name] for name in names]

    look(*FAMILY, *(name for spellings in SAME.values() for name in spellings))
    yield look
    engine.close()


@pytest.mark.parametrize("spellings", SAME.values(), ids=SAME)
def test_spellings_of_one_name_have_the_same_words(compared, spellings):
    assert len({tuple(words) for words, *_ in compared(*spellings)}) == 1


def test_the_words_are_those_of_the_name_without_its_form(compared):
    rows = compared("S.P.R.L. Peeters & Zonen", "SA", "Comm.V Peeters")
    assert [row[0] for row in rows] == [["PEETERS", "ZONEN"], ["SA"], ["PEETERS"]]


@pytest.mark.parametrize(("name", "family"), FAMILY.items())
def test_the_family_of_the_stated_form(compared, name, family):
    assert compared(name)[0][1] == family


def test_forms_inside_a_name_stay(compared):
    assert compared("AG Insurance", "Bouwbedrijf SC Peeters Gent")[0][0] == ["AG", "INSURANCE"]


def test_different_firms_stay_different(compared):
    names = ["Peeters", "Pieters", "Peeters Invest", "Peeters Consult", "Peeters Consulting"]
    assert len({tuple(words) for words, *_ in compared(*names)}) == len(names)


def test_names_of_groups_and_forms_from_abroad_are_known(compared):
    groups = compared("Peeters Group", "Groep Peeters NV", "Peeters Holding", "Groepage Peeters")
    assert [row[2] for row in groups] == [True, True, True, False]
    abroad = compared(
        "Peeters Ltd", "Peeters SARL", "Peeters S.A.S.", "Peeters GmbH", "Ltd Peeters"
    )
    assert [row[3] for row in abroad] == [True, True, True, False, False]


def test_a_code_of_the_register_belongs_to_one_family():
    codes = [code for form in FAMILIES.values() for code in form["codes"]]
    assert len(codes) == len(set(codes))
    assert all(len(code) == 3 and code.isdigit() for code in codes)
    assert set(WORDS["unverified_codes"]) <= set(codes)
    assert FAMILY_OF_CODE["015"] == FAMILY_OF_CODE["610"] == "BV"  # BVBA became BV in 2019


PARTNERSHIPS = {
    "THV Janssens & Zonen - De Smet NV": ["Janssens & Zonen", "De Smet NV"],
    "TV Aerts/Bouwkunst": ["Aerts", "Bouwkunst"],
    "SM Aerts & Bouwkunst": ["Aerts", "Bouwkunst"],
    "T.M. Aerts – Bouwkunst": ["Aerts", "Bouwkunst"],
    "Combinatie Aerts-Bouwkunst": ["Aerts", "Bouwkunst"],
    "Tijdelijke maatschap Aerts, Bouwkunst en Van Laer": ["Aerts", "Bouwkunst", "Van Laer"],
    "Association momentanée Dupont + Durand": ["Dupont", "Durand"],
    "consortium Aerts + Bouwkunst + Ceulemans": ["Aerts", "Bouwkunst", "Ceulemans"],
    "Aerts en Bouwkunst (THV)": ["Aerts", "Bouwkunst"],
    "S.M. Dupont, SA - Durand, SPRL": ["Dupont, SA", "Durand, SPRL"],
    "THV Aerts-Van Laer": ["Aerts", "Van Laer"],
    "Société momentanée Dupont & Fils / Durand": ["Dupont & Fils", "Durand"],
    "Tijdelijke Handelsvennootschap: Aerts NV / Bouwkunst": ["Aerts NV", "Bouwkunst"],
    "THV Saint-Aubin - Bouwkunst": ["Saint-Aubin", "Bouwkunst"],
}


@pytest.mark.parametrize(("name", "found"), PARTNERSHIPS.items())
def test_a_partnership_falls_apart_into_its_members(name, found):
    assert members(name) == found
    assert is_partnership(name)


@pytest.mark.parametrize(
    "name",
    [
        "Janssens - De Smet",
        "Janssens & De Smet",
        "Saint-Aubin & Co",
        "TV Oost-Vlaanderen",
        "SM Consult",
        "TV-Shop Janssens",
        "Combinatie",
        "Amadeus",
        "Amand & Zonen",
        "De Smet, Aerts en Co NV",
        "Zuid-Nederlandse Smederij",
    ],
)
def test_a_plain_name_is_never_split(name):
    assert members(name) == [name]
    assert not is_partnership(name)


def test_a_partnership_whose_members_are_not_named_is_one():
    assert members("THV Oosterring") == ["THV Oosterring"]
    assert is_partnership("THV Oosterring")


WORD = st.sampled_from(
    ["Aerts", "Bouwkunst", "Ceulemans", "Dupont", "Étienne", "Fonteyn", "Gérard", "Huybrechts"]
)
NAME = st.lists(WORD, min_size=1, max_size=3, unique=True).map(" ".join)


@given(st.lists(NAME, min_size=2, max_size=5), st.sampled_from([" - ", " / ", " + ", "; "]))
def test_members_come_back_in_their_order(names, sign):
    assert members(f"THV {sign.join(names)}") == names
    assert members(f"{sign.join(names)} (T.H.V.)") == names


@given(st.text(max_size=40))
def test_splitting_never_fails_and_never_invents(text):
    for part in members(text):
        assert part in text


@settings(max_examples=12, deadline=None)
@given(NAME, st.sampled_from(["NV", "n.v.", "S.A.", "BVBA", "sprl", "Comm.V", "vzw", "CVBA"]))
def test_a_legal_form_does_not_change_the_words(compared, name, form):
    bare, behind, before = compared(name, f"{name} {form}", f"{form} {name.upper()}")
    assert bare[0] == behind[0] == before[0]
    assert behind[1] == before[1] is not None
