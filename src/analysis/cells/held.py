"""Bring a small table of the engine into memory."""

import pandas as pd
import pyarrow as pa

from analysis.contracts import Table, keep

_PANDAS = {"text": "string", "whole": "Int64", "number": "Float64", "flag": "boolean"}


def held(rows: pa.Table, table: Table) -> pd.DataFrame:
    """The rows as a pandas frame in the kinds and the order of their contract, which they keep."""
    arrow = rows.select(list(table.columns)).cast(table.schema)
    kinds = {name: _PANDAS[c.kind] for name, c in table.columns.items() if c.kind in _PANDAS}
    frame = arrow.to_pandas(types_mapper=None, integer_object_nulls=True).astype(kinds)
    return keep(frame.sort_values(list(table.key), ignore_index=True), table)
