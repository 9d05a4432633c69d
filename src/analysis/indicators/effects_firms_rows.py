"""Rows of the ledger on firms after a PIO contract."""

import math
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from analysis.indicators.effects_firms_sets import COVARIATES, Compared
from analysis.inference.effects import firms
from analysis.inference.effects.firms import FirmEffect
from analysis.inference.effects.matching import whole
from analysis.refusal import ContractError

FEWEST = 10  # treated firms below which no mean is given
DAYS = 1096  # 36 months
TREATED = "firms-treated"


class Rows(NamedTuple):
    """How the rows of an outcome begin, and its unit."""

    said: partial
    unit: str


def flow(row: partial, numbered: int, compared: dict[str, Compared]) -> Iterator[tuple]:
    """Firms from winners with a number to those compared, and those they are compared with."""
    losers, others = compared["firms-losers"], compared["firms-winners"]
    counts = {
        "firms-numbered": numbered,
        "firms-registered": int(others.records["treated"].sum()),
        "firms-with-losers": int(losers.sets.treated.sum()),
        "firms-losers": _others(losers),
        "firms-matched": int(others.sets.treated.sum()),
        "firms-others": _others(others),
    }
    for step, count in counts.items():
        yield row("effects.firms_flow", definition="firm-panel", group=f"step={step}", value=count,
                  unit="count", n=count, denominator="firms")  # fmt: skip


def _others(one: Compared) -> int:
    return len(np.unique(one.sets.firm[~one.sets.treated]))


def diagnosed(rows: Rows, passed: dict[str, bool | None]) -> Iterator[tuple]:
    """Which diagnostics were passed; missing where one could not be made."""
    for name, answer in passed.items():
        yield rows.said(
            "effects.firms_diagnostic", group=f"diagnostic={name}", unit="flag", n=1,
            value=None if answer is None else float(answer), unknown=int(answer is None),
            denominator="diagnostics",
        )  # fmt: skip


def shown(value: float, unit: str) -> float:
    """A difference of logarithms in %, others as they are; two shares differ by at most 1."""
    if unit == "percent":
        return 100 * math.expm1(value)
    return min(max(value, -1.0), 1.0) if unit == "share-difference" else value


def _ends(one: FirmEffect, unit: str) -> dict[str, Any]:
    value, low, high = (shown(end, unit) for end in (one.estimate, one.low, one.high))
    return {"value": value, "low": low, "high": high, "interval": "sampling", "unit": unit,
            "n": one.treated, "unknown": one.unknown, "denominator": TREATED}  # fmt: skip


def _lacking(unit: str) -> dict[str, Any]:
    return {"value": None, "unit": unit, "n": 0, "denominator": "firms-too-few"}


def told(rows: Rows, one: FirmEffect | None, p: tuple[float, float] | None) -> Iterator[tuple]:
    """What could be seen, then the effect and its p; missing where there are too few firms."""
    if one is None or p is None:
        yield rows.said("effects.firms_mde", **_lacking(rows.unit))
        yield rows.said("effects.firms_att", **_lacking(rows.unit))
        return
    behind = {"n": one.treated, "denominator": TREATED}
    least = shown(one.detectable, rows.unit)
    yield rows.said("effects.firms_mde", value=least, unit=rows.unit, **behind)
    yield rows.said("effects.firms_att", **_ends(one, rows.unit))
    for test, value in zip(("normal", "firms-holm"), p, strict=True):
        yield rows.said("effects.firms_p", group=f"test={test}", value=float(value),
                        unit="p-value", **behind)  # fmt: skip


def specified(rows: Rows, effects: dict[str, FirmEffect | None]) -> Iterator[tuple]:
    """The effect under each comparison, that of record first."""
    for name, one in effects.items():
        told = _ends(one, rows.unit) if one else _lacking(rows.unit)
        yield rows.said("effects.firms_specification", group=f"specification={name}", **told)


def early(rows: Rows, found: FirmEffect | None) -> Iterator[tuple]:
    """What the contract cannot have changed: FTE in the years before."""
    told = _ends(found, rows.unit) if found else _lacking(rows.unit)
    yield rows.said("effects.firms_early", **told)


def balanced(row: partial, record: Compared, smd: list[float]) -> Iterator[tuple]:
    """How far the treated and their controls were apart before."""
    for name, value in zip(COVARIATES, smd, strict=True):
        yield row("effects.firms_smd", definition="firm-panel", group=f"covariate=firm-{name}",
                  value=float(value), unit="mean", n=int(record.sets.treated.sum()),
                  denominator=TREATED)  # fmt: skip


def lee(rows: Rows, record: Compared) -> Iterator[tuple]:
    """Bounds for those that still file accounts, and how many do."""
    try:
        found = firms.employment(record.sets, record.of("fte_change"), record.of("fte_left"))
    except ContractError:
        return
    left, change = record.of("fte_left"), record.of("fte_change")
    known = whole(record.sets, (left == 0) | ((left == 1) & np.isfinite(change)))
    n = int((known & record.sets.treated).sum())
    if n < FEWEST:
        return
    told = found.bounds
    behind = {"n": n, "unknown": int(record.sets.treated.sum()) - n, "denominator": TREATED}
    shares = {"treated": told.left_treated, "controls": told.left_others}
    for side, share in shares.items():
        yield rows.said("effects.firms_left", group=f"side={side}", value=share, unit="share",
                        **behind)  # fmt: skip
    pairs = {"bounds": (told.low, told.high), "sampling": (told.low_end, told.high_end)}
    for interval, ends in pairs.items():
        name = "effects.firms_lee" + ("_sampling" if interval == "sampling" else "")
        low, high = (shown(end, rows.unit) for end in sorted(ends))
        yield rows.said(name, value=None, low=low, high=high, interval=interval, unit=rows.unit,
                        **behind)  # fmt: skip


def gone(rows: Rows, record: Compared) -> Iterator[tuple]:
    """Shares gone of both sides, and bounds on the difference in those that ceased.

    Were every winner that is gone taken over and every other one ceased, the difference would be
    minus the share of the others; the other way round, the share of the winners.
    """
    days, cause = record.of("gone_days"), record.of("gone_cause")
    try:
        shares = firms.shares_ended(record.sets, days, cause, of=1, at=DAYS)
    except ContractError:
        return
    n = int(record.sets.treated.sum())
    if n < FEWEST:
        return
    behind = {"n": n, "denominator": TREATED}
    for side, share in zip(("treated", "controls"), shares, strict=True):
        yield rows.said("effects.firms_gone", group=f"side={side}", value=share, unit="share",
                        **behind)  # fmt: skip
    yield rows.said("effects.firms_ceased", value=None, low=-shares[1], high=shares[0],
                    interval="bounds", unit=rows.unit, **behind)  # fmt: skip
