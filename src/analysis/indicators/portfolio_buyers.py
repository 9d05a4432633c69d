"""The register of organisations that may apply: who is in it, and of what kind they are."""

import pandas as pd

from analysis.indicators.given import Given


def register_of(given: Given) -> pd.DataFrame:
    """The register of the last year that was delivered, `given.year` at most.

    Returns
    -------
    rows of `eligible_buyers`, one per organisation
    """
    eligible = given.tables["eligible_buyers"]
    years = eligible["year"].astype(int)
    known = years[years <= given.year]
    return eligible[(years == known.max()).to_numpy()] if len(known) else eligible.head(0)


def has_register(given: Given) -> bool:
    """Whether a register of some year up to the last year evaluated was delivered."""
    return given.has("eligible_buyers") and len(register_of(given)) > 0


def type_at(eligible: pd.DataFrame, companies: pd.Series, years: pd.Series) -> pd.Series:
    """Kind of each organisation in a year; missing where it is in no register.

    Taken from the register of that year, else the last one before it, else the first after it.

    Parameters
    ----------
    eligible : `eligible_buyers`
    companies, years : enterprise number and year, in one order
    """
    known: dict[str, list[tuple[int, str]]] = {}
    listed = zip(
        eligible["company_id"], eligible["year"], eligible["organisation_type"], strict=True
    )
    for company, year, kind in sorted(listed):
        known.setdefault(str(company), []).append((int(year), str(kind)))
    found = [
        _nearest(known.get(str(company), []), int(year))
        for company, year in zip(companies, years, strict=True)
    ]
    return pd.Series(found, index=companies.index, dtype="object")


def _nearest(kinds: list[tuple[int, str]], year: int) -> str | None:
    before = [kind for of, kind in kinds if of <= year]
    return before[-1] if before else kinds[0][1] if kinds else None
