"""What the validation record shows in chapter 90: a row a world, its figures nearest to a limit."""

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from analysis.present import blocks, labels, tables
from analysis.present.chapter import Chapter
from analysis.present.language import LANGUAGES, write
from analysis.sources.facts import RAW
from analysis.validation import record

RECORD = RAW / "validation" / "full.json"
SHOWN = ("bias", "coverage", "size", "power")
_HEADS = ("world", "claims", *SHOWN, "error")
Texts = dict[str, str]


def tried(chapter: Chapter) -> None:
    """Show the record of the last full validation, or say that there is none."""
    chapter.say("validation.heading")
    if not RECORD.is_file():
        chapter.say("validation.none")
        return
    kept = record.read(RECORD)
    chapter.say("validation.read", **blanks(kept))
    caption = labels.every("table.validation")
    blocks.show(blocks.table(id="validation", caption=caption, **shape(kept)._asdict()))


def blanks(kept: dict[str, Any]) -> dict[str, str | Texts]:
    """What the sentence before the table states of the record."""
    claims = record.table(kept)
    return {
        "worlds": str(len(kept["worlds"])),
        "draws": {lang: write(kept["draws"], "count", lang) for lang in LANGUAGES},
        "claims": str(len(claims)),
        "passed": str(int(claims["passed"].sum())),
        "must_fail": str(int(claims["must_fail"].sum())),
    }


def shape(kept: dict[str, Any]) -> tables.Shape:
    """A row a world: claims that hold, and of each measure the one nearest to its limit.

    Shortcuts that must fail and comparisons of two estimators count among the claims and are not
    among the figures. A bias is told in standard deviations of its estimator, the others as shares.
    In brackets stands what is permitted.
    """
    claims = record.table(kept)
    rows = [_row(name, own) for name, own in claims.groupby("world", sort=False)]
    heads = [
        {"label": labels.every(f"column.validation.{name}"), "align": "left" if not at else "right"}
        for at, name in enumerate(_HEADS)
    ]
    return tables.Shape(heads, rows)


def _row(world: Any, claims: pd.DataFrame) -> list[Texts]:
    own = claims[~claims["must_fail"].astype(bool) & claims["versus"].fillna("").eq("")]
    held = int(claims["passed"].sum())
    return [
        {lang: f"{world} {labels.every(f'world.{world}')[lang]}" for lang in LANGUAGES},
        labels.same(f"{held}/{len(claims)}"),
        *(_nearest(own[own["measure"] == name], name) for name in SHOWN),
        _error(own),
    ]


def _nearest(claims: pd.DataFrame, name: str) -> Texts:
    """The figure nearest to an end of what is permitted; nothing where no claim is about it."""
    numbers = ["value", "low", "high"]
    told = claims[numbers].astype(float)
    if name == "bias":
        told = told.div(claims["sd"].astype(float), axis=0)
        told["value"] = told["value"].abs()
    known = told.dropna(subset=["value"])
    listed = [tuple(map(float, row)) for row in known.to_numpy()]
    if not listed:
        return labels.same("")
    value, low, high = min(listed, key=_room)
    written = _in_sd if name == "bias" else _in_percent
    return {
        lang: f"{written(value, lang)} ({_limits(low, high, written, lang)})" for lang in LANGUAGES
    }


def _room(figure: tuple[float, ...]) -> float:
    """How far a figure is from the nearer end of what is permitted."""
    value, low, high = figure
    return min(
        (end for end in (value - low, high - value) if not math.isnan(end)), default=math.inf
    )


def _limits(low: float, high: float, written: Callable[[float, str], str], language: str) -> str:
    """What is permitted: at most, at least, or between; its unit stands at the figure."""
    at_least, at_most = (written(end, language).rstrip("%\u00a0") for end in (low, high))
    if math.isnan(low) or low <= 0:
        return f"≤\u00a0{at_most}"
    if math.isnan(high) or high >= 1:
        return f"≥\u00a0{at_least}"
    return f"{at_least}–{at_most}"


def _in_sd(value: float, language: str) -> str:
    return write(value, "mean", language)


def _in_percent(share: float, language: str) -> str:
    return write(share, "share", language, style="0")


def _error(claims: pd.DataFrame) -> Texts:
    """The largest Monte Carlo error of a share of the world."""
    errors = claims["mcse"][claims["measure"].isin(SHOWN[1:])].astype(float)
    worst = errors.max()
    known = not math.isnan(worst)
    return {lang: write(worst, "share", lang) if known else "" for lang in LANGUAGES}
