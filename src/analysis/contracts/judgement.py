"""By what an indicator is judged: targets, the year to compare with, limits; with their owners."""

from analysis.contracts.fact_columns import LABEL, both, facts, maybe, text
from analysis.contracts.table import Rule

CRITERIA = ("target", "baseline-year", "limit", "limit-firm", "limit-tentative")

JUDGEMENT = facts(
    "judgement",
    row="one criterion by which an indicator is judged, and who is its owner",
    key=("indicator", "criterion"),
    columns={
        "indicator": text("Id of the indicator in the ledger, or all"),
        "criterion": text("What the number is used for", CRITERIA),
        "value": maybe("The number in its unit; missing: no norm was set or found", "number"),
        "unit": text("Unit of the number as in the ledger, or year, trl, novelty, month"),
        **both("owner", "Who sets it, or could set it"),
        **LABEL,
    },
    rules=(Rule("only a target may be without a number", "criterion = 'target' or value >= 0"),),
    found="criterion = 'target' and value is not null",
)
