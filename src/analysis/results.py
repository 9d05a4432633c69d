"""The ledger: the one place that every published number passes through."""

import hashlib
import math
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis.contracts import RESULTS, keep
from analysis.contracts.table import ARROW

_MISSING = ""


def number(
    id: str,
    *,
    chapter: str,
    period: object,
    definition: str,
    perimeter: str,
    value: object,
    unit: str,
    n: int | None,
    denominator: str,
    kind: str,
    inputs: str,
    group: str = "all",
    low: object = None,
    high: object = None,
    interval: str = "none",
    unknown: int | None = 0,
    grade: str = "D",
    version: int = 1,
) -> tuple:
    """One row of RESULTS. Arguments are its columns; see analysis/contracts/results.py."""
    return RESULTS.Row(
        id=id,
        chapter=chapter,
        version=version,
        period=str(period),
        group=group,
        definition=definition,
        perimeter=perimeter,
        value=_real(value),
        low=_real(low),
        high=_real(high),
        interval=interval,
        unit=unit,
        n=n,
        denominator=denominator,
        unknown=unknown,
        grade=grade,
        kind=kind,
        inputs=inputs,
    )


def ledger(rows: Iterable[tuple]) -> pd.DataFrame:
    """Return the rows as one RESULTS table in the order of its key, contract kept."""
    table = RESULTS.arrow(list(rows)).to_pandas(types_mapper=_NULLABLE.get)
    return keep(table.sort_values(list(RESULTS.key), ignore_index=True), RESULTS)


def write(results: pd.DataFrame, path: Path) -> None:
    """Write the ledger as CSV: UTF-8, one line feed a row, numbers that read back the same."""
    results.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def read(path: Path) -> pd.DataFrame:
    """Read a ledger that `write` wrote, contract kept."""
    text = pd.read_csv(path, dtype="string", keep_default_na=False, encoding="utf-8")
    kinds = {name: _PANDAS[column.kind] for name, column in RESULTS.columns.items()}
    missing = text.mask(text == _MISSING)
    return keep(missing.astype(kinds), RESULTS)


def inputs(deliveries: Iterable[tuple[str, str]]) -> str:
    """Deliveries (name, sha256) in one word: the name of a single one, digits of all digests."""
    named, digests = zip(*sorted(deliveries), strict=True)
    digest = hashlib.sha256("\n".join(digests).encode()).hexdigest()
    return f"{named[0] if len(named) == 1 else f'{len(named)}-deliveries'}@{digest[:12]}"


def _real(value: object) -> float | None:
    if value is None or value is pd.NA:
        return None
    real = float(value)  # type: ignore[arg-type]
    return None if math.isnan(real) else real


_PANDAS = {"text": "string", "whole": "Int64", "number": "Float64"}
_NULLABLE = {
    ARROW[kind]: pd.api.types.pandas_dtype(dtype)  # type: ignore[call-overload]
    for kind, dtype in _PANDAS.items()
}
