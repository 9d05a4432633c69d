"""What procedures become when they are small: lots, kinds, days from call to award, firms."""

from analysis.contracts.access import CLASSES, ORIGINS
from analysis.contracts.access_cells import FLAGS
from analysis.contracts.notices import PROCEDURES
from analysis.contracts.table import Column, Rule, Table

_YEAR = Column("Year of the first lot of the procedure", "whole", may_be_missing=True)
_JOURNAL = Column("A notice of it carries a number of the Official Journal", "flag")


def _count(about: str) -> Column:
    return Column(about, "whole", "count")


PROCEDURE_KEYS = {
    "year": _YEAR,
    **FLAGS,
    "in_journal": _JOURNAL,
    "procedure": Column("Procedure", "text", may_be_missing=True, values=PROCEDURES),
}
PROCEDURE_CELLS = Table(
    name="procedure_cells",
    row="procedures of kept award notices that share year, perimeters, Official Journal and kind",
    key=tuple(PROCEDURE_KEYS),
    columns=PROCEDURE_KEYS
    | {
        "procedures": _count("Procedures; award notices of one procedure count once"),
        "divided": _count("Of those, divided into lots"),
        "lots": _count("Lots that their award notices describe"),
    },
    rules=(Rule("a procedure has a lot, a divided one may show one", "procedures <= lots"),),
)

WAIT_KEYS = {
    "year": Column("Year of the award", "whole", may_be_missing=True),
    **FLAGS,
    "in_journal": _JOURNAL,
    "days": Column(
        "Days from the call to the award; missing where the two are not joined",
        "whole",
        may_be_missing=True,
    ),
}
WAIT_CELLS = Table(
    name="wait_cells",
    row="awarded procedures that share year, perimeters, Official Journal and days to the award",
    key=tuple(WAIT_KEYS),
    columns=WAIT_KEYS | {"procedures": _count("Procedures with a stated day of award")},
)

CLASS_CELLS = Table(
    name="class_cells",
    row="winners of awarded lots, no framework agreements, that share perimeters, origin and kind",
    key=(*FLAGS, "origin", "firm_class"),
    columns=FLAGS
    | {
        "origin": Column("Where the seat is", "text", values=ORIGINS),
        "firm_class": Column("What kind of firm it is", "text", values=CLASSES),
        "winners": _count("Winners of lots"),
        "without_value": _count("Of those, of lots without a usable value"),
        "eur": Column("Euros won; no VAT", "money", "EUR"),
    },
    rules=(Rule("no part exceeds its whole", "without_value <= winners"),),
)
