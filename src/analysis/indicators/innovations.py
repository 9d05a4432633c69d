"""Realised innovations (INN1-5, methods 1.4): what came out of the projects that ended.

A project has ended on the day that it is finished or stopped; one that is in use without a day of
finish was finished by then. Periods are `first-t`, first the year of the first project. What a
buyer says of novelty is not used: two raters of an independent panel judge it.

innovations.ended, innovations.open
    Projects that ended by the end of t, and those that had not. Count.
innovations.completed_share
    INN1 = finished/(finished + stopped). Wilson: another round with the same odds could differ.
innovations.validated
    INN2, finished projects at TRL 7 or more at the end (`judgement`); high adds those whose TRL is
    not known. Count.
innovations.trl_change
    Median of TRL at the end minus TRL at the start, finished projects of which both are known. TRL.
innovations.novelty_alpha
    INN3, agreement of the two raters, Krippendorff's alpha for ordered ratings (0-3). Index.
innovations.novelty_share
    INN3, finished projects rated 2 or more (new to region or market): mean of the two raters over
    those that both rated; low: both said so; high: one did, or a rating is missing. Only where
    alpha reaches its limit; definition `novel-firm` or `novel-tentative`.
innovations.in_use_share
    INN4, finished projects in operational use within 12 and 24 months of their finish, those not
    yet in use followed until the end of t (cumulative incidence, group `months=...`). Missing where
    none was followed that long.
innovations.learning_share
    INN5, stopped projects with a report on what was learned. A failure is no fault; silence is.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from analysis.indicators.competition import bounded_share
from analysis.indicators.given import Given
from analysis.indicators.judgement import baseline, limit
from analysis.inference.agreement import krippendorff
from analysis.inference.intervals import wilson
from analysis.inference.survival import cumulative_incidence
from analysis.results import number

MONTHS = {12: 365, 24: 730}  # days
_FINISHED, _ENDED, _STOPPED = "finished-projects", "ended-projects", "stopped-projects"


def results(given: Given) -> list[tuple]:
    """Rows of the ledger on realised innovations; none without projects."""
    if not given.has("pio_projects"):
        return []
    found = projects(given)
    first = int(found["submitted"].min().year) if len(found) else given.year
    years = {given.year, *({baseline(given.facts)} & set(range(first, given.year)))}
    rest = partial(number, chapter="41", perimeter="flemish-public")
    rest = partial(rest, **given.rests_on("pio_projects"))
    rows: list[tuple] = []
    for year in sorted(years):
        row = partial(rest, period=f"{first}-{year}")
        part = until(found, year)
        finished = part[part["finished"].notna()]
        rows += [*_ends(part, row), *_levels(given, finished, row), *_novelty(given, finished, row)]
        rows += [*_in_use(finished, year, row)]
    return rows


def projects(given: Given) -> pd.DataFrame:
    """Projects with days as timestamps; a project in use is finished, on that day at the latest."""
    table = given.tables["pio_projects"]
    names = ("submitted", "finished", "in_use", "stopped")
    days = {name: pd.to_datetime(table[name].astype("object")) for name in names}
    found = table.assign(**days)
    found["dated"] = found["finished"].notna()
    return found.assign(finished=found["finished"].fillna(found["in_use"]))


def until(found: pd.DataFrame, year: int) -> pd.DataFrame:
    """Projects submitted by the end of a year, as they stood then."""
    part = found[found["submitted"].dt.year <= year]
    days = {
        name: part[name].where(part[name].dt.year <= year)
        for name in ("finished", "in_use", "stopped")
    }
    return part.assign(**days)


def _ends(part: pd.DataFrame, row: partial) -> Iterator[tuple]:
    finished, stopped = int(part["finished"].notna().sum()), int(part["stopped"].notna().sum())
    ended = finished + stopped
    counted = partial(row, unit="count", n=len(part), denominator="projects")
    yield counted("innovations.ended", definition="finished-or-stopped", value=ended)
    yield counted("innovations.open", definition="not-ended", value=len(part) - ended)
    ends = wilson(finished, ended)._asdict() if ended else {}
    yield row(
        "innovations.completed_share",
        definition="finished-of-ended",
        value=finished / ended if ended else None,
        unit="share",
        n=ended,
        denominator=_ENDED,
        interval="sampling" if ended else "none",
        **ends,
    )
    told = part["learning_report"][part["stopped"].notna()]
    yes, no = int(told.eq(True).sum()), int(told.eq(False).sum())
    answer = bounded_share(yes=yes, no=no, unknown=int(told.isna().sum()), denominator=_STOPPED)
    definition = "stopped-with-report"
    yield row("innovations.learning_share", definition=definition, **answer._asdict())


def _levels(given: Given, finished: pd.DataFrame, row: partial) -> Iterator[tuple]:
    least = limit(given.facts, "innovations.validated")
    end = finished["trl_end"]
    yes, unknown = int((end >= least).sum()), int(end.isna().sum())
    known = len(finished) - unknown
    yield row(
        "innovations.validated",
        definition="trl-at-end",
        value=yes if known or not unknown else None,
        low=yes,
        high=yes + unknown,
        interval="bounds",
        unit="count",
        n=known,
        unknown=unknown,
        denominator=_FINISHED,
    )
    change = (end - finished["trl_start"]).dropna().astype(float)
    yield row(
        "innovations.trl_change",
        definition="median-change",
        value=float(np.median(change)) if len(change) else None,
        unit="trl",
        n=len(change),
        unknown=len(finished) - len(change),
        denominator=_FINISHED,
    )


def _novelty(given: Given, finished: pd.DataFrame, row: partial) -> Iterator[tuple]:
    ratings = finished[["novelty_1", "novelty_2"]].astype("Float64")
    both = ratings.dropna()
    counts = {"n": len(both), "unknown": len(ratings) - len(both), "denominator": _FINISHED}
    alpha = krippendorff(both, "ordinal")
    at = {"definition": "krippendorff-ordinal", "unit": "index"}
    yield row("innovations.novelty_alpha", value=alpha, **at, **counts)
    firm, tentative = (
        limit(given.facts, "innovations.novelty_alpha", f"limit-{name}")
        for name in ("firm", "tentative")
    )
    if alpha is None or alpha < tentative:
        counts["denominator"] = "panel-not-agreed" if len(both) else "panel-not-there"
        at = {"definition": "novel-by-panel", "unit": "share"}
        yield row("innovations.novelty_share", value=None, **at, **counts)
        return
    novel = ratings >= limit(given.facts, "innovations.novelty_share")
    rated = novel.loc[both.index].astype(bool)
    yield row(
        "innovations.novelty_share",
        definition="novel-firm" if alpha >= firm else "novel-tentative",
        value=float(rated.to_numpy().mean()),
        low=int(rated.all(axis=1).sum()) / len(ratings),
        high=(int(rated.any(axis=1).sum()) + len(ratings) - len(rated)) / len(ratings),
        interval="bounds",
        unit="share",
        **counts,
    )


def _in_use(finished: pd.DataFrame, year: int, row: partial) -> Iterator[tuple]:
    dated = finished[finished["dated"]]
    end = dated["in_use"].fillna(pd.Timestamp(year, 12, 31))
    days = (end - dated["finished"]).dt.days.to_numpy()
    cause = dated["in_use"].notna().astype(int).to_numpy()
    at = {"definition": "in-use-after-finish", "unit": "share", "n": len(dated)}
    at |= {"unknown": len(finished) - len(dated), "denominator": _FINISHED}
    for months, limit_ in MONTHS.items():
        value, low, high = _by_day(days, cause, limit_)
        interval = "none" if low is None else "sampling"
        where = at | {"group": f"months={months}"}
        if value is None and len(dated):
            where["denominator"] = "not-followed-so-long"
        yield row("innovations.in_use_share", value=value, low=low, high=high,
                  interval=interval, **where)  # fmt: skip


def _by_day(days: np.ndarray, cause: np.ndarray, limit_: int) -> tuple:
    """Share in use by a day, with its interval; not known where none is followed that long."""
    if not days.size:
        return None, None, None
    curve = cumulative_incidence(days, cause, of=1)
    if days.max() < limit_ and curve.incidence[-1] < 1 - 1e-9:
        return None, None, None
    at = np.flatnonzero(curve.day <= limit_)[-1]
    value, low, high = (float(column[at]) for column in (curve.incidence, curve.low, curve.high))
    return (value, low, high) if np.isfinite(low) else (value, None, None)
