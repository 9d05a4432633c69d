"""How the tests of the published facts read the real files and find one row of the ledger."""

from functools import cache
from pathlib import Path

import pandas as pd

from analysis import results
from analysis.sources import facts

RAW = Path(__file__).resolve().parents[1] / "data" / "raw"


@cache
def published():
    """The published facts; who uses them leaves them as they are."""
    return facts.read(RAW)


def ledger(indicators) -> pd.DataFrame:
    return results.ledger(indicators.results(published()))


def only(rows: pd.DataFrame, **cells: str) -> pd.Series:
    """Return the one row with these cells; `id` is given as `id=`."""
    for name, cell in cells.items():
        rows = rows[rows[name] == cell]
    assert len(rows) == 1, f"{len(rows)} rows with {cells}"
    return rows.iloc[0]
