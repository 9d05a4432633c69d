"""What was received, kept as it came, and what was read from it: one Parquet file a table."""

from analysis.store.extracts import Extract
from analysis.store.lake import Lake
from analysis.store.programme import Programme
from analysis.store.raw import HOME, Delivery, File, Part, Store
from analysis.store.registers import Register, Registers

__all__ = [
    "HOME",
    "Delivery",
    "Extract",
    "File",
    "Lake",
    "Part",
    "Programme",
    "Register",
    "Registers",
    "Store",
]
