"""Bring a small table of the engine into memory."""

import pandas as pd
import pyarrow as pa

from analysis.contracts import Table, keep
from analysis.contracts.table import ARROW

_PANDAS = {
    ARROW["text"]: pd.StringDtype(),
    ARROW["whole"]: pd.Int64Dtype(),
    ARROW["number"]: pd.Float64Dtype(),
    ARROW["flag"]: pd.BooleanDtype(),
}


def held(rows: pa.Table, table: Table) -> pd.DataFrame:
    """The rows as a pandas frame in the kinds and the order of their contract, which they keep."""
    arrow = keep(rows.select(list(table.columns)).cast(table.schema), table)
    arrow = arrow.sort_by([(name, "ascending") for name in table.key])
    return arrow.to_pandas(types_mapper=_PANDAS.get)
