"""Who took part in PIO, and since when: the treatment of the buyer panel."""

import numpy as np
import pandas as pd

from analysis.indicators.given import Given
from analysis.indicators.portfolio_lines import portfolio

STATUSES = ("admitted", "rejected", "partner", "pending")


def adoption(given: Given) -> pd.DataFrame:
    """What became of every organisation in the programme's files, on the last day of the year.

    Returns
    -------
    `buyer`, `status` (one of STATUSES) and `year` of its first admission (missing: none, or not
    dated), sorted by buyer. Who applied and was refused or withdrew is `rejected`; who applied and
    of whom nothing was decided `pending`, and so is who was admitted on an unknown day. `partner`
    is who leads a project for which another organisation applied, and never applied itself.
    """
    lines = portfolio(given).lines
    of = lines.assign(year=lines["admitted_on"].dt.year.astype("Float64"))
    by = of.groupby("buyer", sort=True)
    known = by["admitted"].agg(lambda told: bool(told.fillna(False).any()))
    refused = by["admitted"].agg(lambda told: bool(told.eq(False).fillna(False).any()))
    year = of[of["admitted"].fillna(False).astype(bool)].groupby("buyer")["year"].min()
    year = year.reindex(known.index)
    told = np.select([known & year.notna(), refused & ~known], ["admitted", "rejected"], "pending")
    found = pd.DataFrame({"buyer": known.index, "status": told, "year": year.to_numpy()})
    partners = sorted(_leaders(given) - set(found["buyer"]))
    others = pd.DataFrame({"buyer": partners, "status": "partner", "year": np.nan})
    both = pd.concat([found, others.astype(found.dtypes)], ignore_index=True)
    return both.sort_values("buyer", ignore_index=True)


def _leaders(given: Given) -> set[str]:
    """Buyers of projects whose application is another's."""
    projects = given.tables["pio_projects"][["application", "buyer"]].astype("object")
    asked = given.tables["pio_applications"][["application", "buyer"]].astype("object")
    both = projects.merge(asked, on="application", suffixes=("", "_asked"))
    return set(both["buyer"][both["buyer"] != both["buyer_asked"]])


def cohorts(years: pd.Series, *, smallest: int, span: int) -> dict[int, int]:
    """The cohort of each year of admission; years that are in none are left out.

    Parameters
    ----------
    years : first year of admission of each adopter
    smallest : adopters that a cohort needs
    span : years that may be put together to reach it; the cohort is dated by its first year, so
        that no treated year serves as an untreated one

    Notes
    -----
    From the first year on: a year that is large enough stands alone; else it takes in the next ones
    until it is, or is left out. Methods 4.3.
    """
    sizes = years.astype(int).value_counts().sort_index()
    found: dict[int, int] = {}
    for first in sizes.index:
        for last in range(first, first + span):
            if first in found:
                break
            if sizes.loc[first:last].sum() >= smallest:
                found |= {int(year): int(first) for year in sizes.loc[first:last].index}
    return found
