"""Numbers of others, which ours are: every row of docs/validation.md."""

from functools import cache

import pytest
import validated

FIXTURES = validated.collected()


@cache
def found(name):
    return validated.row(name, FIXTURES[name])


@pytest.mark.parametrize("name", FIXTURES)
def test_ours_is_the_number_that_others_print(name):
    row = found(name)
    assert row.agrees, f"printed {row.printed}, ours {row.ours}, tolerance {row.tolerance}"


def test_the_page_is_what_the_generator_writes():
    written = validated.PAGE.read_text(encoding="utf-8")
    assert written == validated.page([found(name) for name in FIXTURES]), (
        "run `python -m tests.validated`"
    )


def test_the_page_says_that_a_number_is_not_ours():
    row = validated.row("9.1 a|b", ((0.5, 1.25), 2, lambda: (0.5, 1.26)))
    assert not row.agrees
    assert validated.page([row]).endswith(
        "| 9.1 | a\\|b | 0.50; 1.25 | 0.50; 1.26 | 2 decimals | **no** |\n"
    )


@pytest.mark.parametrize(
    ("ours", "tolerance", "agrees"),
    [
        (1.2349, 2, True),
        (1.2251, 2, True),
        (1.2249, 2, False),
        (1.24, 0.01, True),
        (1.2401, 0.01, False),
        (float("nan"), 2, False),
    ],
)
def test_decimals_are_rounded_and_distances_measured(ours, tolerance, agrees):
    assert validated.row("9 x", (1.23, tolerance, lambda: ours)).agrees is agrees


def test_one_number_for_two_does_not_agree():
    assert not validated.row("9 x", ((1.0, 2.0), 2, lambda: 1.0)).agrees
