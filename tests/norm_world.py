"""Small contract registers and audits by hand: what is not stated is ordinary."""

import pandas as pd

from analysis.contracts.intake import TABLES
from analysis.indicators.given import Given, Origin
from analysis.store.frames import framed

_FILES = (("invented.xlsx", "ab" * 32),)
_KINDS = {
    "text": "string", "flag": "boolean", "money": "Float64", "number": "Float64",
    "whole": "Int64", "day": "datetime64[us]",
}  # fmt: skip


def table(name, rows):
    """A table of the intake as `Given` holds it; cells that a row does not state are missing."""
    if not rows:
        return framed(TABLES[name].arrow([]))
    columns = TABLES[name].columns
    frame = pd.DataFrame(rows).reindex(columns=list(columns))
    return frame.astype({column: _KINDS[shape.kind] for column, shape in columns.items()})


def contract(number, euros=100.0, mark=False, **stated):
    """One contract of 2020 with the same estimated and awarded value."""
    ordinary = {
        "contract": str(number), "buyer": "0200000001", "date": "2020-06-01",
        "title": "levering van laptops", "cpv": "30200000", "procedure": "open",
        "estimated_eur": euros, "awarded_eur": euros, "framework": False, "innovation": mark,
    }  # fmt: skip
    return ordinary | stated


def verdicts(number, *said, chance=1.0, stratum="0"):
    """One contract judged by coders A, B, ... in turn."""
    return [
        {"contract": str(number), "coder": coder, "verdict": verdict, "stratum": stratum,
         "chance": chance}
        for coder, verdict in zip("ABCDE", said, strict=False)
    ]  # fmt: skip


def given(register=(), audit=(), pio=(), kind="simulated"):
    """Everything delivered; a table without rows was not."""
    rows = {
        "contract_register": list(register),
        "audit_sample": list(audit),
        "pio_contracts": list(pio),
    }
    tables = {name: table(name, rows.get(name, [])) for name in TABLES}
    origins = {name: Origin(kind, _FILES) for name, there in rows.items() if there}
    return Given(2025, tables, origins, pd.DataFrame(), pd.DataFrame(), {})
