"""The rest of the Flemish market as small tables, to hold PIO's contracts against."""

from analysis.contracts.notices import PROCEDURES
from analysis.contracts.table import Column, Rule, Table

TENDER_CELLS = Table(
    name="tender_cells",
    row="awarded lots of Flemish public buyers that share year, procedure and CPV division",
    key=("year", "procedure", "cpv_division"),
    columns={
        "year": Column("Year of the lot", "whole"),
        "procedure": Column("Procedure", "text", values=PROCEDURES),
        "cpv_division": Column("First two digits of the lot's main CPV code", "text"),
        "lots": Column("Lots with a known number of bids", "whole", "count"),
        "bids": Column("Bids received for these lots", "whole", "count"),
    },
    rules=(Rule("an awarded lot had at least one bid", "bids >= lots and lots > 0"),),
)

LATER_AWARDS = Table(
    name="later_awards",
    row="one day on which a company won lots of Flemish public buyers",
    key=("company_id", "on_date"),
    columns={
        "company_id": Column("Enterprise number, ten digits without dots", "text"),
        "on_date": Column("Day of the award", "day"),
    },
)

EXITS = Table(
    name="exits",
    row="one company that stopped",
    key=("company_id",),
    columns={
        "company_id": Column("Enterprise number, ten digits without dots", "text"),
        "gone": Column("First day on which the register no longer has it", "day"),
    },
)
