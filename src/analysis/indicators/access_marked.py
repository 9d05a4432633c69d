"""Start-ups among those who won lots that the notice marks as innovative.

access.marked_share
    theta_N (methods 2.1) as `access.lot_share`, of the awarded lots whose notice says yes to one of
    `innovation.signals.MARKS`: BT-776, BT-06 or an innovation partnership. Only what the buyer
    stated: a lot on which nothing was filled in is unknown and in no sum, so that this is no share
    of all innovative lots. `n` and `unknown` are marked lots. One row a year with such lots, group
    `innovation=marked`, under the headline rules alone. Share.
"""

from collections.abc import Iterator
from functools import partial

from analysis.cells import AccessCells
from analysis.companies.definitions import definitions, uses_sizes
from analysis.indicators.access_parts import (
    Tally,
    records,
    summed,
    weighted_share,
    within,
)
from analysis.indicators.competition import Answer

PERIMETER = "flemish-public"
MARKED, GROUP = "marked-lots", "innovation=marked"
_DECIMALS = {"lots": 0, "lots_unknown": 0, "yes": 9, "no": 9, "unknown": 9}


def rows(cells: AccessCells, row: partial) -> Iterator[tuple]:
    """Rows of RESULTS by year, of definitions that rest on public records alone.

    Those with limits on accounts are none, as in `access_multiverse`: marked lots would be one more
    cut of the same few firms (decision 24).
    """
    told = within(cells.marked, PERIMETER)
    linked = {name for name, found in definitions().items() if uses_sizes(found)}
    told = told.loc[~told["definition"].isin(linked) & told["year"].notna()]
    plain = told.astype(dict.fromkeys(_DECIMALS, float))
    for tally in records(summed(plain, ["definition", "year"], _DECIMALS)):
        at = {"definition": tally["definition"], "period": int(tally["year"]), "group": GROUP}
        yield row("access.marked_share", perimeter=PERIMETER, **at, **_share(tally)._asdict())


def _share(tally: Tally) -> Answer:
    unknown = tally["lots_unknown"]
    return weighted_share(tally, n=tally["lots"] - unknown, unknown=unknown, denominator=MARKED)
