"""Every canonical table: what one row is, its columns with type and unit, and its rules."""

from analysis.contracts.access import ANSWERS, BUYERS, LINKS, MEMBERS, TENDERERS
from analysis.contracts.companies import (
    ACTIVITIES,
    ADDRESSES,
    COMPANIES,
    COMPANY_TABLES,
    LIFESPANS,
    NAMES,
    SIZES,
    UNITS,
)
from analysis.contracts.notices import AWARDS, BIDS, LOTS, NOTICES, ORGANISATIONS
from analysis.contracts.reading import REJECTS, SIGNALS
from analysis.contracts.results import RESULTS
from analysis.contracts.table import Column, Rule, Table, keep, shared_engine

NOTICE_TABLES = (NOTICES, LOTS, AWARDS, BIDS, ORGANISATIONS)
LAKE_TABLES = (*NOTICE_TABLES, REJECTS, SIGNALS)

__all__ = [
    "ACTIVITIES",
    "ADDRESSES",
    "ANSWERS",
    "AWARDS",
    "BIDS",
    "BUYERS",
    "COMPANIES",
    "COMPANY_TABLES",
    "LAKE_TABLES",
    "LIFESPANS",
    "LINKS",
    "LOTS",
    "MEMBERS",
    "NAMES",
    "NOTICES",
    "NOTICE_TABLES",
    "ORGANISATIONS",
    "REJECTS",
    "RESULTS",
    "SIGNALS",
    "SIZES",
    "TENDERERS",
    "UNITS",
    "Column",
    "Rule",
    "Table",
    "keep",
    "shared_engine",
]
