"""Every canonical table: what one row is, its columns with type and unit, and its rules."""

from analysis.contracts.notices import AWARDS, BIDS, LOTS, NOTICES, ORGANISATIONS
from analysis.contracts.reading import REJECTS, SIGNALS
from analysis.contracts.results import RESULTS
from analysis.contracts.table import Column, Rule, Table, keep

NOTICE_TABLES = (NOTICES, LOTS, AWARDS, BIDS, ORGANISATIONS)
LAKE_TABLES = (*NOTICE_TABLES, REJECTS, SIGNALS)

__all__ = [
    "AWARDS",
    "BIDS",
    "LAKE_TABLES",
    "LOTS",
    "NOTICES",
    "NOTICE_TABLES",
    "ORGANISATIONS",
    "REJECTS",
    "RESULTS",
    "SIGNALS",
    "Column",
    "Rule",
    "Table",
    "keep",
]
