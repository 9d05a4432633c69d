"""The ledger: one row per published number."""

from analysis.contracts.table import Column, Rule, Table

INTERVALS = ("bounds", "sampling", "none")
KINDS = ("real", "sample", "simulated", "published")
GRADES = ("A", "B", "C", "D", "E")

RESULTS = Table(
    name="results",
    row="one published number",
    key=("id", "period", "group", "definition", "perimeter"),
    columns={
        "id": Column("The indicator, e.g. competition.single_bid_share", "text"),
        "chapter": Column("Number of the chapter that publishes it, e.g. 15", "text"),
        "version": Column("Version of the indicator; rises when its meaning changes", "whole"),
        "period": Column("Year or years the number speaks of, e.g. 2020 or 2011-2025", "text"),
        "group": Column("Part of the perimeter, e.g. country=BE, or all", "text"),
        "definition": Column("The definition used; its text is in the catalogue", "text"),
        "perimeter": Column("Whose contracts; its text is in the catalogue", "text"),
        "value": Column(
            "The number; missing when it cannot be known", "number", may_be_missing=True
        ),
        "low": Column("Lower end of the interval", "number", may_be_missing=True),
        "high": Column("Upper end of the interval", "number", may_be_missing=True),
        "interval": Column("What the interval is about", "text", values=INTERVALS),
        "unit": Column("EUR, share (0-1), count, day (yyyymmdd), ...", "text"),
        "n": Column("Units the value rests on", "whole", unit="count", may_be_missing=True),
        "denominator": Column("What those units are; its text is in the catalogue", "text"),
        "unknown": Column(
            "Units whose answer is not known", "whole", unit="count", may_be_missing=True
        ),
        "grade": Column("Evidence grade; it limits the verbs of a sentence", "text", values=GRADES),
        "kind": Column("What the number rests on", "text", values=KINDS),
        "inputs": Column("Sources with the first digits of their sha256", "text"),
    },
    rules=(
        Rule("low is at most high", "low <= high"),
        Rule("the value lies between low and high", "value between low - 1e-9 and high + 1e-9"),
        Rule(
            "an interval has two ends, none has no end",
            "case interval when 'none' then low is null and high is null "
            "else low is not null and high is not null end",
        ),
        Rule("a share lies between 0 and 1", "unit <> 'share' or value between 0 and 1"),
        Rule(
            "no identification is empty",
            'least(length(id), length(period), length("group"), length(definition), '
            "length(perimeter), length(denominator), length(inputs)) > 0",
        ),
    ),
)
