"""How good marks, scores and signals are at telling innovation (methods 3.2 and 3.3).

A label is what coders found, else yes for the PIO list, else the mark of the buyer. Definition
`by-buyer`: scores of models that saw no contract of the buyer; `by-time`: of models that saw
earlier years only. Groups `language=nl`, `fr`, `en`, `unknown` (of the title), and all.

norm.classifier_precision, norm.classifier_recall
    Of the contracts that the score calls innovation (at least one half), the share whose label is
    yes; of those whose label is yes, the share called. Wilson interval.
norm.classifier_pr_auc, norm.classifier_brier, norm.classifier_slope
    Average precision; mean squared error; slope of a logistic recalibration (0.8 to 1.2 is good).
norm.classifier_psi
    Population stability index of a year's scores against the year before; above 0.2 they drifted.
norm.confusion_found, norm.confusion_wrong, norm.confusion_missed, norm.confusion_left
    Contracts that coders judged, of all years: innovation and called so; called, and none;
    innovation and not called; neither.
norm.signal_contracts, norm.signal_marked, norm.signal_right
    By signal: contracts that have it; the share of these that the buyer marked (bounds: without
    mark as no and as yes); the share that coders found to be innovation, of those judged (Wilson).
    A signal that no source holds has no number.
norm.pio_contracts, norm.pio_marked, norm.pio_text
    PIO contracts in the register: how many; the share marked (bounds); the share that the score
    calls. All of them are innovation, so both are checks of recall.
norm.chapman
    Innovation contracts by capture-recapture of marks and PIO list; too low, as lists overlap.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pandas as pd

from analysis.indicators.given import Given
from analysis.indicators.norm_base import Register, Row, row_of, share_known, sure
from analysis.inference.intervals import wilson
from analysis.inference.prevalence import chapman
from analysis.innovation import quality
from analysis.innovation.signals import NOT_READ, SIGNALS

_WAYS = {"by-buyer": "text", "by-time": "by_time"}
_LANGUAGES = ("nl", "fr", "en")


def results(given: Given, found: Register) -> list[tuple]:
    """Rows of the ledger on the classifier, on the signals and on the PIO list."""
    told = row_of(given, "contract_register", "audit_sample", "pio_contracts")
    return [
        *_scores(told, found.contracts, found.whole),
        *_drift(told, found.contracts),
        *_confusion(told, found.contracts, found.whole),
        *_signals(told, found.contracts, found.whole),
        *_pio(told, found.contracts, found.whole),
    ]


def _scores(row: Row, contracts: pd.DataFrame, period: str) -> Iterator[tuple]:
    for way, column in _WAYS.items():
        known = contracts[contracts["label"].notna() & contracts[column].notna()]
        for group, own in _by_language(known):
            yield from _quality(
                row, own["label"].astype(float), own[column],
                period=period, group=group, definition=way, n=len(own),
                denominator="contracts-with-label",
            )  # fmt: skip


def _quality(row: Row, labels: pd.Series, scores: pd.Series, **at: Any) -> Iterator[tuple]:
    counted = quality.confusion(labels, scores)
    shares = {"precision": quality.precision(counted), "recall": quality.recall(counted)}
    for name, share in shares.items():
        yield row(f"norm.classifier_{name}", value=share.value, unit="share",
                  **_ends(share.interval), **(at | {"n": share.n}))  # fmt: skip
    honest = quality.honesty(labels, scores)
    for name in quality.Honesty._fields:
        value = getattr(honest, name) if honest else None
        yield row(f"norm.classifier_{name}", value=value, unit="mean", **at)


def _drift(row: Row, contracts: pd.DataFrame) -> Iterator[tuple]:
    scores = contracts[contracts["text"].notna()].groupby("year", sort=True)["text"]
    for (_, before), (year, now) in pairwise(scores):
        yield row("norm.classifier_psi", period=str(year), definition="against-year-before",
                  value=quality.stability(before, now), unit="mean", n=len(now),
                  denominator="contracts-registered")  # fmt: skip


def _confusion(row: Row, contracts: pd.DataFrame, period: str) -> Iterator[tuple]:
    known = contracts[contracts["rd-ppi"].notna() & contracts["text"].notna()]
    for group, own in _by_language(known):
        counted = quality.confusion(own["rd-ppi"].astype(float), own["text"])
        for cell, value in counted._asdict().items():
            yield row(f"norm.confusion_{cell}", period=period, group=group, value=value,
                      unit="count", definition="against-coders", n=len(own),
                      denominator="contracts-judged")  # fmt: skip


def _by_language(contracts: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    if contracts.empty:
        return
    yield "all", contracts
    for code in _LANGUAGES:
        own = contracts[sure(contracts["language"].eq(code))]
        if len(own):
            yield f"language={code}", own
    if contracts["language"].isna().any():
        yield "language=unknown", contracts[contracts["language"].isna()]


def _signals(row: Row, contracts: pd.DataFrame, period: str) -> Iterator[tuple]:
    at: dict[str, Any] = {"period": period, "definition": "innovation-signal"}
    for signal in NOT_READ:
        yield row("norm.signal_contracts", group=f"signal={signal}", value=None, unit="count",
                  n=None, unknown=None, denominator="not-read", **at)  # fmt: skip
    for signal in (name for name in SIGNALS if name in contracts):
        at["group"] = f"signal={signal}"
        known = contracts[contracts[signal].notna()]
        own = known[known[signal].astype(bool)]
        counted = {"n": len(known), "unknown": len(contracts) - len(known)} | at
        yield row("norm.signal_contracts", value=len(own) if len(known) else None, unit="count",
                  denominator="contracts-registered", **counted)  # fmt: skip
        yield _marked(row, own, id="norm.signal_marked", denominator="contracts-with-signal", **at)
        coded = own["rd-ppi"].dropna()
        right = int(coded.sum())
        ends = wilson(right, len(coded)) if len(coded) else None
        yield row("norm.signal_right", value=right / len(coded) if len(coded) else None,
                  unit="share", n=len(coded), unknown=len(own) - len(coded),
                  denominator="contracts-with-signal-judged", **_ends(ends), **at)  # fmt: skip


def _pio(row: Row, contracts: pd.DataFrame, period: str) -> Iterator[tuple]:
    """Checks on the PIO list, where one was delivered."""
    if contracts["pio"].isna().all():
        return
    own = contracts[sure(contracts["pio"])]
    at: dict[str, Any] = {"period": period, "definition": "pio-list"}
    listed = at | {"denominator": "pio-contracts-registered"}
    open_ = int(contracts["pio"].isna().sum())
    yield row("norm.pio_contracts", value=len(own), unit="count", n=len(contracts) - open_,
              unknown=open_, denominator="contracts-registered", **at)  # fmt: skip
    yield _marked(row, own, id="norm.pio_marked", **listed)
    known = own["text"].dropna()
    called = int((known >= quality.CALLED).sum())
    ends = wilson(called, len(known)) if len(known) else None
    yield row("norm.pio_text", value=called / len(known) if len(known) else None, unit="share",
              n=len(known), unknown=len(own) - len(known), **_ends(ends), **listed)  # fmt: skip
    both = int(own["mark"].sum())
    marked = int(contracts["mark"].sum())
    yield row("norm.chapman", value=chapman(marked, len(own), both), unit="count",
              n=len(contracts), denominator="contracts-registered", **at)  # fmt: skip


def _marked(row: Row, contracts: pd.DataFrame, **columns: Any) -> tuple:
    marks = contracts["mark"]
    yes, open_ = int(marks.sum()), int(marks.isna().sum())
    return share_known(row, yes, len(marks) - yes - open_, open_, n=len(marks) - open_,
                       unknown=open_, **columns)  # fmt: skip


def _ends(interval: tuple[float, float] | None) -> dict[str, Any]:
    if interval is None:
        return {}
    return {"low": interval[0], "high": interval[1], "interval": "sampling"}
