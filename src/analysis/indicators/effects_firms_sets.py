"""Firms in the year of their first PIO contract beside others like them, and what became of each.

A record is a firm on the day on which it enters: a treated one with its first PIO contract, a
control with its first other contract of a Flemish public buyer in that year, or as loser of the
same PIO contract.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cells.firm_cells import FirmCells
from analysis.indicators.effects_firms_after import outcomes
from analysis.indicators.effects_plan_parts import Firms
from analysis.indicators.given import Given
from analysis.indicators.opportunities_parts import contracts, winners
from analysis.inference.effects.matching import Sets, risk_sets

Numbers = NDArray[np.float64]
AGES, SIZES = (5, 10), (10, 50)  # years and FTE at which the next band begins
COVARIATES = ("age", "won-before", "fte", "flanders")


class Compared(NamedTuple):
    """Records, and the sets that compare some of them.

    records : `firm`, `year`, `day`, `treated`, covariates, and the columns of `outcomes`
    """

    records: pd.DataFrame
    sets: Sets

    @property
    def covariates(self) -> Numbers:
        """(parts, 4) of every part, COVARIATES."""
        return covariates(self.records)[self.sets.row]

    def of(self, outcome: str) -> Numbers:
        """One column of the records, for every part."""
        return self.records[outcome].to_numpy(float)[self.sets.row]


def entered(given: Given) -> pd.DataFrame:
    """The first PIO contract of every winner with a number: `firm`, `day`, `buyer`, `contract`.

    A row a contract: several of one day are all the first.
    """
    found = contracts(given)
    projects = given.tables["pio_projects"][["project", "buyer"]].astype("object")
    about = found.awards[["contract", "project", "awarded"]].merge(projects, on="project")
    won = winners(found).dropna(subset=["company_id"]).merge(about, on="contract")
    first = won.groupby("company_id")["awarded"].transform("min")
    names = {"company_id": "firm", "awarded": "day"}
    kept = won[won["awarded"] == first].rename(columns=names)
    columns = ["firm", "day", "buyer", "contract"]
    return kept[columns].drop_duplicates().sort_values(columns, ignore_index=True)


def among_winners(
    first: pd.DataFrame, cells: FirmCells, year: int, asked: Firms
) -> tuple[Compared, Compared]:
    """Each treated firm beside winners of other contracts in the same year that had none of PIO.

    Parameters
    ----------
    first : as `entered` gives it
    year : last year evaluated

    Returns
    -------
    The comparison in which the region is near, and the one in which it must be equal.

    Notes
    -----
    Equal: year, sector (NACE division), band of age and of size, each before the contract; a size
    that is not known is a band. Near: a propensity of age, contracts won before, FTE and region.
    """
    wins = _wins(cells)
    days = wins.groupby(["firm", wins["day"].dt.year], as_index=False)["day"].min()
    turned = first.groupby("firm")["day"].min()
    before = days["day"].dt.year < days["firm"].map(turned).dt.year.fillna(np.inf)
    others = days[before].merge(wins[["firm", "day", "buyer"]], on=["firm", "day"])
    both = [first.assign(treated=True), others.assign(treated=False)]
    records = _described(pd.concat(both, ignore_index=True), cells, year)
    bands = ["sector", "age_band", "size_band"]
    return _matched(records, bands, asked), _matched(records, [*bands, "origin"], asked)


def _matched(records: pd.DataFrame, bands: list[str], asked: Firms) -> Compared:
    codes = [pd.factorize(records[band], use_na_sentinel=False)[0] for band in bands]
    cell = np.unique(np.column_stack(codes), axis=0, return_inverse=True)[1]
    sets = risk_sets(
        records["firm"], records["year"], records["treated"], cell.ravel(), covariates(records),
        ratio=asked.ratio, caliper=asked.caliper,
    )  # fmt: skip
    return Compared(records, sets)


def among_losers(first: pd.DataFrame, given: Given, cells: FirmCells, year: int) -> Compared:
    """Each treated firm beside those that tendered for the same contract and had none of PIO."""
    turned = first.groupby("firm")["day"].min()
    bidders = contracts(given).bidders.dropna(subset=["company_id"])
    lost = bidders[~bidders["won"]][["contract", "company_id"]].drop_duplicates()
    own = first.rename(columns={"firm": "head"}).merge(lost, on="contract")
    own = own[~(own["company_id"].map(turned) <= own["day"])].drop(columns="contract")
    controls = own.rename(columns={"company_id": "firm"}).drop_duplicates()
    heads = first[first["firm"].isin(controls["head"])].assign(head=lambda rows: rows["firm"])
    both = [heads.assign(treated=True), controls.assign(treated=False)]
    records = _described(pd.concat(both, ignore_index=True), cells, year)
    return Compared(records, _together(records))


def _together(records: pd.DataFrame) -> Sets:
    """One set for each treated firm that is known, with its controls that are."""
    known = np.isfinite(covariates(records)).all(axis=1)
    number = np.unique(records["head"], return_inverse=True)[1]
    treated = records["treated"].to_numpy(bool)
    many = [np.bincount(number[known & side], minlength=number.max(initial=-1) + 1)
            for side in (treated, ~treated)]  # fmt: skip
    stays = known & ((many[0] > 0) & (many[1] > 0))[number]
    weight = np.where(treated, 1.0, 1 / np.maximum(many[1], 1)[number])
    return Sets(
        number=np.unique(number[stays], return_inverse=True)[1].astype(np.int64),
        row=np.flatnonzero(stays),
        firm=np.unique(records["firm"], return_inverse=True)[1][stays].astype(np.int64),
        treated=treated[stays],
        weight=weight[stays],
        alone=np.flatnonzero(treated & known & ~stays),
        unknown=int((~known).sum()),
    )


def covariates(records: pd.DataFrame) -> Numbers:
    """(records, 4) COVARIATES, logarithms of one plus the first three; FTE not known is 0 there.

    Whose FTE are not known are compared with each other only.
    """
    told = [np.log1p(records[name].to_numpy(float)) for name in ("age", "prior")]
    fte = np.nan_to_num(np.log1p(records["fte"].to_numpy(float)))
    return np.column_stack([*told, fte, (records["origin"] == "flanders").to_numpy(float)])


def _described(entries: pd.DataFrame, cells: FirmCells, year: int) -> pd.DataFrame:
    """One record a firm and day of entry, of companies that the register knows."""
    keys = [name for name in ("head", "firm", "day", "treated") if name in entries]
    buyers = entries[[*keys, "buyer"]].drop_duplicates()
    firms = cells.firms[~cells.firms["is_person"].astype(bool)].rename(
        columns={"company_id": "firm"}
    )
    about = firms[["firm", "started", "sector", "origin"]].astype("object")
    records = entries[keys].drop_duplicates().merge(about, on="firm")
    records = records.sort_values(keys, ignore_index=True)
    records["year"] = records["day"].dt.year
    age = (records["day"] - pd.to_datetime(records["started"])).dt.days / 365.25
    records["age"] = age.clip(lower=0)
    records = outcomes(records, buyers, cells, _wins(cells), year)
    records["age_band"] = np.digitize(records["age"], AGES)
    size = np.digitize(records["fte"].fillna(-1), SIZES)
    return records.assign(size_band=np.where(records["fte"].isna(), -1, size))


def _wins(cells: FirmCells) -> pd.DataFrame:
    wins = cells.wins.rename(columns={"company_id": "firm", "on_date": "day"}).astype("object")
    return wins.assign(day=pd.to_datetime(wins["day"]), lots=wins["lots"].astype(float))
