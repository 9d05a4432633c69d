"""The 3 % norm from the audit: what coders found in the contracts drawn from the register.

Of a year of which nothing was drawn and judged, share and verdict are rows without a number, and
there are no other rows. Definitions: `rd` is strict
research and development (N3-1), `rd-ppi` that and the first purchase of something new (N3-2).

norm.measured_share
    Difference estimate of the share of euros, with its interval of 95 % (methods 3.5, formula in
    `inference.audit`); definitions `rd-estimated`, `rd-awarded`, `rd-ppi-estimated`,
    `rd-ppi-awarded`; groups all, `without=largest-5`, `without=frameworks`. n are contracts judged,
    `unknown` those on which the coders could not decide: the ends take them as no and as yes.
norm.measured_verdict
    From those ends: 1 met, 0 not met, missing cannot be determined.
norm.chance_met
    Part of 1,999 bootstrap samples in which the share is at least 3 %; bounds where coders left
    contracts undecided.
norm.measured_count_share
    N3-3, share of contracts: the same estimate with every contract worth one; and the share that
    buyers marked (`rd-ppi-mark`) or that the score of the text calls (`rd-ppi-text`), corrected for
    the errors that the audit shows (Rogan-Gladen, interval of Lang-Reiczigel; methods 3.4).
norm.audit_sensitivity, norm.audit_specificity
    Of innovation, the part that the mark or the text finds; of the rest, the part that it does not
    call. Weighted with 1/chance, Wilson on the number that the weighted sample is worth.
norm.audit_judged, norm.audit_represents, norm.audit_not_drawn
    Contracts drawn and judged; how many contracts these stand for, over all; contracts that were
    judged without a chance, or that the register does not have: they count for nothing here.
norm.audit_agreement
    Cohen's kappa and Krippendorff's alpha of the first two coders, yes or no by definition.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from analysis.indicators.given import Given
from analysis.indicators.norm_base import BASES, Register, Row, parts, row_of, verdict_row
from analysis.inference.agreement import kappa, krippendorff
from analysis.inference.audit import Estimate, chance_at_least, difference_estimate
from analysis.inference.intervals import wilson
from analysis.inference.prevalence import Validation, lang_reiczigel, rogan_gladen
from analysis.innovation.judged import DEFINITIONS, two_coders
from analysis.innovation.quality import CALLED
from analysis.innovation.signals import telling

_TESTS = {"buyers-mark": "mark", "text-score": "text"}
_BROAD = "rd-ppi"


def results(given: Given, found: Register) -> list[tuple]:
    """Rows of the ledger on the audit."""
    audit = given.tables["audit_sample"]
    row = row_of(given, "contract_register", "audit_sample")
    rows = [_not_drawn(row, audit, found.contracts, found.whole)] if len(audit) else []
    for period, own in found.contracts.groupby("year", sort=True):
        if own["chance"].notna().any():
            rows += _of_year(row, own, str(period))
            rows += _agreement(row, audit[audit["contract"].isin(own["contract"])], str(period))
        else:
            rows += _not_audited(row, str(period))
    return rows


def _not_audited(row: Row, period: str) -> Iterator[tuple]:
    for definition, basis in product(DEFINITIONS, BASES):
        at = {"period": period, "definition": f"{definition}-{basis}", "n": 0}
        for id, unit in (("norm.measured_share", "share"), ("norm.measured_verdict", "verdict")):
            yield row(id, value=None, unit=unit, denominator="not-audited", **at)


def _of_year(row: Row, contracts: pd.DataFrame, period: str) -> Iterator[tuple]:
    drawn = contracts[contracts["chance"].notna()]
    stand_for = float((1 / drawn["chance"].astype(float)).sum()) / len(contracts)
    undecided = int(drawn[_BROAD].isna().sum())
    at: dict[str, Any] = {"period": period, "definition": "drawn-and-judged", "n": len(drawn)}
    yield row("norm.audit_judged", value=len(drawn), unit="count", denominator="contracts-judged",
              unknown=undecided, **at)  # fmt: skip
    yield row(
        "norm.audit_represents",
        value=stand_for,
        unit="ratio",
        denominator="contracts-registered",
        **at,
    )
    for definition in DEFINITIONS:
        for basis, column in BASES.items():
            known = contracts[contracts[column].notna()]
            for group, own in parts(known, column):
                value = own[column].astype(float).reindex(contracts.index, fill_value=0.0)
                at = {"period": period, "group": group, "definition": f"{definition}-{basis}"}
                yield from _of_euros(row, contracts, value, definition, **at)
        ones = pd.Series(1.0, index=contracts.index)
        if estimate := _estimated(contracts, ones, definition):
            yield _row_of(row, estimate[0], id="norm.measured_count_share", period=period,
                          definition=definition)  # fmt: skip
    for test in _TESTS:
        yield from _corrected(row, contracts, test, period)


def _of_euros(
    row: Row, contracts: pd.DataFrame, value: pd.Series, judged_as: str, **at: Any
) -> Iterator[tuple]:
    """Share, verdict, and the chance that the norm is met."""
    estimate = _estimated(contracts, value, judged_as)
    if estimate is None:
        return
    found, tables = estimate
    share = _row_of(row, found, id="norm.measured_share", **at)
    yield share
    yield verdict_row(row, share.low, share.high, n=found.judged, unknown=found.undecided, **at)
    low, high = chance_at_least(*tables)
    ends = {"low": low, "high": high, "interval": "bounds"} if found.undecided else {}
    yield row("norm.chance_met", value=low if low == high else None, unit="share", n=found.judged,
              unknown=found.undecided, denominator="bootstrap-samples", **ends, **at)  # fmt: skip


def _estimated(
    contracts: pd.DataFrame, value: pd.Series, judged_as: str
) -> tuple[Estimate, tuple[pd.DataFrame, pd.DataFrame]] | None:
    """The difference estimate, and the two tables it was made of; None without anything drawn.

    What is no part of the whole has value 0 and stays in its stratum: it could have been drawn.
    Where only research and development counts, a score counts if a strict signal tells of it.
    """
    score = contracts["score"].astype(float)
    if judged_as != _BROAD:
        strict = telling(contracts[["text_rd", "partnership"]], "rd")
        score = score.where(strict, 0.0)
    known = pd.DataFrame({"value": value, "score": score})
    drawn = contracts["chance"].notna()
    if not known["value"][drawn].gt(0).any():
        return None
    of_coders = contracts.loc[drawn, ["stratum", "chance", judged_as]]
    sample = known[drawn].join(of_coders.rename(columns={judged_as: "verdict"}))
    return difference_estimate(known, sample), (known, sample)


def _row_of(row: Row, found: Estimate, **columns: Any) -> Any:
    """An estimate as a row; what chance puts outside 0 and 1 is put at the end."""
    share, low, high = (min(max(end, 0.0), 1.0) for end in (found.share, found.low, found.high))
    return row(value=share, low=low, high=high, interval="sampling", unit="share", n=found.judged,
               unknown=found.undecided, denominator="contracts-judged", **columns)  # fmt: skip


def _corrected(row: Row, contracts: pd.DataFrame, test: str, period: str) -> Iterator[tuple]:
    """How good a test is by the audit, and the count share of the test corrected for it."""
    at: dict[str, Any] = {"period": period}
    column = _TESTS[test]
    called = contracts["mark"].astype("Float64") if column == "mark" else _calls(contracts["text"])
    seen = contracts[called.notna() & contracts["chance"].notna() & contracts[_BROAD].notna()]
    weight = 1 / seen["chance"].astype(float)
    right = called[seen.index].eq(1).eq(seen[_BROAD])
    sides = [seen[_BROAD].eq(side) for side in (True, False)]
    of = [_weighted(right[side], weight[side]) for side in sides]
    for name, (part, worth, n) in zip(("sensitivity", "specificity"), of, strict=True):
        ends = wilson(part * worth, worth) if n else (None, None)
        interval = {"low": ends[0], "high": ends[1], "interval": "sampling"} if n else {}
        told = {"denominator": "contracts-judged", "unit": "share", "n": n} | interval
        yield row(f"norm.audit_{name}", value=part if n else None, definition=test, **told, **at)
    if min(n for *_, n in of):
        shares, worths = [part for part, *_ in of], [worth for _, worth, _ in of]
        known = called.dropna()
        at |= {"definition": f"{_BROAD}-{column}", "unknown": len(contracts) - len(known)}
        yield _prevalence(row, float(known.mean()), len(known), Validation(*shares, *worths), **at)


def _prevalence(row: Row, called: float, n: int, test: Validation, **columns: Any) -> tuple:
    value = float(rogan_gladen(called, n, test).value)
    low, high = map(float, lang_reiczigel(called, n, test))
    if np.isnan(low):
        return row("norm.measured_count_share", value=None, unit="share", n=n,
                   denominator="cannot-be-measured", **columns)  # fmt: skip
    inside = None if np.isnan(value) else min(max(value, low), high)
    return row("norm.measured_count_share", value=inside, low=low, high=high, interval="sampling",
               unit="share", n=n, denominator="contracts-registered", **columns)  # fmt: skip


def _calls(scores: pd.Series) -> pd.Series:
    return scores.ge(CALLED).astype("Float64").mask(scores.isna())


def _weighted(right: pd.Series, weight: pd.Series) -> tuple[float, float, int]:
    """Weighted part that is right, how many independent contracts that is worth, and how many."""
    if not len(right):
        return float("nan"), 0.0, 0
    total = weight.sum()
    return float(weight[right].sum() / total), float(total**2 / (weight**2).sum()), len(right)


def _agreement(row: Row, audit: pd.DataFrame, period: str) -> Iterator[tuple]:
    for definition in DEFINITIONS:
        one, other = two_coders(audit, definition)
        pairs = pd.DataFrame({"one": one, "other": other}, dtype=object)
        both = int(pairs.notna().all(axis=1).sum())
        values = {"kappa": kappa(one, other), "alpha": krippendorff(pairs, "nominal")}
        for name, value in values.items():
            yield row("norm.audit_agreement", period=period, definition=f"{name}-{definition}",
                      value=value, unit="mean", n=both, unknown=len(one) - both,
                      denominator="contracts-judged-twice")  # fmt: skip


def _not_drawn(row: Row, audit: pd.DataFrame, contracts: pd.DataFrame, period: str) -> tuple:
    drawn = contracts["contract"][contracts["chance"].notna()]
    left_out = audit["contract"].nunique() - len(drawn)
    return row("norm.audit_not_drawn", period=period, definition="judged-not-drawn",
               value=left_out, unit="count", n=audit["contract"].nunique(),
               denominator="contracts-judged")  # fmt: skip
