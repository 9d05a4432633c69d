"""What notices tell of innovation: lots that Belgian buyers awarded, by signal (methods 3.2).

norm.lot_signal_share
    Lots on which a signal says yes; groups `signal=bt_776_rd` and so on. The codes are optional:
    the value is among lots on which one was filled in, and the bounds take the others as no and as
    yes. Periods: years, and all of them.
norm.lot_signal_known
    Lots on which the signal says yes or no, over all lots.
norm.lots_signalled
    Lots on which the signal says yes; count.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from analysis.indicators.norm_base import Row, share_known
from analysis.innovation.signals import NOT_READ
from analysis.results import number


def results(
    counts: pd.DataFrame, *, kind: str, inputs: str, of_pio: Mapping[str, str] | None = None
) -> list[tuple]:
    """Rows of the ledger from the counts of `innovation.lots.lot_signals`.

    Parameters
    ----------
    counts : lots by signal and year
    kind, inputs : what the notices are, as in RESULTS
    of_pio : `kind` and `inputs` of the rows of `signal=pio`, which rest on the programme's list of
        contracts too; those of the notices if not given
    """
    if counts.empty:
        return []
    row: Row = partial(
        number,
        chapter="30",
        perimeter="belgium",
        definition="innovation-signal",
        kind=kind,
        inputs=inputs,
    )
    first, last = counts["year"].min(), counts["year"].max()
    whole = counts.drop(columns="year").groupby("signal", as_index=False).sum()
    periods = pd.concat(
        [whole.assign(period=f"{first}-{last}"), counts.assign(period=counts["year"])]
    )
    told = {"pio": partial(row, **(of_pio or {}))}
    rows = [
        line
        for count in periods.to_dict("records")
        for line in _rows(told.get(count["signal"], row), count)
    ]
    return rows + [
        row("norm.lot_signal_known", period=f"{first}-{last}", group=f"signal={signal}", value=None,
            unit="share", n=None, unknown=None, denominator="not-read")
        for signal in NOT_READ
    ]  # fmt: skip


def _rows(row: Row, count: dict[Any, Any]) -> Iterator[tuple]:
    lots, known, yes = (int(count[name]) for name in ("lots", "known", "yes"))
    at: dict[str, Any] = {
        "period": count["period"],
        "group": f"signal={count['signal']}",
        "denominator": "awarded-lots",
    }
    yield row("norm.lots_signalled", value=yes if known else None, unit="count", n=known,
              unknown=lots - known, **at)  # fmt: skip
    yield row("norm.lot_signal_known", value=known / lots, unit="share", n=lots, **at)
    yield share_known(row, yes, known - yes, lots - known, id="norm.lot_signal_share", n=known,
                      unknown=lots - known, **at)  # fmt: skip
