"""What was given, what could not be read, what nobody expected, and what the rules met.

data.notices
    Notices read, by era of the form, kind, form and year. Count.
data.rejects
    Files that could not be read, by reason; `rejects.csv` lists them. Count.
data.signals, data.signal_times
    Names or codes that no reader expected, and how often they occur; `signals.csv`. Count.
data.rule_notices, data.rule_lots, data.rule_awards, data.rule_eur
    What each rule of methods 2.4 and 2.5 met; the definition says whether it was applied or only
    counted. Count; EUR.
"""

from collections.abc import Iterator
from functools import partial

import pandas as pd

from analysis.results import number

READ = "notices-read"
BY = ("era", "kind", "form")
_OF_RULES = {"notices": "count", "lots": "count", "awards": "count", "eur": "EUR"}


def coverage(
    notice_cells: pd.DataFrame,
    *,
    rejects: pd.DataFrame,
    signals: pd.DataFrame,
    rule_log: pd.DataFrame,
    kind: str,
    inputs: str,
) -> list[tuple]:
    """Rows of RESULTS for chapter 10.

    Parameters
    ----------
    notice_cells, rejects, signals, rule_log : keep NOTICE_CELLS, REJECTS, SIGNALS, RULE_LOG
    kind, inputs : what they rest on, as in RESULTS

    Returns
    -------
    list of rows: data.notices by era, kind, form and year; data.rejects by reason; data.signals
    (names) and data.signal_times by era; data.rule_notices, _lots, _awards and _eur by rule.
    """
    whole = _whole(notice_cells)
    row = partial(number, chapter="10", perimeter=READ, kind=kind, inputs=inputs)
    return [
        *_notices(row, notice_cells, whole),
        *_rejects(row, rejects, whole),
        *_signals(row, signals, whole),
        *_rules(row, rule_log, whole),
    ]


def _notices(row: partial, cells: pd.DataFrame, whole: str) -> Iterator[tuple]:
    def told(period: object, group: str, count: int) -> tuple:
        return _counted(row, "data.notices", period, group, count, of="notices")

    yield told(whole, "all", _sum(cells["notices"]))
    for name in BY:
        for group, count in cells.groupby(name, sort=True)["notices"].sum().items():
            yield told(whole, f"{name}={group}", count)
    for year, count in cells.groupby("year", sort=True)["notices"].sum().items():
        yield told(year, "all", count)
    for year, of_year in cells.groupby("year", sort=True):
        for era, count in of_year.groupby("era", sort=True)["notices"].sum().items():
            yield told(year, f"era={era}", count)


def _rejects(row: partial, rejects: pd.DataFrame, whole: str) -> Iterator[tuple]:
    yield _counted(row, "data.rejects", whole, "all", len(rejects), of="files")
    for reason, count in rejects.groupby("reason", sort=True).size().items():
        yield _counted(row, "data.rejects", whole, f"reason={reason}", count, of="files")


def _signals(row: partial, signals: pd.DataFrame, whole: str) -> Iterator[tuple]:
    names = signals.groupby(["era", "place", "found"], as_index=False)["times"].sum()
    parts = [("all", names), *((f"era={era}", part) for era, part in names.groupby("era"))]
    for group, part in parts:
        yield _counted(row, "data.signals", whole, group, len(part), of="names")
        times = _sum(part["times"])
        yield _counted(row, "data.signal_times", whole, group, times, of="occurrences")


def _rules(row: partial, log: pd.DataFrame, whole: str) -> Iterator[tuple]:
    """What each rule met; the definition says whether it was applied or only counted."""
    for rule in log.sort_values("rule").to_dict("records"):
        for column, unit in _OF_RULES.items():
            yield row(
                f"data.rule_{column}",
                period=whole,
                group=f"rule={rule['rule']}",
                definition="rule-applied" if rule["on"] else "rule-only-counted",
                value=rule[column],
                unit=unit,
                n=int(rule["eur_known" if column == "eur" else column]),
                denominator="awards" if column == "eur" else column,
                unknown=int(rule["awards"] - rule["eur_known"]) if column == "eur" else 0,
            )


def _counted(row: partial, id: str, period: object, group: str, count: int, *, of: str) -> tuple:
    return row(
        id,
        period=period,
        group=group,
        definition="counted",
        value=int(count),
        unit="count",
        n=int(count),
        denominator=of,
    )


def _whole(cells: pd.DataFrame) -> str:
    years = cells["year"].dropna()
    if years.empty:
        return "unknown"
    return f"{years.min()}-{years.max()}"


def _sum(counts: pd.Series) -> int:
    return int(counts.sum())
