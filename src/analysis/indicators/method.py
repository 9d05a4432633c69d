"""How much the report publishes: its own figures, counted."""

from collections import Counter

from analysis.results import number


def results(rows: list[tuple], *, year: int) -> list[tuple]:
    """Rows of the ledger on the ledger itself, which they do not count.

    method.figures
        Published figures, all and by indicator.
    method.indicators
        Different indicators.
    """
    by_indicator = Counter(row.id for row in rows)
    counts = [("method.figures", "all", len(rows)), ("method.indicators", "all", len(by_indicator))]
    counts += [("method.figures", f"indicator={id}", n) for id, n in sorted(by_indicator.items())]
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
            kind="real",
            inputs="results",
        )
        for id, group, count in counts
    ]
