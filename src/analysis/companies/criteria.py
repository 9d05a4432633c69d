"""Criteria on firms: pure functions that answer yes, no or unknown (pandas `boolean`).

Every public function here is a criterion, and its keyword names are the names of the values in a
definition file. What is not known gives unknown, unless the answer is the same whatever it is.
"""

from collections.abc import Callable

import pandas as pd

FIGURES = ("employees_fte", "turnover_eur", "balance_eur")

COLUMNS = {
    "start_date": "datetime64[us]",  # of the enterprise number, as registered
    "oldest_start_date": "datetime64[us]",  # of all enterprise numbers linked for more than 50%
    "on_date": "datetime64[us]",  # the contract date, on which the firm is judged
    "is_natural_person": "boolean",
    "is_company": "boolean",  # has a company form; no person, association or public body
    "first_accounts": "boolean",  # the figures are those of its first financial year
    "figures_include_group": "boolean",  # linked and partner firms are added, or there are none
    **dict.fromkeys(FIGURES, "Float64"),  # newest closed financial year
    **{f"{figure}_minus_{n}": "Float64" for n in (1, 2, 3) for figure in FIGURES},  # n years ago
    "rd_share": "Float64",  # of the total costs of the preceding period, 0-1
    "has_parent_or_subsidiary": "boolean",
    "from_merger": "boolean",  # or from a split, a takeover or another restructuring
    "is_listed": "boolean",
    "paid_out_profit": "boolean",  # a dividend or another distribution
    "in_excluded_activity": "boolean",  # a real-estate, management or investment company
    "is_false_birth": "boolean",  # the number is new and the firm is not (companies.births)
    "is_vehicle": "boolean",  # a temporary partnership or a company for one project
    "is_public": "boolean",  # a government or a body of public law, by its legal form
    "is_large": "boolean",  # its own accounts show that it is no SME; without accounts: no
    "is_independent": "boolean",  # no other enterprise holds more than 50% of it
}


def younger(firms: pd.DataFrame, *, max_age_years: pd.Series) -> pd.Series:
    """Award day lies before the birthday on which the firm reaches the age.

    A firm that starts after its award is unknown, and so is a person who looks young: the register
    gives persons the start of their last active period only (KBO), so that "no" alone is sure.
    """
    return _young(firms, firms["on_date"], _birthday(firms["start_date"], max_age_years))


def older(firms: pd.DataFrame, *, min_age_years: pd.Series) -> pd.Series:
    """Award day is the birthday on which the firm reaches the age, or a later day."""
    return ~younger(firms, max_age_years=min_age_years)


def younger_in_days(firms: pd.DataFrame, *, max_age_days: pd.Series) -> pd.Series:
    """Fewer than so many days have passed since the start, on the award day."""
    limit = firms["start_date"] + pd.to_timedelta(max_age_days, unit="D")
    return _young(firms, firms["on_date"], limit)


def younger_on_new_year(firms: pd.DataFrame, *, max_age_years: pd.Series) -> pd.Series:
    """Firm was below the age on 1 January of the year of the award."""
    new_year = firms["on_date"].dt.to_period("Y").dt.to_timestamp()
    return _young(firms, new_year, _birthday(firms["start_date"], max_age_years))


def younger_as_group(firms: pd.DataFrame, *, max_age_years: pd.Series) -> pd.Series:
    """Firm and the oldest firm linked to it are both below the age."""
    oldest = firms.assign(start_date=firms["oldest_start_date"])
    return younger(firms, max_age_years=max_age_years) & younger(
        oldest, max_age_years=max_age_years
    )


def started_since(firms: pd.DataFrame, *, first_start_date: pd.Series) -> pd.Series:
    """Firm did not start before the day."""
    return ~_before(firms["start_date"], first_start_date)


def exceeds_at_most_one(
    firms: pd.DataFrame,
    *,
    max_employees: pd.Series,
    max_turnover_eur: pd.Series,
    max_balance_eur: pd.Series,
) -> pd.Series:
    """Company exceeds at most one of three size limits, for two years in a row (WVV art. 1:24)."""
    limits = dict(zip(FIGURES, (max_employees, max_turnover_eur, max_balance_eur), strict=True))

    def within(ago: str) -> pd.Series:
        over = pd.DataFrame({f: _over(firms, f + ago, limit) for f, limit in limits.items()})
        surely, perhaps = over.fillna(False).sum(axis=1), over.fillna(True).sum(axis=1)
        return (perhaps <= 1).astype("boolean").where((perhaps <= 1) | (surely >= 2))

    return _two_years(firms, within)


def within_eu_size(
    firms: pd.DataFrame,
    *,
    employees_below: pd.Series,
    max_turnover_eur: pd.Series,
    max_balance_eur: pd.Series,
) -> pd.Series:
    """Too few employees, and turnover or balance sheet within the limit, for two years in a row."""

    def within(ago: str) -> pd.Series:
        many = (firms["employees_fte" + ago] >= employees_below) | _hidden(firms)
        turnover = _over(firms, "turnover_eur" + ago, max_turnover_eur)
        return ~many & ~(turnover & _over(firms, "balance_eur" + ago, max_balance_eur))

    return _two_years(firms, within)


def employs(firms: pd.DataFrame, *, min_employees: pd.Series) -> pd.Series:
    """Firm has at least so many employees (FTE)."""
    return firms["employees_fte"] >= min_employees


def scaling(firms: pd.DataFrame, *, min_yearly_growth_share: pd.Series) -> pd.Series:
    """Employees or turnover grew, over two years, by at least the share a year on average."""
    employees, turnover = _grown(firms, years=2, yearly_share=min_yearly_growth_share)
    return (firms["employees_fte"] >= employees) | (firms["turnover_eur"] >= turnover)


def high_growth(
    firms: pd.DataFrame,
    *,
    yearly_growth_share_above: pd.Series,
    min_employees_at_start: pd.Series,
) -> pd.Series:
    """Employees or turnover grew, over three years, by more than the share a year on average."""
    employees, turnover = _grown(firms, years=3, yearly_share=yearly_growth_share_above)
    grew = (firms["employees_fte"] > employees) | (firms["turnover_eur"] > turnover)
    return grew & (firms["employees_fte_minus_3"] >= min_employees_at_start)


def spends_on_research(firms: pd.DataFrame, *, min_rd_share: pd.Series) -> pd.Series:
    """Research and development is at least the share of the total costs."""
    return firms["rd_share"] >= min_rd_share


def _birthday(start: pd.Series, years: pd.Series) -> pd.Series:
    """Start plus years; a firm of 29 February has its birthday on the 28th in a common year."""
    found = pd.Series(pd.NaT, index=start.index, dtype="datetime64[us]")
    for age in years.dropna().unique():
        found = found.mask(years.eq(age).fillna(False), start + pd.DateOffset(months=int(12 * age)))
    return found


def _before(day: pd.Series, limit: pd.Series) -> pd.Series:
    return (day < limit).astype("boolean").where(day.notna() & limit.notna())


def _young(firms: pd.DataFrame, day: pd.Series, limit: pd.Series) -> pd.Series:
    started = (firms["start_date"] <= firms["on_date"]).astype("boolean")
    sure = (started & ~firms["is_natural_person"]).fillna(False)
    return _before(day, limit) & sure.where(sure)


def _over(firms: pd.DataFrame, figure: str, limit: pd.Series) -> pd.Series:
    return (firms[figure] > limit) | _hidden(firms)


def _hidden(firms: pd.DataFrame) -> pd.Series:
    """Whether a group lifts the firm over a limit: no where it is in the figures, else unknown."""
    included = firms["figures_include_group"].fillna(False)
    return (~included).where(included)


def _two_years(firms: pd.DataFrame, within: Callable[[str], pd.Series]) -> pd.Series:
    """What both years say, else unknown; in the first financial year what that year says."""
    now, before = within(""), within("_minus_1")
    settled = now.where((now == before).fillna(False))
    return settled.mask(firms["first_accounts"].fillna(False), now)


def _grown(
    firms: pd.DataFrame, *, years: int, yearly_share: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """Employees and turnover that the growth would lead to; unknown where it began with none."""
    employees, turnover = (
        firms[f"{figure}_minus_{years}"].where(lambda past: (past > 0).fillna(False))
        * (1 + yearly_share) ** years
        for figure in ("employees_fte", "turnover_eur")
    )
    return employees.round(6), turnover.round(6)
