"""What others recommended, where the report follows it up, and what no page was found to state."""

from analysis.contracts.fact_columns import LABEL, PERIOD, both, facts, text
from analysis.contracts.table import Column

RECOMMENDATIONS = facts(
    "recommendations",
    row="one recommendation or finding of others, and where this report follows it up",
    key=("item",),
    columns={
        "item": text("Short name"),
        **PERIOD,
        **LABEL,
        **both("addressee", "Who was asked"),
        **both("follow_up", "Where this report follows it up"),
    },
    found="source <> 'not-found'",
)

NOT_FOUND = facts(
    "not_found",
    row="one thing that a yearly evaluation needs and that no public page was found to state",
    key=("item",),
    columns={"item": Column("Number", "whole"), "topic": text("Where it belongs"), **LABEL},
    found="false",
)
