"""The buyer panel: who is in it, when they were treated, and their outcomes year by year."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.indicators.effects_adoption import adoption, cohorts
from analysis.indicators.effects_plan import Laid
from analysis.indicators.given import Given
from analysis.inference.effects.panel import Flags, Numbers, Panel, Whole

# Kinds of organisations in the register of who may apply, in three groups large enough to permute.
_KINDS = {
    "municipality": 0, "social-welfare-centre": 0, "intercommunal": 0, "province": 0,
    "department": 1, "agency": 1,
}  # fmt: skip
_OTHER_KIND, LOCAL = 2, 0
_SIZES = 3
SAMPLES = {
    "applicants": ("admitted", "rejected"),
    "everyone": ("admitted", "rejected", "never"),
}


class Study(NamedTuple):
    """The units of the panel and their outcomes.

    units : `buyer`, `status`, `year` of admission, `cohort` (missing: in none, or set apart),
        `kind`, `stratum`, `staff`; sorted by buyer
    years : of the panel
    outcomes : (units, years) by name; not a number where not known
    universe : organisations that might have been in it, by status, published or not
    """

    units: pd.DataFrame
    years: Whole
    outcomes: Mapping[str, Numbers]
    universe: pd.DataFrame


def study(cells: pd.DataFrame, given: Given, laid: Laid) -> Study:
    """Put together who is in the panel, when each was treated, and what each did.

    Parameters
    ----------
    cells : table that keeps PANEL_CELLS
    given : what the programmes delivered; the last register of eligible organisations says who
        exists today, and without one every buyer of the cells does
    laid : the plan

    Notes
    -----
    Buyers that never published an award are left out: nothing is known of them. Years run from the
    first of the cells to the year evaluated.
    """
    universe = _universe(cells, given)
    published = cells[(cells["year"] <= given.year) & (cells["lots"] + cells["pio_lots"] > 0)]
    there = universe[universe["buyer"].isin(published["buyer"])]
    units = there.sort_values("buyer", ignore_index=True)
    size = laid.cohorts
    admitted = units["year"].where(units["status"] == "admitted")
    chosen = cohorts(admitted.dropna(), smallest=size.smallest, span=size.span)
    units = units.assign(cohort=admitted.map(chosen).astype(float), stratum=_strata(units))
    first = int(cells["year"].min()) if len(cells) else given.year
    years = np.arange(first, given.year + 1)
    wide = {name: _wide(cells, units, years, name) for name in cells.columns[2:]}
    outcomes = {name: of(wide) for name, of in OUTCOMES.items()}
    return Study(units, years, outcomes, universe)


def chosen(found: Study, sample: str) -> Flags:
    """Which units are in a sample of SAMPLES."""
    return found.units["status"].isin(SAMPLES[sample]).to_numpy(bool)


def panel_of(found: Study, outcome: str | Numbers, laid: Laid, *, sample: str) -> Panel:
    """The panel of one outcome with the buyers of a sample (SAMPLES).

    Parameters
    ----------
    outcome : name of OUTCOMES, or an array of its shape

    Notes
    -----
    An adopter of no cohort, too few of whom there are, serves as control until it may have reacted;
    after that its outcomes are not known.
    """
    values = found.outcomes[outcome] if isinstance(outcome, str) else outcome
    own = found.units[chosen(found, sample)]
    cohort = own["cohort"].to_numpy(float)
    apart = (own["status"] == "admitted").to_numpy(bool) & np.isnan(cohort)
    reacting = np.where(apart, own["year"].to_numpy(float), np.inf) - laid.anticipation
    known = np.where(found.years >= reacting[:, None], np.nan, values[chosen(found, sample)])
    first = np.where(np.isnan(cohort), np.inf, cohort)
    return Panel(known, first, found.years, None, own["stratum"].to_numpy(np.int64))


def before(found: Study, laid: Laid) -> dict[str, Numbers]:
    """What was known of every unit in the years before anybody of a cohort may have reacted.

    `local` (1 for municipalities, welfare centres, intercommunal bodies and provinces), `lots` (the
    logarithm of one plus its lots a year), `staff` (its logarithm), `innovation` and `startups`
    (means of these outcomes); not a number where not known.
    """
    units, opened = found.units, found.years[0] + laid.anticipation
    first = units["cohort"][units["cohort"] > opened].min()  # earlier ones have no year before
    early = found.years < (first if np.isfinite(first) else -np.inf) - laid.anticipation
    means = {
        name: _mean(found.outcomes[outcome][:, early])
        for name, outcome in (("innovation", "y1-innovation"), ("startups", "y4-startups"))
    }
    lots = np.nan_to_num(found.outcomes["lots"][:, early]).sum(axis=1) / max(early.sum(), 1)
    return {
        "local": (units["kind"] == LOCAL).to_numpy(float),
        "lots": np.log1p(lots),
        "staff": np.log(units["staff"].to_numpy(float)),
        **means,
    }


def _mean(values: Numbers) -> Numbers:
    return _ratio(np.nansum(values, axis=1), np.isfinite(values).sum(axis=1))


def _universe(cells: pd.DataFrame, given: Given) -> pd.DataFrame:
    """Today's organisations with status and year of admission, kind and staff."""
    listed = given.tables["eligible_buyers"]
    last = listed[listed["year"] == listed["year"].max()]
    adopted = adoption(given)
    if len(last):
        names = {"company_id": "buyer", "organisation_type": "kind"}
        today = last[["company_id", "organisation_type", "staff"]].rename(columns=names)
        today = today.astype("object").drop_duplicates("buyer")
    else:
        buyers = sorted({*cells["buyer"], *adopted["buyer"]})
        today = pd.DataFrame({"buyer": buyers, "kind": None, "staff": None})
    kinds = today["kind"].map(_KINDS).fillna(_OTHER_KIND).astype(int)
    staff = pd.to_numeric(today["staff"], errors="coerce").astype(float)
    both = today.assign(kind=kinds, staff=staff).merge(adopted, on="buyer", how="left")
    return both.assign(status=both["status"].fillna("never"))


def _strata(units: pd.DataFrame) -> list[int]:
    """Kind of organisation by third of staff within it; staff not stated is a cell of its own."""
    rank = units.groupby("kind")["staff"].rank(method="first")
    known = units.groupby("kind")["staff"].transform("count")
    third = np.ceil(rank / known * _SIZES).fillna(0).astype(int)
    return (units["kind"] * (_SIZES + 1) + third).tolist()


def _wide(cells: pd.DataFrame, units: pd.DataFrame, years: Whole, name: str) -> Numbers:
    """(units, years) of one measure; not a number where the buyer has no row."""
    place = pd.Index(units["buyer"]).get_indexer(cells["buyer"])
    column = cells["year"].to_numpy(int) - years[0]
    there = (place >= 0) & (column < len(years))
    wide = np.full((len(units), len(years)), np.nan)
    values = cells[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    wide[place[there], column[there]] = values[there]
    return wide


Wide = Mapping[str, Numbers]


def _ratio(part: Numbers, whole: Numbers) -> Numbers:
    """Not known where the whole is nothing or not known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def _share(part: str, whole: str) -> Callable[[Wide], Numbers]:
    return lambda wide: _ratio(wide[part], wide[whole])


def _any(part: str) -> Callable[[Wide], Numbers]:
    return lambda wide: np.where(wide["lots"] > 0, (wide[part] > 0).astype(float), np.nan)


def _startups(wide: Wide, *, yes: str = "", no: str = "") -> Numbers:
    """Share among winners known, or with the unknown taken as all of one kind."""
    unknown = wide["startup_unknown"]
    is_one = wide["startup_yes"] + (unknown if yes else 0)
    is_none = wide["startup_no"] + (unknown if no else 0)
    return _ratio(is_one, is_one + is_none)


def _with_contract(wide: Wide) -> Numbers:
    """Any sign of innovation, the co-financed contract counted as one."""
    awarded = wide["lots"] + wide["pio_lots"] > 0
    return np.where(awarded, (wide["flagged"] + wide["pio_lots"] > 0).astype(float), np.nan)


# Outcomes of the plan, what checks need beside them, and `lots` for who was large before.
OUTCOMES: dict[str, Callable[[Wide], Numbers]] = {
    "y0-award-notices": _share("notices", "calls"),
    "y0-published": lambda wide: (np.nan_to_num(wide["lots"]) > 0).astype(float),
    "y1-innovation": _any("flagged"),
    "y1-with-contract": _with_contract,
    "y2-innovation-value": _share("flagged_eur", "valued_eur"),
    "y3-consultations": lambda wide: wide["consultations"],
    "y4-startups": _startups,
    "y4-unknown-no": lambda wide: _startups(wide, no="all"),
    "y4-unknown-yes": lambda wide: _startups(wide, yes="all"),
    "y5-bids": _share("bids", "bids_lots"),
    "y5-single-bid": _share("single", "bids_lots"),
    "y6-new-suppliers": lambda wide: _ratio(wide["new_yes"], wide["new_yes"] + wide["new_no"]),
    "placebo-office": _any("placebo"),
    "lots": lambda wide: wide["lots"],
}
