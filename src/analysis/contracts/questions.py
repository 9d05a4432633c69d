"""The questions of the Flemish Parliament that the workbook answers, in their own words."""

from analysis.contracts.fact_columns import both, facts, text
from analysis.contracts.table import Column, Rule

_QUESTION = {"question": text("Short name, as `pio answer` takes it")}

QUESTIONS = facts(
    "questions",
    row="one written question of the Flemish Parliament",
    key=("question",),
    columns={
        **_QUESTION,
        "number": text("Number of the question in its session"),
        "asked": Column("Day of the question", "day"),
        **both("asked_of", "Ministers who were asked"),
        **both("title", "Title of the question"),
    },
)

QUESTION_POINTS = facts(
    "question_points",
    row="one point of a question, or one paragraph before its points, in its own words",
    key=("question", "point"),
    columns={
        **_QUESTION,
        "point": text("Number and letter of the point, or context-1, context-2, ..."),
        **both("words", "The words of the question"),
    },
    rules=(
        Rule(
            "a point is a number, with a letter or without, or a paragraph before the points",
            r"regexp_full_match(point, '\d[a-z]?|context-\d')",
        ),
    ),
)
