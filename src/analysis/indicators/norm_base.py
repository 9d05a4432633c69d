"""What the measurements of the 3 % norm share: their rows, their parts, how values are chosen."""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import pandas as pd

from analysis.indicators.given import Given
from analysis.inference.audit import verdict
from analysis.inference.bounds import Tally, no_assumption
from analysis.innovation.frame import frame
from analysis.results import number

BASES = {"estimated": "estimated_eur", "awarded": "awarded_eur"}
PERIMETER = "flemish-administration"
LARGEST = 5
_VERDICTS = {"met": 1, "not-met": 0, "undeterminable": None}
Row = Callable[..., Any]


class Register(NamedTuple):
    """The contract register as `innovation.frame.frame` gives it, and its whole period."""

    contracts: pd.DataFrame
    whole: str

    def periods(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Every year with its contracts, and all of them where there are several years."""
        years = sorted(self.contracts["year"].unique())
        for year in years:
            yield str(year), self.contracts[self.contracts["year"] == year]
        if len(years) > 1:
            yield self.whole, self.contracts


def register(given: Given) -> Register | None:
    """The register that was delivered; None without one."""
    rows = given.tables["contract_register"]
    if not given.has("contract_register") or rows.empty:
        return None
    found = frame(rows, given.tables["pio_contracts"], given.tables["audit_sample"])
    first, last = found["year"].min(), found["year"].max()
    return Register(found, str(first) if first == last else f"{first}-{last}")


def row_of(given: Given, *tables: str) -> Row:
    """`results.number` for the measurements of this chapter that rest on these tables."""
    rests_on: dict[str, Any] = {**given.rests_on(*tables)}
    return partial(number, chapter="30", perimeter=PERIMETER, **rests_on)


def parts(contracts: pd.DataFrame, value: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """All contracts, those without the largest by value, and those that are no framework."""
    yield "all", contracts
    order = contracts.sort_values([value, "contract"], ascending=[False, True])
    yield f"without=largest-{LARGEST}", contracts.drop(order.index[:LARGEST])
    yield "without=frameworks", contracts[sure(~contracts["framework"])]


def sure(flags: pd.Series) -> pd.Series:
    """Where a flag says yes; what is not known does not."""
    return flags.fillna(False).astype(bool)


def share_known(row: Row, yes: float, no: float, unknown: float, /, **columns: Any) -> Any:
    """A share of what is known, between the bounds that what is unknown leaves."""
    if not yes + no + unknown > 0:
        return row(value=None, unit="share", **columns)
    low, high = no_assumption(Tally(yes=yes, no=no, unknown=unknown))
    value = yes / (yes + no) if yes + no > 0 else None
    return row(value=value, low=low, high=high, interval="bounds", unit="share", **columns)


def verdict_row(row: Row, low: float | None, high: float | None, **columns: Any) -> Any:
    """What an interval says of the norm, as a row; without an interval it says nothing."""
    said = None if low is None or high is None else _VERDICTS[verdict(low, high)]
    basis = "contracts-registered" if said is not None else "cannot-be-determined"
    return row("norm.measured_verdict", value=said, unit="verdict", denominator=basis, **columns)


def euros(values: pd.Series) -> float:
    """Sum of amounts, the same in any order."""
    return math.fsum(values.astype(float).tolist())
