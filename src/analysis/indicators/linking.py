"""How well winners are linked to companies, and what the rules on false births met.

link.precision
    Right links over links made, on labelled invented cases that were not used for tuning, with the
    Wilson interval. Share.
link.recall
    Cases that fit one company and were linked to it over cases that fit one. Share.
data.birth_rule_met, data.birth_rule_not_met, data.birth_rule_unknown
    Companies that meet a rule on false births (methods 2.4), do not, or cannot be told. Count.
"""

from collections.abc import Iterator
from functools import partial
from importlib import resources
from typing import Any

import pandas as pd

from analysis.inference.intervals import wilson
from analysis.results import number
from analysis.yaml_text import read_yaml

RECORD = "linkage_quality.yml"
_COUNTS = ("met", "not_met", "unknown")
# Of each quality: what is counted right, of what, and the words for these.
_QUALITIES = {
    "link.precision": ("right_links", "links", "links-made"),
    "link.recall": ("found", "fit_one_company", "cases-that-fit-one-company"),
}


def linking(births_log: pd.DataFrame, *, kind: str, inputs: str) -> list[tuple]:
    """Rows of RESULTS for the data chapter.

    Parameters
    ----------
    births_log : what `companies.births` logged, one row a rule
    kind, inputs : what that rests on, as in RESULTS

    Returns
    -------
    list of rows; the quality of linkage is that of the committed record, on invented cases.
    """
    row = partial(number, chapter="10")
    record = read_yaml(resources.files("analysis.companies").joinpath(RECORD).read_text("utf-8"))
    return [*_quality(row, record), *_births(row, births_log, kind=kind, inputs=inputs)]


def _quality(row: partial, record: dict[str, Any]) -> Iterator[tuple]:
    """Precision and recall on the seed that was not used for tuning, with Wilson intervals."""
    found = record["report"]
    for id, (part, whole, denominator) in _QUALITIES.items():
        low, high = wilson(found[part], found[whole])
        yield row(
            id,
            period="undated",
            definition="labelled-invented-cases",
            perimeter="invented-register",
            value=found[part] / found[whole],
            low=low,
            high=high,
            interval="sampling",
            unit="share",
            n=found[whole],
            denominator=denominator,
            kind="simulated",
            inputs=f"{RECORD}, seed {record['seeds']['report']}",
        )


def _births(row: partial, log: pd.DataFrame, **rests_on: str) -> Iterator[tuple]:
    for rule in log.sort_values("rule").to_dict("records"):
        for name in _COUNTS:
            yield row(
                f"data.birth_rule_{name}",
                period="undated",
                group=f"birth_rule={rule['rule']}",
                definition="rule-applied" if rule["on"] else "rule-only-counted",
                perimeter="notices-given",
                value=rule[name],
                unit="count",
                n=int(rule[name]),
                denominator="companies",
                **rests_on,
            )
