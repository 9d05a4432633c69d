"""The years that notices are of, and the last one evaluated."""

import duckdb

from analysis.refusal import ReportError
from analysis.store.lake import Lake

YEAR = "year(coalesce(publication_date, dispatch_date))"


def reporting_year(lake: Lake, year: int | None) -> int:
    """The year asked for, or the newest year of which the lake holds a contract award notice.

    Raises
    ------
    ReportError
        If the lake holds no award notice of that year.
    """
    with duckdb.connect() as engine:
        awards = lake.relation(engine, "notices").filter(f"kind = 'award' and {YEAR} is not null")
        years = [found for (found,) in awards.aggregate(f"{YEAR} as y").order("y").fetchall()]
    if years and year in (None, *years):
        return year or years[-1]
    raise ReportError(
        "the year of the report",
        found=f"no contract award notice of {year or 'any year'} in what was given",
        expected=f"one of {', '.join(map(str, years)) or 'at least one year'}",
        do="choose another --year, or add notices with `pio data add`",
    )
