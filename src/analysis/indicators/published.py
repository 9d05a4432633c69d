"""A published figure as a row of the ledger, the way every theme prints one.

`part` becomes the group; variant and comparator become the definition (`published-more-than`);
percent becomes a share; what is undated has the period `undated`.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis.results import number
from analysis.sources.facts import Facts

UNITS = {"EUR": "EUR", "percent": "share", "count": "count", "days": "days"}
_PERIMETERS = {"BE": "belgium", "EU": "eu", "target": "eu"}


def figure_rows(figures: Facts, *, theme: str, chapter: str, perimeter: str) -> Iterator[tuple]:
    """Give one row of the ledger for every figure, as `theme.item`.

    `perimeter` is for figures whose part names no country: those of Belgium and of the EU
    have their own.
    """
    figure: Any
    for figure in figures.rows.itertuples():
        yield number(
            f"{theme}.{figure.item}",
            chapter=chapter,
            period=ledger_period(figure.period),
            group="all" if figure.part == "all" else f"part={figure.part}",
            definition=_binding(figure.variant, figure.comparator),
            perimeter=_PERIMETERS.get(figure.part.split("-")[0], perimeter),
            value=ledger_value(figure.value, figure.unit),
            unit=UNITS[figure.unit],
            n=None,
            denominator="as-published",
            unknown=None,
            kind="published",
            inputs=figures.inputs,
        )


def ledger_period(published: str | None) -> str:
    """Give the period of a fact as the ledger writes it, e.g. 2008-2014 or undated."""
    return "undated" if pd.isna(published) else str(published).replace("/", "-")


def ledger_value(published: Decimal | None, unit: str) -> Decimal | None:
    """Give a published value in the unit of the ledger; missing stays missing."""
    if published is None:
        return None
    return published / 100 if unit == "percent" else published


def _binding(variant: str, comparator: str) -> str:
    return variant if comparator == "equal" else f"{variant}-{comparator}"
