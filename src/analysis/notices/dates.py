"""D01: the day of a lot's award, and which day that is."""

from collections.abc import Mapping

import narwhals.stable.v2 as nw

from analysis.notices.stages import LOT, NOTICE

# A day outside these limits is taken as not stated: years before TED's award forms, the placeholder
# that publishers invent, days long after or before the notice that reports them.
FIRST_YEAR = 2000
PLACEHOLDER = "20000101"
AFTER, BEFORE = "31d", "-5y"


def lot_dates(tables: Mapping[str, nw.LazyFrame]) -> nw.LazyFrame:
    """Return date, date_rule and implausible (a stated day was not believed), one row a lot.

    The contract's day, else the decision's, else the day of dispatch, else of publication; the
    earliest where a lot has several contracts.
    """
    notices = tables["notices"].select(*NOTICE, "dispatch_date", "publication_date")
    dated = (
        tables["awards"]
        .join(notices, on=NOTICE)
        .with_columns(told=nw.coalesce("publication_date", "dispatch_date"))
        .with_columns(contract=_plausible("contract_date"), decision=_plausible("decision_date"))
        .with_columns(
            refused=(nw.col("contract").is_null() & ~nw.col("contract_date").is_null())
            | (nw.col("decision").is_null() & ~nw.col("decision_date").is_null())
        )
    )
    days = ["contract", "decision", "dispatch_date", "publication_date"]
    return (
        dated.group_by(LOT)
        .agg(*(nw.col(day).min() for day in days), implausible=nw.col("refused").any())
        .select(*LOT, "implausible", date=nw.coalesce(*days), date_rule=_first_stated(days))
    )


def _plausible(name: str) -> nw.Expr:
    day, told = nw.col(name), nw.col("told")
    fits = (
        (day.dt.year() >= FIRST_YEAR)
        & (day.dt.to_string("%Y%m%d") != PLACEHOLDER)
        & (day <= told.dt.offset_by(AFTER)).fill_null(True)
        & (day >= told.dt.offset_by(BEFORE)).fill_null(True)
    )
    return nw.when(fits).then(day)


def _first_stated(days: list[str]) -> nw.Expr:
    """Name the first of `days` that is stated."""
    named: nw.Expr = nw.lit("unknown")
    for day in reversed(days):
        rule = day.removesuffix("_date")
        named = nw.when(~nw.col(day).is_null()).then(nw.lit(rule)).otherwise(named)
    return named
