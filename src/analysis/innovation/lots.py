"""How many awarded lots of Belgian notices carry each signal of innovation, by year."""

import duckdb
import pandas as pd

from analysis.innovation.signals import SIGNALS, of_lots
from analysis.innovation.words import without_boilerplate


def lot_signals(
    kept: duckdb.DuckDBPyRelation, lots: duckdb.DuckDBPyRelation, pio: pd.DataFrame
) -> pd.DataFrame:
    """Count awarded lots by year and signal.

    Parameters
    ----------
    kept : LOT_RESULTS, as the notice rules left them
    lots : LOTS
    pio : rows of pio_contracts; without rows the list is not known

    Returns
    -------
    year, signal, lots (all awarded ones of the year), known (of which the signal is yes or no) and
    yes, sorted by year and in the order of SIGNALS.
    """
    awarded = "outcome = 'awarded' and country = 'BE' and year is not null"
    told = (
        kept.filter(awarded)
        .project("notice_id, document, lot_id, year, procedure, buyer")
        .set_alias("kept_")
        .join(
            lots.project("notice_id, document, lot_id, title, cpv, strategic, innovation"),
            "notice_id, document, lot_id",
            how="left",
        )
        .project("notice_id, year, procedure, buyer, title, cpv, strategic, innovation")
        .df()
    )
    titles = without_boilerplate(told["title"], told["buyer"])
    found = of_lots(told.assign(title=titles), pio)
    counts = [
        (int(year), signal, len(own), int(own.notna().sum()), int(own.sum()))
        for signal in SIGNALS
        for year, own in found[signal].groupby(told["year"].astype(int), sort=True)
    ]
    table = pd.DataFrame(counts, columns=["year", "signal", "lots", "known", "yes"])
    return table.sort_values("year", kind="stable", ignore_index=True)
