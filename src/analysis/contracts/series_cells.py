"""What buyers awarded month by month, by who governs them and where they are: for the series."""

from analysis.contracts.table import Column, Rule, Table

FLEMISH, OTHER_BELGIAN, ELSEWHERE = "flemish-public", "other-belgian", "elsewhere"
FLANDERS, NOWHERE = "flanders", "none"
ABOVE, BELOW, UNKNOWN = "above", "below", "unknown"


def _count(about: str) -> Column:
    return Column(about, "whole", "count")


def _weight(about: str) -> Column:
    return Column(about, "number", "winners")


SERIES_CELLS = Table(
    name="series_cells",
    row="the lots of one group of buyers, region and side of the threshold, awarded in one month",
    key=("month", "group", "region", "threshold"),
    columns={
        "month": Column("Months of the lots since January of the year 0", "whole"),
        "group": Column(
            "Whether the buyers are Flemish public ones; not known: elsewhere",
            "text",
            values=(FLEMISH, OTHER_BELGIAN, ELSEWHERE),
        ),
        "region": Column(
            "flanders, or the NUTS 1 code of another region; none: not known, or a Flemish public "
            "buyer outside Flanders",
            "text",
        ),
        "threshold": Column(
            "Value against the EU threshold", "text", values=(ABOVE, BELOW, UNKNOWN)
        ),
        "lots": _count("Awarded lots that PIO did not co-finance"),
        "flagged": _count("Of those, with a sign of research, development or innovation"),
        "works": _count("Of those, of works (CPV 45)"),
        "services": _count("Of those, of services (CPV 50 and above)"),
        "sme_yes": _count("Of those, with an SME among the winners"),
        "sme_no": _count("Of those, with none"),
        "startup_yes": _weight("Winners that are a start-up by the headline definition"),
        "startup_no": _weight("Winners that are none"),
        "startup_unknown": _weight("Winners of which it is not known"),
    },
    rules=(
        Rule(
            "no part exceeds its whole",
            "flagged <= lots and works + services <= lots and sme_yes + sme_no <= lots",
        ),
    ),
)
