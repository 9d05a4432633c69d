"""The note under a table says what its numbers are, not why others are missing."""

import pandas as pd

from analysis.present import notes

ROW = {
    "definition": "startup-5", "denominator": "awarded-lots", "perimeter": "flemish-public",
    "interval": "bounds", "grade": "D", "kind": "real", "value": 0.2,
}  # fmt: skip
HIDDEN = {**ROW, "denominator": "withheld", "interval": "none", "value": None}


def denominator(*rows: dict) -> str:
    return notes.on(pd.DataFrame(rows))["en"].split("Denominator: ")[1].split(" Perimeter")[0]


def test_why_a_number_is_missing_is_no_denominator() -> None:
    assert denominator(ROW, HIDDEN) == denominator(ROW) == "awarded lots."
    assert (
        "Interval: bounds of what is unknown (not a confidence interval). Evidence"
        in (notes.on(pd.DataFrame([ROW, HIDDEN]))["en"])
    )


def test_a_table_without_any_number_says_why() -> None:
    assert denominator(HIDDEN, HIDDEN) == "withheld."


def test_an_unknown_number_still_has_its_denominator() -> None:
    assert denominator({**ROW, "value": None}) == "awarded lots."
