"""What became of a firm after the day on which it entered: jobs, turnover, contracts, its end."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cells.firm_cells import FirmCells

Numbers = NDArray[np.float64]
DAYS = 1096  # 36 months
AFTER = 3  # years from that of the contract to that of the accounts compared


def outcomes(
    records: pd.DataFrame, buyers: pd.DataFrame, cells: FirmCells, wins: pd.DataFrame, year: int
) -> pd.DataFrame:
    """Add what was known of each firm before it entered, and what became of it.

    Parameters
    ----------
    records : `firm`, `day` and `year` of entry
    buyers : keys of the records with `buyer`: of whom the contract of entry was
    wins : `firm`, `day`, `buyer`, `lots`
    year : last year evaluated; awards and accounts of later years are not read

    Returns
    -------
    The records with `fte` in the year before; `prior`, lots won in the 36 months before; and, not a
    number where not known: `later`, lots of other buyers won within 36 months, of records followed
    so long; `fte_change`, ln FTE three years after minus the year before; `fte_left`, whether
    accounts are still filed then, of firms with FTE before (0: gone, no later accounts);
    `fte_early`, ln FTE the year before minus four years before; `turnover_change`; `gone_days`
    until it was known to be gone, or seen last, and `gone_cause` (1 gone, 0 not).
    """
    told = records.assign(row=np.arange(len(records)))
    near = told.merge(wins, on="firm", suffixes=("", "_won"))
    apart = (near["day_won"] - near["day"]).dt.days
    own = buyers.merge(told[[*set(buyers.columns) - {"buyer"}, "row"]])[["row", "buyer"]]
    same = pd.MultiIndex.from_frame(near[["row", "buyer"]]).isin(pd.MultiIndex.from_frame(own))
    followed = records["day"] + pd.Timedelta(days=DAYS) <= pd.Timestamp(year, 12, 31)
    later = _sum(near[(apart > 0) & (apart <= DAYS) & ~same], len(records))
    sizes = _sizes(cells, year)
    before, after = (_size(sizes, "fte", records, offset) for offset in (-1, AFTER))
    turnover = [_size(sizes, "turnover_eur", records, offset) for offset in (-1, AFTER)]
    days, cause = _end(records, cells, year)
    return records.assign(
        fte=before,
        prior=_sum(near[(apart < 0) & (apart >= -DAYS)], len(records)),
        later=np.where(followed, later, np.nan),
        fte_change=_ln(after) - _ln(before),
        fte_left=_left(records, sizes, _ln(before), cause),
        fte_early=_ln(before) - _ln(_size(sizes, "fte", records, -1 - AFTER)),
        turnover_change=_ln(turnover[1]) - _ln(turnover[0]),
        gone_days=days,
        gone_cause=cause,
    )


def _sum(rows: pd.DataFrame, many: int) -> Numbers:
    order = rows.sort_values(["row", "day_won", "buyer"])  # sums do not depend on the order given
    return np.bincount(order["row"], weights=order["lots"], minlength=many).astype(float)


def _sizes(cells: FirmCells, year: int) -> pd.DataFrame:
    sizes = cells.sizes[(cells.sizes["year"] <= year).fillna(False)]
    return sizes.astype("object").set_index(["company_id", "year"]).sort_index()


def _size(sizes: pd.DataFrame, column: str, records: pd.DataFrame, offset: int) -> Numbers:
    """One figure of the accounts of some years after the entry."""
    keys = pd.MultiIndex.from_arrays([records["firm"], records["year"] + offset])
    return pd.to_numeric(sizes[column].reindex(keys), errors="coerce").to_numpy(float)


def _ln(values: Numbers) -> Numbers:
    """Logarithm; of nothing it is not known."""
    return np.log(np.where(values > 0, values, np.nan))


def _left(records: pd.DataFrame, sizes: pd.DataFrame, before: Numbers, cause: Numbers) -> Numbers:
    """Whether the firm still files accounts; not known of who files none and is not gone."""
    filed = sizes.index.to_frame(index=False).astype({"year": float})
    last = records["firm"].map(filed.groupby("company_id")["year"].max()).to_numpy(float)
    then = records["year"].to_numpy(float) + AFTER
    read = then <= filed["year"].max()
    left = np.where(last >= then, 1.0, np.where(cause == 1, 0.0, np.nan))
    return np.where(read & np.isfinite(before), left, np.nan)


def _end(records: pd.DataFrame, cells: FirmCells, year: int) -> tuple[Numbers, Numbers]:
    """Days until the firm was known to be gone or was last seen, and which of the two.

    Extracts are read up to the end of the year after the one evaluated. Who is known to be gone by
    a day before the entry is not known: the register and the contract contradict each other.
    """
    firms = cells.firms.astype("object").set_index("company_id")
    seen, gone = (pd.to_datetime(firms[name]) for name in ("seen_until", "gone"))
    until = seen[seen <= pd.Timestamp(year + 1, 12, 31)].max()
    last = records["firm"].map(seen.where(seen <= until, until))
    end = records["firm"].map(gone)
    is_gone = (end <= until).to_numpy(bool)
    days = (end.where(is_gone, last) - records["day"]).dt.days.to_numpy(float)
    return np.where(days < 0, np.nan, days), is_gone.astype(float)
