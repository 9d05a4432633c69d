"""Belgian enterprise numbers, as real notices write them (data.md C)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.companies.numbers import REASONS, comparable, enterprise_number


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("0832584553", "0832584553"),
        ("0202.239.951", "0202239951"),
        ("0869.763.267_25562", "0869763267"),
        ("0425260668_1495", "0425260668"),
        ("BE0438.973.597", "0438973597"),
        ("BE 0543 696 579", "0543696579"),
        ("BE 204.908.936", "0204908936"),
        ("TVA BE0807497383", "0807497383"),
        ("BE (0)204.908.936", "0204908936"),
        ("be0247499953", "0247499953"),
        ("BTW-BE-0247.499.953", "0247499953"),
        ("KBO: 0202.239.951", "0202239951"),
    ],
)
def test_every_real_shape_of_a_belgian_number_gives_its_ten_digits(written, digits):
    assert enterprise_number(written, "BE") == (digits, None)


@pytest.mark.parametrize(
    ("written", "country", "reason"),
    [
        (None, "BE", "missing"),
        (" ", "BE", "missing"),
        ("OTW", "BE", "acronym"),
        ("ORG-0003", "BE", "acronym"),
        ("EKRSZ_77425362", "BE", "acronym"),
        ("BE001", "BE", "too-short"),
        ("5221", "LU", "foreign"),
        ("5221", "BE", "too-short"),
        ("BE0438.973.597 0425.260.668", "BE", "too-long"),
        ("BE47 2100 3709", "BE", "checksum"),
        ("0223.298.806_21955", "BE", "checksum"),
        ("0000000000", "BE", "checksum"),
        ("FI21832199", "FI", "foreign"),
        ("NL123456789B01", "BE", "foreign"),
    ],
)
def test_what_is_no_enterprise_number_is_refused_with_a_reason(written, country, reason):
    assert enterprise_number(written, country) == (None, reason)


def test_an_establishment_is_not_a_company():
    first = 20000000
    assert enterprise_number(f"{first}{97 - first % 97:02d}", "BE").refused == "establishment"


def test_ten_digits_of_another_country_are_never_forced_into_a_belgian_number():
    assert enterprise_number("0832584553", "FR").refused == "foreign"
    assert enterprise_number("0832584553").refused == "country-unknown"


def test_a_foreign_organisation_may_hold_a_number_that_says_it_is_belgian():
    assert enterprise_number("0599.992.906", "LU").digits == "0599992906"
    assert enterprise_number("BE0599992906", "LU").digits == "0599992906"


def test_one_wrong_digit_is_always_caught():
    for place in range(10):
        for digit in "0123456789":
            spoiled = "0832584553"[:place] + digit + "0832584553"[place + 1 :]
            assert (spoiled == "0832584553") == (enterprise_number(spoiled, "BE").digits == spoiled)


def test_two_spellings_of_one_number_are_comparable_and_an_acronym_is_not():
    assert comparable("0425.260.668_27172", "BE") == comparable("BE0425260668", None)
    assert comparable("FI 2183-2199", "FI") == comparable("21832199", "FI") == "FI21832199"
    assert comparable("OTW", "BE") is None


@given(st.text(max_size=20), st.sampled_from([None, "BE", "FR"]))
def test_any_text_gives_ten_digits_or_a_reason_never_both(text, country):
    digits, refused = enterprise_number(text, country)
    assert (digits is None) != (refused is None)
    assert refused is None or refused in REASONS
    assert digits is None or (len(digits) == 10 and digits.isascii() and digits.isdigit())


@given(st.integers(1, 19_999_999))
def test_the_check_digits_are_what_the_crossroads_bank_says(first):
    written = f"{first:08d}{97 - first % 97:02d}"
    assert enterprise_number(written, "BE").digits == written
