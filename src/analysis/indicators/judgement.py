"""By what the indicators of chapter 41 are judged: targets, the baseline, limits; with owners.

They are data (data/raw/judgement), so that who decides on a target can fill it in. Where no target
was set or found there is none: nothing is put in its place.

judgement.target
    One row an indicator; group `indicator=<id>`. Missing, denominator `no-norm`: there is none.
judgement.baseline
    Last day of the year that values are compared with, yyyymmdd.
judgement.limit
    What this workbook chose itself; group `indicator=<id>`, definition the kind of limit.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from analysis.indicators.access_parts import records
from analysis.refusal import SourceError
from analysis.results import number
from analysis.sources.facts import Facts


def results(facts: Mapping[str, Facts]) -> list[tuple]:
    """Rows of the ledger on the criteria; `facts` are the tables of `sources.facts.read`."""
    criteria = facts["judgement"]
    row = partial(
        number,
        chapter="41",
        period="undated",
        perimeter="flemish-public",
        n=None,
        unknown=None,
        kind="published",
        inputs=criteria.inputs,
    )
    return [_row(one, row) for one in records(criteria.rows)]


def limit(facts: Mapping[str, Facts], indicator: str, criterion: str = "limit") -> float:
    """The number of one criterion.

    Raises
    ------
    SourceError
        If the table of criteria does not have it.
    """
    rows = facts["judgement"].rows
    found = rows[(rows["indicator"] == indicator) & (rows["criterion"] == criterion)]["value"]
    if len(found) == 1 and not pd.isna(found.iloc[0]):
        return float(found.iloc[0])
    raise SourceError(
        "data/raw/judgement/judgement.csv",
        found=f"no {criterion} of {indicator}",
        expected="one row with a number",
        do="restore the row",
    )


def baseline(facts: Mapping[str, Facts]) -> int:
    """The year whose end values are compared with."""
    return int(limit(facts, "all", "baseline-year"))


def _row(one: dict[str, Any], row: partial) -> tuple:
    value = None if pd.isna(one["value"]) else float(one["value"])
    at = {"group": f"indicator={one['indicator']}", "definition": one["criterion"]}
    if one["criterion"] == "baseline-year":
        at = {"definition": "baseline-year"}
        day = None if value is None else int(value) * 10_000 + 1231
        return row("judgement.baseline", value=day, unit="day", denominator="as-published", **at)
    if one["criterion"] != "target":
        at["denominator"] = "as-published"
        return row("judgement.limit", value=value, unit=one["unit"], **at)
    at["denominator"] = "no-norm" if value is None else "as-published"
    return row("judgement.target", value=value, unit=one["unit"], **at)
