"""The code lists of eForms, and the card that says which elements are read."""

from pathlib import Path

import pytest
import yaml

from analysis.sources import eforms, eforms_codes

SOURCES = Path(eforms.__file__).parent


@pytest.fixture(scope="module")
def card():
    return yaml.safe_load((SOURCES / "eforms.yml").read_text(encoding="utf-8"))


def pairs(listed):
    return [
        (p, n) for places, names in listed.items() for p in places.split() for n in names.split()
    ]


def test_no_element_is_both_read_and_ignored_or_ignored_twice(card):
    known = pairs(card["reads"])
    for listed in card["ignores"].values():
        known += pairs(listed)
    assert [pair for pair in known if known.count(pair) > 1] == []


def test_what_the_card_says_is_read_is_read(card):
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("eforms*.py"))
    names = {name for _, name in pairs(card["reads"])} - set(card["opens"].split())
    assert sorted(name for name in names if f'"{name}"' not in code) == []


def test_what_is_read_through_is_read(card):
    assert set(card["opens"].split()) <= {name for _, name in pairs(card["reads"])}


def test_contact_data_are_ignored_by_name(card):
    ignored = {pair for listed in card["ignores"].values() for pair in pairs(listed)}
    assert {
        ("Company", "Contact"),
        ("Company", "WebsiteURI"),
        ("TouchPoint", "Contact"),
        ("Organizations", "UltimateBeneficialOwner"),
        ("Organization", "UltimateBeneficialOwner"),
    } <= ignored


@pytest.mark.parametrize(
    ("long", "short"), [("BEL", "BE"), ("GRC", "GR"), ("GBR", "GB"), ("ROU", "RO"), ("1A0", "XK")]
)
def test_countries_have_two_letters(long, short):
    assert eforms_codes.COUNTRIES[long] == short


def test_all_countries_and_no_private_codes_are_known():
    """ISO 3166-1 has 249; CLDR adds Kosovo and four islands, and old codes of the same places."""
    short = set(eforms_codes.COUNTRIES.values())
    assert 249 <= len(short) <= 255
    assert not short & {"ZZ", "QQ", "EU", None}


def test_every_official_language_has_two_letters():
    long = (
        "BUL CES DAN DEU ELL ENG EST FIN FRA GLE HRV HUN "
        "ITA LAV LIT MLT NLD POL POR RON SLK SLV SPA SWE"
    )
    short = "bg cs da de el en et fi fr ga hr hu it lv lt mt nl pl pt ro sk sl es sv"
    assert " ".join(eforms_codes.LANGUAGES[code] for code in long.split(" ")) == short
