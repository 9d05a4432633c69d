"""PIO's contracts beside the rest of the Flemish market (OPP5 and OPP7, methods 1.4).

opportunities.bidders_difference
    OPP5, second half: mean over PIO contracts of b - m, b its tenderers and m the mean bids of the
    other published lots of Flemish public buyers of the same CPV division, procedure and year.
    Interval: t, contracts as units. Contracts without tenderers, CPV, procedure or such lots are
    `unknown`. Unit: tenderers.
opportunities.follow_on
    OPP7: share of the winning enterprises that, within 36 months of their first PIO contract, won
    another published contract of a Flemish public buyer (not one of PIO's own). Cumulative
    incidence after Aalen-Johansen, ceasing to exist as the competing event, followed to the last
    day of the period. Missing where nobody was followed so long. Winners without an enterprise
    number are `unknown`. What was never published is not seen. Unit: share.

Both are comparisons or follow-up of what was published and no effects: grades C and D.
"""

import math
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.stats.weightstats import DescrStatsW

from analysis.cells.market import MarketCells
from analysis.indicators.given import Given, Origin
from analysis.indicators.opportunities import ends
from analysis.indicators.opportunities_parts import Contracts, contracts, until, winners
from analysis.inference.survival import ROUNDING, cumulative_incidence
from analysis.results import number

DAYS = math.ceil(3 * 365.25)  # 36 months
_FOLLOWED, _GONE = 1, 2


def results(given: Given, cells: MarketCells, market: Origin) -> list[tuple]:
    """Rows of the ledger; none without contracts and tenderers.

    Parameters
    ----------
    given : what the programmes delivered
    cells : the rest of the market
    market : what the cells rest on
    """
    if not given.has("pio_contracts", "pio_bidders"):
        return []
    found = contracts(given)
    known = given._replace(origins={**given.origins, "market": market})
    rests_on: dict[str, Any] = known.rests_on("pio_contracts", "pio_bidders", "market")
    procedures = given.tables["pio_contracts"].set_index("contract")[["procedure", "cpv"]]
    rows: list[tuple] = []
    first, years = ends(found, given)
    for year in years:
        row = partial(
            number, chapter="41", perimeter="flemish-public", period=f"{first}-{year}", **rests_on
        )
        part = until(found, year)
        rows += _difference(part, procedures, cells.tenders, row)
        rows += _follow_on(part, cells, pd.Timestamp(year, 12, 31), row)
    return rows


def firms(given: Given) -> set[str]:
    """Enterprise numbers of the winners of PIO's contracts."""
    return set(winners(contracts(given))["company_id"].dropna())


def _difference(
    part: Contracts, procedures: pd.DataFrame, tenders: pd.DataFrame, row: partial
) -> Iterator[tuple]:
    tenderers = part.bidders.groupby("contract").size()
    sums = tenders.set_index(["year", "procedure", "cpv_division"])
    means = (sums["bids"].astype(float) / sums["lots"].astype(float)).to_dict()
    differences = []
    for one in part.awards.to_dict("records"):
        stated = procedures.loc[one["contract"]]
        mean = means.get((one["year"], stated["procedure"], _division(stated["cpv"])))
        if mean is not None and one["contract"] in tenderers:
            differences.append(float(tenderers[one["contract"]]) - mean)
    n = len(differences)
    value = math.fsum(differences) / n if n else None
    yield row(
        "opportunities.bidders_difference", value=value, unit="mean", n=n,
        unknown=len(part.awards) - n, definition="matched-tenders", grade="C",
        denominator="pio-contracts-matched", **_interval(differences),
    )  # fmt: skip


def _division(cpv: Any) -> str | None:
    return None if pd.isna(cpv) else str(cpv)[:2]


def _interval(differences: list[float]) -> dict[str, Any]:
    if len(set(differences)) < 2:  # without spread there is no t interval
        return {}
    low, high = DescrStatsW(sorted(differences)).tconfint_mean()
    return {"low": float(low), "high": float(high), "interval": "sampling"}


def _follow_on(
    part: Contracts, cells: MarketCells, last_day: pd.Timestamp, row: partial
) -> Iterator[tuple]:
    won = winners(part).merge(part.awards[["contract", "awarded"]], on="contract")
    numbered = won.dropna(subset=["company_id"])
    starts = numbered.groupby("company_id", sort=True)["awarded"].min()
    spells = [_spell(company, day, cells, last_day) for company, day in starts.items()]
    nameless = won.loc[won["company_id"].isna(), "known_as"].nunique()
    yield row(
        "opportunities.follow_on", unit="share", n=len(spells), unknown=nameless,
        definition="follow-on-36-months", denominator="pio-winners-numbered", **_share(spells),
    )  # fmt: skip


def _spell(
    company: Any, start: pd.Timestamp, cells: MarketCells, last_day: pd.Timestamp
) -> tuple[int, int]:
    """Days that a winner was followed, and how that ended: won again, gone, or still open (0)."""
    days = pd.to_datetime(cells.awards["on_date"][cells.awards["company_id"] == company])
    gone = pd.to_datetime(cells.exits["gone"][cells.exits["company_id"] == company])
    after = [(day, _FOLLOWED) for day in days[days > start]]
    after += [(max(day, start), _GONE) for day in gone]
    first, cause = min([*after, (last_day, 0)])
    return max((min(first, last_day) - start).days, 0), cause if first <= last_day else 0


def _share(spells: list[tuple[int, int]]) -> dict[str, Any]:
    """Incidence after 36 months; missing where nobody was at risk so long and some were open."""
    if not spells:
        return {"value": None}
    days, causes = (np.array(column) for column in zip(*spells, strict=True))
    curve = cumulative_incidence(days, causes, of=_FOLLOWED)
    if curve.day[-1] < DAYS and (causes == 0).any():
        return {"value": None}
    at = int(np.searchsorted(curve.day, DAYS, side="right")) - 1
    value, low, high = (float(part[at]) for part in (curve.incidence, curve.low, curve.high))
    if math.isnan(low) or not ROUNDING < value < 1 - ROUNDING:
        return {"value": value}
    return {"value": value, "low": low, "high": high, "interval": "sampling"}
