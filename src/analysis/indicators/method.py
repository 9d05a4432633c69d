"""How much the report publishes: its own figures, counted."""

from itertools import groupby
from typing import Any

from analysis.results import number


def results(rows: list[Any], *, year: int) -> list[tuple]:
    """Rows of the ledger on the ledger itself, which they do not count.

    method.indicators, method.figures
        Different indicators, and figures published of them, all and by theme.
    """
    counts = [("all", rows)]
    counts += [
        (f"theme={theme}", list(of)) for theme, of in groupby(sorted(rows, key=_theme), key=_theme)
    ]
    return [
        number(
            id,
            chapter="90",
            period=year,
            group=group,
            definition="report-ledger",
            perimeter="report",
            value=count,
            unit="count",
            n=count,
            denominator="results",
            kind="published",
            inputs="results",
        )
        for group, some in counts
        for id, count in (
            ("method.indicators", len({row.id for row in some})),
            ("method.figures", len(some)),
        )
    ]


def _theme(row: Any) -> str:
    return str(row.id).split(".")[0]
