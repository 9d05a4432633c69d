"""What was received, kept as it came, and what was read from it: one Parquet file a table."""

from analysis.store.lake import Lake, Part
from analysis.store.raw import HOME, Delivery, File, Store

__all__ = ["HOME", "Delivery", "File", "Lake", "Part", "Store"]
