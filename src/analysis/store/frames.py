"""Rows of the engine as pandas frames in which unknown stays unknown."""

import pandas as pd
import pyarrow as pa

_NULLABLE = {
    pa.string(): pd.StringDtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def framed(rows: pa.Table) -> pd.DataFrame:
    """The rows as a frame: string, Int64, Float64 (money too), boolean and datetime64.

    Missing is <NA>, or NaT for a day; a frame without rows has the same kinds of columns.
    """
    fields = [pa.field(field.name, _kept(field.type)) for field in rows.schema]
    return rows.cast(pa.schema(fields)).to_pandas(types_mapper=_NULLABLE.get)


def _kept(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_date(kind):
        return pa.timestamp("us")
    return pa.float64() if pa.types.is_decimal(kind) else kind
