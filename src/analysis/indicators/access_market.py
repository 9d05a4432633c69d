"""The market: concentration of suppliers, single bids, and start-ups against who could have bid.

access.hhi, access.c4, access.effective_suppliers, access.suppliers
    By CPV division and group with ten suppliers or more, over the euros s of each company: HHI =
    sum s^2 (index, 0-1), the share of the four largest, 1/HHI, and the number (methods 2.10).
access.single_bid_share
    Awarded lots with exactly one tender over those of which the number is known; bounds. Share.
access.representation_ratio
    RR = (a/n)/q*, q* = sum omega_c q_c the part of the young among the firms that could bid, with
    the interval of ln RR, se = sqrt(1/a - 1/n + 1/B - 1/M) (methods 2.9). Ratio; 1 is parity.
"""

import math
from collections.abc import Iterator
from functools import partial

import pandas as pd

from analysis.cells import AccessCells
from analysis.companies.population import by_cpv
from analysis.contracts.access_cells import PERIMETERS, WIDE
from analysis.indicators.access_parts import (
    LOTS,
    Tally,
    periods,
    plain,
    records,
    tallies,
    whole_of,
    within,
)
from analysis.indicators.competition import Answer, bounded_share
from analysis.inference.concentration import concentration
from analysis.inference.intervals import representation_ratio

FEWEST_SUPPLIERS = 10
_AGES = {"startup-5": 5, "startup-10": 10}


def concentrated(
    suppliers: pd.DataFrame, *, fewest: int = FEWEST_SUPPLIERS
) -> dict[str, Answer] | None:
    """HHI, C4, effective number (1/HHI) and number of suppliers, by euros; None below ten.

    Parameters
    ----------
    suppliers : SUPPLIER_CELLS of one market. Winners without euros or without a company are in no
        share and are counted as unknown.

    Notes
    -----
    methods 2.10, over companies: who owns whom is not known, so groups are not taken together.
    """
    linked = suppliers.loc[suppliers["company_id"].notna()]
    euros = linked.groupby("company_id", sort=True)["eur"].sum().round(4)
    euros = euros[euros > 0]
    if len(euros) < fewest:
        return None
    found = concentration(euros)
    without = int(linked["members_without_value"].sum())
    unknown = without + int(suppliers.loc[suppliers["company_id"].isna(), "members"].sum())
    units = {"hhi": "index", "c4": "share", "effective": "count", "suppliers": "count"}
    return {
        name: Answer(round(getattr(found, name), 12), unit, found.suppliers, "suppliers", unknown)
        for name, unit in units.items()
    }


def single_bids(part: pd.DataFrame) -> Answer:
    """Awarded lots with exactly one bid among those whose bids are known; missing is not one."""
    single = part["single_bid"]
    yes = int(part["lots"][single.fillna(False)].sum())
    unknown = int(part["lots"][single.isna()].sum())
    no = int(part["lots"].sum()) - yes - unknown
    return bounded_share(yes=yes, no=no, unknown=unknown, denominator=LOTS)


def could_bid(population: pd.DataFrame, lots: pd.Series, age: int) -> tuple[float, float]:
    """Share of young firms among those that could have bid, and how many these are.

    Parameters
    ----------
    population : `companies.population.by_cpv` of one year
    lots : awarded lots, CPV division as index
    age : 5 or 10

    Notes
    -----
    q* = sum of omega_c q_c over CPV divisions c, omega their part of the awarded lots, q the share
    of the young among Belgian companies of a known start in the activities that answer to c; the
    number is the mean over the same omega. Divisions without such firms are left out.
    """
    firms = population.groupby("cpv_division")[["firms", f"younger_{age}", "start_unknown"]].sum()
    known = (firms["firms"] - firms["start_unknown"]).astype(float)
    known = known[known > 0]
    weights = lots.astype(float).reindex(known.index).fillna(0).sort_index()
    if not weights.sum() > 0:
        return math.nan, 0.0
    omega, known = weights / weights.sum(), known.sort_index()
    share = firms[f"younger_{age}"].astype(float).reindex(known.index) / known
    return float((omega * share).sum()), float((omega * known).sum())


def representation(tally: Tally, *, share: float, firms: float) -> Answer:
    """Share of lots won by start-ups over the share of the young among firms that could bid.

    RR = (a/n)/q* with the interval of ln RR (methods 2.9), q* and firms of `could_bid`. Among known
    answers; below 1 is not discrimination. Missing where nothing is known or no firm is young.
    """
    n, unknown = int(tally["lots"] - tally["lots_unknown"]), int(tally["lots_unknown"])
    won, known = tally["yes"], tally["yes"] + tally["no"]
    if not (known > 0 and share > 0):
        return Answer(None, "ratio", n, LOTS, unknown)
    found = representation_ratio(won=won, lots=known, startups=share * firms, firms=firms)
    if found.low is None:
        return Answer(found.value, "ratio", n, LOTS, unknown)
    return Answer(found.value, "ratio", n, LOTS, unknown, found.low, found.high, "sampling")


def rows(
    cells: AccessCells, row: partial, population: pd.DataFrame | None = None
) -> Iterator[tuple]:
    """Rows of RESULTS; representation only where POPULATION is given."""
    whole, kinds = whole_of(cells.lots), plain(cells.kinds)
    suppliers = cells.suppliers.astype({"eur": float})
    for perimeter in PERIMETERS:
        at = partial(row, perimeter=perimeter)
        for period, part in periods(within(cells.lots, perimeter), whole):
            where = {"definition": "exactly-one-bid", "period": period}
            yield at("access.single_bid_share", **where, **single_bids(part)._asdict())
        if perimeter in WIDE:
            yield from _concentrations(within(suppliers, perimeter), whole, at)
        if population is not None:
            yield from _represented(within(kinds, perimeter), by_cpv(population), whole, at)


def _concentrations(suppliers: pd.DataFrame, whole: str, row: partial) -> Iterator[tuple]:
    ids = {"hhi": "hhi", "c4": "c4", "effective": "effective_suppliers", "suppliers": "suppliers"}
    for name in ("cpv_division", "cpv_group"):
        for cpv, part in suppliers.groupby(name, sort=True):
            for measure, answer in (concentrated(part) or {}).items():
                at = {"definition": "value-by-company", "period": whole, "group": f"{name}={cpv}"}
                yield row(f"access.{ids[measure]}", **at, **answer._asdict())


def _represented(
    kinds: pd.DataFrame, firms: pd.DataFrame, whole: str, row: partial
) -> Iterator[tuple]:
    of_year = {str(year): own for year, own in firms.groupby("year")}
    divisions = tallies(kinds, whole, by=("cpv_division",))
    lots = divisions.set_index(["definition", "period", "cpv_division"])["lots"].sort_index()
    for tally in records(tallies(kinds, whole)):
        definition, period = tally["definition"], tally["period"]
        if period == whole:
            continue
        own = of_year.get(period, firms.iloc[:0])
        share, could = could_bid(own, lots[definition, period], _AGES[definition])
        answer = representation(tally, share=share, firms=could)._asdict()
        at = {"definition": definition, "period": period, "grade": "C"}
        yield row("access.representation_ratio", **at, **answer)
