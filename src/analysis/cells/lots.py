"""Counts and euros of lots and notices: the cells of competition and of coverage."""

import narwhals.stable.v2 as nw
import pandas as pd

from analysis.cells.held import held
from analysis.contracts import Table
from analysis.contracts.cells import CELL_KEYS, CELLS, NOTICE_CELLS
from analysis.notices.stages import LOT, lazy


def cells(lots: object, winners: object) -> pd.DataFrame:
    """Count and add up lots by year, era, country, buyer type, procedure, nature, value and bids.

    Parameters
    ----------
    lots, winners : relations that keep LOT_RESULTS and WINNERS; never pandas frames

    Returns
    -------
    pandas frame that keeps CELLS, sorted by its key; euros are Decimal
    """
    weights = lazy(winners).group_by(LOT).agg(weight=nw.col("lot_weight").sum())
    rows = lazy(lots).join(weights, on=LOT, how="left").with_columns(**_measures())
    measures = [name for name in CELLS.columns if name not in CELL_KEYS]
    sums = rows.group_by(list(CELL_KEYS)).agg(nw.col(*measures).sum())
    # Thirds do not add up in the same way in every order of the rows.
    return _held(sums.with_columns(nw.col("weight").round(9)), CELLS)


def notice_cells(notices: object) -> pd.DataFrame:
    """Count notice documents by year, era, kind, form and being published, before any rule.

    Parameters
    ----------
    notices : relation that keeps NOTICES

    Returns
    -------
    pandas frame that keeps NOTICE_CELLS, sorted by its key
    """
    rows = lazy(notices).with_columns(
        year=nw.coalesce("publication_date", "dispatch_date").dt.year(),
        form=nw.col("form").str.replace_all("_[0-9]{4}$", ""),
    )
    return _held(rows.group_by(list(NOTICE_CELLS.key)).agg(notices=nw.len()), NOTICE_CELLS)


def _measures() -> dict[str, nw.Expr]:
    """What each lot adds to its cell: 1 or 0, a number of bids, euros."""
    awarded = nw.col("outcome") == "awarded"
    small = awarded & (nw.col("sme_won") == "yes")
    both_known = awarded & ~nw.col("bids").is_null() & ~nw.col("bids_sme").is_null()
    consistent = both_known & (nw.col("bids_sme") <= nw.col("bids"))
    money = nw.Decimal(24, 4)
    return {
        "notices": _one_if(nw.col("first_of_notice")),
        "lots": nw.lit(1),
        "awarded": _one_if(awarded),
        "not_awarded": _one_if(nw.col("outcome") == "not-awarded"),
        "outcome_unknown": _one_if(nw.col("outcome") == "unknown"),
        "pairs": nw.col("winners"),
        "weight": nw.col("weight").fill_null(0.0),
        "sme_bids_lots": _one_if(consistent),
        "sme_bids": nw.when(consistent).then("bids_sme").otherwise(0),
        "sme_bids_wrong": _one_if(both_known & (nw.col("bids_sme") > nw.col("bids"))),
        "sme_won_yes": _one_if(small),
        "sme_won_no": _one_if(awarded & (nw.col("sme_won") == "no")),
        "sme_won_unknown": _one_if(awarded & (nw.col("sme_won") == "unknown")),
        "sme_won_bids_stated": _one_if(small & ~nw.col("bids_sme").is_null()),
        "sme_won_without_bid": _one_if(small & (nw.col("bids_sme") == 0)),
        "value_known": _one_if(~nw.col("value_eur").is_null()),
        "value_eur": nw.col("value_eur").fill_null(nw.lit(0).cast(money)),
        "shared_value_eur": nw.col("shared_value_eur").fill_null(nw.lit(0).cast(money)),
    }


def _one_if(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(1).otherwise(0)


def _held(sums: nw.LazyFrame, table: Table) -> pd.DataFrame:
    return held(sums.select(list(table.columns)).collect("pyarrow").to_native(), table)
